/** A wall time as ISO 8601 has it, in the zone of whoever reads it: `2026-11-25 21:30+09:00`. */
export function formatTime(timeMs: number): string {
  const minutes = -new Date(timeMs).getTimezoneOffset();
  const local = new Date(timeMs + minutes * 60_000).toISOString().slice(0, 16).replace("T", " ");
  const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, "0");
  return `${local}${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}
