import { refuseCell } from "../../series/read-number.ts";
import type { Row } from "../../series/read-rows.ts";
import { Moments } from "../moments.ts";
import type { NumberReader } from "../number-reader.ts";

/** Columns of year, month, day, hour and, where there is one, minute. */
export type CalendarColumns = readonly [
  year: number,
  month: number,
  day: number,
  hour: number,
  minute?: number,
];

/** The moment that such columns name. @throws InputFileError if there is no such day or hour */
export function readCalendar(row: Row, columns: CalendarColumns, numbers: NumberReader): number {
  const [year, month, day, hour, minute = 0] = columns.map((index) =>
    index === undefined || index < 0 ? 0 : numbers.read(row, index),
  ) as [number, number, number, number, number?];
  const moment = Moments.of(year, month, day, hour, minute >= 60 ? 0 : minute);
  if (Number.isInteger(moment) && hour >= 0 && hour <= 24 && year >= 1000) return moment;
  throw refuseCell(row, columns[0], `${year}-${month}-${day} ${hour}:${minute} is no date and hour`);
}
