import type { Flow } from "./flow.ts";
import type { Ledger } from "./ledger.ts";
import { type PowerReading, readPowers } from "./reading.ts";
import type { UnitState } from "./unit.ts";
import type { World } from "./world.ts";

/**
 * Watches units as they advance. It is told of what has become certain, each unit in its order of time;
 * it gets copies, or must leave what it is handed as it is.
 */
export interface Observer {
  /** Simulated time between samples [s]; samples fall on its multiples, after the events of that moment. */
  readonly sampleIntervalS?: number;
  onSample?(reading: PowerReading): void;
  /** `ledger` holds the energies of simulated day `day` (0 is the first). */
  onDayEnd?(unit: Readonly<UnitState>, day: number, ledger: Readonly<Ledger>): void;
  /** Segments, input points and other events between them, that were passed at once. */
  onAdvanced?(segments: number): void;
  onBatteryEmpty?(unit: Readonly<UnitState>, timeS: number): void;
}

/** Reports the samples that fall on the segment from the unit's last event up to, not including, `endS`. */
export function notifySamples(
  observer: Observer,
  unit: UnitState,
  flow: Flow,
  endS: number,
  world: World,
): void {
  const intervalS = observer.sampleIntervalS;
  if (intervalS === undefined || observer.onSample === undefined) return;
  for (let k = Math.ceil(unit.timeS / intervalS); k * intervalS < endS; k++) {
    observer.onSample(readPowers(unit, flow, k * intervalS, world));
  }
}
