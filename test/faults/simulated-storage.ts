import { DatabaseSync } from "node:sqlite";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import type { SqliteDatabase } from "../../src/community/storage/sqlite-database.ts";
import type { World } from "./world.ts";

type Value = string | number | ArrayBuffer | Uint8Array | null;

/** What keeps an object's storage from going on: the object is reset, and begins again from what was committed. */
class BrokenStorageError extends Error {}

/**
 * What one Durable Object has stored, as the platform keeps it. All that is written without waiting in between is one
 * transaction, the *turn*; it is committed a while later, and only then does an answer leave. Where the object ends, turns
 * are lost that were not committed, from the latest backwards.
 *
 * Each turn is a savepoint, one in the other, until all are committed.
 */
export class SimulatedStorage {
  readonly #world: World;
  readonly #name: string;
  readonly #database = new DatabaseSync(":memory:");
  readonly #exec: SqliteDatabase["sql"]["exec"];
  /** Turns are numbered; those from `#first` to `#last` are savepoints, those up to `#durable` are committed. */
  #first = 1;
  #last = 0;
  #durable = 0;
  #isInTurn = false;
  #isFlushing = false;
  #nested = 0;
  #waiting: { readonly turn: number; resolve(): void; reject(error: Error): void }[] = [];
  /** Is told when a commit failed. */
  onBroken: (error: Error) => void = () => {};

  constructor(world: World, name: string) {
    this.#world = world;
    this.#name = name;
    this.#exec = createNodeDatabase(this.#database).sql.exec;
    this.#database.exec("CREATE TABLE _alarm (id INTEGER PRIMARY KEY, due_ms REAL)");
    world.afterTurn(() => this.#endTurn());
  }

  exec(query: string, ...bindings: Value[]) {
    this.#world.pass("statement", this.#name);
    if (/^\s*(INSERT|UPDATE|DELETE|CREATE|DROP)/i.test(query)) this.#beginTurn();
    const rows = this.#exec(query, ...bindings);
    return Object.assign(rows, { one: () => rows.toArray()[0], rowsWritten: 0, rowsRead: 0 });
  }

  /** All that `closure` writes, or nothing of it. */
  transaction<T>(closure: () => T): T {
    this.#beginTurn();
    const name = `nested_${this.#nested++}`;
    this.#database.exec(`SAVEPOINT ${name}`);
    try {
      const result = closure();
      this.#database.exec(`RELEASE ${name}`);
      return result;
    } catch (error) {
      this.#database.exec(`ROLLBACK TO ${name}; RELEASE ${name}`);
      throw error;
    }
  }

  get bytes(): number {
    const of = (pragma: string) =>
      Object.values(this.#database.prepare(`PRAGMA ${pragma}`).get() as object)[0] as number;
    return of("page_count") * of("page_size");
  }

  get alarmMs(): number | null {
    const row = this.#database.prepare("SELECT due_ms FROM _alarm").get() as { due_ms: number } | undefined;
    return row?.due_ms ?? null;
  }

  setAlarm(dueMs: number | null): void {
    this.#beginTurn();
    if (dueMs === null) this.#exec("DELETE FROM _alarm WHERE id = ?", 1);
    else this.#exec("INSERT OR REPLACE INTO _alarm VALUES (1, ?)", dueMs);
  }

  deleteAll(): void {
    this.#beginTurn();
    const tables = this.#exec(
      "SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite%' AND name <> '_alarm'",
      "table",
    ).toArray();
    for (const { name } of tables) this.#exec(`DROP TABLE ${name}`);
  }

  /** Waits until all is committed that was written by now. */
  whenDurable(): Promise<void> {
    if (this.#last === this.#durable) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ turn: this.#last, resolve, reject }));
  }

  /** The object has ended: of what was not committed an uncertain part is lost. */
  end(): void {
    const closed = this.#isInTurn ? this.#last - 1 : this.#last;
    const kept = this.#durable + this.#world.choose(closed - this.#durable + 1);
    this.#rollBackTo(kept);
  }

  /** All that is stored, as text, but for days: whoever reads records keeps those that have ended. */
  dump(): string {
    const tables = this.#database
      .prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'day' ORDER BY name",
      )
      .all();
    return JSON.stringify(
      tables.map(({ name }) => [name, this.#database.prepare(`SELECT * FROM ${name}`).all()]),
      (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value),
    );
  }

  #beginTurn(): void {
    if (this.#isInTurn) return;
    this.#isInTurn = true;
    this.#last++;
    this.#database.exec(`SAVEPOINT turn_${this.#last}`);
  }

  #endTurn(): void {
    if (!this.#isInTurn) return;
    this.#isInTurn = false;
    if (!this.#isFlushing) void this.#flush();
  }

  async #flush(): Promise<void> {
    this.#isFlushing = true;
    while (this.#durable < this.#last) {
      const from = this.#first;
      const until = this.#isInTurn ? this.#last - 1 : this.#last;
      await this.#world.delay();
      // The object may have ended meanwhile, or end at this very fault.
      if (this.#first !== from) continue;
      try {
        this.#world.pass("commit", this.#name);
      } catch (error) {
        this.#rollBackTo(this.#durable);
        this.onBroken(new BrokenStorageError(`The commit failed: ${(error as Error).message}`));
      }
      if (this.#first !== from) continue;
      this.#durable = Math.max(this.#durable, until);
      if (this.#durable === this.#last) this.#release();
      this.#settle();
    }
    this.#isFlushing = false;
  }

  #settle(): void {
    const done = this.#waiting.filter(({ turn }) => turn <= this.#durable);
    this.#waiting = this.#waiting.filter(({ turn }) => turn > this.#durable);
    for (const { resolve } of done) resolve();
  }

  #rollBackTo(kept: number): void {
    this.#isInTurn = false;
    if (this.#last > kept) this.#database.exec(`ROLLBACK TO turn_${kept + 1}`);
    this.#durable = this.#last;
    this.#release();
    const lost = this.#waiting;
    this.#waiting = [];
    for (const { reject } of lost) reject(new BrokenStorageError("The object was reset"));
  }

  #release(): void {
    if (this.#first <= this.#last) this.#database.exec(`RELEASE turn_${this.#first}`);
    this.#first = this.#last + 1;
  }
}
