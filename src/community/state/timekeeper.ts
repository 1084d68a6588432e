import type { Pace } from "../sinks/outbox.ts";
import type { Claim, Clock } from "../storage/stored-shapes.ts";
import { exactTimeAt, rateOf, simulatedTimeAt } from "./clock.ts";

/** What simulated time goes by. */
interface TimekeeperParts {
  readonly sleepTimeS: number;
  readonly endS: number;
  /** The clock that simulated time follows, at a wall time: that itself, unless parts of it are left out. */
  clockMsAt(wallMs: number): number;
}

type Rate = Pick<Clock, "accelerationFactor" | "held">;

/**
 * Simulated time of one community. It follows the wall clock and never goes back, whatever that does; only a
 * restart begins it anew.
 */
export class Timekeeper {
  #clock: Clock;
  #reachedS: number;
  readonly #given: TimekeeperParts;
  readonly #onPassed: (afterS: number, untilS: number) => void;

  /** `onPassed` is told of each stretch of time, without its beginning and with its end, once it is over. */
  constructor(
    clock: Clock,
    reachedS: number,
    given: TimekeeperParts,
    onPassed: (afterS: number, untilS: number) => void,
  ) {
    this.#clock = clock;
    this.#reachedS = reachedS;
    this.#given = given;
    this.#onPassed = onPassed;
  }

  get clock(): Clock {
    return this.#clock;
  }

  /** Simulated second at `wallMs`. */
  at(wallMs: number): number {
    return this.reach(this.#dueS(wallMs));
  }

  /** Simulated time at `wallMs` that nobody has asked for yet [s]. */
  lagS(wallMs: number): number {
    return Math.max(0, this.#dueS(wallMs) - this.#reachedS);
  }

  /** How simulated time moves as of `wallMs`. */
  paceAt(wallMs: number): Pace {
    const accelerationFactor = rateOf(this.#clock);
    const perMs = accelerationFactor / (1000 * this.#given.sleepTimeS);
    return { nowS: this.at(wallMs), accelerationFactor, perMs, endS: this.#given.endS };
  }

  /** Goes on to `timeS`, if that lies ahead; returns where simulated time stands then. */
  reach(timeS: number): number {
    if (timeS > this.#reachedS) {
      const beforeS = this.#reachedS;
      this.#reachedS = timeS;
      this.#onPassed(beforeS, timeS);
    }
    return this.#reachedS;
  }

  /** From `wallMs` on, when it is simulated second `timeS`, time moves at this rate, or is held and keeps it. */
  setRate({ accelerationFactor, held }: Rate, timeS: number, wallMs: number): void {
    if (held) this.#clock = { ...this.#anchorAt(timeS, wallMs), accelerationFactor, held };
    else {
      // What stood between two milliseconds goes on from the later.
      const fromS = this.#clock.held ? Math.ceil(timeS * 1000) / 1000 : this.#exactS(timeS, wallMs);
      this.#clock = { ...this.#anchorAt(fromS, wallMs), accelerationFactor, held };
    }
  }

  /** From `wallMs` on it is held at simulated second `timeS`, to which time has not come yet. */
  holdAt(timeS: number, wallMs: number): void {
    this.#clock = { ...this.#anchorAt(timeS, wallMs), held: true };
  }

  /** Notes whose it is. */
  claim(claim: Claim | null): void {
    this.#clock = { ...this.#clock, claim };
  }

  #anchorAt(anchorSimulatedS: number, wallMs: number): Clock {
    return { ...this.#clock, anchorWallMs: this.#given.clockMsAt(wallMs), anchorSimulatedS };
  }

  /** Of a moment that was told, rounded, what it was before. */
  #exactS(timeS: number, wallMs: number): number {
    const exactS = exactTimeAt(this.#clock, this.#given.clockMsAt(wallMs), this.#given.sleepTimeS);
    return Math.abs(exactS - timeS) < 0.001 ? exactS : timeS;
  }

  /** Begins anew at `wallMs`, from simulated second `timeS` on, at the same rate. */
  restart(wallMs: number, timeS = 0): void {
    this.#clock = this.#anchorAt(timeS, wallMs);
    this.#reachedS = timeS;
  }

  #dueS(wallMs: number): number {
    const { clockMsAt, sleepTimeS, endS } = this.#given;
    return simulatedTimeAt(this.#clock, clockMsAt(wallMs), sleepTimeS, endS);
  }
}
