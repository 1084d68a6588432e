import type { Walk } from "./flow.ts";
import { integrateMinimum } from "./integrate-minimum.ts";
import { batteryPowerOf, demandPowerAtPoint, solarPowerAtPoint } from "./powers.ts";
import { aheadOf, stepAt } from "./series.ts";

/** Puts `walk` where its unit stood at its last event, with nothing flowed. */
export function beginWalk(walk: Walk): void {
  const { segment } = walk;
  const { stepS } = segment.home.demand;
  const { timeS, heldSolarPowerW, heldDemandPowerW } = segment.unit;
  // Nothing was held and nothing is: what the walk knows of its step still holds.
  if (
    segment.hasQuietSteps &&
    timeS === walk.timeS &&
    walk.pointS === (walk.step + 1) * stepS &&
    heldSolarPowerW === null &&
    heldDemandPowerW === null
  )
    walk.pointBatteryW = batteryPowerOf(segment, walk.pointSolarW, walk.pointDemandW);
  else {
    const step = stepAt(timeS, stepS);
    lookAhead(walk, step);
    walk.stepSolarW = solarPowerAtPoint(segment, step);
    walk.stepDemandW = demandPowerAtPoint(segment, step);
  }
  const { stepSolarW, stepDemandW } = walk;
  const share = (timeS - walk.step * stepS) / stepS;
  walk.timeS = timeS;
  walk.solarW = stepSolarW + (walk.pointSolarW - stepSolarW) * share;
  walk.demandW = stepDemandW + (walk.pointDemandW - stepDemandW) * share;
  walk.batteryW = batteryPowerOf(segment, walk.solarW, walk.demandW);
  walk.solarWs = 0;
  walk.demandWs = 0;
  walk.batteryWs = 0;
  walk.chargedWs = 0;
  walk.curtailedWs = 0;
  walk.metPercent = Number.NaN;
}

/** A walk that goes on by itself from where `walk` is. */
export function copyWalk(walk: Readonly<Walk>): Walk {
  return { ...walk, bill: walk.bill === null ? null : { ...walk.bill } };
}

/** Follows `walk` to `timeS`, which is not after the next input point. */
export function followLine(walk: Walk, timeS: number): void {
  const { segment, pointS, solarW, demandW, batteryW } = walk;
  const durationS = timeS - walk.timeS;
  const share = durationS / (pointS - walk.timeS);
  const isPoint = timeS === pointS;
  walk.timeS = timeS;
  walk.solarW = isPoint ? walk.pointSolarW : solarW + (walk.pointSolarW - solarW) * share;
  walk.demandW = isPoint ? walk.pointDemandW : demandW + (walk.pointDemandW - demandW) * share;
  walk.batteryW = batteryPowerOf(segment, walk.solarW, walk.demandW);
  const batteryWs = (batteryW + walk.batteryW) * (durationS / 2);
  walk.solarWs += (solarW + walk.solarW) * (durationS / 2);
  walk.demandWs += (demandW + walk.demandW) * (durationS / 2);
  walk.batteryWs += batteryWs;
  if (segment.batteryLimit === "none") {
    if (batteryW >= 0 && walk.batteryW >= 0) walk.chargedWs += batteryWs;
    else if (batteryW > 0 || walk.batteryW > 0)
      walk.chargedWs += batteryWs - integrateMinimum(batteryW, walk.batteryW, 0, 0, durationS);
  } else if (segment.batteryLimit === "full") {
    const isAllOfSun = batteryW <= solarW && walk.batteryW <= walk.solarW;
    walk.curtailedWs += isAllOfSun
      ? batteryWs
      : integrateMinimum(batteryW, walk.batteryW, solarW, walk.solarW, durationS);
  }
  if (!isPoint) return;
  // Behind a bend the line leads to the step's end: it bends once.
  if (timeS < (walk.step + 1) * segment.home.demand.stepS) lookAhead(walk, walk.step);
  else enterStep(walk, walk.step + 1);
}

/** Goes on with `step` at its beginning: there a series of means has its next value at once. */
function enterStep(walk: Walk, step: number): void {
  const { segment } = walk;
  lookAhead(walk, step);
  if (segment.hasMeans) {
    if (segment.sun.isMeans === true) walk.solarW = walk.pointSolarW;
    if (segment.home.demand.isMeans === true) walk.demandW = walk.pointDemandW;
    walk.batteryW = batteryPowerOf(segment, walk.solarW, walk.demandW);
  }
  walk.stepSolarW = walk.solarW;
  walk.stepDemandW = walk.demandW;
  bendLine(walk);
}

/** The share of a line after which the battery begins or ends to give, from `fromW` and `toW` above that. */
export function shareUntilBend(fromW: number, toW: number, drawRatio: number): number {
  // Both as on the side of giving, where all is linear in sun and demand.
  const goneW = fromW > 0 ? fromW * drawRatio : fromW;
  const leftW = fromW > 0 ? toW : toW * drawRatio;
  return goneW / (goneW - leftW);
}

/** Ends the line at which `walk` stands where the battery begins or ends to give, if that is before the step ends. */
export function bendLine(walk: Walk): void {
  const { bendW, drawRatio } = walk.segment;
  const { timeS, pointS, solarW, demandW } = walk;
  const fromW = walk.batteryW - bendW;
  const toW = walk.pointBatteryW - bendW;
  if (!(fromW * toW < 0)) return;
  const share = shareUntilBend(fromW, toW, drawRatio);
  const bendS = timeS + (pointS - timeS) * share;
  if (!(bendS > timeS && bendS < pointS)) return;
  walk.pointS = bendS;
  walk.pointSolarW = solarW + (walk.pointSolarW - solarW) * share;
  walk.pointDemandW = demandW + (walk.pointDemandW - demandW) * share;
  walk.pointBatteryW = bendW;
}

/** Sets `step` as the one in which the walk goes on. */
function lookAhead(walk: Walk, step: number): void {
  const { segment } = walk;
  walk.step = step;
  walk.pointS = (step + 1) * segment.home.demand.stepS;
  walk.pointSolarW = solarPowerAtPoint(segment, step + aheadOf(segment.sun));
  walk.pointDemandW = demandPowerAtPoint(segment, step + aheadOf(segment.home.demand));
  walk.pointBatteryW = batteryPowerOf(segment, walk.pointSolarW, walk.pointDemandW);
}
