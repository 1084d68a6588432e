import { AsyncLocalStorage } from "node:async_hooks";
import { seededChoice } from "../conformance/seeded-choice.ts";

/**
 * A world in which one program runs: its time, its chance and its faults. Whatever takes time here is an event in one queue;
 * nothing happens in real time, and all that is left to chance follows from the seed. So a history can be had again by it.
 */

/** Where code runs. Once it has ended, whatever it awaits never comes. */
export class SimulatedProcess {
  readonly name: string;
  /** What must be over before a message leaves. */
  gate: () => Promise<void> = async () => {};
  readonly #parent: SimulatedProcess | null;
  readonly #onEnd = new Set<() => void>();
  #isAlive = true;

  constructor(name: string, parent: SimulatedProcess | null = null) {
    this.name = name;
    this.#parent = parent;
    parent?.onEnd(() => this.end());
  }

  get isAlive(): boolean {
    return this.#isAlive && (this.#parent?.isAlive ?? true);
  }

  /** Runs `code`, with all that it begins, in this process. */
  run<T>(code: () => T): T {
    return current.run(this, code);
  }

  end(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    for (const tell of this.#onEnd) tell();
    this.#onEnd.clear();
  }

  /** Returns a function that takes the wish back. */
  onEnd(tell: () => void): () => void {
    this.#onEnd.add(tell);
    return () => this.#onEnd.delete(tell);
  }

  /** What `promise` gives, or a failure as soon as this process ends: how others see it. */
  seen<T>(promise: Promise<T>, describeEnd: () => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      const forget = this.onEnd(() => reject(describeEnd()));
      promise.then(resolve, reject).finally(forget);
      if (!this.isAlive) reject(describeEnd());
    });
  }
}

const current = new AsyncLocalStorage<SimulatedProcess>();

/** Thrown where a process ends in the middle of what it does; nobody is left to catch it. */
export class EndedError extends Error {}

/** What a fault can strike: a statement, a commit, an operation on a file, or a message on its way. */
export type Place = "statement" | "commit" | "file" | "message";

/** A fault that waits for its moment: it strikes at the places that it names, the first time after `after` of them. */
interface ArmedFault {
  readonly places: readonly Place[];
  /** The one object that it strikes, if it does not strike all. */
  readonly of?: string | undefined;
  after: number;
  /** How often it strikes. */
  times: number;
  /** May throw what the program then sees. */
  strike(place: Place): void;
}

interface WorldEvent {
  readonly atMs: number;
  readonly order: number;
  happen(): void;
}

const mostEvents = 400_000;
const keptLines = Number(process.env.FAULT_LINES ?? 60);

export class World {
  readonly choose: (count: number) => number;
  /** Time as it passes [ms]; the wall clock may be set. */
  #nowMs = 1_750_000_000_000;
  /** How far the wall clock is from it [ms]. */
  #offsetMs = 0;
  #stoppedAtMs: number | null = null;
  #events: WorldEvent[] = [];
  #order = 0;
  #passed = 0;
  #faults: ArmedFault[] = [];
  readonly #afterTurn = new Set<() => void>();
  /** The last lines of what happened, and a number that follows from all of them. */
  readonly trace: string[] = [];
  traceHash = 0;

  constructor(seed: number) {
    this.choose = seededChoice(seed);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.choose(list.length)] as T;
  }

  /** True in `share` of a hundred. */
  chance(share: number): boolean {
    return this.choose(100) < share;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** What the machine's clock shows [ms]. */
  get wallMs(): number {
    return this.#stoppedAtMs ?? this.#nowMs + this.#offsetMs;
  }

  /** Sets the machine's clock by so much. */
  setClock(byMs: number): void {
    this.#offsetMs += byMs;
    this.note(`the wall clock is set by ${byMs} ms`);
  }

  /** Lets the machine's clock stand, or go on from where it stood. */
  holdClock(isHeld: boolean): void {
    if (isHeld) this.#stoppedAtMs = this.wallMs;
    else if (this.#stoppedAtMs !== null) {
      this.#offsetMs = this.#stoppedAtMs - this.#nowMs;
      this.#stoppedAtMs = null;
    }
    this.note(`the wall clock ${isHeld ? "stands" : "goes"}`);
  }

  note(line: string): void {
    const text = `${this.#nowMs - 1_750_000_000_000} ms: ${line}`;
    for (let at = 0; at < text.length; at++)
      this.traceHash = (Math.imul(this.traceHash, 31) + text.charCodeAt(at)) | 0;
    this.trace.push(text);
    if (this.trace.length > keptLines) this.trace.shift();
  }

  /** Lets `fault` strike at its moment. */
  arm(fault: ArmedFault): void {
    this.#faults.push(fault);
  }

  /** Takes all faults away that have not struck. */
  calm(): void {
    this.#faults = [];
  }

  /** The program comes to a place where a fault may strike, in the object `of` where it is in one. */
  pass(place: Place, of?: string): void {
    for (const fault of this.#faults) {
      const isThere = fault.places.includes(place) && (fault.of === undefined || fault.of === of);
      if (!isThere || fault.after-- > 0) continue;
      if (--fault.times === 0) this.#faults = this.#faults.filter((other) => other !== fault);
      this.note(`a fault strikes at a ${place}${of === undefined ? "" : ` of ${of}`}`);
      fault.strike(place);
    }
    mustBeAlive();
  }

  /** The same for what is waited for: where the process ends at this very place nothing comes any more. */
  async passWaiting(place: Place, of?: string): Promise<void> {
    try {
      this.pass(place, of);
    } catch (error) {
      if (error instanceof EndedError) await new Promise(() => {});
      throw error;
    }
  }

  /** `happen` comes in `ms`, unless the process that asks for it has ended by then. */
  after(ms: number, happen: () => void): void {
    const process = current.getStore();
    const event = {
      atMs: this.#nowMs + Math.max(0, ms),
      order: this.#order++,
      happen: () => {
        if (process === undefined) happen();
        else if (process.isAlive) process.run(happen);
      },
    };
    let at = this.#events.length;
    while (at > 0 && (this.#events[at - 1] as WorldEvent).atMs > event.atMs) at--;
    this.#events.splice(at, 0, event);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** What takes an uncertain while: nearly no time, or some, or much. */
  delay(): Promise<void> {
    const rare = this.choose(20);
    return this.sleep(rare === 0 ? this.choose(400) : rare < 5 ? this.choose(20) : this.choose(3));
  }

  /** `settle` is called each time that all that runs at one moment has run. */
  afterTurn(settle: () => void): void {
    this.#afterTurn.add(settle);
  }

  /** Lets things happen until `promise` has settled, and gives what it gave. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    promise.then(settle, settle);
    for (;;) {
      await turn();
      for (const end of this.#afterTurn) end();
      if (isSettled) return promise;
      const event = this.#events.shift();
      if (event === undefined) throw new Error("Nothing will ever happen again, and something is awaited");
      if (++this.#passed > mostEvents)
        throw new Error(`More than ${mostEvents} events: it goes round in circles`);
      this.#nowMs = event.atMs;
      event.happen();
    }
  }
}

/** Until all has run that can run without anything happening. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The process that runs now; without one nothing may be asked of the world. */
export function currentProcess(): SimulatedProcess | undefined {
  return current.getStore();
}

/** Ends the code that runs now if its process has ended. @throws EndedError */
function mustBeAlive(): void {
  if (current.getStore()?.isAlive === false) throw new EndedError("This process has ended");
}
