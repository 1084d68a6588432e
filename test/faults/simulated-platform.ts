import { createHash } from "node:crypto";
import { planted } from "./planted.ts";
import { SimulatedStorage } from "./simulated-storage.ts";
import { EndedError, SimulatedProcess, type World } from "./world.ts";

/** A class of Durable Objects, as far as it is used here. */
// biome-ignore lint/suspicious/noExplicitAny: its methods are called by name, as the platform does
type ObjectClass = new (ctx: any, env: any) => any;

const retryMs = 2000;
const mostRetries = 6;

/**
 * The platform's objects of one class. Calls come in one after the other while an object is being made ready, and answers
 * leave once all is committed that was written before. An alarm comes at least once: until it has been performed whole.
 */
export class SimulatedNamespace {
  readonly #world: World;
  readonly #class: ObjectClass;
  readonly #env: () => object;
  readonly #cells = new Map<string, SimulatedObject>();
  #process: SimulatedProcess | null = null;

  /** `env` gives what objects are given that begin now. */
  constructor(world: World, ofClass: ObjectClass, env: () => object) {
    this.#world = world;
    this.#class = ofClass;
    this.#env = env;
  }

  /** The object with this name, whether it is awake or not. */
  object(name: string): SimulatedObject {
    const known = this.#cells.get(name);
    if (known !== undefined) return known;
    const cell = new SimulatedObject(this.#world, name, (ctx) => new this.#class(ctx, this.#env()));
    this.#cells.set(name, cell);
    if (this.#process !== null) cell.host(this.#process);
    return cell;
  }

  get objects(): SimulatedObject[] {
    return [...this.#cells.values()];
  }

  getByName(named: string) {
    const isLost = planted.defect === "sends a request to a neighbour" && this.#world.chance(3);
    const name = isLost ? this.#world.pick([...this.#cells.keys()]) : named;
    const cell = this.object(name);
    return new Proxy({} as Record<string, (...given: unknown[]) => Promise<unknown>>, {
      get: (_, method) =>
        // What is awaited is asked whether it can be.
        method === "then" ? undefined : (...given: unknown[]) => cell.call(String(method), given),
    });
  }

  idFromName(name: string): string {
    return idOf(name);
  }

  /** Objects live in `process` from now on, and are woken by their alarms. */
  begin(process: SimulatedProcess): void {
    this.#process = process;
    for (const cell of this.#cells.values()) cell.host(process);
  }
}

/** A message of the platform that an object is no more; what was asked of it may have been done. */
function describeReset(): Error {
  return new Error("Durable Object reset");
}

class SimulatedObject {
  readonly name: string;
  readonly storage: SimulatedStorage;
  readonly #world: World;
  readonly #create: (ctx: object) => Record<string, (...given: unknown[]) => unknown>;
  #host: SimulatedProcess | null = null;
  #session: Session | null = null;
  /** Of the alarm that is being performed; null also once another was set meanwhile. */
  #performedAlarmMs: number | null = null;
  #alarmOrder = 0;
  /** The process in which an alarm is being performed. */
  #alarming: SimulatedProcess | null = null;

  constructor(
    world: World,
    name: string,
    create: (ctx: object) => Record<string, (...given: unknown[]) => unknown>,
  ) {
    this.#world = world;
    this.name = name;
    this.storage = new SimulatedStorage(world, name);
    this.#create = create;
    this.storage.onBroken = (error) => {
      world.note(`${name}: ${error.message}`);
      this.#session?.process.end();
    };
  }

  /** From now on it lives in `process`, which has just begun. */
  host(process: SimulatedProcess): void {
    this.evict();
    this.#host = process;
    this.#alarming = null;
    process.run(() => this.#awaitAlarm());
  }

  /** Ends the object, as the platform does when it likes to. */
  evict(): void {
    this.#session?.process.end();
  }

  /** Calls a method, as from another isolate. */
  async call(method: string, given: readonly unknown[]): Promise<unknown> {
    await this.#world.delay();
    if (!this.#host?.isAlive) throw describeReset();
    const session = this.#session ?? this.#begin();
    return session.process.seen(this.#perform(session, method, given), describeReset);
  }

  async #perform(session: Session, method: string, given: readonly unknown[]): Promise<unknown> {
    while (session.blockedBy > 0) await session.opened;
    const perform = async () => session.object[method]?.(...given.map(copy));
    const result = await session.process.seen(session.process.run(perform), describeReset);
    await this.storage.whenDurable();
    return copy(result);
  }

  #begin(): Session {
    const process = new SimulatedProcess(this.name, this.#host);
    const session = new Session(process);
    this.#session = session;
    process.gate = () => this.storage.whenDurable();
    process.onEnd(() => {
      if (this.#session === session) this.#session = null;
      this.storage.end();
      this.#performedAlarmMs = null;
      if (this.#host?.isAlive) this.#host.run(() => this.#awaitAlarm());
    });
    this.#world.note(`${this.name} wakes`);
    process.run(() => {
      session.object = this.#create(this.#createContext(session));
    });
    return session;
  }

  #createContext(session: Session): object {
    const { storage } = this;
    const world = this.#world;
    const alive = <Given extends unknown[], T>(perform: (...given: Given) => T) => {
      return (...given: Given): T => {
        if (session.process.isAlive) return perform(...given);
        throw new EndedError("This object has ended");
      };
    };
    return {
      id: { name: this.name, toString: () => idOf(this.name) },
      storage: {
        sql: {
          exec: alive((query: string, ...bindings: never[]) => storage.exec(query, ...bindings)),
          get databaseSize() {
            return storage.bytes;
          },
        },
        transactionSync: alive((closure: () => unknown) =>
          planted.defect === "saves without a transaction" ? closure() : storage.transaction(closure),
        ),
        // An object that has ended hears no more of it.
        sync: alive(() => storage.whenDurable().catch(() => new Promise(() => {}))),
        getAlarm: alive(async () => {
          const { alarmMs } = storage;
          return alarmMs === this.#performedAlarmMs ? null : alarmMs;
        }),
        setAlarm: alive(async (dueMs: number) => this.#setAlarm(dueMs)),
        deleteAlarm: alive(async () => this.#setAlarm(null)),
        deleteAll: alive(async () => storage.deleteAll()),
        getBookmarkForTime: async () => {
          throw new Error("not kept here");
        },
      },
      blockConcurrencyWhile: alive((perform: () => Promise<unknown>) => {
        const performed = session.block(perform);
        performed.catch(() => {});
        return performed;
      }),
      abort: (reason?: string) => {
        world.note(`${this.name} aborts: ${reason}`);
        session.process.end();
        throw new EndedError("This object has aborted itself");
      },
      waitUntil: (promise: Promise<unknown>) => void promise.catch(() => {}),
      getWebSockets: () => [],
      getTags: () => [],
      acceptWebSocket: () => {},
    };
  }

  #setAlarm(dueMs: number | null): void {
    this.#performedAlarmMs = null;
    this.storage.setAlarm(dueMs);
    this.#awaitAlarm();
  }

  /** Comes back when the alarm that is set now is due by the machine's clock. */
  #awaitAlarm(failures = 0): void {
    const order = ++this.#alarmOrder;
    const { alarmMs } = this.storage;
    if (alarmMs === null || this.#host === null) return;
    const waitMs = Math.max(alarmMs - this.#world.wallMs, failures > 0 ? retryMs * 2 ** (failures - 1) : 0);
    // A clock that was set may be far behind: it is looked at again.
    this.#host.run(() =>
      this.#world.after(Math.min(waitMs, 60_000), () => {
        // One at a time: it is looked at again when that is over.
        if (order !== this.#alarmOrder || this.#alarming !== null) return;
        if (this.#world.wallMs < alarmMs) this.#awaitAlarm(failures);
        else void this.#performAlarm(alarmMs, failures);
      }),
    );
  }

  async #performAlarm(alarmMs: number, failures: number): Promise<void> {
    const host = this.#host;
    this.#alarming = host;
    this.#performedAlarmMs = alarmMs;
    let failuresNow = 0;
    try {
      await this.call("alarm", []);
      if (this.#performedAlarmMs === alarmMs) this.storage.setAlarm(null);
    } catch (error) {
      this.#world.note(`${this.name}: the alarm failed: ${(error as Error).message}`);
      failuresNow = failures + 1;
    }
    if (this.#host !== host) return;
    this.#alarming = null;
    this.#performedAlarmMs = null;
    if (failuresNow <= mostRetries) this.#awaitAlarm(failuresNow);
  }
}

/** An object that is awake. */
class Session {
  readonly process: SimulatedProcess;
  object: Record<string, (...given: unknown[]) => unknown> = {};
  blockedBy = 0;
  opened: Promise<void> = Promise.resolve();

  constructor(process: SimulatedProcess) {
    this.process = process;
  }

  /** Lets no call in until `perform` is done; where it fails the object is reset. */
  async block<T>(perform: () => Promise<T>): Promise<T> {
    this.blockedBy++;
    let open = () => {};
    const before = this.opened;
    this.opened = Promise.all([before, new Promise<void>((resolve) => (open = resolve))]).then(() => {});
    try {
      return await perform();
    } catch (error) {
      this.process.end();
      throw error;
    } finally {
      this.blockedBy--;
      open();
    }
  }
}

/** What crosses from one isolate to another. */
function copy(value: unknown): unknown {
  const isData =
    Array.isArray(value) || (value instanceof Object && Object.getPrototypeOf(value) === Object.prototype);
  return isData ? structuredClone(value) : value;
}

function idOf(name: string): string {
  return createHash("sha256").update(name).digest("hex");
}
