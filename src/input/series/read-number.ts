import { isNumberText } from "../../notation/number-text.ts";
import { InputFileError } from "./input-file-error.ts";
import type { Row } from "./read-rows.ts";

/** Thousands may be parted by points then. */
const decimalComma = /^[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+$/;
const notFinite = /^[+-]?(nan|inf|infinity)$/i;

/** The number ≥ `least` in the cell at `index` of a row. @throws InputFileError if there is none */
export function readNumber(row: Row, index: number, least = 0): number {
  const text = (row.cells[index] ?? "").trim();
  const value = Number(text);
  if (isNumberText(text) && value >= least && Number.isFinite(value)) return value + 0;
  throw refuseCell(row, index, whyRefused(text));
}

/** Whether the text of a cell is a number. */
export function isNumber(text: string): boolean {
  return isNumberText(text.trim());
}

/** Whether the text of a cell is a word: nothing that was meant as a number. */
export function isWord(text: string): boolean {
  const cell = text.trim();
  return cell !== "" && !isNumberText(cell) && !decimalComma.test(cell) && !notFinite.test(cell);
}

/** The whole number ≥ 0 in the cell at `index` of a row. @throws InputFileError if there is none */
export function readWholeNumber(row: Row, index: number): number {
  const value = readNumber(row, index);
  if (Number.isSafeInteger(value)) return value;
  throw refuseCell(row, index, `${quote(row.cells[index] ?? "")} is not a whole number`);
}

/** @throws InputFileError if the row has another number of cells */
export function checkLength(row: Row, length: number): void {
  if (row.cells.length === length) return;
  throw new InputFileError(row.file, row.number, null, describeLength(row.cells, length));
}

/** `23 values where 24 belong`. */
export function describeLength(cells: readonly string[], length: number): string {
  return `${cells.length} ${cells.length === 1 ? "value" : "values"} where ${length} belong`;
}

/** The error that names the cell at `index` of a row. */
export function refuseCell(row: Row, index: number, reason: string): InputFileError {
  return new InputFileError(row.file, row.number, index + 1, reason);
}

function whyRefused(text: string): string {
  if (text === "") return "missing value";
  if (notFinite.test(text)) return `${quote(text)} is not finite`;
  if (decimalComma.test(text)) return `${quote(text)} is not a number: a decimal point belongs, not a comma`;
  if (!isNumberText(text)) return `${quote(text)} is not a number`;
  return Number.isFinite(Number(text)) ? `${quote(text)} is negative` : `${quote(text)} is not finite`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 20 ? `${text.slice(0, 20)}…` : text);
}
