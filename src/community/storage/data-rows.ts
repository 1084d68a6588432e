import type { SeriesKind } from "../../input/series/own-data.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import { checkVersion, formVersion, readBody } from "./stored-forms.ts";
import type { KeptData } from "./stored-shapes.ts";

/*
 * Data of a community's own: a head that is listed, a row a series and week, and what the import reported, as text in pieces,
 * since a row may not have more than two megabytes. A head is written when all its rows are there: rows without one are what
 * was broken off, and are deleted when other data are kept.
 */

type Sql = SqliteDatabase["sql"];

/** Kinds of pieces: those of series, and the report, whose pieces are its homes. */
type DataKind = SeriesKind | "report";

const pieceLength = 500_000;

export interface DataRow {
  readonly kind: DataKind;
  readonly home: number;
  readonly week: number;
  readonly bytes: ArrayBuffer;
}

/** The rows of a report. */
export function* cutReport(report: string): Generator<DataRow> {
  const bytes = new TextEncoder().encode(report);
  for (let at = 0, home = 0; at < bytes.length; at += pieceLength, home++)
    yield { kind: "report", home, week: 0, bytes: bytes.slice(at, at + pieceLength).buffer };
}

/** Deletes rows of what was broken off. */
export function deleteOrphans(sql: Sql): void {
  sql.exec("DELETE FROM data_week WHERE data NOT IN (SELECT number FROM data)");
}

/** Number of data that are kept next. */
export function nextDataNumber(sql: Sql): number {
  return (sql.exec("SELECT coalesce(max(number), 0) + 1 AS next FROM data").toArray()[0]?.next ??
    1) as number;
}

export function writeDataRow(sql: Sql, data: number, { kind, home, week, bytes }: DataRow): void {
  sql.exec(
    "INSERT OR REPLACE INTO data_week VALUES (?, ?, ?, ?, ?, ?)",
    data,
    kind,
    home,
    week,
    formVersion,
    bytes,
  );
}

export function finishData(sql: Sql, number: number, head: KeptData): void {
  sql.exec("INSERT INTO data VALUES (?, ?, ?)", number, formVersion, JSON.stringify(head));
}

/** What is kept, the oldest first, with the number of its rows. */
export function listData(sql: Sql): { number: number; head: KeptData }[] {
  return sql
    .exec("SELECT * FROM data ORDER BY number")
    .toArray()
    .map(({ number, version, body }) => ({
      number: number as number,
      head: readBody(version, body as string) as KeptData,
    }));
}

/** @throws Error if it is not there */
export function readWeek(sql: Sql, data: number, kind: DataKind, home: number, week: number): Float32Array {
  const row = sql
    .exec(
      "SELECT * FROM data_week WHERE data = ? AND kind = ? AND home = ? AND week = ?",
      data,
      kind,
      home,
      week,
    )
    .toArray()[0];
  if (row === undefined) throw new Error(`Data ${data} have no week ${week} of ${kind} ${home}`);
  checkVersion("A stored row", row.version);
  return new Float32Array(row.bytes as ArrayBuffer);
}

export function readReport(sql: Sql, data: number): string {
  const decoder = new TextDecoder();
  const pieces = sql
    .exec("SELECT bytes FROM data_week WHERE data = ? AND kind = 'report' ORDER BY home", data)
    .toArray();
  return pieces.map(({ bytes }) => decoder.decode(bytes as ArrayBuffer, { stream: true })).join("");
}

export function deleteData(sql: Sql, number: number): void {
  sql.exec("DELETE FROM data WHERE number = ?", number);
  sql.exec("DELETE FROM data_week WHERE data = ?", number);
}
