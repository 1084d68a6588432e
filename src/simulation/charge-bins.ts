import { createWalk } from "./segment.ts";
import { nextPointS, stepAt } from "./series.ts";
import type { UnitState } from "./unit.ts";
import { followLine } from "./walk.ts";
import type { World } from "./world.ts";

/** How the charge of a unit went in one bin of time, as far as the unit was there. */
export interface ChargeBin {
  lowestPercent: number;
  highestPercent: number;
  /** Integral of the charge over `durationS` [% · s]. */
  percentSeconds: number;
  /** How long the unit was there; 0 if it never was. */
  durationS: number;
}

/**
 * Collects the charge of one unit in `count` bins of `lengthS` that begin at multiples of it, the first at `firstS`.
 * It is exact: between two events and two input points the charge is a quadratic, whose extrema and integral are
 * known.
 */
export class ChargeBins {
  readonly bins: readonly ChargeBin[];
  readonly #lengthS: number;
  readonly #firstS: number;
  readonly #firstStep: number;

  constructor(firstS: number, lengthS: number, count: number) {
    this.#firstS = firstS;
    this.#lengthS = lengthS;
    this.#firstStep = stepAt(firstS, lengthS);
    this.bins = Array.from({ length: count }, () => ({
      lowestPercent: Number.POSITIVE_INFINITY,
      highestPercent: Number.NEGATIVE_INFINITY,
      percentSeconds: 0,
      durationS: 0,
    }));
  }

  /** Adds what passed from the last event of `unit`, which stays as it is, to `endS`; no other event lies between. */
  add(unit: UnitState, endS: number, world: World): void {
    if (endS <= this.#firstS) return;
    const walk = createWalk(unit, world);
    const { batteryLimit, perPercentWs } = walk.segment;
    const moves = world.powerFlowEnabled && batteryLimit === "none";
    const perPercent = moves ? perPercentWs : Number.POSITIVE_INFINITY;
    for (let timeS = unit.timeS; timeS < endS; ) {
      const bin = this.bins[stepAt(timeS, this.#lengthS) - this.#firstStep];
      const edgeS = Math.min(endS, nextPointS(timeS, this.#lengthS));
      const nextS = moves ? Math.min(edgeS, walk.pointS) : edgeS;
      const percent = unit.stateOfChargePercent + walk.batteryWs / perPercent;
      const rate = walk.batteryW / perPercent;
      // At a point a power of means is that of the next step already.
      const { pointS, pointBatteryW } = walk;
      if (moves) followLine(walk, nextS);
      const lastW = nextS === pointS ? pointBatteryW : walk.batteryW;
      if (bin !== undefined) addQuadratic(bin, percent, rate, lastW / perPercent, nextS - timeS);
      timeS = nextS;
    }
  }
}

/** Adds a charge that begins at `percent` and whose rate [%/s] goes linearly to `lastRate`. */
function addQuadratic(
  bin: ChargeBin,
  percent: number,
  rate: number,
  lastRate: number,
  durationS: number,
): void {
  include(bin, percent);
  include(bin, percent + (rate + lastRate) * (durationS / 2));
  if (rate * lastRate < 0) include(bin, percent + (rate * durationS * (rate / (rate - lastRate))) / 2);
  bin.percentSeconds += percent * durationS + (durationS * durationS * (2 * rate + lastRate)) / 6;
  bin.durationS += durationS;
}

/** Rounding may lead a little beyond what a battery can hold. */
function include(bin: ChargeBin, percent: number): void {
  bin.lowestPercent = Math.min(bin.lowestPercent, Math.max(0, percent));
  bin.highestPercent = Math.max(bin.highestPercent, Math.min(100, percent));
}
