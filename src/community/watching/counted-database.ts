import type { SqliteDatabase } from "../storage/sqlite-database.ts";

/** A database that tells of every row that it writes, as it is billed: rows of tables and of their indexes. */
export function countRowsWritten(storage: DurableObjectStorage, add: (rows: number) => void): SqliteDatabase {
  return {
    sql: {
      exec(query, ...bindings) {
        const cursor = storage.sql.exec(query, ...bindings);
        add(cursor.rowsWritten);
        return cursor;
      },
    },
    transactionSync: (closure) => storage.transactionSync(closure),
  };
}
