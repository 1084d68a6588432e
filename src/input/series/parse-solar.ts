import { isCount, nameFirstRow, type Wanted } from "./explain-row.ts";
import { InputFileError } from "./input-file-error.ts";
import {
  type Cell,
  largestPower,
  leastSolar,
  type Solar,
  type SolarUnit,
  solarPointsPerDay,
} from "./input-series.ts";
import { checkLength, readNumber, refuseCell } from "./read-number.ts";
import { type ByteChunks, type Row, readRows } from "./read-rows.ts";

const wanted: Wanted = {
  leadingCells: 0,
  pointsPerDay: solarPointsPerDay,
  layout: "no header, a row of 24 hourly values for each day",
};

/**
 * Reads the solar file: a row of 24 hourly values for each day. It has no header; a first row that counts its
 * columns (0, 1 … 23) is one and is skipped. Small negative values are read as 0. @throws InputFileError
 */
export async function parseSolar(file: string, chunks: ByteChunks, unit: SolarUnit = "W/m2"): Promise<Solar> {
  const reader = new SolarReader(unit);
  for await (const row of readRows(file, chunks)) reader.read(row);
  return reader.finish(file);
}

class SolarReader {
  readonly #unit: SolarUnit;
  readonly #values: number[] = [];
  #hasHeader = false;
  #highest: Cell = { row: 1, column: 1, value: Number.NEGATIVE_INFINITY };
  #lowest: Cell | null = null;
  #negatives = 0;

  constructor(unit: SolarUnit) {
    this.#unit = unit;
  }

  read(row: Row): void {
    if (row.cells.length === solarPointsPerDay && isCount(row.cells)) {
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
    checkLength(row, solarPointsPerDay);
    for (let hour = 0; hour < solarPointsPerDay; hour++) this.#values.push(this.#readValue(row, hour));
  }

  /** @throws InputFileError if there was no day */
  finish(file: string): Solar {
    if (this.#values.length === 0) throw new InputFileError(file, 2, null, "no rows after the header");
    return {
      days: this.#values.length / solarPointsPerDay,
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
