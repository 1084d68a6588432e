import { release } from "../../notation/release.ts";
import { BackupError, type BackupRow, readRow, Seal, writeRow } from "./backup-lines.ts";
import { BackupCheck } from "./check-backup.ts";
import { deleteOrphans, nextDataNumber } from "./data-rows.ts";
import { joinBytes, type TableRows, writeFrame } from "./row-frames.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import { makeTables } from "./sqlite-storage.ts";
import { checkVersion, formVersion, StoredFormError } from "./stored-forms.ts";
import { type TableName, tableNames, tableSchemas } from "./stored-shapes.ts";

/**
 * A backup is a whole community as lines of JSON: a head, then each row as `["table", {…}]`, blobs as `{"base64": "…"}`,
 * then `["end", {…}]` with the count of the rows and a checksum of all lines before. The log is not in it, since it is of the
 * deployment.
 *
 * It is of the one moment at which it was begun, whatever is commanded while it is read: what a later command may change
 * is read at once, what is only ever added to is read up to the last row of that moment, as the reader has room for it. Data of
 * its own, which may be more than fits in memory, come last and are never held: they are not deleted while they are read.
 */

const format = "apis-emulator backup";
/** Rows that are read at once: of a day each has all units. */
const rowsAtOnce = 100;
const daysAtOnce = 4;

type Value = string | number | ArrayBuffer | null;

/** What is being read of a community, as it was when that was begun. */
export interface OpenCopy<T> extends Iterator<T, void> {
  /** Reads all that is left into memory, but data, before some of it is deleted. */
  readRest(): void;
  /** Whether there is nothing left to read but data. */
  readonly isRead: boolean;
  /** Whether there is nothing left to read at all. */
  readonly isDone: boolean;
  /** Tells the reader by an error that the rest is gone. */
  breakOff(): void;
}

/** A backup that is being read. */
export type OpenBackup = OpenCopy<string>;

/** Begins a backup. */
export function openBackup({ sql }: SqliteDatabase): OpenBackup {
  const place: Place = { isInData: false };
  return openCopy(writeLines(sql, place), place);
}

/** Begins to read the rows of a community for another one. */
export function openRows({ sql }: SqliteDatabase): OpenCopy<Uint8Array> {
  const place: Place = { isInData: false };
  return openCopy(writeFrames(sql, place), place);
}

/** Where reading has come to. */
interface Place {
  isInData: boolean;
}

function openCopy<T>(source: Iterator<T, void>, place: Place): OpenCopy<T> {
  const held: T[] = [];
  let isDone = false;
  let isBroken = false;
  const take = () => {
    if (isBroken) throw new Error("What is read was replaced meanwhile");
    const { done, value } = source.next();
    if (done) isDone = true;
    else held.push(value);
  };
  // What may change is read before anything can.
  take();
  return {
    next() {
      if (held.length === 0 && !isDone) take();
      const [value] = held.splice(0, 1);
      return value === undefined ? { done: true, value: undefined } : { done: false, value };
    },
    return() {
      isDone = true;
      held.length = 0;
      return { done: true, value: undefined };
    },
    readRest() {
      while (!isDone && !place.isInData) take();
    },
    get isRead() {
      return isDone || place.isInData;
    },
    get isDone() {
      return isDone && held.length === 0;
    },
    breakOff() {
      isBroken = !isDone;
    },
  };
}

function* writeLines(sql: SqliteDatabase["sql"], place: Place): Generator<string, void> {
  const seal = new Seal();
  let head = seal.add(`${JSON.stringify({ format, version: formVersion, release, hasEnd: true })}\n`);
  for (const piece of readPieces(sql, place)) {
    const lines = piece.map(({ table, rows }) =>
      seal.add(rows.map((row) => writeRow(table, row)).join(""), table, rows.length),
    );
    yield head + lines.join("");
    head = "";
  }
  yield `${JSON.stringify(["end", seal.close()])}\n`;
}

function* writeFrames(sql: SqliteDatabase["sql"], place: Place): Generator<Uint8Array, void> {
  for (const piece of readPieces(sql, place)) yield joinBytes(piece.map(writeFrame));
}

/** All rows, the first piece with all that may change. */
function* readPieces(sql: SqliteDatabase["sql"], place: Place): Generator<readonly TableRows[], void> {
  const read = (query: string, ...bindings: Value[]) => sql.exec(query, ...bindings).toArray();
  const [{ lastS, lastDay, lastId, lastSnapshot, lastData, today }] = read(
    `SELECT *, CAST(lastS / 86400 AS INTEGER) AS today FROM (SELECT
       max(coalesce((SELECT max(time_s) FROM unit_event), 0),
         coalesce((SELECT max(time_s) FROM bus_event), 0)) AS lastS,
       coalesce((SELECT max(day) FROM day), -1) AS lastDay, coalesce((SELECT max(id) FROM command), 0) AS lastId,
       coalesce((SELECT max(id) FROM snapshot), 0) AS lastSnapshot,
       coalesce((SELECT max(number) FROM data), 0) AS lastData)`,
  ) as [Record<string, number>];
  const first: TableRows[] = [];
  for (const table of ["unit", "saved_unit", "part", "chapter", "data"] as const)
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
    ["data_week", ["data", "kind", "home", "week"], "data <= ?", lastData],
  ] as [TableName, string[], string, number][];
  for (const [table, key, condition, limit] of rest) {
    place.isInData = table === "data_week";
    const atOnce = table === "day" ? daysAtOnce : rowsAtOnce;
    const query = `SELECT * FROM ${table} WHERE ${condition} AND (${key.join()}) > (${key.map(() => "?").join()})
      ORDER BY ${key.join()} LIMIT ${atOnce}`;
    // A text is more than any number.
    let after: (string | number)[] = key.map(() => -1);
    for (;;) {
      const rows = read(query, limit, ...after);
      if (rows.length > 0) yield [{ table, rows }];
      if (rows.length < atOnce) break;
      after = key.map((name) => rows.at(-1)?.[name] as string | number);
    }
  }
}

/** Writes rows as they are. */
export function insertRows(sql: SqliteDatabase["sql"], { table, rows }: TableRows): void {
  const names = Object.keys(tableSchemas[table].entries);
  const insert = `INSERT INTO ${table} VALUES (${names.map(() => "?").join(", ")})`;
  for (const row of rows) sql.exec(insert, ...names.map((name) => row[name] as Value));
}

/**
 * Replaces a whole community by the rows of another of this deployment, of at most `mostUnits` units; returns how many it has
 * where that is too many, and then does nothing. Those of its data are there already. What is kept in memory of the community
 * is stale afterwards.
 */
export function takeRows(
  database: SqliteDatabase,
  frames: readonly TableRows[],
  mostUnits: number,
): number | null {
  const units = frames.reduce((sum, { table, rows }) => sum + (table === "unit" ? rows.length : 0), 0);
  if (units > mostUnits) return units;
  database.transactionSync(() => {
    for (const table of tableNames) if (table !== "data_week") database.sql.exec(`DELETE FROM ${table}`);
    for (const frame of frames) insertRows(database.sql, frame);
  });
  return null;
}

/**
 * Replaces a whole community by that of a backup of at most `mostUnits` units, or, if it throws, does nothing. What is kept in
 * memory of the community is stale afterwards. Returns a warning, or null.
 * @throws BackupError
 */
export function restoreBackup(
  database: SqliteDatabase,
  lines: Iterable<string>,
  mostUnits: number,
  nowMs = Date.now(),
): string | null {
  const reader = new BackupReader(database, mostUnits, nowMs);
  try {
    for (const line of lines) reader.take(line);
    return reader.finish();
  } finally {
    reader.close();
  }
}

/**
 * Takes a backup line by line: all of it is checked before anything is touched. Rows of data are written as they come, beside
 * those that are there; the rest is held.
 */
export class BackupReader {
  readonly #database: SqliteDatabase;
  readonly #check: BackupCheck;
  readonly #seal = new Seal();
  /** Lines that are held, each with its number. */
  readonly #held: [number: number, line: string][] = [];
  /** Numbers of data that come in are moved by so much, until what was there is gone. */
  readonly #dataBefore: number;
  #line = 0;
  #rows = 0;
  #isPromised = false;
  #hasEnd = false;
  #isFinished = false;
  heldLength = 0;

  constructor(database: SqliteDatabase, mostUnits: number, nowMs = Date.now()) {
    this.#database = database;
    this.#check = new BackupCheck(mostUnits, nowMs);
    makeTables(database.sql);
    deleteOrphans(database.sql);
    this.#dataBefore = nextDataNumber(database.sql);
  }

  /** @throws BackupError */
  take(line: string): void {
    const number = ++this.#line;
    if (line === "") return;
    const json = parse(line, number);
    if (this.#hasEnd) throw new BackupError(`Line ${number} comes after the end`);
    if (number === 1) {
      this.#isPromised = checkHead(json);
      this.#seal.add(`${line}\n`);
    } else if (isEnd(json)) {
      this.#hasEnd = true;
      if (JSON.stringify(json[1]) !== JSON.stringify(this.#seal.close(json[1])))
        throw new BackupError(`The backup was changed: its count or checksum in line ${number} is another`);
    } else {
      const row = readRow(json, number);
      this.#check.take(row, number);
      this.#seal.add(`${line}\n`, row.table, 1);
      this.#rows++;
      if (row.table === "data_week") this.#insert(row, number, this.#dataBefore);
      else {
        this.#held.push([number, line]);
        this.heldLength += line.length;
      }
    }
  }

  /** The same, but what is wrong is returned. */
  tryToTake(line: string): BackupError | null {
    try {
      this.take(line);
      return null;
    } catch (error) {
      if (error instanceof BackupError) return error;
      throw error;
    }
  }

  /** Replaces the community. @throws BackupError */
  finish(): string | null {
    if (this.#rows === 0) throw new BackupError("The backup has no rows");
    if (this.#isPromised && !this.#hasEnd)
      throw new BackupError("The backup was cut: its last line is missing");
    this.#check.finish();
    const { sql } = this.#database;
    this.#database.transactionSync(() => {
      for (const table of tableNames) if (table !== "data_week") sql.exec(`DELETE FROM ${table}`);
      sql.exec("DELETE FROM data_week WHERE data <= ?", this.#dataBefore);
      sql.exec("UPDATE data_week SET data = data - ?", this.#dataBefore);
      for (const [number, line] of this.#held) this.#insert(readRow(parse(line, number), number), number);
    });
    this.#isFinished = true;
    return this.#hasEnd
      ? null
      : "The backup is of an earlier release and has no checksum: whether it is whole is not known";
  }

  /** Forgets what came in where it was not taken to its end; else there is nothing to do that could fail. */
  close(): void {
    if (!this.#isFinished) deleteOrphans(this.#database.sql);
  }

  #insert({ table, values }: BackupRow, number: number, moved = 0): void {
    try {
      const row = moved === 0 ? values : { ...values, data: (values.data as number) + moved };
      insertRows(this.#database.sql, { table, rows: [row] });
    } catch (error) {
      throw new BackupError(`Line ${number}, ${table}: ${(error as Error).message}`);
    }
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
