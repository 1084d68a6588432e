import { passPrice } from "./bill.ts";
import { findCrossing, hasCrossed } from "./events.ts";
import type { Walk } from "./flow.ts";
import { integrateMinimum } from "./integrate-minimum.ts";
import { holdsAt, type LimitedFlow } from "./limited-powers.ts";
import { secondsUntilEnergy } from "./roots.ts";
import { aheadOf, placeOf, pointOf } from "./series.ts";
import { bendLine, followLine } from "./walk.ts";

/*
 * Finds the next event of a segment and goes there. It is exact: times are known, charges are roots of a quadratic, powers come
 * to zero on a line (docs/model.md, 4.1). Quiet steps, in which nothing can come, have a loop of their own (4.7).
 *
 * Always: what is done up to an event is the same for every `lastS` (4.5); what quiet steps leave is equal to the bit to what
 * `followLine`, their slow twin, leaves; each round goes on in time or ends (4.6).
 *
 * Rejected: steps of equal length, as the published emulator makes, since they cost by the second and err next to thresholds;
 * searching an event over several points at once, since energies would then be added up in another order than when walking.
 */

/**
 * Follows `walk` to its segment's end, the next event, and returns true; or, if none comes up to and including
 * `lastS`, to the last input point before, and returns false. What is done on the way to an event does not
 * depend on `lastS`.
 */
export function followToEvent(walk: Walk, lastS: number): boolean {
  const { segment, bill } = walk;
  for (;;) {
    const { limited } = segment;
    const priceS = bill === null ? Number.POSITIVE_INFINITY : bill.nextPriceS;
    const stopS = Math.min(lastS, priceS);
    const isBeyond =
      limited === null ? followQuietSteps(walk, stopS) : followLimitedSteps(walk, limited, stopS);
    if (isBeyond && lastS < priceS) return false;
    if (bill !== null && walk.timeS === priceS) {
      passPrice(walk, bill);
      continue;
    }
    if (walk.timeS < segment.endS) {
      const lineEndS = Math.min(segment.endS, walk.pointS, priceS);
      const crossingS = segment.mayCross ? findCrossing(walk) : Number.POSITIVE_INFINITY;
      let upS = Number.POSITIVE_INFINITY;
      let downS = Number.POSITIVE_INFINITY;
      if (segment.batteryLimit === "none") {
        const { timeS, pointS, batteryW, batteryWs, pointBatteryW } = walk;
        // Twice what can flow up to the point: no rounding lets a charge that is farther be met before.
        const farWs = 2 * Math.max(Math.abs(batteryW), Math.abs(pointBatteryW)) * (pointS - timeS);
        const slope = (pointBatteryW - batteryW) / (pointS - timeS);
        const upRoomWs = segment.upWs - batteryWs;
        const downRoomWs = batteryWs - segment.downWs;
        if (upRoomWs <= farWs) upS = timeS + secondsUntil(upRoomWs, batteryW, slope);
        if (downRoomWs <= farWs) downS = timeS + secondsUntil(downRoomWs, -batteryW, -slope);
      }
      const eventS = Math.min(lineEndS, crossingS, upS, downS);
      if (eventS > lastS) return false;
      followLine(walk, eventS);
      if (eventS < lineEndS) {
        if (eventS < crossingS) walk.metPercent = upS < downS ? segment.upPercent : segment.downPercent;
        return true;
      }
    }
    if (walk.timeS === segment.endS || hasEnded(walk)) return true;
  }
}

/** Seconds until a room of `roomWs` is filled, or filled again, by `powerW + slope·τ`; never if it is overfull. */
function secondsUntil(roomWs: number, powerW: number, slope: number): number {
  if (roomWs < 0 || (roomWs === 0 && powerW >= 0)) return Number.POSITIVE_INFINITY;
  return secondsUntilEnergy(powerW, slope, roomWs);
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

/** Likewise of a home with limits, as long as no decision changes and no charge of the horizon is met. */
export function followLimitedSteps(walk: Walk, limited: LimitedFlow, lastS: number): boolean {
  const { segment } = walk;
  const { bendW } = segment;
  // Once in three times nothing is quiet: that is seen before all else is looked up.
  if (!(walk.batteryW * walk.pointBatteryW >= 0)) return false;
  if (!((walk.batteryW - bendW) * (walk.pointBatteryW - bendW) >= 0)) return false;
  const { home, world, sun, hasMeans, endS, steadyW, sunRatio, loadRatio, upWs, downWs, drawRatio } = segment;
  const { demand, solarFactor } = home;
  const { stepS } = demand;
  if (!segment.hasQuietSteps || walk.pointS > endS || walk.pointS < (walk.step + 1) * stepS) return false;
  const sunAhead = aheadOf(sun);
  const demandAhead = aheadOf(demand);
  const { values: irradiances } = sun;
  const { values: demands } = demand;
  const isPaged = sun.pages !== undefined || demand.pages !== undefined;
  const repeat = world.atEndOfData === "repeat";
  let { timeS, solarW, demandW, batteryW, solarWs, demandWs, batteryWs, chargedWs } = walk;
  let { step, pointS, pointSolarW, pointDemandW, pointBatteryW } = walk;
  const stopS = Math.min(endS, lastS);
  let isQuiet: boolean;
  for (;;) {
    const halfS = (pointS - timeS) / 2;
    const stepWs = (batteryW + pointBatteryW) * halfS;
    const nextWs = batteryWs + stepWs;
    isQuiet =
      batteryW * pointBatteryW >= 0 &&
      (batteryW - bendW) * (pointBatteryW - bendW) >= 0 &&
      nextWs < upWs &&
      nextWs > downWs &&
      holdsAt(limited, pointSolarW, pointDemandW) &&
      (!hasMeans || holdsAt(limited, solarW, demandW));
    if (!isQuiet || pointS > stopS) break;
    solarWs += (solarW + pointSolarW) * halfS;
    demandWs += (demandW + pointDemandW) * halfS;
    batteryWs = nextWs;
    if (batteryW >= 0 && pointBatteryW >= 0) chargedWs += stepWs;
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
    pointBatteryW = steadyW + sunRatio * pointSolarW - loadRatio * pointDemandW;
    if (pointBatteryW < bendW) pointBatteryW = bendW + (pointBatteryW - bendW) * drawRatio;
    if (hasMeans) {
      if (sunAhead === 0) solarW = pointSolarW;
      if (demandAhead === 0) demandW = pointDemandW;
      batteryW = steadyW + sunRatio * solarW - loadRatio * demandW;
      if (batteryW < bendW) batteryW = bendW + (batteryW - bendW) * drawRatio;
    }
  }
  const hasGone = step > walk.step;
  walk.timeS = timeS;
  walk.solarW = solarW;
  walk.demandW = demandW;
  walk.batteryW = batteryW;
  walk.solarWs = solarWs;
  walk.demandWs = demandWs;
  walk.batteryWs = batteryWs;
  walk.chargedWs = chargedWs;
  walk.step = step;
  walk.pointS = pointS;
  walk.pointSolarW = pointSolarW;
  walk.pointDemandW = pointDemandW;
  walk.pointBatteryW = pointBatteryW;
  if (hasGone && !isQuiet) bendLine(walk);
  return isQuiet && pointS <= endS;
}
