import { nameSeparator } from "./name-separator.ts";
import { describeLength, isNumber, isWord } from "./read-number.ts";
import type { Row } from "./read-rows.ts";

/**
 * Says of a file that is not as wanted what it seems to be. All of this looks at the first rows alone, and only to
 * refuse them by name: nothing is read otherwise because of it.
 */

/** A row of values as it should be. */
export interface Wanted {
  /** Cells before the values. */
  readonly leadingCells: number;
  readonly pointsPerDay: number;
  /** What the file should hold, in words. */
  readonly layout: string;
}

/** Layouts of data that many have, by the text of their first row. */
const knownLayouts: readonly [start: RegExp, name: string][] = [
  [/^latitude \(decimal degrees\)|^time(\(utc\))?,(p|g|gb|t2m)\b/i, "PVGIS"],
  [/^-begin header-|^year,mo,dy,hr\b/i, "NASA POWER"],
  [/^source,location id|^year,month,day,hour,minute\b/i, "NREL NSRDB"],
  [/^location,[^,]*,[^,]*,[^,]*,/i, "EnergyPlus weather (EPW)"],
  [/^customer,generator capacity|solar home.*half|half.hour.*solar home/i, "Ausgrid's solar homes"],
  [/^lclid,/i, "Low Carbon London's smart meters"],
];

/** Values that a row of a day has at steps of 60, 30, 15, 10, 5 and 1 minutes. */
const pointsOfDays = [24, 48, 96, 144, 288, 1440];
const timeOrDate = /^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{8}:\d{4}$|\d{12}$)/;
const timeWord = /^(time|timestamp|date|datetime|zeit|datum|日時|時刻|日付)\b|^(日時|時刻|日付)/i;

const dayLayout = "a row a day with its date in one cell";
const wideLayout = "a row a moment and a column a home or quantity (wide)";

/** The published layout that a file's first row begins, or null. */
export function nameKnownLayout({ cells }: Row, wanted: Wanted): string | null {
  const text = cells.map((cell) => cell.trim()).join(",");
  const found = knownLayouts.find(([start]) => start.test(text));
  if (found !== undefined) return refuseLayout(`that of ${found[1]}`, wanted);
  if (/^sep=/i.test(text)) return `${JSON.stringify(text)} is for Excel alone; wanted: ${wanted.layout}`;
  if (!timeWord.test(text) || cells.length === 1) return null;
  return refuseLayout(pointsOfDays.includes(cells.length - 1) ? dayLayout : wideLayout, wanted);
}

/** Why the first row of values is not as wanted, or null if nothing speaks against it. */
export function nameFirstRow(row: Row, wanted: Wanted, headerCells?: number): string | null {
  const { cells } = row;
  const length = wanted.leadingCells + wanted.pointsPerDay;
  const isLong = cells.length === length;
  const name =
    nameKnownLayout(row, wanted) ??
    (isLong ? null : (nameSeparator(cells, length) ?? nameOtherLayout(cells, wanted)));
  if (name !== null) return name;
  if (wanted.leadingCells === 0 && cells.every(isWord)) return `a header row; wanted: ${wanted.layout}`;
  return isLong ? null : nameLength(cells, wanted, headerCells);
}

/** Whether the cells are whole numbers, each one more than that before it: names that pandas gives to columns. */
export function isCount(cells: readonly string[]): boolean {
  const first = Number(cells[0]);
  return (
    (first === 0 || first === 1) &&
    cells.every((cell, index) => cell.trim() !== "" && Number(cell) === first + index)
  );
}

/**
 * Whether the commas of a row of twice 24 whole numbers are those of decimals: then every second cell is as short as the others of
 * its kind, and shorter than the longest whole number or always the same.
 */
export function hasDecimalCommas(given: readonly string[]): boolean {
  const cells = given.map((cell) => cell.trim());
  if (cells.length !== 48 || cells.some((cell) => !/^-?\d+$/.test(cell))) return false;
  const decimals = new Set(cells.filter((_, index) => index % 2 === 1));
  const widths = new Set([...decimals].map(({ length }) => length));
  const widest = Math.max(...cells.filter((_, index) => index % 2 === 0).map(({ length }) => length));
  if (widths.size > 1 || cells.every((cell) => cell === cells[0])) return false;
  return decimals.size === 1 || Math.max(...widths) < widest;
}

function nameOtherLayout(cells: readonly string[], wanted: Wanted): string | null {
  const at = cells.slice(0, 5).findIndex((cell) => timeOrDate.test(cell.trim()));
  if (at < 0) return null;
  if (cells.length - at > 24) return refuseLayout(dayLayout, wanted);
  return refuseLayout(at === 0 ? wideLayout : "a row a home and moment (long)", wanted);
}

function nameLength(cells: readonly string[], wanted: Wanted, headerCells?: number): string {
  const { leadingCells, pointsPerDay, layout } = wanted;
  const length = leadingCells + pointsPerDay;
  const said = describeLength(cells, length);
  const empty = cells.length - 1 - cells.findLastIndex((cell) => cell.trim() !== "");
  if (cells.length > length && empty >= cells.length - length)
    return `${said}: the last ${empty === 1 ? "is" : `${empty} are`} empty`;
  const hasCommas =
    cells.length > length &&
    headerCells !== cells.length &&
    cells.slice(leadingCells).every((cell) => isNumber(cell) && !cell.includes("."));
  const points = cells.length - leadingCells;
  const isDay = pointsOfDays.includes(points);
  if (isDay && !hasCommas) return `${said}: ${describeStep(points)}; wanted: ${layout}`;
  if (hasCommas && cells.length > length + 1) {
    const step = isDay ? `${describeStep(points)}, or ` : "";
    return `${said}: ${step}decimal commas; wanted are decimal points, and ${layout}`;
  }
  if (cells.length === length + 1)
    return `${said}: the first column may be an index (pandas writes none with index=False)`;
  if (cells.length === 1 && isNumber(cells[0] as string)) return `${said}: a value a row; wanted: ${layout}`;
  return `${said}; wanted: ${layout}`;
}

function describeStep(points: number): string {
  return `a day of ${points} values (every ${1440 / points} minutes)`;
}

function refuseLayout(name: string, { layout }: Wanted): string {
  return `the layout is ${name}, which apis-emulator import reads; wanted: ${layout}`;
}
