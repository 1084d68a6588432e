import Papa from "papaparse";
import { InputFileError } from "../series/input-file-error.ts";
import { type ByteChunks, checkFileSize, type Row } from "../series/read-rows.ts";
import type { Head } from "./layout.ts";

/** How a text is written, as its beginning shows. */
export interface Dialect {
  readonly encoding: string;
  readonly separator: "," | ";" | "\t" | "|" | " ";
}

/** So much of a file is looked at before it is read [byte]. */
const headBytes = 65_536;
const headRows = 400;

/** A file's beginning, how it is written, and its rows from the first on, in batches. */
interface OpenText {
  readonly dialect: Dialect;
  readonly head: Head;
  rows(): AsyncGenerator<Row[]>;
}

/**
 * Opens a text whatever its encoding, separator and line ends. @throws InputFileError if it is empty or no text
 */
export async function openText(file: string, chunks: ByteChunks): Promise<OpenText> {
  const source = toIterator(chunks);
  const first = await takeHead(source);
  if (first.byteLength === 0) throw new InputFileError(file, 1, null, "the file is empty");
  const encoding = findEncoding(file, first);
  const headText = new TextDecoder(encoding).decode(first, { stream: true });
  const newline = headText.includes("\n") ? "\n" : "\r";
  const end = headText.lastIndexOf(newline) + 1;
  const whole = end > 0 && first.byteLength >= headBytes ? headText.slice(0, end) : headText;
  const lines = whole.replaceAll("\r\n", "\n").replaceAll("\r", "\n").split("\n").slice(0, headRows);
  if (lines.every((line) => line.trim() === "")) throw new InputFileError(file, 1, null, "the file is empty");
  const dialect: Dialect = { encoding, separator: findSeparator(lines) };
  const headLines = lines.join("\n");
  // A quotation mark that the end of the head leaves open is closed in the file.
  const rows = splitRows(file, 0, headLines, dialect.separator, false);
  return { dialect, head: { file, rows }, rows: () => readBatches(file, first, source, dialect, newline) };
}

async function* readBatches(
  file: string,
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
  { encoding, separator }: Dialect,
  newline: string,
): AsyncGenerator<Row[]> {
  const decoder = new TextDecoder(encoding);
  let bytes = 0;
  let number = 0;
  let held = "";
  for (let chunk: Uint8Array | undefined = first; chunk !== undefined; chunk = await next(rest)) {
    bytes += chunk.byteLength;
    checkFileSize(file, bytes);
    const text: string = decoder.decode(chunk, { stream: true });
    const end = text.lastIndexOf(newline) + 1;
    if (end === 0) {
      held += text;
      continue;
    }
    const rows = splitRows(file, number, held + text.slice(0, end - 1), separator);
    held = text.slice(end);
    number += rows.length;
    yield rows;
  }
  held += decoder.decode();
  if (held !== "") yield splitRows(file, number, held, separator);
}

function splitRows(file: string, before: number, text: string, separator: string, strict = true): Row[] {
  const lines = text.replaceAll("\r\n", "\n").replace(/\r$/, "").replaceAll("\r", "\n");
  const { data, errors } = Papa.parse<string[]>(lines, { delimiter: separator, newline: "\n" });
  const error = errors[0];
  if (strict && error !== undefined)
    throw new InputFileError(file, before + (error.row ?? 0) + 1, null, error.message);
  // With one separator between all rows a blank line is a cell of no text.
  if (text === "") return [{ file, number: before + 1, cells: [""] }];
  return data.map((cells, index) => ({ file, number: before + index + 1, cells }));
}

/** The text of a whole file whatever its encoding. @throws InputFileError if it is no text */
export function decodeText(file: string, bytes: Uint8Array): string {
  return new TextDecoder(findEncoding(file, bytes)).decode(bytes);
}

const packedFiles = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
  [0x1f, 0x8b],
  [0x50, 0x41, 0x52, 0x31],
];

function findEncoding(file: string, head: Uint8Array): string {
  const starts = (bytes: readonly number[]) => bytes.every((byte, index) => head[index] === byte);
  if (packedFiles.some(starts))
    throw new InputFileError(file, null, null, "a workbook or a packed file, not CSV; save it as CSV");
  if (starts([0xff, 0xfe])) return "utf-16le";
  if (starts([0xfe, 0xff])) return "utf-16be";
  if (starts([0xef, 0xbb, 0xbf])) return "utf-8";
  const zerosAt = [0, 0];
  for (let index = 0; index < head.length; index++)
    if (head[index] === 0) zerosAt[index % 2] = (zerosAt[index % 2] as number) + 1;
  const [even, odd] = zerosAt as [number, number];
  if ((even + odd) * 8 > head.length) return odd > even ? "utf-16le" : "utf-16be";
  if (even + odd > 0) throw new InputFileError(file, null, null, "the file has zero bytes: it is no text");
  return ["utf-8", "shift_jis"].find((name) => isOf(name, head)) ?? "windows-1252";
}

function isOf(encoding: string, head: Uint8Array): boolean {
  try {
    new TextDecoder(encoding, { fatal: true, ignoreBOM: false }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** The separator that stands equally often in most lines; a decimal comma never does so where another stands. */
function findSeparator(lines: readonly string[]): Dialect["separator"] {
  const said = /^sep=(.)/i.exec(lines[0] ?? "");
  if (said !== null) return said[1] as Dialect["separator"];
  const full = lines.filter((line) => line.trim() !== "");
  const found = ([";", "\t", "|", ","] as const).map((separator) => {
    const [count, times] = mostCommon(full.map((line) => line.split(separator).length - 1));
    return { separator, count, times };
  });
  const best = found.reduce((a, b) => (b.times > a.times ? b : a));
  if (best.times === 0) {
    const [count] = mostCommon(full.map((line) => line.trim().split(/ +/).length - 1));
    return count >= 23 ? " " : ";";
  }
  // Values of one column with decimal commas, whole ones among them or under a header of one word.
  const isColumn =
    best.separator === "," && full.slice(1).every((line) => /^[+-]?\d+(,\d+)?$/.test(line.trim()));
  return isColumn && full.some((line) => !line.includes(",")) ? ";" : best.separator;
}

/** The most common of some counts above 0, and how often it is there. */
function mostCommon(counts: readonly number[]): [count: number, times: number] {
  const times = new Map<number, number>();
  for (const count of counts) if (count > 0) times.set(count, (times.get(count) ?? 0) + 1);
  return [...times].reduce<[number, number]>((a, b) => (b[1] > a[1] ? b : a), [0, 0]);
}

function toIterator(chunks: ByteChunks): AsyncIterator<Uint8Array> {
  const each = async function* () {
    yield* chunks;
  };
  return each();
}

async function next(source: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
  const { done, value } = await source.next();
  return done === true ? undefined : (value as Uint8Array);
}

async function takeHead(source: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length < headBytes) {
    const chunk = await next(source);
    if (chunk === undefined) break;
    parts.push(chunk);
    length += chunk.byteLength;
  }
  const head = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    head.set(part, at);
    at += part.byteLength;
  }
  return head;
}
