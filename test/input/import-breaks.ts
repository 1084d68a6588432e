import type { ImportOptions } from "../../src/input/import/import-options.ts";
import { type Sample, textOf } from "./import-samples.ts";

/** A sample as somebody may bring it, and what was said of it. */
export interface Brought {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly options: Partial<Pick<ImportOptions, "gap" | "negative">>;
}

export function toUtf16(text: string): Uint8Array {
  const units = Uint16Array.from(`\ufeff${text}`, (sign) => sign.charCodeAt(0));
  return new Uint8Array(units.buffer);
}

/** The same table between semicolons, with decimal commas. */
export function inGerman(sample: Sample): string {
  const swap = (cell: string) => (/^\s*-?\d+\.\d+\s*$/.test(cell) ? cell.replace(".", ",") : cell);
  return textOf(
    { ...sample, separator: ";", above: sample.above.map((line) => line.replaceAll(",", ";")) },
    sample.rows.map((row) => row.map(swap)),
  );
}

export function spoil(sample: Sample, at: number, cell: number, text: string): string {
  return textOf(
    sample,
    sample.rows.map((row, index) => (index === at ? row.with(cell, text) : row)),
  );
}

/** A sample as it is, written otherwise, and broken in more than ten ways: some are mended and told of, some refused. */
export function bringSample(sample: Sample): Brought[] {
  const { rows, valueCell, dateCell } = sample;
  const text = textOf(sample);
  const middle = Math.floor(rows.length / 2);
  const bring = (name: string, content: string | Uint8Array, options: Brought["options"] = {}) => ({
    name,
    content,
    options,
  });
  const quoted = rows.map((row) => row.map((cell) => `"${cell}"`));
  const twice = [...rows.slice(0, 3), rows[2] as string[], ...rows.slice(3)];
  const gap = spoil(sample, middle, valueCell, "Null");
  const negative = spoil(sample, middle, valueCell, "-9000");
  return [
    bring("as it is", text),
    bring("with a mark and CRLF", `\ufeff${text.replaceAll("\n", "\r\n")}`),
    bring("in UTF-16", toUtf16(text)),
    bring("between quotation marks", textOf(sample, quoted)),
    bring("in German", inGerman(sample)),
    bring("with blank lines", `${text}\n\n`),
    bring("backwards", textOf(sample, [...rows].reverse())),
    bring("with a row twice", textOf(sample, twice)),
    bring("without a row", textOf(sample, rows.toSpliced(middle, 1))),
    bring("with a missing value", gap),
    bring("with a missing value, refused", gap, { gap: "refuse" }),
    bring("with a negative value", negative),
    bring("with a negative value, refused", negative, { negative: "refuse" }),
    bring("with a word for a value", spoil(sample, middle, valueCell, "twelve")),
    ...(dateCell === null ? [] : [bring("with no date", spoil(sample, middle, dateCell, "2021-13-45"))]),
    bring("with a row cut short", textOf(sample, rows.with(middle, (rows[middle] as string[]).slice(0, 1)))),
    bring("with zero bytes", text.replace("\n", "\n\0")),
    bring("empty", ""),
    bring("without rows", textOf(sample, [])),
  ];
}
