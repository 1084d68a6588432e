import { type HomeLimits, limitsNothing, neutralLimits } from "./home-limits.ts";
import type { BatteryLimit } from "./unit.ts";
import type { Home, World } from "./world.ts";

/*
 * Powers of a home with limits from one event to the next. Each is a steady part, a share of the sun and a share of the demand;
 * three numbers thus say what it is at any moment and, with what has flowed of sun and demand in the place of their powers,
 * which energy it was. Whatever was decided where the segment begins is kept as a guard: a power that is not below zero until
 * the decision changes.
 *
 * Always: a decision whose power is zero within rounding falls to the side to which its slope leads, and to neither if it has none
 * (docs/model.md, 4.4), so that a segment always lasts.
 *
 * Rejected: an object for each power, since a year of 100 homes has hundreds of thousands of segments; min and max at every point,
 * since energies would then need every bend between points as well.
 */

/** Powers of a segment, each in three places of `LimitedFlow.powers`: steady [W], share of the sun, share of the demand. */
export const at = {
  stored: 0,
  battery: 3,
  acIntake: 6,
  acLoss: 9,
  dcLoss: 12,
  unserved: 15,
  /** Only where there is a surplus or a lack. */
  curtailed: 18,
  wastedImport: 21,
  sold: 24,
  saleLoss: 27,
  shortfall: 30,
  /** On the way to these: what the controller takes of the sun, AC charging, what the battery is asked for … */
  sun: 33,
  charging: 36,
  asked: 39,
  /** … what of it is still to be placed, and what is being decided. */
  rest: 42,
  given: 45,
  test: 48,
} as const;

const places = 51;
const mostGuards = 20;

/** The powers of one segment of a home with limits. */
export interface LimitedFlow {
  readonly limits: HomeLimits;
  /** Those that its home has come to before and may come to again, itself among them. */
  readonly known: LimitedFlow[];
  /** What it hangs on beside sun and demand: UPS, outage and limits of the battery as one number, below 0 before it was used. */
  regime: number;
  dcGridW: number;
  converterLossW: number;
  readonly powers: Float64Array;
  /** Powers likewise, `guardCount` of them. */
  readonly guards: Float64Array;
  guardCount: number;
  /** Up to these, from nothing on, all guards hold; below 0 where they do not near nothing. */
  safeSolarW: number;
  safeDemandW: number;
  /** Whether the controller takes less than the panels could deliver. */
  isClipped: boolean;
  /** Whether the battery is asked to take more than it does, or to give more. */
  hasSurplus: boolean;
  hasLack: boolean;
  /** Whether the UPS bypasses the battery, by charge or by demand. */
  isBypassed: boolean;
  /** Whether the demand is more than the UPS carries. */
  isOverloaded: boolean;
  /** Whether AC does not serve all of a lack, and whether a surplus is more than the sun. */
  isBeyondAc: boolean;
  isBeyondSun: boolean;
  /** Whether a battery at its floor does not give what it is asked for. */
  isStarved: boolean;
  /** Whether some demand is not served. */
  isUnserved: boolean;
  /** How the battery stands, and where what is stored bends (`Segment`). */
  batteryLimit: BatteryLimit;
  bendW: number;
  drawRatio: number;
  /** What decisions look at: the present, and how sun and demand go on [W/s]. */
  timeS: number;
  solarW: number;
  demandW: number;
  solarSlope: number;
  demandSlope: number;
}

/** Null for an ideal home on an AC grid that never fails and costs nothing. */
export function createLimitedFlow({ limits, outages }: Home, world: World): LimitedFlow | null {
  const isIdeal = limits === undefined || limitsNothing(limits);
  if (isIdeal && outages === undefined && world.tariff === undefined) return null;
  if (!world.powerFlowEnabled) return null;
  return allocateFlow(limits ?? neutralLimits, []);
}

/** A flow among the `known` ones of its home, of which nothing is decided yet. */
export function allocateFlow(limits: HomeLimits, known: LimitedFlow[]): LimitedFlow {
  const flow: LimitedFlow = {
    limits,
    known,
    regime: -1,
    dcGridW: 0,
    converterLossW: 0,
    powers: new Float64Array(places),
    guards: new Float64Array(3 * mostGuards),
    guardCount: 0,
    safeSolarW: -1,
    safeDemandW: -1,
    isClipped: false,
    hasSurplus: false,
    hasLack: false,
    isBypassed: false,
    isOverloaded: false,
    isBeyondAc: false,
    isBeyondSun: false,
    isStarved: false,
    isUnserved: false,
    batteryLimit: "none",
    bendW: Number.NEGATIVE_INFINITY,
    drawRatio: 1,
    timeS: 0,
    solarW: 0,
    demandW: 0,
    solarSlope: 0,
    demandSlope: 0,
  };
  known.push(flow);
  return flow;
}

/** A power under this sun and demand; or with a duration, and what has flowed of both in it, its energy. */
export function valueAt(powers: Float64Array, place: number, steady: number, sun: number, demand: number) {
  return (
    (powers[place] as number) * steady +
    (powers[place + 1] as number) * sun +
    (powers[place + 2] as number) * demand
  );
}

/** Whether a power that is `valueW` at `timeS` and goes on with `slope` counts as positive (docs/model.md, 4.4). */
export function isPositive(valueW: number, slope: number, timeS: number): boolean {
  if (valueW > 0) return slope >= 0 || timeS - valueW / slope > timeS;
  return slope > 0 && timeS - valueW / slope <= timeS;
}

/** Whether no decision changes up to this sun and demand, to which both lead from where all held. */
export function holdsAt(flow: LimitedFlow, solarW: number, demandW: number): boolean {
  if (isSafe(flow, solarW, demandW)) return true;
  const { guards, guardCount } = flow;
  for (let place = 3 * guardCount - 3; place >= 0; place -= 3)
    if (valueAt(guards, place, 1, solarW, demandW) < 0) return false;
  return true;
}

/** Whether all guards hold for certain, and are above zero: most often, and seen without looking at each. */
export function isSafe({ safeSolarW, safeDemandW }: LimitedFlow, solarW: number, demandW: number): boolean {
  return solarW >= 0 && solarW <= safeSolarW && demandW >= 0 && demandW <= safeDemandW;
}

/** Notes how far sun and demand may go, each whatever the other does, before a guard may fail. */
export function setSafe(flow: LimitedFlow): void {
  const { guards, guardCount } = flow;
  let solarW = Number.MAX_VALUE;
  let demandW = Number.MAX_VALUE;
  for (let place = 3 * guardCount - 3; place >= 0; place -= 3) {
    const steadyW = guards[place] as number;
    const ofSun = guards[place + 1] as number;
    const ofDemand = guards[place + 2] as number;
    // Where both draw it down, each may take half. What is left away is far more than what rounding adds.
    const roomW = steadyW * (ofSun < 0 && ofDemand < 0 ? 0.499 : 0.999);
    if (!(roomW > 0)) solarW = -1;
    if (ofSun < 0) solarW = Math.min(solarW, -roomW / ofSun);
    if (ofDemand < 0) demandW = Math.min(demandW, -roomW / ofDemand);
  }
  flow.safeSolarW = solarW;
  flow.safeDemandW = demandW;
}

/** Decides whether a power is positive, and guards the decision. */
export function decide(flow: LimitedFlow, steadyW: number, ofSun: number, ofDemand: number): boolean {
  const valueW = steadyW + ofSun * flow.solarW + ofDemand * flow.demandW;
  const slope = ofSun * flow.solarSlope + ofDemand * flow.demandSlope;
  const decision = isPositive(valueW, slope, flow.timeS);
  if (ofSun !== 0 || ofDemand !== 0) {
    const { guards } = flow;
    const guard = 3 * flow.guardCount++;
    guards[guard] = decision ? steadyW : -steadyW;
    guards[guard + 1] = decision ? ofSun : -ofSun;
    guards[guard + 2] = decision ? ofDemand : -ofDemand;
  }
  return decision;
}

/** The same of the power at `place`. */
export function decideOn(flow: LimitedFlow, place: number): boolean {
  const { powers } = flow;
  return decide(flow, powers[place] as number, powers[place + 1] as number, powers[place + 2] as number);
}

export function set(
  powers: Float64Array,
  place: number,
  steadyW: number,
  ofSun: number,
  ofDemand: number,
): void {
  powers[place] = steadyW;
  powers[place + 1] = ofSun;
  powers[place + 2] = ofDemand;
}

export function clear(powers: Float64Array, place: number): void {
  set(powers, place, 0, 0, 0);
}

export function copy(powers: Float64Array, to: number, from: number): void {
  set(powers, to, powers[from] as number, powers[from + 1] as number, powers[from + 2] as number);
}

/** Adds `factor` times one power to another. */
export function add(powers: Float64Array, to: number, factor: number, from: number): void {
  powers[to] = (powers[to] as number) + factor * (powers[from] as number);
  powers[to + 1] = (powers[to + 1] as number) + factor * (powers[from + 1] as number);
  powers[to + 2] = (powers[to + 2] as number) + factor * (powers[from + 2] as number);
}

export function isNothing(powers: Float64Array, place: number): boolean {
  return powers[place] === 0 && powers[place + 1] === 0 && powers[place + 2] === 0;
}
