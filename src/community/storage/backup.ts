import { release } from "../../notation/release.ts";
import { BackupError, readRow, Seal, writeRow } from "./backup-lines.ts";
import { BackupCheck } from "./check-backup.ts";
import { joinBytes, type TableRows, writeFrame } from "./row-frames.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import { checkVersion, formVersion, StoredFormError } from "./stored-forms.ts";
import { type TableName, tableNames, tableSchemas } from "./stored-shapes.ts";

/**
 * A backup is a whole community as lines of JSON: a head, then each row as `["table", {…}]`, blobs as `{"base64": "…"}`,
 * then `["end", {…}]` with the count of the rows and a checksum of all lines before. The log is not in it, since it is of the
 * deployment.
 *
 * It is of the one moment at which it was begun, whatever is commanded while it is read: what a later command may change
 * is read at once, what is only ever added to is read up to the last row of that moment, as the reader has room for it.
 */

const format = "apis-emulator backup";
/** Rows that are read at once: of a day each has all units. */
const rowsAtOnce = 100;
const daysAtOnce = 4;

type Value = string | number | ArrayBuffer | null;

/** What is being read of a community, as it was when that was begun. */
export interface OpenCopy<T> extends Iterator<T, void> {
  /** Reads all that is left into memory, before some of it is deleted. */
  readRest(): void;
  /** Whether there is nothing left to read. */
  readonly isRead: boolean;
}

/** A backup that is being read. */
export type OpenBackup = OpenCopy<string>;

/** Begins a backup. */
export function openBackup({ sql }: SqliteDatabase): OpenBackup {
  return openCopy(writeLines(sql));
}

/** Begins to read the rows of a community for another one. */
export function openRows({ sql }: SqliteDatabase): OpenCopy<Uint8Array> {
  return openCopy(writeFrames(sql));
}

function openCopy<T>(source: Iterator<T, void>): OpenCopy<T> {
  const held: T[] = [];
  let isRead = false;
  const take = () => {
    const { done, value } = source.next();
    if (done) isRead = true;
    else held.push(value);
  };
  // What may change is read before anything can.
  take();
  return {
    next() {
      if (held.length === 0 && !isRead) take();
      const [value] = held.splice(0, 1);
      return value === undefined ? { done: true, value: undefined } : { done: false, value };
    },
    return() {
      isRead = true;
      held.length = 0;
      return { done: true, value: undefined };
    },
    readRest() {
      while (!isRead) take();
    },
    get isRead() {
      return isRead;
    },
  };
}

function* writeLines(sql: SqliteDatabase["sql"]): Generator<string, void> {
  const seal = new Seal();
  let head = seal.add(`${JSON.stringify({ format, version: formVersion, release, hasEnd: true })}\n`);
  for (const piece of readPieces(sql)) {
    const lines = piece.map(({ table, rows }) =>
      seal.add(rows.map((row) => writeRow(table, row)).join(""), table, rows.length),
    );
    yield head + lines.join("");
    head = "";
  }
  yield `${JSON.stringify(["end", seal.close()])}\n`;
}

function* writeFrames(sql: SqliteDatabase["sql"]): Generator<Uint8Array, void> {
  for (const piece of readPieces(sql)) yield joinBytes(piece.map(writeFrame));
}

/** All rows, the first piece with all that may change. */
function* readPieces(sql: SqliteDatabase["sql"]): Generator<readonly TableRows[], void> {
  const read = (query: string, ...bindings: Value[]) => sql.exec(query, ...bindings).toArray();
  const [{ lastS, lastDay, lastId, lastSnapshot, today }] = read(
    `SELECT *, CAST(lastS / 86400 AS INTEGER) AS today FROM (SELECT
       max(coalesce((SELECT max(time_s) FROM unit_event), 0),
         coalesce((SELECT max(time_s) FROM bus_event), 0)) AS lastS,
       coalesce((SELECT max(day) FROM day), -1) AS lastDay, coalesce((SELECT max(id) FROM command), 0) AS lastId,
       coalesce((SELECT max(id) FROM snapshot), 0) AS lastSnapshot)`,
  ) as [Record<string, number>];
  const first: TableRows[] = [];
  for (const table of ["unit", "saved_unit", "part", "chapter"] as const)
    first.push({ table, rows: read(`SELECT * FROM ${table} ORDER BY 1`) });
  // A command at the same second, or of the same day, replaces these.
  for (const [table, query, limit] of [
    ["departed", "SELECT * FROM departed WHERE day >= ? ORDER BY 1, 2", today],
    ["unit_event", "SELECT * FROM unit_event WHERE time_s >= ? ORDER BY 1", lastS],
    ["bus_event", "SELECT * FROM bus_event WHERE time_s >= ?", lastS],
  ] as const)
    first.push({ table, rows: read(query, limit as number) });
  yield first;
  const rest = [
    ["day", ["day"], "day <= ?", lastDay],
    ["departed", ["day", "number"], "day < ?", today],
    ["unit_event", ["number", "time_s"], "time_s < ?", lastS],
    ["unit_change", ["number", "time_s"], "time_s < ?", lastS],
    ["bus_event", ["time_s"], "time_s < ?", lastS],
    ["command", ["id"], "id <= ?", lastId],
    ["snapshot", ["id"], "id <= ?", lastSnapshot],
    ["snapshot_piece", ["snapshot", "piece"], "snapshot <= ?", lastSnapshot],
  ] as [TableName, string[], string, number][];
  for (const [table, key, condition, limit] of rest) {
    const atOnce = table === "day" ? daysAtOnce : rowsAtOnce;
    const query = `SELECT * FROM ${table} WHERE ${condition} AND (${key.join()}) > (${key.map(() => "?").join()})
      ORDER BY ${key.join()} LIMIT ${atOnce}`;
    let after = key.map(() => -1);
    for (;;) {
      const rows = read(query, limit, ...after);
      if (rows.length > 0) yield [{ table, rows }];
      if (rows.length < atOnce) break;
      after = key.map((name) => rows.at(-1)?.[name] as number);
    }
  }
}

/**
 * Replaces a whole community by the rows of another of this deployment, of at most `mostUnits` units; returns how many it has
 * where that is too many, and then does nothing. What is kept in memory of the community is stale afterwards.
 */
export function takeRows(
  database: SqliteDatabase,
  frames: readonly TableRows[],
  mostUnits: number,
): number | null {
  const units = frames.reduce((sum, { table, rows }) => sum + (table === "unit" ? rows.length : 0), 0);
  if (units > mostUnits) return units;
  database.transactionSync(() => {
    for (const table of tableNames) database.sql.exec(`DELETE FROM ${table}`);
    for (const { table, rows } of frames) {
      const names = Object.keys(tableSchemas[table].entries);
      const insert = `INSERT INTO ${table} VALUES (${names.map(() => "?").join(", ")})`;
      for (const row of rows) database.sql.exec(insert, ...names.map((name) => row[name] as Value));
    }
  });
  return null;
}

/**
 * Replaces a whole community by that of a backup of at most `mostUnits` units, or, if it throws, does nothing. The lines are
 * read twice: all are checked before anything is touched. What is kept in memory of the community is stale afterwards.
 * Returns a warning, or null.
 * @throws BackupError
 */
export function restoreBackup(
  database: SqliteDatabase,
  lines: Iterable<string>,
  mostUnits: number,
  nowMs = Date.now(),
): string | null {
  const { hasEnd } = checkLines(lines, mostUnits, nowMs);
  database.transactionSync(() => {
    for (const table of tableNames) database.sql.exec(`DELETE FROM ${table}`);
    eachLine(lines, (line, number) => {
      const json = parse(line, number);
      if (number === 1 || isEnd(json)) return;
      const { table, values } = readRow(json, number);
      const names = Object.keys(tableSchemas[table].entries);
      const insert = `INSERT INTO ${table} VALUES (${names.map(() => "?").join(", ")})`;
      try {
        database.sql.exec(insert, ...names.map((name) => values[name] as Value));
      } catch (error) {
        throw new BackupError(`Line ${number}, ${table}: ${(error as Error).message}`);
      }
    });
  });
  return hasEnd
    ? null
    : "The backup is of an earlier release and has no checksum: whether it is whole is not known";
}

/** @throws BackupError */
function checkLines(lines: Iterable<string>, mostUnits: number, nowMs: number): { hasEnd: boolean } {
  const check = new BackupCheck(mostUnits, nowMs);
  const seal = new Seal();
  let isPromised = false;
  let hasEnd = false;
  let rows = 0;
  eachLine(lines, (line, number) => {
    const json = parse(line, number);
    if (hasEnd) throw new BackupError(`Line ${number} comes after the end`);
    if (number === 1) {
      isPromised = checkHead(json);
      seal.add(`${line}\n`);
    } else if (isEnd(json)) {
      hasEnd = true;
      if (JSON.stringify(json[1]) !== JSON.stringify(seal.close(json[1])))
        throw new BackupError(`The backup was changed: its count or checksum in line ${number} is another`);
    } else {
      const row = readRow(json, number);
      check.take(row, number);
      seal.add(`${line}\n`, row.table, 1);
      rows++;
    }
  });
  if (rows === 0) throw new BackupError("The backup has no rows");
  if (isPromised && !hasEnd) throw new BackupError("The backup was cut: its last line is missing");
  check.finish();
  return { hasEnd };
}

function eachLine(lines: Iterable<string>, perform: (line: string, number: number) => void): void {
  let number = 0;
  for (const line of lines) {
    number++;
    if (line !== "") perform(line, number);
  }
}

/** Whether the backup says that it ends with a checksum. */
function checkHead(json: unknown): boolean {
  const head = json as { format?: unknown; version?: unknown; hasEnd?: unknown } | null;
  if (head?.format !== format)
    throw new BackupError(`Line 1 is not that of a backup: {"format":"${format}", …}`);
  try {
    checkVersion("The backup", head.version);
  } catch (error) {
    throw error instanceof StoredFormError ? new BackupError(error.message) : error;
  }
  return head.hasEnd === true;
}

function isEnd(json: unknown): json is ["end", { readonly rows?: object }] {
  return Array.isArray(json) && json[0] === "end";
}

function parse(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new BackupError(`Line ${number} is no JSON`);
  }
}
