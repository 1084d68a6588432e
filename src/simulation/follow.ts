import { findCrossing, hasCrossed } from "./events.ts";
import type { Walk } from "./flow.ts";
import { followLimited } from "./follow-limited.ts";
import { goAlongLine } from "./go-along-line.ts";
import { integrateMinimum } from "./integrate-minimum.ts";
import { aheadOf, placeOf, pointOf } from "./series.ts";

/*
 * Finds the next event of a segment and goes there. It is exact: times are known, charges are roots of a quadratic, powers come
 * to zero on a line (docs/model.md, 4.1). Quiet steps, in which nothing can come, have a loop of their own (4.7).
 *
 * Always: what is done up to an event is the same for every `lastS` (4.5); what quiet steps leave is equal to the bit to what
 * `followLine`, their slow twin, leaves; each round goes on in time or ends (4.6).
 *
 * Rejected: steps of equal length, as the published emulator makes, since they cost by the second and err next to thresholds;
 * searching an event over several points at once, since energies would then be added up in another order than when walking; one
 * loop for all homes, since the engine knows less of what it calls.
 */

/**
 * Follows `walk` to its segment's end, the next event, and returns true; or, if none comes up to and including
 * `lastS`, to the last input point before, and returns false. What is done on the way to an event does not
 * depend on `lastS`.
 */
export function followToEvent(walk: Walk, lastS: number): boolean {
  const { limited } = walk.segment;
  return limited === null ? followIdeal(walk, lastS) : followLimited(walk, limited, lastS);
}

function followIdeal(walk: Walk, lastS: number): boolean {
  const { segment } = walk;
  for (;;) {
    if (followQuietSteps(walk, lastS)) return false;
    if (walk.timeS < segment.endS) {
      const lineEndS = Math.min(segment.endS, walk.pointS);
      const crossingS = segment.mayCross ? findCrossing(walk) : Number.POSITIVE_INFINITY;
      const outcome = goAlongLine(walk, lineEndS, crossingS, lastS);
      if (outcome !== "atLineEnd") return outcome === "atEvent";
    }
    if (walk.timeS === segment.endS || hasEnded(walk)) return true;
  }
}

/** Whether the walk has come to where its segment ends otherwise than by time. */
function hasEnded(walk: Readonly<Walk>): boolean {
  const { segment, batteryWs } = walk;
  if (batteryWs >= segment.upWs || batteryWs <= segment.downWs) return true;
  return segment.mayCross && hasCrossed(walk);
}

/**
 * Follows `walk` up to input points as long as the battery's power keeps its sign and no event can come:
 * nearly all of a year, and therefore written out. Returns true where the next such step would go beyond
 * `lastS`, and false before any other one.
 */
export function followQuietSteps(walk: Walk, lastS: number): boolean {
  const { segment } = walk;
  const { home, world, sun, hasMeans, endS, steadyW, loadRatio, upWs, downWs } = segment;
  // At a limit a power that steps over zero is an event.
  if (hasMeans && segment.mayCross) return false;
  if (!segment.hasQuietSteps || walk.pointS > endS || !(walk.batteryW * walk.pointBatteryW > 0)) return false;
  const { demand, solarFactor } = home;
  const { stepS } = demand;
  const sunAhead = aheadOf(sun);
  const demandAhead = aheadOf(demand);
  // What is in memory is looked up here: asking each time whether it is made a year 5 % longer.
  const { values: irradiances } = sun;
  const { values: demands } = demand;
  const isPaged = sun.pages !== undefined || demand.pages !== undefined;
  const repeat = world.atEndOfData === "repeat";
  const isFull = segment.batteryLimit === "full";
  let { timeS, solarW, demandW, batteryW, solarWs, demandWs, batteryWs, chargedWs, curtailedWs } = walk;
  let { step, pointS, pointSolarW, pointDemandW, pointBatteryW } = walk;
  const stopS = Math.min(endS, lastS);
  let isQuiet: boolean;
  for (;;) {
    const halfS = (pointS - timeS) / 2;
    const stepWs = (batteryW + pointBatteryW) * halfS;
    const nextWs = batteryWs + stepWs;
    isQuiet = batteryW * pointBatteryW > 0 && nextWs < upWs && nextWs > downWs;
    if (!isQuiet || pointS > stopS) break;
    solarWs += (solarW + pointSolarW) * halfS;
    demandWs += (demandW + pointDemandW) * halfS;
    batteryWs = nextWs;
    if (isFull) {
      const isAllOfSun = batteryW <= solarW && pointBatteryW <= pointSolarW;
      curtailedWs += isAllOfSun
        ? stepWs
        : integrateMinimum(batteryW, pointBatteryW, solarW, pointSolarW, 2 * halfS);
    } else if (batteryW > 0) chargedWs += stepWs;
    timeS = pointS;
    solarW = pointSolarW;
    demandW = pointDemandW;
    batteryW = pointBatteryW;
    step++;
    pointS = (step + 1) * stepS;
    if (isPaged) {
      pointSolarW = pointOf(sun, step + sunAhead, repeat) * solarFactor;
      pointDemandW = pointOf(demand, step + demandAhead, repeat);
    } else {
      pointSolarW =
        (irradiances[placeOf(step + sunAhead, irradiances.length, repeat)] as number) * solarFactor;
      pointDemandW = demands[placeOf(step + demandAhead, demands.length, repeat)] as number;
    }
    pointBatteryW = steadyW + pointSolarW - loadRatio * pointDemandW;
    if (hasMeans) {
      if (sunAhead === 0) solarW = pointSolarW;
      if (demandAhead === 0) demandW = pointDemandW;
      batteryW = steadyW + solarW - loadRatio * demandW;
    }
  }
  if (step > walk.step) {
    walk.stepSolarW = solarW;
    walk.stepDemandW = demandW;
  }
  walk.timeS = timeS;
  walk.solarW = solarW;
  walk.demandW = demandW;
  walk.batteryW = batteryW;
  walk.solarWs = solarWs;
  walk.demandWs = demandWs;
  walk.batteryWs = batteryWs;
  walk.chargedWs = chargedWs;
  walk.curtailedWs = curtailedWs;
  walk.step = step;
  walk.pointS = pointS;
  walk.pointSolarW = pointSolarW;
  walk.pointDemandW = pointDemandW;
  walk.pointBatteryW = pointBatteryW;
  return isQuiet && pointS <= endS;
}
