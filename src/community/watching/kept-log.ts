import type { SqliteDatabase } from "../storage/sqlite-database.ts";
import { isAtLeast, type LogLevel } from "./log.ts";

/** A line as `/log` gives it. */
export interface KeptLine {
  /** Wall time, ISO 8601. */
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** The log of one community in its storage. */
export interface KeptLog {
  /** Notes a line; it is shown at once, and in the storage from the next `flush` on. */
  add(wallMs: number, level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Writes what has been noted, together with other writes of this moment. */
  flush(wallMs: number): void;
  /** Lines of at least `least` since `sinceMs`, the newest last. */
  read(least: LogLevel, sinceMs: number): KeptLine[];
}

const maximumBytes = 1_000_000;
const maximumAgeMs = 7 * 86_400_000;
/** Lines that wait for a write; of more, the oldest are lost. Whoever asks nonsense all day fills no storage. */
const maximumWaiting = 200;

const schema = `CREATE TABLE IF NOT EXISTS log (
  id INTEGER PRIMARY KEY AUTOINCREMENT, wall_ms REAL NOT NULL, bytes INTEGER NOT NULL, lines TEXT NOT NULL
)`;

/**
 * Keeps a log of at most 1 MB and 7 days. Reads write nothing, so lines wait until something else is written;
 * those that wait when the object is evicted are lost.
 */
export function createKeptLog(sql: SqliteDatabase["sql"]): KeptLog {
  let waiting: KeptLine[] = [];
  sql.exec(schema);
  return {
    add(wallMs, level, message, fields) {
      const line = { time: new Date(wallMs).toISOString(), level, message };
      waiting.push(fields === undefined ? line : { ...line, fields });
      if (waiting.length > maximumWaiting) waiting.shift();
    },
    flush(wallMs) {
      if (waiting.length === 0) return;
      const lines = JSON.stringify(waiting);
      sql.exec("INSERT INTO log (wall_ms, bytes, lines) VALUES (?, ?, ?)", wallMs, lines.length, lines);
      waiting = [];
      sql.exec(
        `DELETE FROM log WHERE wall_ms < ? OR id <= coalesce((SELECT max(id) FROM
           (SELECT id, sum(bytes) OVER (ORDER BY id DESC) AS total FROM log) WHERE total > ?), 0)`,
        wallMs - maximumAgeMs,
        maximumBytes,
      );
    },
    read(least, sinceMs) {
      const rows = sql.exec("SELECT lines FROM log WHERE wall_ms >= ? ORDER BY id", sinceMs).toArray();
      const kept = rows.flatMap(({ lines }) => JSON.parse(lines as string) as KeptLine[]);
      return [...kept, ...waiting].filter(
        ({ level, time }) => isAtLeast(level, least) && Date.parse(time) >= sinceMs,
      );
    },
  };
}
