import { open as openFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, parse } from "node:path";
import type { ReadableStream } from "node:stream/web";
import { setTimeout } from "node:timers/promises";
import * as v from "valibot";
import { individualColumns } from "../../community/records/individual.ts";
import type { Summary } from "../../community/records/totals.ts";
import { formVersion, oldestVersion } from "../../community/storage/stored-forms.ts";
import type { Config } from "../../input/config/entries.ts";
import type { OwnServer } from "./local-server.ts";
import { describeError } from "./start-error.ts";
import { makeFolder, readNote, writeWhole } from "./state-file.ts";

/** Where the records of a server are written; undefined where the configuration does not want them. */
interface RecordPaths {
  readonly summary: string | undefined;
  readonly individual: string | undefined;
}

/** Real time between two updates, and for the last one [ms]. */
const pauseMs = 60_000;
const lastUpdateMs = 3000;

/**
 * Keeps the record files that the configuration wants up to date: at once, then again and again, and once more when
 * told to stop. A failure is said and tried again.
 */
export async function keepRecordFiles(
  server: OwnServer,
  folder: string,
  config: Config,
  stop: AbortSignal,
): Promise<void> {
  const paths = {
    summary: config.saveToSummaryToCSV ? config.summaryPath : undefined,
    individual: config.saveIndividualToCSV ? config.indivLogPath : undefined,
  };
  const tryToUpdate = (until: AbortSignal) =>
    updateRecordFiles(server, folder, paths, until).catch((error: Error) => {
      if (error instanceof BehindError) return false;
      console.error(`The record files were not written: ${describeError(error)}`);
      return true;
    });
  while (!stop.aborted) {
    await tryToUpdate(stop);
    await setTimeout(pauseMs, undefined, { signal: stop }).catch(() => {});
  }
  const isComplete = await tryToUpdate(AbortSignal.timeout(lastUpdateMs));
  if (!isComplete) console.log("The record files are behind; they are completed at the next start");
}

/** The server still computes the time that has passed: its records come later. */
class BehindError extends Error {}

/** What is in the files for good: everything before day `nextDay` of the run that began at `runBeganMs`. */
const noteSchema = v.object({
  /** Of the form, as in `stored-forms.ts`; until 2 there was none. */
  version: v.optional(v.number()),
  runBeganMs: v.number(),
  /** Tells the past of those days from any other, as `/summary` does; releases before 0.3 did not note it. */
  past: v.optional(v.nullable(v.string())),
  nextDay: v.number(),
  /** Length of the file of readings up to there; what stands behind is of a day that has not ended. */
  bytes: v.number(),
});

type Note = Readonly<v.InferOutput<typeof noteSchema>>;

const beginning: Note = { runBeganMs: 0, past: null, nextDay: 0, bytes: 0 };

/** Finished days that are added at once, and noted then. */
const batchDays = 10;

/**
 * Writes the records of `server` into files under `folder`, from where they were left. Finished days are
 * added once, whenever the last writer was killed; rows of the present day are written anew each time. Told to stop,
 * it leaves the rest to the next time. Returns whether the files are complete.
 */
export async function updateRecordFiles(
  server: OwnServer,
  folder: string,
  paths: RecordPaths,
  stop: AbortSignal,
): Promise<boolean> {
  if (paths.individual !== undefined) {
    const source = `/${paths.individual}`;
    const file = join(folder, paths.individual);
    const note = await addFinishedDays(server, source, file, join(folder, "records.json"), stop);
    if (stop.aborted) return false;
    await writeFrom(server, file, note.bytes, `${source}?from=${note.nextDay}`);
  }
  if (paths.summary !== undefined) {
    const text = await (await open(server, `/${paths.summary}`)).text();
    const path = join(folder, paths.summary);
    await makeFolder(dirname(path));
    await writeWhole(path, text);
  }
  return true;
}

async function addFinishedDays(
  server: OwnServer,
  source: string,
  file: string,
  notePath: string,
  stop: AbortSignal,
): Promise<Note> {
  await setAsideOtherLayout(file);
  let note = await readUsableNote(notePath, file);
  while (!stop.aborted) {
    const { runBeganMs, fromDay, toDay } = await readDays(server, `from=${note?.nextDay ?? 0}`);
    const lastDay = Math.min(toDay, (note?.nextDay ?? 0) + batchDays - 1);
    // Asked for before the note is looked at, so that no restore slips in between.
    const past = await readPast(server, lastDay);
    if (note !== null && !(await isOfPast(server, note, runBeganMs))) note = null;
    if (note === null) {
      await rm(notePath, { force: true });
      note = { ...beginning, runBeganMs };
      continue;
    }
    // Of days that the server keeps no longer there is nothing to add.
    if (fromDay > note.nextDay) {
      note = { ...note, nextDay: fromDay, past: undefined };
      continue;
    }
    if (lastDay < note.nextDay) break;
    const bytes = await writeFrom(server, file, note.bytes, `${source}?from=${note.nextDay}&to=${lastDay}`);
    note = { runBeganMs, past, nextDay: lastDay + 1, bytes };
    await writeWhole(notePath, JSON.stringify({ ...note, version: formVersion }));
  }
  return note ?? beginning;
}

/** Whether the days in the file are those of the server's past, and not of a run or of a past that is gone. */
async function isOfPast(server: OwnServer, note: Note, runBeganMs: number): Promise<boolean> {
  const { past, nextDay } = note;
  if (note.runBeganMs !== runBeganMs) return false;
  if (nextDay === 0 || past === undefined) return true;
  const presentPast = await readPast(server, nextDay - 1);
  return presentPast === undefined || (past !== null && past === presentPast);
}

/** A file whose columns are others, as of an earlier release, is kept under another name: no file has both. */
async function setAsideOtherLayout(file: string): Promise<void> {
  const header = `${individualColumns.join(",")}\r\n`;
  const begin = await readBegin(file, header.length);
  if (begin === header || begin === "") return;
  const { dir, name, ext } = parse(file);
  let kept = file;
  for (let number = 1; (await readBegin(kept, 1)) !== ""; number++)
    kept = join(dir, `${name}-${number}${ext}`);
  await rename(file, kept);
  console.log(
    `${file} has other columns than this release writes: it is kept as ${kept}, and a new one begins`,
  );
}

/** What is noted of the file, if it is as long as that; a file that a later release has noted begins anew. */
async function readUsableNote(notePath: string, file: string): Promise<Note | null> {
  const note = await readNote(notePath, noteSchema, (message) => console.error(message));
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  const isReadable = note !== null && (note.version ?? oldestVersion) <= formVersion;
  return isReadable && note.bytes <= size ? note : null;
}

/** The first characters of a file, "" if there is none. */
async function readBegin(path: string, length: number): Promise<string> {
  const file = await openFile(path).catch(() => null);
  try {
    const read = await file?.read(Buffer.alloc(length), 0, length, 0);
    return read?.buffer.toString("latin1", 0, read.bytesRead) ?? "";
  } finally {
    await file?.close();
  }
}

type DaysAnswer = Pick<Summary, "past" | "fromDay" | "toDay"> & { readonly runBeganMs: number };

/** Which of the days that are asked for have ended, and of which past they are. */
async function readDays(server: OwnServer, days: string): Promise<DaysAnswer> {
  return (await (await open(server, `/summary?${days}`)).json()) as DaysAnswer;
}

/** Tells the past up to the end of `day` from any other; null if that has not come, undefined if it is no longer kept. */
async function readPast(server: OwnServer, day: number): Promise<string | null | undefined> {
  if (day < 0) return null;
  const { past, fromDay, toDay } = await readDays(server, `from=${day}&to=${day}`);
  if (fromDay > day) return undefined;
  return toDay === day ? past : null;
}

async function open(server: OwnServer, path: string): Promise<Response> {
  const headers = { authorization: `Bearer ${server.operatorKey}` };
  const response = await fetch(server.url + path, { headers });
  if (response.ok) return response;
  if (response.status === 503) throw new BehindError();
  throw new Error(`${path} answers ${response.status}`);
}

/** Replaces all behind the first `bytes` by the CSV at `source`, without its header if one is there; gives the length. */
async function writeFrom(server: OwnServer, path: string, bytes: number, source: string): Promise<number> {
  await makeFolder(dirname(path));
  const response = await open(server, source);
  const file = await openFile(path, bytes === 0 ? "w" : "r+");
  try {
    await file.truncate(bytes);
    let end = bytes;
    let isHeader = bytes > 0;
    for await (const chunk of response.body as ReadableStream<Uint8Array>) {
      const lineEnd = isHeader ? chunk.indexOf(lineFeed) : -1;
      if (isHeader && lineEnd < 0) continue;
      isHeader = false;
      end += (await file.write(chunk, lineEnd + 1, chunk.length - lineEnd - 1, end)).bytesWritten;
    }
    await file.sync();
    return end;
  } finally {
    await file.close();
  }
}

const lineFeed = 10;
