import { secondsPerDay } from "../../simulation/world.ts";
import type { CommandRecord } from "../records/record-storage.ts";
import { joinMoves, type Move } from "../records/step-moves.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import type { StoredChange } from "./storage.ts";
import { readBody } from "./stored-forms.ts";
import type { Progress } from "./stored-shapes.ts";

/* The log of commands: a row for each, or one for steps without actions that follow one another. */

type Sql = SqliteDatabase["sql"];

export function lastCommandId(sql: Sql): number {
  return sql.exec("SELECT coalesce(max(id), 0) AS id FROM command").toArray()[0]?.id as number;
}

export function lastCommandBefore(sql: Sql, timeS: number): { id: number; wallMs: number } | null {
  const query = "SELECT id, wall_ms FROM command WHERE time_s < ? ORDER BY id DESC LIMIT 1";
  const row = sql.exec(query, timeS).toArray()[0];
  return row === undefined ? null : { id: row.id as number, wallMs: row.wall_ms as number };
}

export function readCommands(sql: Sql, afterId: number, limit: number): CommandRecord[] {
  return sql
    .exec("SELECT * FROM command WHERE id > ? ORDER BY id LIMIT ?", afterId, limit)
    .toArray()
    .map(({ wall_ms, time_s, ...rest }) => ({ ...rest, wallMs: wall_ms, timeS: time_s }) as CommandRecord);
}

export function readFaultCommands(sql: Sql): Pick<CommandRecord, "timeS" | "effect">[] {
  const query = `SELECT time_s, effect FROM command
    WHERE path LIKE '/faults/%' OR effect LIKE '%faults gone: %' ORDER BY id`;
  return sql
    .exec(query)
    .toArray()
    .map(({ time_s, effect }) => ({ timeS: time_s as number, effect: effect as string }));
}

/** While a backup is read, whose rows are of its moment, none is changed. */
export function logCommand(sql: Sql, change: StoredChange, isBeingRead: boolean): void {
  if (change.command === undefined || (!isBeingRead && joinSteps(sql, change))) return;
  const { wallMs, path, source, effect } = change.command;
  sql.exec(
    "INSERT INTO command (wall_ms, time_s, path, source, effect) VALUES (?, ?, ?, ?, ?)",
    wallMs,
    change.timeS,
    path,
    source,
    effect,
  );
}

/** Longest simulated time [s] of steps in one row. */
const longestRowS = 30 * secondsPerDay;

const lastWithProgress = `
  SELECT command.*, part.version, part.body AS progress FROM command
  LEFT JOIN part ON part.name = 'progress' ORDER BY command.id DESC LIMIT 1`;

/** Adds steps to the row of those that they follow, if they may: then it returns true. */
function joinSteps(sql: Sql, { command }: StoredChange): boolean {
  if (command?.joinsAfterId === undefined) return false;
  const last = sql.exec(lastWithProgress).toArray()[0];
  if (last === undefined || (last.id as number) <= command.joinsAfterId) return false;
  // A database that was told of the row is not told of it again.
  const progress =
    last.progress === null ? null : (readBody(last.version, last.progress as string) as Progress);
  if (progress !== null && (last.id as number) <= progress.afterCommandId) return false;
  const joined = joinMoves(last as unknown as Move, command);
  if (joined === null || joined.untilS - (last.time_s as number) > longestRowS) return false;
  const { path, effect } = joined;
  sql.exec("UPDATE command SET path = ?, effect = ? WHERE id = ?", path, effect, last.id as number);
  return true;
}
