/** An input file that is refused: which file, where in it, and why, in one line. */
export class InputFileError extends Error {
  override name = "InputFileError";
  readonly file: string;
  /** Counted from 1; null where the file as a whole is at fault. */
  readonly row: number | null;
  /** Counted from 1; null where the row as a whole is at fault. */
  readonly column: number | null;
  readonly reason: string;

  constructor(file: string, row: number | null, column: number | null, reason: string) {
    super(`${describePlace(file, row, column)}: ${reason}`);
    this.file = file;
    this.row = row;
    this.column = column;
    this.reason = reason;
  }
}

/** `load.csv, row 2, column 7`, as far as it is known. */
export function describePlace(file: string, row: number | null, column: number | null): string {
  const place = [file];
  if (row !== null) place.push(`row ${row}`);
  if (column !== null) place.push(`column ${column}`);
  return place.join(", ");
}
