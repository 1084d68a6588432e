import { wattSecondsPerPercent } from "./battery.ts";
import type { Walk } from "./flow.ts";
import type { UnitState } from "./unit.ts";

/**
 * Makes the moment to which `walk` came the last event of `unit`, with what has flowed until then. That is the
 * walk's own unit, or to read it a copy (docs/model.md, 6.1).
 */
export function bookWalk(walk: Readonly<Walk>, unit: UnitState): void {
  const { segment } = walk;
  const { batteryLimit, dcGridW } = segment;
  const ledger = unit.today;
  const hours = (walk.timeS - unit.timeS) / 3600;
  const demandWh = walk.demandWs / 3600;
  const batteryWh = walk.batteryWs / 3600;
  const acLossWh = hours * segment.acLossW + demandWh * segment.acLossRatio;
  ledger.solarWh += walk.solarWs / 3600;
  ledger.demandWh += demandWh;
  ledger.acLossWh += acLossWh;
  ledger.dcLossWh += hours * segment.dcLossW + demandWh * segment.dcLossRatio;
  ledger.acIntakeWh += acLossWh + hours * segment.acChargingW + (unit.upsMode === "bypass" ? demandWh : 0);
  if (dcGridW > 0) ledger.fromDcGridWh += hours * dcGridW;
  else ledger.toDcGridWh -= hours * dcGridW;
  if (batteryLimit === "none") {
    ledger.batteryChangeWh += batteryWh;
    ledger.batteryChargedWh += walk.chargedWs / 3600;
    unit.stateOfChargePercent = chargeOf(walk);
  } else if (batteryLimit === "full") {
    ledger.wastedWh += batteryWh;
    ledger.curtailedSolarWh += walk.curtailedWs / 3600;
  } else {
    ledger.shortfallWh -= batteryWh;
    ledger.acIntakeWh -= batteryWh;
  }
  unit.timeS = walk.timeS;
}

function chargeOf({ segment: { unit, home }, metPercent, batteryWs }: Readonly<Walk>): number {
  if (!Number.isNaN(metPercent)) return metPercent;
  const charge = unit.stateOfChargePercent + batteryWs / wattSecondsPerPercent(home.batteryCapacityWh);
  return Math.min(100, Math.max(0, charge));
}
