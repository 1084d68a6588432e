import { advanceUnit } from "../../simulation/advance.ts";
import type { Observer } from "../../simulation/observer.ts";
import type { UnitState } from "../../simulation/unit.ts";
import { secondsPerDay, type World } from "../../simulation/world.ts";

/*
 * Catching up. Time that nobody looked at is computed when somebody does. Where that is much, as after days at a high
 * acceleration, it is done in slices: each ends at a simulated midnight, which is an event of every unit anyway, and is committed
 * there, so that nothing is computed twice after a kill. Between slices other requests have their turn.
 *
 * Always: how slices are cut changes no bit of units, bus or finished days. What one slice can do is not committed.
 *
 * Rejected: counting seconds within a slice, since the platform's clock stands still while code runs.
 */

/** What one slice may compute, and record: segments and homes' days, each about 0.05 s of them. */
const workOfSlice = 125_000;
/** Homes' days that are passed before anybody looks at what they cost. */
const daysAtOnce = 1000;
/** How many empty batteries the log names in each slice: the others are counted. */
export const mostEmptiedTold = 10;
/** Wall time that one request works at most on catching up [ms]. */
const patienceMs = 2000;

/** What a slice may still do. */
export class Work {
  #left: number;

  constructor(left = workOfSlice) {
    this.#left = left;
  }

  get isDone(): boolean {
    return this.#left <= 0;
  }

  spend(work: number): void {
    this.#left -= work;
  }
}

/** A wall clock, which goes on at a rest at the latest. */
export interface Pacer {
  nowMs(): number;
  /** Lets others have their turn. */
  rest(): Promise<void>;
}

/** Lets requests and alarms carry one community on. Of several at once one does the slices, while the others wait. */
export class Slices {
  readonly #pacer: Pacer;
  #worker: symbol | null = null;
  #workedMs = 0;

  constructor(pacer: Pacer) {
    this.#pacer = pacer;
  }

  /** Does slices until one says that it was the last, for as long as one request works; returns whether it was. */
  async work(slice: () => boolean): Promise<boolean> {
    const { nowMs, rest } = this.#pacer;
    const beganMs = nowMs();
    const own = Symbol();
    try {
      for (;;) {
        // The platform may drop a request in the middle of its wait.
        const isFree = this.#worker === null || nowMs() - this.#workedMs > patienceMs;
        if (isFree) this.#worker = own;
        if (this.#worker === own) {
          if (slice()) return true;
          this.#workedMs = nowMs();
        }
        await rest();
        if (nowMs() - beganMs >= patienceMs) return false;
      }
    } finally {
      if (this.#worker === own) this.#worker = null;
    }
  }
}

/** Simulated days whose ends all units have passed. */
export function countPassedDays(units: readonly UnitState[]): number {
  let leastS = Number.POSITIVE_INFINITY;
  for (const { timeS } of units) leastS = Math.min(leastS, timeS);
  return Math.floor(leastS / secondsPerDay);
}

/** Simulated time from the end of `days` up to `untilS`, if that is more than anybody would compute at once [s]; else 0. */
export function behindS(units: readonly UnitState[], untilS: number, days = countPassedDays(units)): number {
  const isNear = (Math.floor(untilS / secondsPerDay) - days) * units.length <= daysAtOnce;
  return isNear ? 0 : untilS - days * secondsPerDay;
}

/**
 * Passes the events of all units up to the last midnight at or before `untilS`, or as far as `work` goes: then all units are at
 * one midnight, if none was beyond it. `passTrips` goes before: what protects converters touches several units. Returns how many
 * days they have passed.
 */
export function passDays(
  units: readonly UnitState[],
  untilS: number,
  world: World,
  observer: Observer,
  work: Work,
  passTrips: (untilS: number, observer: Observer) => void = () => {},
): number {
  const counting: Observer = {
    ...observer,
    onAdvanced(segments) {
      work.spend(segments);
      observer.onAdvanced?.(segments);
    },
  };
  const dueDays = Math.floor(untilS / secondsPerDay);
  const stride = Math.max(1, Math.floor(daysAtOnce / units.length));
  let days = countPassedDays(units);
  while (days < dueDays && !work.isDone) {
    const next = Math.min(dueDays, days + stride);
    passTrips(next * secondsPerDay, counting);
    for (const unit of units)
      if (unit.timeS < next * secondsPerDay) advanceUnit(unit, next * secondsPerDay, world, counting);
    work.spend((next - days) * units.length);
    days = next;
  }
  return days;
}
