import type { Flow } from "./flow.ts";
import type { Ledger } from "./ledger.ts";
import { integrateMinimum } from "./roots.ts";
import type { UnitState } from "./unit.ts";

/** Carries the charge and the ledger of `unit` along `flow` to `endS`. */
export function integrate(unit: UnitState, flow: Flow, endS: number, capacityWh: number): void {
  const durationS = endS - unit.timeS;
  const hours = durationS / 3600;
  const batteryWh = hours * (flow.batteryW + (flow.batterySlope * durationS) / 2);
  addFlow(unit.today, unit, flow, durationS, batteryWh);
  if (unit.batteryLimit === "none") {
    const charge = unit.stateOfChargePercent + batteryWh * (100 / capacityWh);
    unit.stateOfChargePercent = Math.min(100, Math.max(0, charge));
  }
  unit.timeS = endS;
}

function addFlow(ledger: Ledger, unit: UnitState, flow: Flow, durationS: number, batteryWh: number): void {
  const hours = durationS / 3600;
  const demandWh = hours * (flow.demandW + (flow.demandSlope * durationS) / 2);
  const acLossWh = hours * flow.acLossW + demandWh * flow.acLossRatio;
  ledger.solarWh += hours * (flow.solarW + (flow.solarSlope * durationS) / 2);
  ledger.demandWh += demandWh;
  ledger.acLossWh += acLossWh;
  ledger.dcLossWh += hours * flow.dcLossW + demandWh * flow.dcLossRatio;
  ledger.acIntakeWh += acLossWh + hours * flow.acChargingW + (unit.upsMode === "bypass" ? demandWh : 0);
  if (flow.gridW > 0) ledger.fromGridWh += hours * flow.gridW;
  else ledger.toGridWh -= hours * flow.gridW;
  if (unit.batteryLimit === "none") {
    ledger.batteryChangeWh += batteryWh;
    const lastBatteryW = flow.batteryW + flow.batterySlope * durationS;
    ledger.batteryChargedWh += chargedWh(flow.batteryW, lastBatteryW, flow.batterySlope, batteryWh);
  } else if (unit.batteryLimit === "full") {
    ledger.wastedWh += batteryWh;
    const { batteryW, batterySlope, solarW, solarSlope } = flow;
    ledger.curtailedSolarWh += integrateMinimum(batteryW, batterySlope, solarW, solarSlope, durationS) / 3600;
  } else {
    ledger.shortfallWh -= batteryWh;
    ledger.acIntakeWh -= batteryWh;
  }
}

/** The part of a linear battery power's energy `batteryWh` that goes in: all, nothing or a triangle [Wh]. */
export function chargedWh(firstW: number, lastW: number, slope: number, batteryWh: number): number {
  if (firstW >= 0 && lastW >= 0) return batteryWh;
  if (firstW <= 0 && lastW <= 0) return 0;
  const highestW = Math.max(firstW, lastW);
  return (highestW * highestW) / (7200 * Math.abs(slope));
}
