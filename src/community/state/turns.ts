import { atOnce, type InParts } from "../../notation/in-parts.ts";

/** Parts that are computed before others have their turn. */
const partsOfSlice = 8;
/** Without a slice for so long, whoever had the turn has been dropped by the platform in the middle of a wait [ms]. */
const patienceMs = 2000;

/** A wall clock, which goes on at a wait at the latest. */
interface Waits {
  nowMs(): number;
  wait(ms: number): Promise<unknown>;
}

/**
 * Long answers of one community, one after the other and each in slices: then whoever asks for little waits for one slice and
 * not for all long answers that others have asked for.
 */
export class Turns {
  readonly #waits: Waits;
  readonly #underWay = new Set<Computation<unknown>>();
  #holder: PromiseWithResolvers<void> | null = null;
  #workedMs = 0;

  constructor(waits: Waits) {
    this.#waits = waits;
  }

  /** Computes what `begin` begins once it has the turn. */
  async compute<T>(begin: () => Promise<InParts<T>>): Promise<T> {
    while (this.#holder !== null && this.#isWorking())
      await Promise.race([this.#holder.promise, this.#waits.wait(patienceMs)]);
    const own = Promise.withResolvers<void>();
    this.#holder = own;
    this.#workedMs = this.#waits.nowMs();
    let computation: Computation<T> | null = null;
    try {
      computation = new Computation(await begin());
      this.#underWay.add(computation);
      for (;;) {
        const result = computation.advance();
        this.#workedMs = this.#waits.nowMs();
        if (result !== null) return result.value;
        await this.#waits.wait(1);
      }
    } finally {
      if (computation !== null) this.#underWay.delete(computation);
      if (this.#holder === own) this.#holder = null;
      own.resolve();
    }
  }

  /** Whether something that is kept is being read. */
  get isReading(): boolean {
    return this.#underWay.size > 0 && this.#isWorking();
  }

  /** Computes to its end what is under way: what it reads is about to be deleted. */
  finish(): void {
    for (const computation of this.#underWay) computation.finish();
    this.#underWay.clear();
  }

  #isWorking(): boolean {
    return this.#waits.nowMs() - this.#workedMs <= patienceMs;
  }
}

class Computation<T> {
  readonly #parts: InParts<T>;
  #result: { readonly value: T } | null = null;

  constructor(parts: InParts<T>) {
    this.#parts = parts;
  }

  /** Computes a slice; gives the result once it is there. */
  advance(): { readonly value: T } | null {
    for (let part = 0; part < partsOfSlice && this.#result === null; part++) {
      const { done, value } = this.#parts.next();
      if (done) this.#result = { value };
    }
    return this.#result;
  }

  finish(): void {
    this.#result ??= { value: atOnce(this.#parts) };
  }
}
