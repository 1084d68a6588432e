import Papa from "papaparse";
import { InputFileError } from "./input-file-error.ts";
import { nameSeparator } from "./name-separator.ts";

/** Larger files are refused [byte]. */
export const maximumFileBytes = 1024 * 1024 * 1024;

/** A file's bytes in order, as a stream or in pieces. */
export type ByteChunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** One row of a CSV file. */
export interface Row {
  readonly file: string;
  /** Counted from 1. */
  readonly number: number;
  readonly cells: readonly string[];
}

/**
 * The rows of a CSV file in UTF-8, without holding the file in memory. A byte-order mark, CRLF and blank
 * lines at the end are accepted. @throws InputFileError if the file is empty, too large or in UTF-16, if a quotation
 * mark is out of place or if a blank line stands between rows
 */
export async function* readRows(file: string, chunks: ByteChunks): AsyncGenerator<Row> {
  let number = 0;
  let firstBlank: number | null = null;
  for await (const lines of readLines(file, chunks)) {
    for (const cells of parseLines(file, number, lines)) {
      number += 1;
      if (cells.length === 1 && cells[0]?.trim() === "") {
        firstBlank ??= number;
        continue;
      }
      if (firstBlank !== null) throw new InputFileError(file, firstBlank, null, "blank line between rows");
      yield { file, number, cells };
    }
  }
  if (number === 0 || firstBlank === 1) throw new InputFileError(file, 1, null, "the file is empty");
}

/** Text of whole lines, each piece ending in a line feed. */
async function* readLines(file: string, chunks: ByteChunks): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let bytes = 0;
  let rest = "";
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    checkFileSize(file, bytes);
    checkEncoding(file, chunk, bytes - chunk.byteLength);
    const text = decoder.decode(chunk, { stream: true });
    const end = text.lastIndexOf("\n") + 1;
    if (end > 0) yield rest + text.slice(0, end);
    rest = end > 0 ? text.slice(end) : rest + text;
  }
  rest += decoder.decode();
  if (rest !== "") yield `${rest}\n`;
}

/** @throws InputFileError if a file of that size is too large */
export function checkFileSize(file: string, bytes: number): void {
  if (bytes <= maximumFileBytes) return;
  throw new InputFileError(file, null, null, `larger than ${maximumFileBytes / 2 ** 20} MiB`);
}

/** How workbooks (zip, and those before 2007), packed files (gzip) and Parquet begin. */
const noText = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
  [0x1f, 0x8b],
  [0x50, 0x41, 0x52, 0x31],
];

/** Every line of UTF-16 has zero bytes, of UTF-8 none. `offset` is that of the chunk in its file. @throws InputFileError */
function checkEncoding(file: string, chunk: Uint8Array, offset: number): void {
  if (offset === 0 && noText.some((begin) => begin.every((byte, index) => chunk[index] === byte)))
    throw new InputFileError(
      file,
      null,
      null,
      "a workbook or a packed file, not CSV; save it as CSV in UTF-8",
    );
  const first = chunk.indexOf(0);
  if (first < 0) return;
  const order = (offset + first) % 2 === 1 ? "little-endian" : "big-endian";
  const zeros = chunk.reduce((count, byte) => (byte === 0 ? count + 1 : count), 0);
  // One here and there is a damaged file.
  if (zeros * 8 < chunk.byteLength)
    throw new InputFileError(file, null, null, "the file has zero bytes: it is no text");
  throw new InputFileError(file, null, null, `the file is UTF-16 (${order}), not UTF-8; save it as UTF-8`);
}

function parseLines(file: string, rowsBefore: number, lines: string): string[][] {
  const text = lines.replaceAll("\r\n", "\n");
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: ",", newline: "\n" });
  const error = errors[0];
  if (error !== undefined) {
    const line = text.split("\n")[error.row ?? 0] ?? "";
    const separator = /"\s*[;\t|]/.test(line) ? nameSeparator([line], 1) : null;
    throw new InputFileError(file, rowsBefore + (error.row ?? 0) + 1, null, separator ?? error.message);
  }
  data.pop();
  return data;
}
