import type { Flow } from "./flow.ts";
import { secondsUntilEnergy, secondsUntilZero } from "./roots.ts";
import type { BatteryLimit, UnitState } from "./unit.ts";
import type { SwitchLimits } from "./ups.ts";

/** Energy [Ws] of one percent of a battery's charge. */
export function wattSecondsPerPercent(capacityWh: number): number {
  return capacityWh * 36;
}

/**
 * Whether the battery stands at a limit that its power pushes against. A push that would end within the
 * rounding of the present time does not count, so that a segment at a limit always has a length.
 */
export function findBatteryLimit(unit: UnitState, flow: Flow): BatteryLimit {
  const { stateOfChargePercent, timeS } = unit;
  if (stateOfChargePercent >= 100 && pushes(flow.batteryW, flow.batterySlope, timeS)) return "full";
  if (stateOfChargePercent <= 0 && pushes(-flow.batteryW, -flow.batterySlope, timeS)) return "empty";
  return "none";
}

function pushes(powerW: number, slope: number, timeS: number): boolean {
  if (powerW > 0) return slope >= 0 || timeS - powerW / slope > timeS;
  return slope > 0 && timeS - powerW / slope <= timeS;
}

/** Where a segment ends, and the threshold [%] that the battery meets there, else NaN. */
export interface SegmentEnd extends SwitchLimits {
  /** The next input point, where it ends at the latest. */
  pointS: number;
  timeS: number;
  thresholdPercent: number;
}

/** Brings `end` forward to the moment at which the battery meets its `up`, `down` or leaves its limit. */
export function findBatteryEvent(unit: UnitState, flow: Flow, capacityWh: number, end: SegmentEnd): void {
  const { up, down } = end;
  if (unit.batteryLimit !== "none") {
    const direction = unit.batteryLimit === "full" ? 1 : -1;
    if (flow.batteryW * direction > 0)
      end.timeS = Math.min(end.timeS, unit.timeS + secondsUntilZero(flow.batteryW, flow.batterySlope));
    return;
  }
  const durationS = end.timeS - unit.timeS;
  const last = flow.batteryW + flow.batterySlope * durationS;
  const perPercent = wattSecondsPerPercent(capacityWh);
  const room = (up - unit.stateOfChargePercent) * perPercent;
  if (Math.max(flow.batteryW, last) * durationS >= room && (room > 0 || (room === 0 && flow.batteryW < 0)))
    meet(unit, flow, room, up, end);
  const reserve = (down - unit.stateOfChargePercent) * perPercent;
  if (
    Math.min(flow.batteryW, last) * durationS <= reserve &&
    (reserve < 0 || (reserve === 0 && flow.batteryW > 0))
  )
    meet(unit, flow, reserve, down, end);
}

function meet(unit: UnitState, flow: Flow, energyWs: number, threshold: number, end: SegmentEnd): void {
  const timeS = unit.timeS + secondsUntilEnergy(flow.batteryW, flow.batterySlope, energyWs);
  if (timeS >= end.timeS) return;
  end.timeS = timeS;
  end.thresholdPercent = threshold;
}
