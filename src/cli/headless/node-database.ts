import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { SqliteDatabase } from "../../community/storage/sqlite-database.ts";
import { createSqliteStorage } from "../../community/storage/sqlite-storage.ts";
import type { CommunityStorage } from "../../community/storage/storage.ts";

/** A storage of its own that lasts as long as whoever holds it. */
export function createHeadlessStorage(): CommunityStorage {
  return createSqliteStorage(createNodeDatabase(new DatabaseSync(":memory:")));
}

/**
 * A Durable Object's SQLite as far as the storage uses it, over Node's: headless runs and tests keep a community as
 * the platform does. `mayExec` is asked before each query.
 */
export function createNodeDatabase(database: DatabaseSync, mayExec: () => void = () => {}): SqliteDatabase {
  const statements = new Map<string, StatementSync>();
  const prepare = (query: string) => {
    const known = statements.get(query) ?? database.prepare(query);
    statements.set(query, known);
    return known;
  };
  const exec = (query: string, ...bindings: (string | number | ArrayBuffer | Uint8Array | null)[]) => {
    mayExec();
    if (bindings.length === 0 && !/^\s*SELECT/i.test(query)) {
      database.exec(query);
      return Object.assign([], { toArray: () => [] });
    }
    const values = bindings.map((value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : value));
    const rows = prepare(query)
      .all(...values)
      .map(withBuffers);
    return Object.assign(rows, { toArray: () => rows });
  };
  return {
    sql: { exec },
    transactionSync(closure) {
      // One within another is a part of it.
      database.exec("SAVEPOINT begun");
      try {
        const result = closure();
        database.exec("RELEASE begun");
        return result;
      } catch (error) {
        database.exec("ROLLBACK TO begun");
        database.exec("RELEASE begun");
        throw error;
      }
    },
  };
}

/** A row with its blobs as a Durable Object gives them. */
function withBuffers(row: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? new Uint8Array(value).buffer : value,
  ]);
  return Object.fromEntries(entries);
}
