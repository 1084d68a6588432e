import type { DatabaseSync } from "node:sqlite";
import type { SqliteDatabase } from "../../src/community/sqlite-storage.ts";

/** A Durable Object's SQLite as far as the storage uses it, over Node's. `mayExec` is asked before each query. */
export function createNodeDatabase(database: DatabaseSync, mayExec: () => void = () => {}): SqliteDatabase {
  const exec = (query: string, ...bindings: (string | number | ArrayBuffer | null)[]) => {
    mayExec();
    if (bindings.length === 0 && !/^\s*SELECT/i.test(query)) {
      database.exec(query);
      return Object.assign([], { toArray: () => [] });
    }
    const values = bindings.map((value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : value));
    const rows = database.prepare(query).all(...values) as Record<string, unknown>[];
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
