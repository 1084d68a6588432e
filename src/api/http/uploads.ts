import * as v from "valibot";
import type { DataOffer } from "../../community/storage/keep-data.ts";
import { type TableRows, writeFrame } from "../../community/storage/row-frames.ts";
import { streamBytes } from "../../community/storage/text-streams.ts";
import { combine } from "../../input/import/combine.ts";
import { importParameters, readImportOptions } from "../../input/import/given-options.ts";
import { type FileToImport, type ImportedFile, importFile } from "../../input/import/import-files.ts";
import { describeOwnData, writeWeeks } from "../../input/import/own-rows.ts";
import { type ImportReport, writeReport } from "../../input/import/report.ts";
import { InputFileError } from "../../input/series/input-file-error.ts";
import { countWeeks, listSeries, weekBytes } from "../../input/series/own-data.ts";
import { type Checked, checkParameters, type GivenParameters } from "../../notation/parameters.ts";
import { refuse } from "../../notation/refusal.ts";
import { mediaTypeOf } from "./given-parameters.ts";

/** Options of an import, and the name of the file where the body is one. */
export const uploadSchema = v.strictObject({
  ...importParameters,
  name: v.optional(
    v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.description("name of the file in the body")),
  ),
});

/** Data that were read, with their rows on their way. */
export interface Upload {
  readonly offer: DataOffer;
  readonly report: ImportReport;
  readonly rows: ReadableStream<Uint8Array>;
}

/** Bytes that are read before others have their turn. */
const bytesAtOnce = 1 << 17;
const rowsAtOnce = 64;

/**
 * Reads the files in the body of a request, of at most `mostBytes` together: all those of a form (multipart/form-data), or the
 * body as one file. It is the same that `apis-emulator import` does; `rest` lets others have their turn.
 */
export async function readUpload(
  request: Request,
  given: GivenParameters,
  mostBytes: number,
  rest: () => Promise<unknown>,
): Promise<Checked<Upload>> {
  const checked = checkParameters(uploadSchema, given);
  if (!checked.ok) return checked;
  const { name = "data.csv", ...written } = checked.value;
  const options = readImportOptions(written);
  const body = new LimitedBody(request, mostBytes);
  try {
    const files =
      mediaTypeOf(request) === "multipart/form-data" ? await body.readForm(rest) : [body.open(name, rest)];
    if (files.length === 0)
      return refuse("missing_parameter", "The form has no file; each file is a part with a file name");
    const imported: ImportedFile[] = [];
    for (const file of files) imported.push(await importFile(file, options));
    const data = combine(imported);
    await rest();
    const report = writeReport(imported, data, options);
    await rest();
    const own = await describeOwnData(data, rest);
    let bytes = 0;
    for (const { steps, homes } of listSeries(own))
      for (let week = 0; week < countWeeks(own); week++) bytes += homes * weekBytes(own, steps, week);
    const head = {
      ...own,
      name: files
        .map((file) => file.name)
        .join(", ")
        .slice(0, 500),
      bytes,
    };
    const rows = streamBytes(gather(writeWeeks(own, data)), writeFrame);
    return { ok: true, value: { offer: { head, report: JSON.stringify(report) }, report, rows } };
  } catch (error) {
    await body.drain();
    if (body.isTooLong)
      return refuse(
        "too_large",
        `The body is longer than ${mostBytes} bytes (uploadBytes); fewer homes or days at a time are less`,
      );
    if (error instanceof InputFileError) return refuse("invalid_parameter", error.message);
    if (body.isBroken) return refuse("invalid_parameter", "The body cannot be read to its end", "body");
    throw error;
  }
}

function* gather(rows: Iterable<object>): Generator<TableRows> {
  let held: Record<string, unknown>[] = [];
  for (const row of rows) {
    held.push({ ...row });
    if (held.length < rowsAtOnce) continue;
    yield { table: "data_week", rows: held };
    held = [];
  }
  if (held.length > 0) yield { table: "data_week", rows: held };
}

/** A body that is read as it comes, and held, since a file may have to be read twice. */
class LimitedBody {
  readonly #request: Request;
  readonly #mostBytes: number;
  readonly #source: AsyncGenerator<Uint8Array>;
  isTooLong = false;
  isBroken = false;

  constructor(request: Request, mostBytes: number) {
    this.#request = request;
    this.#mostBytes = mostBytes;
    this.#source = this.#read();
  }

  /** Reads what is left: whoever sends it listens only when all is sent. */
  async drain(): Promise<void> {
    try {
      while ((await this.#source.next()).done !== true);
    } catch {
      // It ends here.
    }
  }

  /** The body as one file. */
  open(name: string, rest: () => Promise<unknown>): FileToImport {
    const held: Uint8Array[] = [];
    let isRead = false;
    const source = this.#source;
    const readOn = async function* () {
      yield* held;
      if (isRead) return;
      let bytes = 0;
      // Not in a loop over it, which would close it where a reader stops.
      for (;;) {
        const { done, value: chunk } = await source.next();
        if (done) break;
        held.push(chunk);
        yield chunk;
        bytes += chunk.byteLength;
        if (bytes >= bytesAtOnce) {
          bytes = 0;
          await rest();
        }
      }
      isRead = true;
    };
    return { name, open: readOn, rest };
  }

  /** The files of a form. */
  async readForm(rest: () => Promise<unknown>): Promise<FileToImport[]> {
    const headers = { "content-type": this.#request.headers.get("content-type") ?? "" };
    const form = await new Response(streamOf(this.#source), { headers }).formData();
    const files: FileToImport[] = [];
    for (const part of form.values()) {
      if (typeof part === "string") continue;
      // Each time it is read anew from the form, which holds it.
      const open = async function* () {
        let bytes = 0;
        for await (const chunk of part.stream() as AsyncIterable<Uint8Array>) {
          yield* cutBytes(chunk);
          bytes += chunk.byteLength;
          if (bytes < bytesAtOnce) continue;
          bytes = 0;
          await rest();
        }
      };
      files.push({ name: part.name, open, rest });
    }
    return files;
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    try {
      for await (const chunk of (this.#request.body ?? []) as AsyncIterable<Uint8Array>) {
        bytes += chunk.byteLength;
        this.isTooLong ||= bytes > this.#mostBytes;
        if (this.isTooLong) return;
        yield chunk;
      }
    } catch (error) {
      this.isBroken = true;
      throw error;
    }
  }
}

function* cutBytes(chunk: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < chunk.length; at += bytesAtOnce) yield chunk.subarray(at, at + bytesAtOnce);
}

function streamOf(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}
