import { createSqliteStorage, type SqliteDatabase } from "./sqlite-storage.ts";
import { checkVersion, formVersion, StoredFormError } from "./stored-forms.ts";

/** Tables of a community in a backup; the log is not among them, since it is of the deployment. */
const tables = [
  "unit",
  "saved_unit",
  "part",
  "chapter",
  "day",
  "departed",
  "unit_event",
  "bus_event",
  "command",
] as const;

const format = "apis-emulator backup";
const rowsAtOnce = 100;

/** Says what is wrong with a backup. Nothing is restored then. */
export class BackupError extends Error {
  override name = "BackupError";
}

/** A whole community as lines of JSON: a head, then each row as `["table", {…}]`, blobs as `{"base64": "…"}`. */
export function* writeBackup({ sql }: SqliteDatabase): Generator<string> {
  yield `${JSON.stringify({ format, version: formVersion })}\n`;
  for (const table of tables) {
    for (let from = 0; ; from += rowsAtOnce) {
      // Pages, since what is written between two of them would end a cursor.
      const rows = sql
        .exec(`SELECT * FROM ${table} ORDER BY 1, 2 LIMIT ? OFFSET ?`, rowsAtOnce, from)
        .toArray();
      if (rows.length > 0) yield rows.map((row) => `${JSON.stringify([table, encodeBlobs(row)])}\n`).join("");
      if (rows.length < rowsAtOnce) break;
    }
  }
}

/**
 * Replaces a whole community by that of a backup of at most `mostUnits` units, or, if it throws, does nothing. What is
 * kept in memory of the community is stale afterwards.
 * @throws BackupError
 */
export function restoreBackup(database: SqliteDatabase, lines: Iterable<string>, mostUnits: number): void {
  database.transactionSync(() => {
    for (const table of tables) database.sql.exec(`DELETE FROM ${table}`);
    let number = 0;
    for (const line of lines) {
      number++;
      if (number === 1) checkHead(line);
      else if (line !== "") restoreRow(database.sql, line, number);
    }
    if (number < 2) throw new BackupError("The backup has no rows");
    const restored = createSqliteStorage(database).load();
    if (restored === null) throw new BackupError("The backup ends before its time: it has no clock");
    const units = restored.units.length;
    if (units > mostUnits)
      throw new BackupError(`The backup has ${units} units; allowed: ${mostUnits} (units, maximumUnits)`);
  });
}

function checkHead(line: string): void {
  const head = parse(line, 1) as { format?: unknown; version?: unknown };
  if (head?.format !== format)
    throw new BackupError(`Line 1 is not that of a backup: {"format":"${format}", …}`);
  try {
    checkVersion("The backup", head.version);
  } catch (error) {
    throw error instanceof StoredFormError ? new BackupError(error.message) : error;
  }
}

function restoreRow(sql: SqliteDatabase["sql"], line: string, number: number): void {
  const [table, row] = parse(line, number) as [string, Record<string, unknown>];
  if (!tables.includes(table as (typeof tables)[number]) || typeof row !== "object" || row === null)
    throw new BackupError(`Line ${number} is no row of a table`);
  const columns = sql.exec(`SELECT name FROM pragma_table_info('${table}')`).toArray();
  const names = columns.map(({ name }) => name as string);
  if (Object.keys(row).join() !== names.join())
    throw new BackupError(`Line ${number} does not have the columns ${names.join(", ")}`);
  const values = names.map((name) => decodeBlob(row[name]));
  sql.exec(`INSERT INTO ${table} VALUES (${names.map(() => "?").join(", ")})`, ...values);
}

function parse(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new BackupError(`Line ${number} is no JSON`);
  }
}

function encodeBlobs(row: Record<string, unknown>): Record<string, unknown> {
  const encode = (value: unknown) => (value instanceof ArrayBuffer ? { base64: toBase64(value) } : value);
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, encode(value)]));
}

function decodeBlob(value: unknown): string | number | ArrayBuffer | null {
  const base64 = (value as { base64?: unknown } | null)?.base64;
  if (typeof base64 === "string") return fromBase64(base64);
  return value as string | number | null;
}

function toBase64(bytes: ArrayBuffer): string {
  return btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
}

function fromBase64(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
}
