import type { Walk } from "./flow.ts";
import type { Ledger } from "./ledger.ts";
import type { UnitState, UpsMode } from "./unit.ts";

/** The powers of a unit at one moment. Signs: positive into the battery, positive into the unit. */
export interface PowerReading {
  readonly number: number;
  readonly timeS: number;
  readonly stateOfChargePercent: number;
  readonly batteryPowerW: number;
  readonly upsMode: UpsMode;
  readonly acCharging: boolean;
  /** What the PV charge controller delivers, curtailment taken off. */
  readonly solarPowerW: number;
  readonly curtailedSolarPowerW: number;
  readonly demandPowerW: number;
  readonly acIntakePowerW: number;
  readonly acLossPowerW: number;
  readonly dcLossPowerW: number;
  readonly converterLossPowerW: number;
  readonly wastedPowerW: number;
  readonly shortfallPowerW: number;
  readonly dcGridCurrentA: number;
  readonly dcGridPowerW: number;
  /** Energies since the unit began. */
  readonly ledger: Ledger;
}

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

function chargeOf({ segment: { unit, perPercentWs }, metPercent, batteryWs }: Readonly<Walk>): number {
  if (!Number.isNaN(metPercent)) return metPercent;
  const charge = unit.stateOfChargePercent + batteryWs / perPercentWs;
  return Math.min(100, Math.max(0, charge));
}

/** The powers of `unit` where `walk` is, which `bookWalk` has booked there. */
export function describePowers(walk: Readonly<Walk>, unit: UnitState): PowerReading {
  const { segment, batteryW, solarW, demandW } = walk;
  const { batteryLimit } = segment;
  const wastedPowerW = batteryLimit === "full" ? Math.max(0, batteryW) : 0;
  const shortfallPowerW = batteryLimit === "empty" ? Math.max(0, -batteryW) : 0;
  const curtailedSolarPowerW = Math.min(wastedPowerW, solarW);
  const acLossPowerW = segment.acLossW + segment.acLossRatio * demandW;
  const bypassW = unit.upsMode === "bypass" ? demandW : 0;
  return {
    number: unit.number,
    timeS: walk.timeS,
    stateOfChargePercent: unit.stateOfChargePercent,
    batteryPowerW: batteryLimit === "none" ? batteryW : 0,
    upsMode: unit.upsMode,
    acCharging: unit.acCharging,
    solarPowerW: solarW - curtailedSolarPowerW,
    curtailedSolarPowerW,
    demandPowerW: demandW,
    acIntakePowerW: acLossPowerW + bypassW + segment.acChargingW + shortfallPowerW,
    acLossPowerW,
    dcLossPowerW: segment.dcLossW + segment.dcLossRatio * demandW,
    converterLossPowerW: segment.converterLossW,
    wastedPowerW,
    shortfallPowerW,
    dcGridCurrentA: walk.timeS >= unit.dcGridFlowFromS ? unit.dcGridCurrentA : 0,
    dcGridPowerW: segment.dcGridW,
    ledger: unit.today,
  };
}
