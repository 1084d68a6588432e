import { passPrice } from "./bill.ts";
import { findLimitedCrossing } from "./events.ts";
import type { Walk } from "./flow.ts";
import { goAlongLine } from "./go-along-line.ts";
import { integrateMinimum } from "./integrate-minimum.ts";
import { holdsAt, type LimitedFlow } from "./limited-powers.ts";
import { batteryPowerOf } from "./powers.ts";
import { aheadOf, placeOf, pointOf } from "./series.ts";
import { shareUntilBend } from "./walk.ts";

/*
 * Finds the next event of a home with limits, as `followToEvent` says. Beside its charges and times, a decision that changes is
 * one. A line that bends where the battery begins to give, a power that changes its sign and a price are none: quiet steps go
 * on over them.
 */

/** Follows `walk`, whose flow is `limited`, as `followToEvent` does. */
export function followLimited(walk: Walk, limited: LimitedFlow, lastS: number): boolean {
  const { segment, bill } = walk;
  for (;;) {
    if (followQuietLines(walk, limited, lastS)) return false;
    if (walk.timeS < segment.endS) {
      const priceS = bill === null ? Number.POSITIVE_INFINITY : bill.nextPriceS;
      const lineEndS = Math.min(segment.endS, walk.pointS, priceS);
      const crossingS = segment.mayCross ? findLimitedCrossing(walk, limited) : Number.POSITIVE_INFINITY;
      const outcome = goAlongLine(walk, lineEndS, crossingS, lastS);
      if (outcome !== "atLineEnd") return outcome === "atEvent";
    }
    const { timeS, batteryWs } = walk;
    if (timeS === segment.endS || batteryWs >= segment.upWs || batteryWs <= segment.downWs) return true;
    if (bill !== null && timeS === bill.nextPriceS)
      passPrice(bill, segment, limited, timeS, walk.solarWs, walk.demandWs);
  }
}

/**
 * Follows `walk` over lines as long as no decision changes and no charge of the horizon comes near; returns as `followQuietSteps`
 * does.
 */
export function followQuietLines(walk: Walk, limited: LimitedFlow, lastS: number): boolean {
  const { segment, bill } = walk;
  if (!segment.hasQuietSteps || walk.pointS > segment.endS) return false;
  const { home, world, sun, hasMeans, endS, upWs, downWs } = segment;
  const { steadyW, sunRatio, loadRatio, bendW, drawRatio } = segment;
  const { demand, solarFactor } = home;
  const { stepS } = demand;
  const sunAhead = aheadOf(sun);
  const demandAhead = aheadOf(demand);
  const { values: irradiances } = sun;
  const { values: demands } = demand;
  const isPaged = sun.pages !== undefined || demand.pages !== undefined;
  const repeat = world.atEndOfData === "repeat";
  let { timeS, solarW, demandW, batteryW, solarWs, demandWs, batteryWs, chargedWs } = walk;
  let { step, stepSolarW, stepDemandW, pointS, pointSolarW, pointDemandW, pointBatteryW } = walk;
  let isBent = pointS < (step + 1) * stepS;
  let priceS = bill === null ? Number.POSITIVE_INFINITY : bill.nextPriceS;
  let stopS = Math.min(endS, lastS, priceS);
  let isQuiet: boolean;
  for (;;) {
    const durationS = pointS - timeS;
    const lastW = isBent ? batteryPowerOf(segment, pointSolarW, pointDemandW) : pointBatteryW;
    const lineWs = (batteryW + lastW) * (durationS / 2);
    const nextWs = batteryWs + lineWs;
    if (!isBent && batteryW * lastW >= 0) isQuiet = nextWs < upWs && nextWs > downWs;
    else {
      const farWs = 2 * Math.max(Math.abs(batteryW), Math.abs(pointBatteryW)) * durationS;
      isQuiet = upWs - batteryWs > farWs && batteryWs - downWs > farWs;
    }
    isQuiet &&=
      holdsAt(limited, pointSolarW, pointDemandW) && (!hasMeans || holdsAt(limited, solarW, demandW));
    if (!isQuiet || pointS > stopS) {
      if (bill === null || timeS < priceS) break;
      passPrice(bill, segment, limited, timeS, solarWs, demandWs);
      priceS = bill.nextPriceS;
      stopS = Math.min(endS, lastS, priceS);
      continue;
    }
    solarWs += (solarW + pointSolarW) * (durationS / 2);
    demandWs += (demandW + pointDemandW) * (durationS / 2);
    batteryWs = nextWs;
    if (batteryW >= 0 && lastW >= 0) chargedWs += lineWs;
    else if (batteryW > 0 || lastW > 0)
      chargedWs += lineWs - integrateMinimum(batteryW, lastW, 0, 0, durationS);
    timeS = pointS;
    solarW = pointSolarW;
    demandW = pointDemandW;
    batteryW = lastW;
    if (!isBent) {
      step++;
      stepSolarW = solarW;
      stepDemandW = demandW;
    }
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
    if (isBent) {
      isBent = false;
      continue;
    }
    if (hasMeans) {
      if (sunAhead === 0) solarW = stepSolarW = pointSolarW;
      if (demandAhead === 0) demandW = stepDemandW = pointDemandW;
      batteryW = batteryPowerOf(segment, solarW, demandW);
    }
    const fromW = batteryW - bendW;
    const toW = pointBatteryW - bendW;
    if (fromW * toW < 0) {
      const share = shareUntilBend(fromW, toW, drawRatio);
      const bendS = timeS + (pointS - timeS) * share;
      if (bendS > timeS && bendS < pointS) {
        isBent = true;
        pointS = bendS;
        pointSolarW = solarW + (pointSolarW - solarW) * share;
        pointDemandW = demandW + (pointDemandW - demandW) * share;
        pointBatteryW = bendW;
      }
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
  walk.step = step;
  walk.stepSolarW = stepSolarW;
  walk.stepDemandW = stepDemandW;
  walk.pointS = pointS;
  walk.pointSolarW = pointSolarW;
  walk.pointDemandW = pointDemandW;
  walk.pointBatteryW = pointBatteryW;
  return isQuiet && pointS <= endS && pointS > lastS && lastS < priceS;
}
