import { readWholeNumber, refuseCell } from "./read-number.ts";
import type { Row } from "./read-rows.ts";

const millisecondsPerDay = 86_400_000;

/**
 * The day that the three cells year, month and day from `index` on name, counted from 1970-01-01; null if
 * all three are empty. @throws InputFileError if they name no day
 */
export function readDate(row: Row, index: number): number | null {
  if (row.cells.slice(index, index + 3).every((cell) => cell.trim() === "")) return null;
  const year = readWholeNumber(row, index);
  const month = readWholeNumber(row, index + 1);
  const day = readWholeNumber(row, index + 2);
  if (year < 1000 || year > 9999)
    throw refuseCell(row, index, `${year} is not a year of four digits; dates stand as year, month, day`);
  if (month < 1 || month > 12) throw refuseCell(row, index + 1, `${month} is not a month`);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCDate() !== day) throw refuseCell(row, index + 2, `${day} is not a day of that month`);
  return date.getTime() / millisecondsPerDay;
}

/** `2020-01-31` for a day counted from 1970-01-01. */
export function formatDate(day: number): string {
  return new Date(day * millisecondsPerDay).toISOString().slice(0, 10);
}
