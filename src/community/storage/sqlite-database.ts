/** The part of a Durable Object's storage that is used here. */
export interface SqliteDatabase {
  readonly sql: {
    exec(
      query: string,
      ...bindings: (string | number | ArrayBuffer | Uint8Array | null)[]
    ): Iterable<Record<string, unknown>> & { toArray(): Record<string, unknown>[] };
  };
  transactionSync<T>(closure: () => T): T;
}
