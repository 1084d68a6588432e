import { InputFileError } from "../../series/input-file-error.ts";
import type { Row } from "../../series/read-rows.ts";

/** Index of the column whose name matches. @throws InputFileError if there is none */
export function findColumn(header: Row, name: RegExp, shown: string): number {
  const index = header.cells.findIndex((cell) => name.test(cell.trim()));
  if (index >= 0) return index;
  throw refuseColumn(header, shown);
}

/** Index of the column with this name, whatever its case. @throws InputFileError if there is none */
export function findNamed(header: Row, name: string): number {
  const index = header.cells.findIndex((cell) => cell.trim().toLowerCase() === name.trim().toLowerCase());
  if (index >= 0) return index;
  throw refuseColumn(header, name.trim());
}

function refuseColumn(header: Row, shown: string): InputFileError {
  const found = header.cells.slice(0, 8).join(", ").slice(0, 80);
  return new InputFileError(header.file, header.number, null, `no column ${shown}; the header has ${found}`);
}

export function isBlank({ cells }: Row): boolean {
  return cells.every((cell) => cell.trim() === "");
}
