import { InputFileError } from "../../src/input/series/input-file-error.ts";

/** A solar file of this many days whose values all differ. */
export function solarText(days: number): string {
  const rows = Array.from({ length: days }, (_, day) =>
    Array.from({ length: 24 }, (_, hour) => day * 24 + hour + 0.25).join(","),
  );
  return `${rows.join("\n")}\n`;
}

/** Cells of a demand file with header, for tests to spoil. `demandCells(2, 3)[4]` is day 1 of home 2. */
export function demandCells(homes: number, days: number): string[][] {
  const rows = [["no", "id", "year", "month", "day", "wday", ...labels()]];
  for (let home = 1; home <= homes; home++)
    for (let day = 0; day < days; day++) rows.push(demandRow(rows.length, home, day));
  return rows;
}

function demandRow(number: number, home: number, day: number): string[] {
  const date = new Date(Date.UTC(2020, 1, 27 + day));
  const dateCells = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCDay()];
  const values = Array.from({ length: 48 }, (_, point) => ((number * 48 + point) / 1000).toFixed(3));
  return [number, home, ...dateCells, ...values].map(String);
}

function labels(): string[] {
  return Array.from({ length: 48 }, (_, point) => `p${point}`);
}

export function joinCells(cells: readonly (readonly string[])[]): string {
  return `${cells.map((row) => row.join(",")).join("\n")}\n`;
}

export function toBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** File, row, column and reason of the refusal that a promise ends in. */
export async function refusalOf(
  promise: Promise<unknown>,
): Promise<[string, number | null, number | null, string]> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InputFileError)) throw new Error(`No InputFileError: ${String(error)}`);
  return [error.file, error.row, error.column, error.reason];
}
