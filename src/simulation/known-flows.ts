import type { Segment, Walk } from "./flow.ts";
import type { HomeLimits } from "./home-limits.ts";
import { decideFlow } from "./limited-flow.ts";
import { allocateFlow, at, isPositive, isSafe, type LimitedFlow, valueAt } from "./limited-powers.ts";
import { converterLossOf } from "./losses.ts";
import { outageStates, type UnitState } from "./unit.ts";

/*
 * A home with limits comes to the same few flows again and again, by day and night, in either mode of its UPS. What was decided
 * for one is not decided anew.
 *
 * Always: a flow is taken again only where every decision would be the same, so that it has the bits of a new one.
 */

/** How many flows a home keeps. */
const mostKnown = 16;

/**
 * Puts `segment`, which begins where `walk` does, into the flow that holds from there on: one that its home has come to before,
 * if all that was decided then would be decided now, or a new one.
 */
export function beginLimitedFlow(
  segment: Segment,
  walk: Readonly<Walk>,
  { limits, known }: LimitedFlow,
): void {
  const { unit, dcGridW } = segment;
  const converterLossW = converterLossOf(unit, segment.parameters, limits, dcGridW);
  const regime = regimeOf(unit, limits);
  let flow = findKnown(known, regime, dcGridW, converterLossW, walk);
  if (flow === null) {
    flow = spareFlow(known, limits);
    flow.regime = regime;
    flow.dcGridW = dcGridW;
    flow.converterLossW = converterLossW;
    decideFlow(flow, segment, walk);
  }
  segment.limited = flow;
  segment.converterLossW = converterLossW;
  segment.perPercentWs = segment.home.batteryCapacityWh * 36;
  segment.batteryLimit = flow.batteryLimit;
  segment.bendW = flow.bendW;
  segment.drawRatio = flow.drawRatio;
  segment.steadyW = flow.powers[at.stored] as number;
  segment.sunRatio = flow.powers[at.stored + 1] as number;
  segment.loadRatio = -(flow.powers[at.stored + 2] as number);
}

/** What else than powers the flow of a unit hangs on, as one number. */
function regimeOf(unit: Readonly<UnitState>, limits: HomeLimits): number {
  let regime = unit.outage === "none" ? 0 : 16 * outageStates.indexOf(unit.outage);
  if (unit.upsMode === "bypass") regime += 1;
  if (unit.acCharging) regime += 2;
  if (unit.stateOfChargePercent <= limits.batteryFloorPercent) regime += 4;
  if (unit.stateOfChargePercent >= limits.batteryCeilingPercent) regime += 8;
  return regime;
}

/** The flow of this regime of which every decision would be the same where `walk` is. What is found goes forward by one place. */
function findKnown(
  known: LimitedFlow[],
  regime: number,
  dcGridW: number,
  converterLossW: number,
  walk: Readonly<Walk>,
): LimitedFlow | null {
  const restS = walk.pointS - walk.timeS;
  const solarSlope = (walk.pointSolarW - walk.solarW) / restS;
  const demandSlope = (walk.pointDemandW - walk.demandW) / restS;
  for (let i = 0; i < known.length; i++) {
    const flow = known[i] as LimitedFlow;
    if (flow.regime !== regime || flow.dcGridW !== dcGridW || flow.converterLossW !== converterLossW)
      continue;
    if (!continuesAt(flow, walk, restS, solarSlope, demandSlope)) continue;
    if (i > 0) {
      known[i] = known[i - 1] as LimitedFlow;
      known[i - 1] = flow;
    }
    return flow;
  }
  return null;
}

/** One that was never used, a new one, or of `mostKnown` the one that was used least. */
function spareFlow(known: LimitedFlow[], limits: HomeLimits): LimitedFlow {
  const last = known[known.length - 1] as LimitedFlow;
  return last.regime < 0 || known.length === mostKnown ? last : allocateFlow(limits, known);
}

/** Whether all that was decided would be decided where `walk` is; not where something is at zero, which may go either way. */
function continuesAt(
  flow: LimitedFlow,
  walk: Readonly<Walk>,
  restS: number,
  solarSlope: number,
  demandSlope: number,
): boolean {
  const { timeS, solarW, demandW } = walk;
  if (isSafe(flow, solarW, demandW) && isSafe(flow, walk.pointSolarW, walk.pointDemandW)) return true;
  const { guards, guardCount } = flow;
  for (let place = 3 * guardCount - 3; place >= 0; place -= 3) {
    const valueW = valueAt(guards, place, 1, solarW, demandW);
    const slope = (guards[place + 1] as number) * solarSlope + (guards[place + 2] as number) * demandSlope;
    // What stays positive up to the next point is far from zero.
    if (valueW > 0 && valueW + slope * restS > 0) continue;
    if (valueW === 0 || !isPositive(valueW, slope, timeS)) return false;
  }
  return true;
}
