/** `E001` … `E999`, `E1000`. */
export function formatUnitId(number: number): string {
  return `E${String(number).padStart(3, "0")}`;
}

/** The number of a unit ID in its one valid spelling, else null. */
export function parseUnitId(id: string): number | null {
  const number = /^E\d{3,6}$/.test(id) ? Number(id.slice(1)) : 0;
  return number > 0 && formatUnitId(number) === id ? number : null;
}
