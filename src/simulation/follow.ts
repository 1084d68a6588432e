import { findBatteryEvent, hasBatteryEvent } from "./battery.ts";
import { type Flow, lookAhead } from "./flow.ts";
import { integrateMinimum } from "./integrate-minimum.ts";
import { batteryPowerOf } from "./powers.ts";
import { placeOf } from "./series.ts";

/**
 * Follows `flow` to its next event and returns true; or, if none comes up to and including `lastS`, to the
 * last input point before, and returns false. What is done on the way to an event does not depend on `lastS`.
 */
export function followToEvent(flow: Flow, lastS: number): boolean {
  for (;;) {
    if (followQuietSteps(flow, lastS)) return false;
    if (flow.timeS < flow.endS) {
      const lineEndS = Math.min(flow.endS, flow.pointS);
      const eventS = findBatteryEvent(flow, lineEndS);
      if (eventS > lastS) return false;
      followLine(flow, eventS);
      if (eventS < lineEndS) return true;
    }
    if (flow.timeS === flow.endS || hasBatteryEvent(flow)) return true;
  }
}

/** Follows `flow` to `timeS`, which is not after the next input point. */
export function followLine(flow: Flow, timeS: number): void {
  const { pointS, batteryLimit, solarW, demandW, batteryW } = flow;
  const durationS = timeS - flow.timeS;
  const share = durationS / (pointS - flow.timeS);
  const isPoint = timeS === pointS;
  flow.timeS = timeS;
  flow.solarW = isPoint ? flow.pointSolarW : solarW + (flow.pointSolarW - solarW) * share;
  flow.demandW = isPoint ? flow.pointDemandW : demandW + (flow.pointDemandW - demandW) * share;
  flow.batteryW = batteryPowerOf(flow, flow.solarW, flow.demandW);
  const batteryWs = (batteryW + flow.batteryW) * (durationS / 2);
  flow.solarWs += (solarW + flow.solarW) * (durationS / 2);
  flow.demandWs += (demandW + flow.demandW) * (durationS / 2);
  flow.batteryWs += batteryWs;
  if (batteryLimit === "none")
    flow.chargedWs += batteryWs - integrateMinimum(batteryW, flow.batteryW, 0, 0, durationS);
  else if (batteryLimit === "full")
    flow.curtailedWs += integrateMinimum(batteryW, flow.batteryW, solarW, flow.solarW, durationS);
  if (isPoint) lookAhead(flow, flow.step + 1);
}

/**
 * Follows `flow` up to input points as long as the battery's power keeps its sign and no event can come:
 * nearly all of a year, and therefore written out. Returns true where the next such step would go beyond
 * `lastS`, and false before any other one.
 */
function followQuietSteps(flow: Flow, lastS: number): boolean {
  const { unit, home, world, endS, steadyW, loadRatio, upWs, downWs } = flow;
  if (unit.heldSolarPowerW !== null || unit.heldDemandPowerW !== null) return false;
  const { stepS, values: demands } = home.demand;
  const { values: irradiances } = world.solar;
  const { solarFactor } = home;
  const repeat = world.atEndOfData === "repeat";
  const isFull = flow.batteryLimit === "full";
  let { timeS, solarW, demandW, batteryW, solarWs, demandWs, batteryWs, chargedWs, curtailedWs } = flow;
  let { step, pointS, pointSolarW, pointDemandW, pointBatteryW } = flow;
  let isBeyond = false;
  while (pointS <= endS) {
    const halfS = (pointS - timeS) / 2;
    const stepWs = (batteryW + pointBatteryW) * halfS;
    const nextWs = batteryWs + stepWs;
    if (!(batteryW * pointBatteryW > 0 && nextWs < upWs && nextWs > downWs)) break;
    isBeyond = pointS > lastS;
    if (isBeyond) break;
    solarWs += (solarW + pointSolarW) * halfS;
    demandWs += (demandW + pointDemandW) * halfS;
    batteryWs = nextWs;
    if (batteryW > 0) chargedWs += stepWs;
    if (isFull) curtailedWs += integrateMinimum(batteryW, pointBatteryW, solarW, pointSolarW, 2 * halfS);
    timeS = pointS;
    solarW = pointSolarW;
    demandW = pointDemandW;
    batteryW = pointBatteryW;
    step++;
    pointS = (step + 1) * stepS;
    pointSolarW = (irradiances[placeOf(step + 1, irradiances.length, repeat)] as number) * solarFactor;
    pointDemandW = demands[placeOf(step + 1, demands.length, repeat)] as number;
    pointBatteryW = steadyW + pointSolarW - loadRatio * pointDemandW;
  }
  flow.timeS = timeS;
  flow.solarW = solarW;
  flow.demandW = demandW;
  flow.batteryW = batteryW;
  flow.solarWs = solarWs;
  flow.demandWs = demandWs;
  flow.batteryWs = batteryWs;
  flow.chargedWs = chargedWs;
  flow.curtailedWs = curtailedWs;
  flow.step = step;
  flow.pointS = pointS;
  flow.pointSolarW = pointSolarW;
  flow.pointDemandW = pointDemandW;
  flow.pointBatteryW = pointBatteryW;
  return isBeyond;
}
