import type { Walk } from "./flow.ts";
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
 * Whether the battery stands at a limit that its power pushes against where the walk begins. A push that
 * would end within the rounding of the present time does not count, so that a segment at a limit always lasts
 * (docs/model.md, 4.4).
 */
export function findBatteryLimit(walk: Readonly<Walk>): BatteryLimit {
  const { timeS, batteryW } = walk;
  const charge = walk.segment.unit.stateOfChargePercent;
  if (charge > 0 && charge < 100) return "none";
  const slope = (walk.pointBatteryW - batteryW) / (walk.pointS - timeS);
  if (charge >= 100) return pushes(batteryW, slope, timeS) ? "full" : "none";
  return pushes(-batteryW, -slope, timeS) ? "empty" : "none";
}

function pushes(powerW: number, slope: number, timeS: number): boolean {
  if (powerW > 0) return slope >= 0 || timeS - powerW / slope > timeS;
  return slope > 0 && timeS - powerW / slope <= timeS;
}
