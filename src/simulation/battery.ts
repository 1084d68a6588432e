import { isPositive } from "./limited-powers.ts";
import type { BatteryLimit, UnitState } from "./unit.ts";

/** How the battery stands from one event to the next. */
export interface BatteryCondition {
  batteryLimit: BatteryLimit;
  /** Energy [Ws] that flows for one percent of its charge. */
  perPercentWs: number;
}

/** The power that flows to a battery, linear from the present to the next input point. */
interface PowerLine {
  readonly timeS: number;
  readonly batteryW: number;
  readonly pointS: number;
  readonly pointBatteryW: number;
}

/** Writes how the battery of the unit stands, to which `line` leads. */
export function setBatteryCondition(
  condition: BatteryCondition,
  unit: Readonly<UnitState>,
  line: PowerLine,
  capacityWh: number,
): void {
  condition.batteryLimit = findBatteryLimit(unit.stateOfChargePercent, line);
  condition.perPercentWs = capacityWh * 36;
}

/** Energy that a battery stores [Wh]. */
export function storedEnergyWh(stateOfChargePercent: number, capacityWh: number): number {
  return (stateOfChargePercent * capacityWh) / 100;
}

/**
 * Whether the battery stands at a limit that its power pushes against where the walk begins. A push that
 * would end within the rounding of the present time does not count, so that a segment at a limit always lasts
 * (docs/model.md, 4.4).
 */
function findBatteryLimit(charge: number, line: PowerLine): BatteryLimit {
  const { timeS, batteryW } = line;
  if (charge > 0 && charge < 100) return "none";
  const slope = (line.pointBatteryW - batteryW) / (line.pointS - timeS);
  if (charge >= 100) return isPositive(batteryW, slope, timeS) ? "full" : "none";
  return isPositive(-batteryW, -slope, timeS) ? "empty" : "none";
}
