import { InputFileError } from "../series/input-file-error.ts";
import type { ByteChunks, Row } from "../series/read-rows.ts";
import type { ImportOptions } from "./import-options.ts";
import type { Head, Layout, Understanding } from "./layout.ts";
import { layoutNames, layouts, recogniseLayout } from "./layouts.ts";
import { type DayOrder, Moments, OtherOrder } from "./moments.ts";
import { NumberReader } from "./number-reader.ts";
import { findQuantity, type Quantity } from "./quantity.ts";
import { Readings } from "./readings.ts";
import { type SettledFile, settle } from "./settle.ts";
import { type Dialect, openText } from "./text-rows.ts";
import { isIrradiance } from "./units.ts";

/*
 * Import reads files as people have them, in three steps: a text becomes rows, whatever its encoding and separator
 * (text-rows.ts); a layout turns rows into readings, each a home, a moment and a value (layouts); and the readings are laid on a
 * grid of whole days, where gaps, clocks and units are settled the same way for all layouts (settle.ts).
 *
 * Nothing here reads a disk or a clock: bytes come in, series and what is to be told of them go out.
 */

/** A file to import: its name, and its bytes each time they are asked for. */
export interface FileToImport {
  readonly name: string;
  open(): ByteChunks;
  /** Lets others have their turn, where there are any. */
  rest?(): Promise<unknown>;
}

/** A file as it was understood, and what came of it. */
export interface ImportedFile {
  readonly file: string;
  readonly layout: string;
  /** Why it was taken for that layout. */
  readonly why: string;
  readonly dialect: Dialect;
  readonly decimal: "." | ",";
  readonly rows: number;
  /** Homes of the file, imported or not. */
  readonly homesInFile: number;
  readonly zone: string;
  readonly settled: SettledFile;
}

/** Reads one file. @throws InputFileError */
export async function importFile(file: FileToImport, options: ImportOptions): Promise<ImportedFile> {
  try {
    const { imported, ambiguous } = await readFile(file, options, "day first");
    if (!ambiguous || !isTorn(imported)) return imported;
    // Days that jump from month to month: the other order may make a row of them.
    const other = await readFile(file, options, "month first").catch(() => null);
    return other === null || isTorn(other.imported) ? imported : other.imported;
  } catch (error) {
    if (!(error instanceof OtherOrder)) throw error;
  }
  try {
    return (await readFile(file, options, "month first")).imported;
  } catch (error) {
    if (!(error instanceof OtherOrder)) throw error;
    throw new InputFileError(
      file.name,
      null,
      null,
      "some dates begin with their day and some with their month",
    );
  }
}

/** Whether more was filled than read. */
function isTorn({ settled }: ImportedFile): boolean {
  return settled.series.some(({ account, values }) => account.filled > values.length / 2);
}

async function readFile(file: FileToImport, options: ImportOptions, order: DayOrder) {
  const { name } = file;
  const text = await openText(name, file.open());
  const { head, dialect } = text;
  const { layout, why } = findLayout(head, options.as);
  const understood: Understanding = {
    unit: null,
    labels: null,
    isOfMeans: false,
    zone: "as written",
    isUtc: false,
    isStandardTime: false,
    standardOffsetHours: null,
    isDated: true,
    isCounted: false,
    mayBeTypical: false,
    notes: [],
  };
  const numbers = new NumberReader();
  for (const { cells } of head.rows) numbers.learn(cells, dialect.separator);
  const moments = new Moments(order);
  const readings = new Readings(options.isWanted);
  const quantity = guessQuantity(head, options);
  const desk = { head, readings, moments, numbers, understood, columns: options.columns, quantity };
  const take = layout.open(desk);
  const rows = await takeRows(text.rows(), take);
  const ambiguous = moments.hasOrder && !moments.isOrderCertain;
  if (ambiguous || moments.hasOrder)
    understood.notes.push(`dates are read ${order}${ambiguous ? ", which no date of the file decides" : ""}`);
  const rest = async () => file.rest?.();
  const settled = await settle(name, readings.lists, understood, moments.offsets, options, rest);
  const imported: ImportedFile = {
    file: name,
    layout: layout.name,
    why,
    dialect,
    decimal: numbers.decimal ?? ".",
    rows,
    homesInFile: readings.homes,
    zone: understood.zone,
    settled,
  };
  return { imported, ambiguous };
}

async function takeRows(batches: AsyncGenerator<Row[]>, take: ReturnType<Layout["open"]>): Promise<number> {
  let rows = 0;
  for await (const batch of batches)
    for (const row of batch) {
      rows = row.number;
      // The line that is for Excel alone.
      if (row.number === 1 && /^sep=/i.test(row.cells[0] ?? "")) continue;
      if (take(row) === false) return rows;
    }
  return rows;
}

function findLayout(head: Head, as: string): { layout: Layout; why: string } {
  if (as !== "auto") {
    const layout = layouts.find(({ name }) => name === as);
    if (layout === undefined) throw new RangeError(`--as ${as}: allowed are auto, ${layoutNames.join(", ")}`);
    return { layout, why: "it was said" };
  }
  const found = recogniseLayout(head);
  if (found !== null) return found;
  const first = head.rows.find(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  const looks = layouts.map(({ name, looks }) => `${name} (${looks})`).join("; ");
  throw new InputFileError(
    head.file,
    first?.number ?? 1,
    null,
    `the layout is none that is known: ${(first?.cells ?? []).slice(0, 4).join(", ").slice(0, 60)}; known are ${looks}`,
  );
}

function guessQuantity({ rows, file }: Head, { unit }: ImportOptions): Quantity {
  const name = file.replace(/^.*[\\/]/, "").replace(/\.[a-z]+$/i, "");
  const header = rows[0]?.cells.length === 1 ? (rows[0].cells[0] ?? "") : "";
  const found = findQuantity(header) ?? findQuantity(name);
  if (unit === null) return found ?? "demand";
  if (isIrradiance(unit)) return "irradiance";
  return found === "irradiance" ? "pv" : (found ?? "demand");
}
