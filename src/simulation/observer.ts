import type { Ledger } from "./ledger.ts";
import { type PowerReading, readPowersAt } from "./reading.ts";
import { stepAt } from "./series.ts";
import type { UnitState } from "./unit.ts";
import type { World } from "./world.ts";

/**
 * Watches units as they advance. It is told of each unit in its order of time, of what lies between two events
 * once the second is passed: at the day's end at the latest. It gets copies, or must leave what it is handed
 * as it is.
 */
export interface Observer {
  /** Simulated time between samples [s]; samples fall on its multiples, after the events of that moment. */
  readonly sampleIntervalS?: number;
  onSample?(reading: PowerReading): void;
  /** `ledger` holds the energies of simulated day `day` (0 is the first). */
  onDayEnd?(unit: Readonly<UnitState>, day: number, ledger: Readonly<Ledger>): void;
  /** So many segments, each from one event to the next, were passed at once. */
  onAdvanced?(segments: number): void;
  /** `unit` as it was at an event, after which none came until `endS`. */
  onStretch?(unit: UnitState, endS: number, world: World): void;
  onBatteryEmpty?(unit: Readonly<UnitState>, timeS: number): void;
}

/** Reports the samples that fall between the unit's last event and its next one, at `endS`. */
export function notifySamples(observer: Observer, unit: UnitState, endS: number, world: World): void {
  const intervalS = observer.sampleIntervalS;
  if (intervalS === undefined || observer.onSample === undefined) return;
  const step = stepAt(unit.timeS, intervalS);
  for (let k = step * intervalS < unit.timeS ? step + 1 : step; k * intervalS < endS; k++) {
    observer.onSample(readPowersAt(unit, k * intervalS, world));
  }
}
