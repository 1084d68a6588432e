import type { UnitDescription } from "../wire/read-unit-file.ts";
import type { CommunityStorage, StoredChange, StoredUnit } from "./storage.ts";

/** The part of a Durable Object's storage that is used here. */
export interface SqliteDatabase {
  readonly sql: {
    exec(query: string, ...bindings: (string | number)[]): { toArray(): Record<string, unknown>[] };
  };
  transactionSync<T>(closure: () => T): T;
}

/** Version of the JSON in the rows. A later one adds a step to `upgrade`. */
const rowVersion = 1;

const schema = `
  CREATE TABLE IF NOT EXISTS unit (number INTEGER PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS saved_unit (number INTEGER PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS part (name TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL);
`;

/** Keeps a community in SQLite: a row a unit, a row a saved unit, and a row each for bus and clock. */
export function createSqliteStorage(database: SqliteDatabase): CommunityStorage {
  const { sql } = database;
  const readRows = (query: string, ...bindings: string[]) =>
    sql
      .exec(query, ...bindings)
      .toArray()
      .map(upgrade);
  const readPart = (name: string) => readRows("SELECT version, body FROM part WHERE name = ?", name)[0];
  return {
    load() {
      sql.exec(schema);
      const clock = readPart("clock");
      if (clock === undefined) return null;
      const lastSave = readRows("SELECT version, body FROM saved_unit ORDER BY number") as UnitDescription[];
      return {
        units: readRows("SELECT version, body FROM unit ORDER BY number") as StoredUnit[],
        bus: readPart("bus"),
        clock,
        lastSave: lastSave.length === 0 ? null : lastSave,
      };
    },
    save(change) {
      database.transactionSync(() => writeChange(sql, change));
    },
  };
}

function writeChange(sql: SqliteDatabase["sql"], change: StoredChange): void {
  for (const unit of change.units ?? []) writeRow(sql, "unit", "number", unit.state.number, unit);
  if (change.unitCount !== undefined) sql.exec("DELETE FROM unit WHERE number > ?", change.unitCount);
  if (change.bus !== undefined) writeRow(sql, "part", "name", "bus", change.bus);
  if (change.clock !== undefined) writeRow(sql, "part", "name", "clock", change.clock);
  if (change.lastSave === undefined) return;
  sql.exec("DELETE FROM saved_unit");
  change.lastSave.forEach((unit, index) => {
    writeRow(sql, "saved_unit", "number", index + 1, unit);
  });
}

function writeRow(
  sql: SqliteDatabase["sql"],
  table: string,
  key: string,
  value: string | number,
  body: unknown,
): void {
  const text = JSON.stringify(body);
  sql.exec(
    `INSERT OR REPLACE INTO ${table} (${key}, version, body) VALUES (?, ?, ?)`,
    value,
    rowVersion,
    text,
  );
}

function upgrade(row: Record<string, unknown>) {
  if (row.version !== rowVersion) {
    throw new Error(`A stored row has version ${row.version}; this program reads version ${rowVersion}`);
  }
  return JSON.parse(row.body as string);
}
