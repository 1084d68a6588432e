import type { WeekStore } from "../../input/series/week-store.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

/*
 * Weeks of the deployment's data, where these are too many to be held in memory: a copy, made anew wherever it is missing, which
 * is in no backup and no branch.
 */

const schema = `
  CREATE TABLE IF NOT EXISTS input_file (
    number INTEGER PRIMARY KEY, source TEXT NOT NULL, file TEXT NOT NULL, bytes INTEGER NOT NULL, UNIQUE (source, file)
  );
  CREATE TABLE IF NOT EXISTS input_week (
    file INTEGER NOT NULL, home INTEGER NOT NULL, week INTEGER NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (file, home, week)
  );
`;

/** A store in the community's own database; the tables are made when the first weeks are kept. */
export function createWeekStore(database: SqliteDatabase): WeekStore {
  const { sql } = database;
  const numbers = new Map<string, number>();
  let hasTables = false;
  const makeTables = () => {
    if (!hasTables) sql.exec(schema);
    hasTables = true;
  };
  const find = (source: string, file: string) => {
    makeTables();
    const key = `${source}\n${file}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const row = sql
      .exec("SELECT number FROM input_file WHERE source = ? AND file = ?", source, file)
      .toArray()[0];
    if (row === undefined) return null;
    numbers.set(key, row.number as number);
    return row.number as number;
  };
  return {
    has: (source, file) => find(source, file) !== null,
    keep(source, file, weeks) {
      makeTables();
      database.transactionSync(() => {
        const next = sql.exec("SELECT coalesce(max(number), 0) + 1 AS next FROM input_file").toArray()[0]
          ?.next as number;
        let bytes = 0;
        for (const week of weeks) {
          sql.exec("INSERT INTO input_week VALUES (?, ?, ?, ?)", next, week.home, week.week, week.bytes);
          bytes += week.bytes.byteLength;
        }
        sql.exec("INSERT INTO input_file VALUES (?, ?, ?, ?)", next, source, file, bytes);
      });
    },
    read(source, file, home, week) {
      const row = sql
        .exec(
          "SELECT bytes FROM input_week WHERE file = ? AND home = ? AND week = ?",
          find(source, file),
          home,
          week,
        )
        .toArray()[0];
      if (row === undefined) throw new Error(`Week ${week} of home ${home} of ${file} is not kept`);
      return row.bytes as ArrayBuffer;
    },
  };
}

/** Deletes copies of data that no source in `sources` is; returns how many bytes those have that remain. */
export function forgetOtherInput({ sql }: SqliteDatabase, isUsed: (source: string) => boolean): number {
  const isThere = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'input_file'").toArray().length > 0;
  if (!isThere) return 0;
  let remaining = 0;
  for (const { number, source, bytes } of sql
    .exec("SELECT number, source, bytes FROM input_file")
    .toArray()) {
    if (isUsed(source as string)) {
      remaining += bytes as number;
      continue;
    }
    sql.exec("DELETE FROM input_week WHERE file = ?", number as number);
    sql.exec("DELETE FROM input_file WHERE number = ?", number as number);
  }
  return remaining;
}
