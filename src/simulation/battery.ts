import type { Flow } from "./flow.ts";
import { secondsUntilEnergy, secondsUntilZero } from "./roots.ts";
import type { BatteryLimit } from "./unit.ts";

/** Energy that a battery stores [Wh]. */
export function storedEnergyWh(stateOfChargePercent: number, capacityWh: number): number {
  return (stateOfChargePercent * capacityWh) / 100;
}

/** Energy [Ws] of one percent of a battery's charge. */
export function wattSecondsPerPercent(capacityWh: number): number {
  return capacityWh * 36;
}

/**
 * Whether the battery stands at a limit that its power pushes against where the flow begins. A push that
 * would end within the rounding of the present time does not count, so that a flow at a limit always lasts.
 */
export function findBatteryLimit(flow: Flow): BatteryLimit {
  const { timeS, batteryW } = flow;
  const charge = flow.unit.stateOfChargePercent;
  if (charge > 0 && charge < 100) return "none";
  const slope = batterySlope(flow);
  if (charge >= 100) return pushes(batteryW, slope, timeS) ? "full" : "none";
  return pushes(-batteryW, -slope, timeS) ? "empty" : "none";
}

function pushes(powerW: number, slope: number, timeS: number): boolean {
  if (powerW > 0) return slope >= 0 || timeS - powerW / slope > timeS;
  return slope > 0 && timeS - powerW / slope <= timeS;
}

/** How fast the battery's power changes up to the next input point [W/s]. */
function batterySlope(flow: Flow): number {
  return (flow.pointBatteryW - flow.batteryW) / (flow.pointS - flow.timeS);
}

/**
 * When the battery meets a charge that its flow leads to, or leaves its limit; at `endS` at the latest,
 * which is not after the next input point. Notes in the flow which charge it meets when.
 */
export function findBatteryEvent(flow: Flow, endS: number): number {
  const { timeS, batteryW, batteryLimit } = flow;
  const slope = batterySlope(flow);
  if (batteryLimit !== "none") {
    if (!pushesAgainst(batteryLimit, batteryW)) return endS;
    return Math.min(endS, timeS + secondsUntilZero(batteryW, slope));
  }
  const upS = timeS + secondsUntil(flow.upWs - flow.batteryWs, batteryW, slope);
  const downS = timeS + secondsUntil(flow.batteryWs - flow.downWs, -batteryW, -slope);
  if (endS <= upS && endS <= downS) return endS;
  flow.metS = Math.min(upS, downS);
  flow.metPercent = upS < downS ? flow.upPercent : flow.downPercent;
  return flow.metS;
}

/** Seconds until a room of `roomWs` is filled, or filled again, by `powerW + slope·τ`; never if it is overfull. */
function secondsUntil(roomWs: number, powerW: number, slope: number): number {
  if (roomWs < 0 || (roomWs === 0 && powerW >= 0)) return Number.POSITIVE_INFINITY;
  return secondsUntilEnergy(powerW, slope, roomWs);
}

/** Whether the battery has come to where its flow ends: to one of its charges, or off its limit. */
export function hasBatteryEvent(flow: Flow): boolean {
  if (flow.batteryLimit !== "none") return !pushesAgainst(flow.batteryLimit, flow.batteryW);
  return flow.batteryWs >= flow.upWs || flow.batteryWs <= flow.downWs;
}

function pushesAgainst(limit: BatteryLimit, batteryW: number): boolean {
  return limit === "full" ? batteryW > 0 : batteryW < 0;
}
