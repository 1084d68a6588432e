import type { UnitStateJson } from "../live/api.ts";
import { servedPowerOf } from "../live/served-power.ts";

/** Each edge of Figure 4-2 and each loss, with its power [W]; negative against the name's direction. */
interface UnitFlows {
  readonly utilityToP1: number;
  readonly p1ToHouse: number;
  readonly p1ToP2: number;
  readonly p2ToUps: number;
  readonly upsToHouse: number;
  readonly dcToUps: number;
  readonly pvToPvc: number;
  readonly pvcToDc: number;
  readonly dcToBattery: number;
  readonly gridToConverter: number;
  readonly converterToDc: number;
  /** In the transformer and the UPS. */
  readonly acLoss: number;
  /** In EMU and what else hangs on the DC line. */
  readonly emuLoss: number;
  readonly converterLoss: number;
  /** Solar power that a full battery or the PV charge controller does not let in. */
  readonly curtailed: number;
  /** Other power that a full battery cannot take. */
  readonly wasted: number;
}

export type FlowName = keyof UnitFlows;

/**
 * The present power on every edge. All AC passes both meters, as in the emulation, and what is sold goes back the same way; what enters a node leaves
 * it again, but for the rounding of what the server sends.
 */
export function computeFlows(unit: UnitStateJson): UnitFlows {
  const { solarPowerW } = unit;
  const servedW = servedPowerOf(unit);
  const utilityW = unit.acIntakePowerW - unit.soldPowerW;
  const acLossW = unit.acLossPowerW + unit.saleLossPowerW;
  const heldBackW = unit.curtailedSolarPowerW + unit.clippedSolarPowerW;
  return {
    utilityToP1: utilityW,
    p1ToHouse: 0,
    p1ToP2: utilityW,
    p2ToUps: utilityW,
    upsToHouse: servedW,
    dcToUps: servedW + acLossW - utilityW,
    pvToPvc: solarPowerW + heldBackW,
    pvcToDc: solarPowerW,
    dcToBattery: unit.batteryPowerW,
    gridToConverter: unit.gridPowerW,
    converterToDc: unit.gridPowerW - unit.converterLossPowerW,
    acLoss: acLossW,
    emuLoss: unit.dcLossPowerW - unit.converterLossPowerW,
    converterLoss: unit.converterLossPowerW,
    curtailed: heldBackW,
    wasted: unit.wastedPowerW - unit.curtailedSolarPowerW,
  };
}

/** Powers below this are rounding, not flow [W]. */
export const leastFlowW = 0.05;

/** Width of an edge [px]: its square is as the power, so that 30 W and 5 kW are both seen. */
export function flowWidth(watts: number): number {
  const size = Math.abs(watts);
  return size < leastFlowW ? 1.5 : Math.min(16, 2 + Math.sqrt(size) / 5);
}

/** Seconds in which a mark on an edge passes one gap: shorter with more power. */
export function flowPeriodS(watts: number): number {
  return Math.round(Math.max(0.35, Math.min(3, 30 / Math.sqrt(Math.abs(watts) + 1))) * 100) / 100;
}
