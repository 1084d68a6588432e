import { hasDecimalCommas, isCount, nameFirstRow, nameKnownLayout, type Wanted } from "./explain-row.ts";
import { InputFileError } from "./input-file-error.ts";
import {
  type Cell,
  isDayOf,
  largestPower,
  leastSolar,
  nameIntervals,
  pointsOfColumn,
  type Solar,
  type SolarUnit,
  solarPointsPerDay,
} from "./input-series.ts";
import { checkLength, isNumber, isWord, readNumber, refuseCell } from "./read-number.ts";
import { type ByteChunks, type Row, readRows } from "./read-rows.ts";

const wanted: Wanted = {
  leadingCells: 0,
  pointsPerDay: solarPointsPerDay,
  layout:
    "for each day a row of its values, 24 or as many as a step of 1 to 60 minutes gives, or a value a row",
};

/**
 * Reads the solar file: a row of values for each day, 24 hourly ones or any of a step that divides it, or a value a row. It may
 * have a header of clock times; one of intervals, `00:00-01:00`, says that values are means. A first row that counts its columns
 * (0, 1 … 23) is one too and is skipped. Small negative values are read as 0. @throws InputFileError
 */
export async function parseSolar(file: string, chunks: ByteChunks, unit: SolarUnit = "W/m2"): Promise<Solar> {
  const reader = new SolarReader(unit);
  for await (const row of readRows(file, chunks)) reader.read(row);
  return reader.finish(file);
}

class SolarReader {
  readonly #unit: SolarUnit;
  readonly #values: number[] = [];
  /** Values a row; 1 where days are not told apart. */
  #length = solarPointsPerDay;
  #isMeans = false;
  /** Whether row 1 is one word, which names a column. */
  #isNamed = false;
  #hasHeader = false;
  #highest: Cell = { row: 1, column: 1, value: Number.NEGATIVE_INFINITY };
  #lowest: Cell | null = null;
  #negatives = 0;

  constructor(unit: SolarUnit) {
    this.#unit = unit;
  }

  read(row: Row): void {
    if (row.number === 1 && this.#readHeader(row)) return;
    if (row.cells.length === this.#length && row.cells.length > 1 && isCount(row.cells)) {
      if (row.number > 1)
        throw new InputFileError(
          row.file,
          row.number,
          null,
          "a header that counts its columns, between days",
        );
      this.#hasHeader = true;
      return;
    }
    if (this.#values.length === 0) this.#checkFirst(row);
    checkLength(row, this.#length);
    for (let point = 0; point < this.#length; point++) this.#values.push(this.#readValue(row, point));
  }

  /** Whether a row names clock times, intervals or one column. */
  #readHeader(row: Row): boolean {
    const { cells } = row;
    this.#isMeans = isDayOf(cells.length) && nameIntervals(cells);
    const isClock = isDayOf(cells.length) && cells.every((cell) => /^\d{1,2}:\d{2}$/.test(cell.trim()));
    const name = cells.length === 1 ? (cells[0] as string) : "";
    this.#isNamed =
      /^\p{L}[^;\t|，:=]*$/u.test(name) && isWord(name) && nameKnownLayout(row, wanted) === null;
    return this.#isMeans || isClock || this.#isNamed;
  }

  /** @throws InputFileError if there was no day */
  finish(file: string): Solar {
    if (this.#values.length === 0) throw new InputFileError(file, 2, null, "no rows after the header");
    const pointsPerDay = this.#length === 1 ? pointsOfColumn(this.#values.length) : this.#length;
    const days = Math.floor(this.#values.length / pointsPerDay);
    if (days * pointsPerDay < this.#values.length)
      throw new InputFileError(
        file,
        null,
        null,
        `${this.#values.length} values, one a row, are no whole days of ${pointsPerDay}`,
      );
    return {
      days,
      pointsPerDay,
      isMeans: this.#isMeans,
      values: Float64Array.from(this.#values),
      survey: {
        hasHeader: this.#hasHeader,
        highest: this.#highest,
        negatives: this.#negatives,
        lowest: this.#lowest,
      },
    };
  }

  #checkFirst(row: Row): void {
    const { cells } = row;
    const isColumn = cells.length === 1 && isNumber(cells[0] as string);
    const isDay =
      !this.#isNamed && isDayOf(cells.length) && cells.every(isNumber) && !hasDecimalCommas(cells);
    if (isColumn || isDay) {
      this.#length = cells.length;
      return;
    }
    if (this.#isNamed) throw new InputFileError(row.file, 1, null, `a header row; wanted: ${wanted.layout}`);
    const fault = nameFirstRow(row, wanted);
    if (fault !== null) throw new InputFileError(row.file, row.number, null, fault);
  }

  #readValue(row: Row, index: number): number {
    const value = readNumber(row, index, Number.NEGATIVE_INFINITY);
    const unit = this.#unit === "W" ? "W" : "W/m²";
    if (value > largestPower)
      throw refuseCell(row, index, `${value} ${unit} is above ${largestPower} ${unit}`);
    if (value < leastSolar[this.#unit])
      throw refuseCell(row, index, `${value} ${unit} is negative, below ${leastSolar[this.#unit]} ${unit}`);
    const cell = { row: row.number, column: index + 1, value };
    if (value > this.#highest.value) this.#highest = { ...cell, value: Math.max(0, value) };
    if (value >= 0) return value;
    this.#negatives += 1;
    if (value < (this.#lowest?.value ?? 0)) this.#lowest = cell;
    return 0;
  }
}
