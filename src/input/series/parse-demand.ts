import { isCount, nameFirstRow, nameKnownLayout, type Wanted } from "./explain-row.ts";
import { InputFileError } from "./input-file-error.ts";
import {
  type Cell,
  type Demand,
  demandPointsPerDay,
  isDayOf,
  largestPower,
  nameIntervals,
  type OddHome,
} from "./input-series.ts";
import { formatDate, readDate } from "./read-date.ts";
import { checkLength, isNumber, readNumber, refuseCell } from "./read-number.ts";
import { type ByteChunks, type Row, readRows } from "./read-rows.ts";

/** Cells before the values: row number, home number, year, month, day, weekday. */
const leadingCells = 6;
const homeIndex = 1;
const yearIndex = 2;
const monthIndex = 3;
const dayIndex = 4;

const wanted: Wanted = {
  leadingCells,
  pointsPerDay: demandPointsPerDay,
  layout:
    "a header, then for each home a row a day of row number, home, year, month, day, weekday and its kW, 48 or as many as the header has",
};
const homesStandTogether = "the rows of a home stand together";

/** A home's mean demand is hardly meant above and below these [W]. */
const highMeanW = 50_000;
const lowMeanW = 1;

/**
 * Reads the demand file, or that of PV power: a header, then for each home its days in order, each a row of row number, home,
 * year, month, day, weekday and the values of the day [kW], 48 half-hourly ones or as many as the header has. A header of
 * intervals, `00:00-00:30`, says that values are means. Homes may have any names. Row number and weekday are not looked at.
 * @throws InputFileError
 */
export async function parseDemand(file: string, chunks: ByteChunks): Promise<Demand> {
  let reader: DemandReader | undefined;
  let last: Row | undefined;
  for await (const row of readRows(file, chunks)) {
    if (reader === undefined) reader = new DemandReader(row);
    else reader.read(row);
    last = row;
  }
  if (reader === undefined || last === undefined || last.number === 1)
    throw new InputFileError(file, 2, null, "no rows after the header");
  reader.closeHome(last);
  return reader.demand();
}

/** Gathers rows into homes; the present home is the one after those that are closed. */
class DemandReader {
  readonly #header: readonly string[];
  #pointsPerDay = demandPointsPerDay;
  /** Names of the homes so far, the present one last. */
  readonly #names: string[] = [];
  readonly #homes: Float64Array[] = [];
  #valuesW: number[] = [];
  #date: number | null = null;
  #highest: Cell | null = null;
  #first: { readonly day: number; readonly row: number; readonly home: string } | null = null;
  #high: OddHome | null = null;
  #low: OddHome | null = null;

  /** @throws InputFileError if the first row is no header, or that of another layout */
  constructor(header: Row) {
    const { file, number, cells } = header;
    const fault = nameKnownLayout(header, wanted);
    if (fault !== null) throw new InputFileError(file, number, null, fault);
    const isNames = isCount(cells[0] === "" ? cells.slice(1) : cells);
    if (isNumber(cells[homeIndex] ?? "") && !isNames)
      throw new InputFileError(file, number, null, "the header row is missing");
    this.#header = cells;
  }

  read(row: Row): void {
    if (this.#homes.length === 0 && this.#valuesW.length === 0) this.#checkFirst(row);
    checkLength(row, leadingCells + this.#pointsPerDay);
    this.#readHome(row);
    this.#readDate(row);
    for (let index = leadingCells; index < row.cells.length; index++) this.#readPower(row, index);
  }

  /** Ends the present home before or at `row`. @throws InputFileError if it has too few days */
  closeHome(row: Row): void {
    const days = this.#valuesW.length / this.#pointsPerDay;
    const [first] = this.#names;
    const name = this.#names.at(-1) as string;
    if (this.#homes.length > 0 && days < this.#days)
      throw refuseCell(row, homeIndex, `home ${name} has ${days} of the ${this.#days} days of home ${first}`);
    this.#survey(name);
    this.#homes.push(Float64Array.from(this.#valuesW));
    this.#valuesW = [];
    this.#date = null;
    this.#highest = null;
  }

  demand(): Demand {
    const first = this.#first;
    return {
      days: this.#days,
      pointsPerDay: this.#pointsPerDay,
      isMeans: nameIntervals(this.#header.slice(leadingCells)),
      homes: this.#homes,
      survey: {
        firstDate: first === null ? null : { date: formatDate(first.day), row: first.row },
        high: this.#high,
        low: this.#low,
      },
    };
  }

  /** Days of each home that is closed. */
  get #days(): number {
    return (this.#homes[0]?.length ?? 0) / this.#pointsPerDay;
  }

  #checkFirst(row: Row): void {
    const { length } = row.cells;
    if (
      length === this.#header.length &&
      isDayOf(length - leadingCells) &&
      row.cells.slice(leadingCells).every(isNumber)
    ) {
      this.#pointsPerDay = length - leadingCells;
      return;
    }
    const fault = nameFirstRow(row, wanted, this.#header.length);
    if (fault !== null) throw new InputFileError(row.file, row.number, null, fault);
  }

  #readHome(row: Row): void {
    const name = (row.cells[homeIndex] ?? "").trim();
    if (name === "") throw refuseCell(row, homeIndex, "missing value");
    if (name !== this.#names.at(-1)) {
      if (this.#names.includes(name)) throw refuseCell(row, homeIndex, this.#explainReturn(name));
      if (this.#valuesW.length > 0) this.closeHome(row);
      this.#names.push(name);
    }
    const [first] = this.#names;
    if (this.#homes.length > 0 && this.#valuesW.length === this.#homes[0]?.length)
      throw refuseCell(
        row,
        homeIndex,
        `home ${name} has more days than home ${first}, which has ${this.#days}`,
      );
  }

  #explainReturn(name: string): string {
    const isByDay =
      name === this.#names[0] && this.#valuesW.length === this.#pointsPerDay && this.#days === 1;
    const why = isByDay
      ? "rows are in order of home, then of day, not of day, then of home"
      : homesStandTogether;
    return `home ${name} again, after home ${this.#names.at(-1)}; ${why}`;
  }

  #readDate(row: Row): void {
    const before = this.#date;
    this.#date = readDate(row, yearIndex);
    if (this.#valuesW.length === 0) this.#checkFirstDate(row);
    if (before === null || this.#date === before + 1) return;
    if (this.#date === null) throw refuseCell(row, yearIndex, "missing value");
    const hint = isExchanged(row, before + 1) ? "; dates stand as year, month, day" : "";
    throw refuseCell(
      row,
      dayIndex,
      `${formatDate(this.#date)} where ${formatDate(before + 1)} belongs${hint}`,
    );
  }

  /** One sun shines on all homes: their first days are the same. */
  #checkFirstDate(row: Row): void {
    const day = this.#date;
    if (day === null) return;
    const home = this.#names.at(-1) as string;
    this.#first ??= { day, row: row.number, home };
    if (day === this.#first.day) return;
    throw refuseCell(
      row,
      yearIndex,
      `home ${home} begins on ${formatDate(day)}, home ${this.#first.home} on ${formatDate(this.#first.day)}; ` +
        "the days of all homes are the same, since one sun shines on them",
    );
  }

  /** Reads kW as W; whole watts are exact in spite of binary fractions (1.001 kW is 1001 W). */
  #readPower(row: Row, index: number): void {
    const powerKW = readNumber(row, index);
    const powerW = powerKW * 1000;
    if (powerW > largestPower)
      throw refuseCell(row, index, `${powerKW} kW is above ${largestPower / 1000} kW`);
    const wholeW = Math.round(powerW);
    const value = Math.abs(powerW - wholeW) < 1e-9 ? wholeW : powerW;
    this.#valuesW.push(value);
    if (value > (this.#highest?.value ?? -1)) this.#highest = { row: row.number, column: index + 1, value };
  }

  #survey(home: string): void {
    const meanW = this.#valuesW.reduce((sum, value) => sum + value, 0) / this.#valuesW.length;
    const found: OddHome = { home, meanW, highest: this.#highest as Cell, others: 0 };
    if (meanW > highMeanW) this.#high = oneMore(this.#high, found);
    if (meanW < lowMeanW) this.#low = oneMore(this.#low, found);
  }
}

function oneMore(before: OddHome | null, found: OddHome): OddHome {
  return before === null ? found : { ...before, others: before.others + 1 };
}

/** Whether month and day stand in each other's place where `expected` belongs. */
function isExchanged(row: Row, expected: number): boolean {
  const [year, month, day] = formatDate(expected).split("-").map(Number);
  const given = [yearIndex, dayIndex, monthIndex].map((index) => Number(row.cells[index]));
  return given.join() === [year, month, day].join();
}
