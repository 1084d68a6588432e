import { InputFileError } from "../../series/input-file-error.ts";
import { nameIntervals } from "../../series/input-series.ts";
import { refuseCell } from "../../series/read-number.ts";
import type { Row } from "../../series/read-rows.ts";
import type { Head, Layout } from "../layout.ts";
import { Moments } from "../moments.ts";
import type { NumberReader } from "../number-reader.ts";
import { findUnitIn } from "../units.ts";
import { isBlank } from "./find-column.ts";
import { hasClock, isMoment, isValue } from "./table-head.ts";

const pointsOfDays = [1440, 720, 480, 288, 144, 96, 72, 48, 24];
/** Cells before the values at the most. */
const mostLeading = 8;

interface DayTable {
  readonly header: Row | null;
  readonly first: Row;
  readonly points: number;
  readonly leading: number;
  /** Index of the cell of a date, or of the first of year, month and day; null where rows are days in order. */
  readonly date: number | null;
  readonly isSplit: boolean;
  readonly id: number | null;
}

function findDays({ rows }: Head): DayTable | null {
  const full = rows.filter((row) => !isBlank(row)).slice(0, 60);
  for (const [index, first] of full.slice(0, 10).entries()) {
    for (const points of pointsOfDays) {
      const leading = first.cells.length - points;
      if (leading < 0 || leading > mostLeading) continue;
      if (!first.cells.slice(leading).every(isValue)) continue;
      const table = readLeading(first, leading, points, full[index - 1] ?? null);
      // A first row that counts its columns, as pandas writes it, is a header.
      const isCount =
        leading === 0 &&
        index === 0 &&
        first.cells.every((cell, at) => Number(cell) === at + Number(first.cells[0]));
      if (table !== null && !isCount && isOfDays(table, full.slice(index))) return table;
    }
  }
  return null;
}

/** Whether rows are days: a table of as many homes and a few columns more has a row a step, with its clock or its date again. */
function isOfDays({ date, isSplit, id, leading, points }: DayTable, rows: readonly Row[]): boolean {
  if (date === null) return true;
  const whole = rows.filter(({ cells }) => cells.length === leading + points);
  const dates = whole.map(({ cells }) =>
    isSplit ? cells.slice(date, date + 3).join("-") : (cells[date] as string).trim(),
  );
  const late = isSplit ? 0 : dates.filter(hasClock).length;
  const keys = new Set(whole.map(({ cells }, at) => `${id === null ? "" : cells[id]} ${dates[at]}`));
  return late <= whole.length / 2 && keys.size > whole.length / 2;
}

function readLeading(first: Row, leading: number, points: number, before: Row | null): DayTable | null {
  const cells = first.cells.slice(0, leading);
  const header = before !== null && before.cells.length >= leading ? before : null;
  const base = { header, first, points, leading };
  if (leading === 0) return { ...base, date: null, isSplit: false, id: null };
  const whole = cells.findIndex((cell) => isMoment(cell));
  const split = cells.findIndex(
    (cell, at) => isYear(cell) && isUpTo(cells[at + 1], 12) && isUpTo(cells[at + 2], 31),
  );
  const date = whole >= 0 ? whole : split;
  if (date < 0) return null;
  const named =
    header?.cells
      .slice(0, leading)
      .findIndex((cell) => /(^|[\s_])(id|home|house|customer|meter|name|lclid)$/i.test(cell.trim())) ?? -1;
  const id = named >= 0 ? named : date > 0 ? date - 1 : null;
  return { ...base, date, isSplit: whole < 0, id };
}

const isYear = (cell = "") => /^\d{4}$/.test(cell.trim()) && Number(cell) >= 1000 && Number(cell) <= 2200;
const isUpTo = (cell = "", most: number) =>
  /^\d{1,2}$/.test(cell.trim()) && Number(cell) >= 1 && Number(cell) <= most;

/** A row a home and day: what the emulator publishes, at any step, with any homes, in any order. */
export const days: Layout = {
  name: "days",
  looks: "a row a home and day: id, date, then 24 to 1440 values",
  recognise(head) {
    const table = findDays(head);
    return table === null
      ? null
      : `a row a day of ${table.points} values${table.date === null ? ", without dates" : ""}`;
  },
  open({ head, readings, moments, numbers, understood, quantity }) {
    const table = findDays(head);
    if (table === null)
      throw new InputFileError(head.file, 1, null, "no row of a day's values in the first rows");
    const { header, first, points, leading, date, id } = table;
    const step = 1440 / points;
    const labels = header?.cells.slice(leading) ?? [];
    understood.isOfMeans = nameIntervals(labels);
    understood.unit ??= findUnitIn(labels.join(" "));
    understood.isDated = date !== null;
    understood.zone = date === null ? "none: rows are days in order" : "as written";
    const clocks = labels.map((cell) => Moments.ofClock(cell));
    // Labels that begin one step after midnight are those of the ends.
    const isEnd = clocks[0] === step && (clocks.at(-1) ?? 1) % 1440 === 0;
    if (clocks.length === points && !clocks.some(Number.isNaN)) understood.labels = isEnd ? "end" : "begin";
    const shift = understood.labels === "end" && isEnd ? step : 0;
    let ordinal = 0;
    return (row) => {
      if (row.number < first.number || isBlank(row)) return;
      if (row.cells.length !== leading + points)
        throw new InputFileError(
          row.file,
          row.number,
          null,
          `${row.cells.length} values where ${leading + points} belong`,
        );
      const label = id === null ? (quantity === "irradiance" ? "sun" : "1") : (row.cells[id] ?? "").trim();
      const list = readings.listOf(quantity, quantity === "irradiance" ? "sun" : label);
      const day = date === null ? ordinal++ * 1440 : readDay(row, table, moments, numbers);
      if (list === null) return;
      for (let point = 0; point < points; point++)
        list.push(day + point * step + shift, numbers.read(row, leading + point), row.number);
    };
  },
};

function readDay(row: Row, { date, isSplit }: DayTable, moments: Moments, numbers: NumberReader): number {
  if (date === null || !isSplit) return moments.read(row, date ?? 0);
  const day = Moments.of(
    numbers.read(row, date),
    numbers.read(row, date + 1),
    numbers.read(row, date + 2),
    0,
    0,
  );
  if (!Number.isNaN(day)) return day;
  throw refuseCell(row, date, `${row.cells.slice(date, date + 3).join("-")} is no date`);
}
