import Papa from "papaparse";
import { InputFileError } from "./input-file-error.ts";

/** Larger files are refused [byte]. */
export const maximumFileBytes = 256 * 1024 * 1024;

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
 * lines at the end are accepted. @throws InputFileError if the file is empty or too large, if a quotation
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

function parseLines(file: string, rowsBefore: number, lines: string): string[][] {
  const text = lines.replaceAll("\r\n", "\n");
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: ",", newline: "\n" });
  const error = errors[0];
  if (error !== undefined)
    throw new InputFileError(file, rowsBefore + (error.row ?? 0) + 1, null, error.message);
  data.pop();
  return data;
}
