import { secondsPerDay } from "../../simulation/world.ts";
import { writeChanges, writeLeft } from "./event-rows.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import { formVersion, readBody, readChanges, upgradeSnapshot } from "./stored-forms.ts";
import type { KeptSnapshot, SnapshotHead, SnapshotRow } from "./stored-shapes.ts";

/*
 * Snapshots are kept as text in pieces, since a row may not have more than two megabytes, beside a head that is listed.
 */

type Sql = SqliteDatabase["sql"];

/** Of what a run begins with that does not begin as new. */
export const startName = "start";

const pieceLength = 500_000;
/** Snapshots taken by themselves that are kept. */
const ownKept = 10;

export function writeSnapshot(sql: Sql, { name, content }: SnapshotRow): void {
  const { head } = content;
  sql.exec(
    "INSERT INTO snapshot (name, version, body) VALUES (?, ?, ?)",
    name,
    formVersion,
    JSON.stringify(head),
  );
  const id = idOf(sql, name);
  const text = JSON.stringify(content);
  for (let at = 0, piece = 0; at < text.length; at += pieceLength, piece++)
    sql.exec(
      "INSERT INTO snapshot_piece VALUES (?, ?, ?, ?)",
      id,
      piece,
      formVersion,
      text.slice(at, at + pieceLength),
    );
  if (!isOwn({ ...head, name })) return;
  const own = listSnapshots(sql).filter(isOwn);
  for (const old of own.slice(0, Math.max(0, own.length - ownKept))) deleteSnapshot(sql, old.name);
}

export function listSnapshots(sql: Sql): (SnapshotHead & { readonly name: string })[] {
  return sql
    .exec("SELECT * FROM snapshot ORDER BY id")
    .toArray()
    .map((row) => ({
      ...(readBody(row.version, row.body as string) as SnapshotHead),
      name: row.name as string,
    }));
}

export function readSnapshot(sql: Sql, name: string): KeptSnapshot | null {
  const pieces = sql
    .exec(
      `SELECT snapshot_piece.* FROM snapshot_piece JOIN snapshot ON snapshot = id WHERE name = ? ORDER BY piece`,
      name,
    )
    .toArray();
  const [first] = pieces;
  if (first === undefined) return null;
  const text = pieces.map(({ body }) => body).join("");
  return upgradeSnapshot(readBody(first.version, text) as KeptSnapshot);
}

export function deleteSnapshot(sql: Sql, name: string): void {
  const id = idOf(sql, name);
  sql.exec("DELETE FROM snapshot_piece WHERE snapshot = ?", id);
  sql.exec("DELETE FROM snapshot WHERE id = ?", id);
}

/** Forgets what came after a snapshot: commands, days, what was left of units and of the bus, chapters, later snapshots. */
export function forgetAfter(
  sql: Sql,
  name: string,
  { head, chapterCount, departed, highestUnit }: KeptSnapshot,
): void {
  const { timeS, afterCommandId, unitCount } = head;
  sql.exec("DELETE FROM command WHERE id > ?", afterCommandId);
  sql.exec("DELETE FROM chapter WHERE number >= ?", chapterCount);
  sql.exec("DELETE FROM day WHERE (day + 1) * ? > ?", secondsPerDay, timeS);
  const today = Math.floor(timeS / secondsPerDay);
  sql.exec("DELETE FROM departed WHERE day >= ?", today);
  for (const { number, ledger } of departed)
    sql.exec("INSERT INTO departed VALUES (?, ?, ?, ?)", today, number, formVersion, JSON.stringify(ledger));
  for (const table of ["unit_event", "unit_change"])
    sql.exec(`DELETE FROM ${table} WHERE time_s > ? OR number > ?`, timeS, highestUnit);
  // Those that had gone by then may have come again at the same moment.
  sql.exec("DELETE FROM unit_event WHERE time_s = ? AND number > ?", timeS, unitCount);
  for (let number = unitCount + 1; number <= highestUnit; number++) {
    const last = sql
      .exec("SELECT body FROM unit_event WHERE number = ? ORDER BY time_s DESC LIMIT 1", number)
      .toArray()[0]?.body as string | ArrayBuffer | undefined;
    const isGone = last !== undefined && (typeof last === "string" ? last === "null" : last.byteLength === 1);
    if (!isGone) writeLeft(sql, number, timeS, null);
  }
  sql.exec("DELETE FROM bus_event WHERE time_s > ?", timeS);
  shortenChanges(sql, timeS);
  const id = idOf(sql, name);
  for (const later of sql.exec("SELECT name FROM snapshot WHERE id > ?", id).toArray())
    deleteSnapshot(sql, later.name as string);
}

/** What the snapshot's moment left of each unit is kept whole; of what commands changed before, all is kept. */
function shortenChanges(sql: Sql, untilS: number): void {
  const dayS = Math.floor(untilS / secondsPerDay) * secondsPerDay;
  const rows = sql.exec("SELECT * FROM unit_change WHERE time_s >= ?", dayS).toArray();
  sql.exec("DELETE FROM unit_change WHERE time_s >= ?", dayS);
  for (const row of rows) {
    const number = row.number as number;
    const kept = readChanges(number, row).filter(({ timeS }) => timeS < untilS);
    writeChanges(sql, number, kept);
  }
}

/** 0 where there is none. */
function idOf(sql: Sql, name: string): number {
  return (sql.exec("SELECT id FROM snapshot WHERE name = ?", name).toArray()[0]?.id ?? 0) as number;
}

/** Whether it was taken by itself, before something was lost. */
function isOwn({ name, reason }: SnapshotHead & { readonly name: string }): boolean {
  return name !== startName && reason !== "kept" && reason !== "uploaded";
}
