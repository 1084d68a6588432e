import { wattSecondsPerPercent } from "./battery.ts";
import { createFlow, type Flow } from "./flow.ts";
import { followLine, followToEvent } from "./follow.ts";
import type { UnitState } from "./unit.ts";
import type { World } from "./world.ts";

/** Makes the moment to which `flow` was followed the last event of its unit, with what has flowed until then. */
export function bookFlow(flow: Flow): void {
  const { unit, batteryLimit } = flow;
  const ledger = unit.today;
  const hours = (flow.timeS - unit.timeS) / 3600;
  const demandWh = flow.demandWs / 3600;
  const batteryWh = flow.batteryWs / 3600;
  const acLossWh = hours * flow.acLossW + demandWh * flow.acLossRatio;
  ledger.solarWh += flow.solarWs / 3600;
  ledger.demandWh += demandWh;
  ledger.acLossWh += acLossWh;
  ledger.dcLossWh += hours * flow.dcLossW + demandWh * flow.dcLossRatio;
  ledger.acIntakeWh += acLossWh + hours * flow.acChargingW + (unit.upsMode === "bypass" ? demandWh : 0);
  if (flow.gridW > 0) ledger.fromGridWh += hours * flow.gridW;
  else ledger.toGridWh -= hours * flow.gridW;
  if (batteryLimit === "none") {
    ledger.batteryChangeWh += batteryWh;
    ledger.batteryChargedWh += flow.chargedWs / 3600;
    unit.stateOfChargePercent = chargeOf(flow);
  } else if (batteryLimit === "full") {
    ledger.wastedWh += batteryWh;
    ledger.curtailedSolarWh += flow.curtailedWs / 3600;
  } else {
    ledger.shortfallWh -= batteryWh;
    ledger.acIntakeWh -= batteryWh;
  }
  unit.timeS = flow.timeS;
}

/** Makes `timeS` the last event of a unit all of whose events up to then have been passed; returns its flow. */
export function bookUntil(unit: UnitState, timeS: number, world: World): Flow {
  const flow = createFlow(unit, world);
  followToEvent(flow, timeS);
  followLine(flow, timeS);
  bookFlow(flow);
  return flow;
}

function chargeOf({ unit, home, timeS, metS, metPercent, batteryWs }: Flow): number {
  if (timeS === metS) return metPercent;
  const charge = unit.stateOfChargePercent + batteryWs / wattSecondsPerPercent(home.batteryCapacityWh);
  return Math.min(100, Math.max(0, charge));
}
