import type { DatabaseSync } from "node:sqlite";
import type { SqliteDatabase } from "../../src/community/storage/sqlite-storage.ts";

/** A row with its blobs as a Durable Object gives them. */
function withBuffers(row: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? new Uint8Array(value).buffer : value,
  ]);
  return Object.fromEntries(entries);
}

/** A Durable Object's SQLite as far as the storage uses it, over Node's. `mayExec` is asked before each query. */
export function createNodeDatabase(database: DatabaseSync, mayExec: () => void = () => {}): SqliteDatabase {
  const exec = (query: string, ...bindings: (string | number | ArrayBuffer | null)[]) => {
    mayExec();
    if (bindings.length === 0 && !/^\s*SELECT/i.test(query)) {
      database.exec(query);
      return Object.assign([], { toArray: () => [] });
    }
    const values = bindings.map((value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : value));
    const rows = database
      .prepare(query)
      .all(...values)
      .map(withBuffers);
    return Object.assign(rows, { toArray: () => rows });
  };
  return {
    sql: { exec },
    transactionSync(closure) {
      database.exec("BEGIN");
      try {
        const result = closure();
        database.exec("COMMIT");
        return result;
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },
  };
}
