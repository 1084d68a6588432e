import { isWord } from "../../series/read-number.ts";
import type { Row } from "../../series/read-rows.ts";
import type { Head } from "../layout.ts";
import { type DayOrder, Moments, OtherOrder } from "../moments.ts";
import { NumberReader } from "../number-reader.ts";

/** A table of moments and values as its first rows show it. */
export interface TableHead {
  /** The last row before the data, where it has names. */
  readonly header: Row | null;
  readonly first: Row;
  /** Index of the column of moments, or of the dates with a column of clock times beside it. */
  readonly time: number;
  readonly clock: number | null;
}

/** Whether a cell begins with a date and has a time of day, or a date alone. */
export function isMoment(cell: string): boolean {
  const text = cell.trim();
  if (/^\d{1,9}$/.test(text) && text.length !== 8) return false;
  try {
    return !Number.isNaN(new Moments("day first").parse(text));
  } catch (error) {
    if (error instanceof OtherOrder) return true;
    throw error;
  }
}

/** Whether a cell is a moment that is no midnight. */
export function hasClock(cell: string): boolean {
  const minuteAs = (order: DayOrder) => new Moments(order).parse(cell) % 1440;
  try {
    return minuteAs("day first") > 0;
  } catch (error) {
    if (error instanceof OtherOrder) return minuteAs("month first") > 0;
    throw error;
  }
}

export function isValue(cell: string): boolean {
  return new NumberReader().parse(cell) !== null;
}

/** The table that a file begins with, or null if no row near its beginning has a moment. */
export function findTable({ rows }: Head): TableHead | null {
  for (const [index, row] of rows.slice(0, 40).entries()) {
    const time = row.cells.slice(0, 12).findIndex(isMoment);
    if (time < 0 || row.cells.length < 2) continue;
    const clocks = row.cells.findIndex((cell) => /^\d{1,2}:\d{2}(:\d{2})?( ?[ap]m)?$/i.test(cell.trim()));
    const before = rows[index - 1];
    const isNames = before !== undefined && before.cells.length > 1 && before.cells.some(isWord);
    return { header: isNames ? before : null, first: row, time, clock: clocks < 0 ? null : clocks };
  }
  return null;
}

/** The moment of a row of such a table. @throws InputFileError if it has none */
export function readTableMoment(row: Row, { time, clock }: TableHead, moments: Moments): number {
  if (clock === null) return moments.read(row, time);
  const minute = Moments.ofClock(row.cells[clock] ?? "");
  return moments.read(row, time) + (Number.isNaN(minute) ? 0 : minute);
}
