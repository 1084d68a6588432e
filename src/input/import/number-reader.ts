import { refuseCell } from "../series/read-number.ts";
import type { Row } from "../series/read-rows.ts";

const missing = /^(|-|null|nan|n\/?a|na|none|missing|nodata|\?|欠測|×|\*+)$/i;
const decimalComma = /^[+-]?\d+,\d+$/;
const pointThousands = /^[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?$/;
const commaThousands = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;

/** Reads numbers as people write them; whether the comma or the point is the decimal sign it learns from the file. */
export class NumberReader {
  /** The decimal sign, once one was seen that can be nothing else. */
  #decimal: "." | "," | null = null;

  get decimal(): "." | "," | null {
    return this.#decimal;
  }

  /**
   * Looks at cells of the file's head, to know its decimal sign before the first value. Where commas part no cells, one
   * in a number is hardly that of thousands.
   */
  learn(cells: readonly string[], separator: string): void {
    for (const cell of cells) {
      const text = cell.trim();
      if (this.#decimal !== null) return;
      if (/^[+-]?\d*\.\d+$/.test(text) && !pointThousands.test(text)) this.#decimal = ".";
      if (decimalComma.test(text) && (separator !== "," || !commaThousands.test(text))) this.#decimal = ",";
      if (/^[+-]?\d{1,3}(\.\d{3})+,\d+$/.test(text)) this.#decimal = ",";
      if (/^[+-]?\d{1,3}(,\d{3})+\.\d+$/.test(text)) this.#decimal = ".";
    }
  }

  /** The number that a text is; NaN where it says that a value is missing; null where it is none. */
  parse(cell: string): number | null {
    if (this.#decimal !== "," || !cell.includes(".")) {
      const value = Number(cell);
      // `Number` takes blanks for 0, and 0x10 for 16.
      if (!Number.isNaN(value) && (value !== 0 || cell.trim() !== ""))
        return isOrdinary(cell, value) ? value : null;
    }
    const text = cell.trim();
    if (missing.test(text)) return Number.NaN;
    const isComma = decimalComma.test(text) && (this.#decimal === "," || !commaThousands.test(text));
    if (isComma && this.#decimal !== ".") {
      this.#decimal = ",";
      return Number(text.replace(",", "."));
    }
    if (this.#decimal === "," && pointThousands.test(text))
      return Number(text.replaceAll(".", "").replace(",", "."));
    if (this.#decimal !== "," && commaThousands.test(text)) return Number(text.replaceAll(",", ""));
    return null;
  }

  /** The number in the cell at `index`, NaN where it is missing. @throws InputFileError if the cell holds no number */
  read(row: Row, index: number): number {
    const cell = row.cells[index] ?? "";
    const value = this.parse(cell);
    if (value !== null) return value;
    const text = JSON.stringify(cell.length > 20 ? `${cell.slice(0, 20)}…` : cell);
    const hint = /^[+-]?\d+,\d+$/.test(cell.trim()) ? ": elsewhere the decimal sign is a point" : "";
    throw refuseCell(row, index, `${text} is not a number${hint}`);
  }
}

function isOrdinary(cell: string, value: number): boolean {
  return Number.isFinite(value) && !/[xob]/i.test(cell);
}
