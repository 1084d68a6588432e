import { InputFileError } from "./input-file-error.ts";
import { type Demand, demandPointsPerDay } from "./input-series.ts";
import { formatDate, readDate } from "./read-date.ts";
import { checkLength, readNumber, readWholeNumber, refuseCell } from "./read-number.ts";
import { type ByteChunks, type Row, readRows } from "./read-rows.ts";

/** Cells before the values: row number, home number, year, month, day, weekday. */
const leadingCells = 6;
const homeIndex = 1;
const yearIndex = 2;
const dayIndex = 4;

/**
 * Reads the demand file: a header, then for each home its days in order, each a row of row number, home
 * number, year, month, day, weekday and 48 half-hourly values [kW]. Row number and weekday are not looked
 * at. @throws InputFileError
 */
export async function parseDemand(file: string, chunks: ByteChunks): Promise<Demand> {
  const reader = new DemandReader();
  let last: Row | undefined;
  for await (const row of readRows(file, chunks)) {
    if (row.number === 1) checkHeader(row);
    else reader.read(row);
    last = row;
  }
  if (last === undefined || last.number === 1)
    throw new InputFileError(file, 2, null, "no rows after the header");
  reader.closeHome(last);
  return { days: reader.homeDays, homes: reader.homes };
}

function checkHeader(row: Row): void {
  const home = row.cells[homeIndex] ?? "";
  if (home.trim() === "" || Number.isNaN(Number(home))) return;
  throw new InputFileError(row.file, row.number, null, "the header row is missing");
}

/** Gathers rows into homes; the present home is the one after those that are closed. */
class DemandReader {
  readonly homes: Float64Array[] = [];
  #valuesW: number[] = [];
  #date: number | null = null;

  /** Days of each home that is closed. */
  get homeDays(): number {
    return (this.homes[0]?.length ?? 0) / demandPointsPerDay;
  }

  read(row: Row): void {
    checkLength(row, leadingCells + demandPointsPerDay);
    this.#readHome(row);
    this.#readDate(row);
    for (let index = leadingCells; index < row.cells.length; index++)
      this.#valuesW.push(readPowerW(row, index));
  }

  /** Ends the present home before or at `row`. @throws InputFileError if it has too few days */
  closeHome(row: Row): void {
    const days = this.#valuesW.length / demandPointsPerDay;
    const number = this.homes.length + 1;
    if (number > 1 && days < this.homeDays)
      throw refuseCell(row, homeIndex, `home ${number} has ${days} of the ${this.homeDays} days of home 1`);
    this.homes.push(Float64Array.from(this.#valuesW));
    this.#valuesW = [];
    this.#date = null;
  }

  #readHome(row: Row): void {
    const number = readWholeNumber(row, homeIndex);
    if (this.#valuesW.length > 0 && number === this.homes.length + 2) this.closeHome(row);
    const present = this.homes.length + 1;
    if (number !== present) {
      const expected = this.#valuesW.length > 0 ? `${present} or ${present + 1}` : `${present}`;
      throw refuseCell(row, homeIndex, `home ${number} where home ${expected} belongs`);
    }
    if (present > 1 && this.#valuesW.length === this.homes[0]?.length)
      throw refuseCell(
        row,
        homeIndex,
        `home ${number} has more days than home 1, which has ${this.homeDays}`,
      );
  }

  #readDate(row: Row): void {
    const before = this.#date;
    this.#date = readDate(row, yearIndex);
    if (before === null) return;
    if (this.#date === null) throw refuseCell(row, yearIndex, "missing value");
    if (this.#date === before + 1) return;
    throw refuseCell(row, dayIndex, `${formatDate(this.#date)} where ${formatDate(before + 1)} belongs`);
  }
}

/** Reads kW as W; whole watts are exact in spite of binary fractions (1.001 kW is 1001 W). */
function readPowerW(row: Row, index: number): number {
  const powerW = readNumber(row, index) * 1000;
  if (powerW === Number.POSITIVE_INFINITY) throw refuseCell(row, index, "the power is not finite");
  const wholeW = Math.round(powerW);
  return Math.abs(powerW - wholeW) < 1e-9 ? wholeW : powerW;
}
