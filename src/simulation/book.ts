import { costOf, incomeOf } from "./bill.ts";
import type { Walk } from "./flow.ts";
import type { Ledger } from "./ledger.ts";
import { at, type LimitedFlow, valueAt } from "./limited-powers.ts";
import type { OutageState, UnitState, UpsMode } from "./unit.ts";

/** The powers of a unit at one moment. Signs: positive into the battery, positive into the unit. */
export interface PowerReading {
  readonly number: number;
  readonly timeS: number;
  readonly stateOfChargePercent: number;
  readonly batteryPowerW: number;
  readonly upsMode: UpsMode;
  readonly acCharging: boolean;
  /** What the PV charge controller delivers, what is clipped and curtailed taken off. */
  readonly solarPowerW: number;
  readonly curtailedSolarPowerW: number;
  /** What the PV charge controller could not take of the sun. */
  readonly clippedSolarPowerW: number;
  readonly demandPowerW: number;
  /** The part of the demand that nobody serves. */
  readonly unservedPowerW: number;
  readonly acIntakePowerW: number;
  readonly acLossPowerW: number;
  readonly dcLossPowerW: number;
  readonly converterLossPowerW: number;
  readonly wastedPowerW: number;
  readonly shortfallPowerW: number;
  readonly dcGridCurrentA: number;
  readonly dcGridPowerW: number;
  /** Given to the AC grid, and lost on the way. */
  readonly soldPowerW: number;
  readonly saleLossPowerW: number;
  readonly batteryLossPowerW: number;
  readonly outage: OutageState;
  /** Energies since the unit began. */
  readonly ledger: Ledger;
}

/** The part of the demand that is served [W], which is what the UPS gives: none in a dark house. */
export function servedPowerOf({ demandPowerW, unservedPowerW }: PowerReading): number {
  return Math.max(0, demandPowerW - unservedPowerW);
}

/**
 * Makes the moment to which `walk` came the last event of `unit`, with what has flowed until then. That is the
 * walk's own unit, or to read it a copy (docs/model.md, 6.1).
 */
export function bookWalk(walk: Readonly<Walk>, unit: UnitState): void {
  const { segment } = walk;
  if (segment.limited !== null) {
    bookLimited(walk, segment.limited, unit);
    return;
  }
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

/** The same of a home with limits. */
function bookLimited(walk: Readonly<Walk>, limited: LimitedFlow, unit: UnitState): void {
  const { segment } = walk;
  const { powers } = limited;
  const ledger = unit.today;
  const durationS = walk.timeS - unit.timeS;
  const hours = durationS / 3600;
  const solarWh = walk.solarWs / 3600;
  const demandWh = walk.demandWs / 3600;
  const storedWh = walk.batteryWs / 3600;
  const acIntakeWh = valueAt(powers, at.acIntake, hours, solarWh, demandWh);
  let soldWh = 0;
  ledger.solarWh += solarWh;
  ledger.demandWh += demandWh;
  ledger.acIntakeWh += acIntakeWh;
  ledger.acLossWh += valueAt(powers, at.acLoss, hours, solarWh, demandWh);
  ledger.dcLossWh += valueAt(powers, at.dcLoss, hours, solarWh, demandWh);
  ledger.batteryChangeWh += storedWh;
  ledger.batteryChargedWh += walk.chargedWs / 3600;
  ledger.batteryLossWh += valueAt(powers, at.battery, hours, solarWh, demandWh) - storedWh;
  if (limited.isClipped) ledger.clippedSolarWh += solarWh - hours * limited.limits.pvControllerLimitW;
  if (limited.hasSurplus) {
    const curtailedWh = valueAt(powers, at.curtailed, hours, solarWh, demandWh);
    soldWh = valueAt(powers, at.sold, hours, solarWh, demandWh);
    ledger.curtailedSolarWh += curtailedWh;
    ledger.wastedWh += curtailedWh + valueAt(powers, at.wastedImport, hours, solarWh, demandWh);
    ledger.soldWh += soldWh;
    ledger.saleLossWh += valueAt(powers, at.saleLoss, hours, solarWh, demandWh);
  }
  if (limited.hasLack) ledger.shortfallWh += valueAt(powers, at.shortfall, hours, solarWh, demandWh);
  if (limited.isUnserved) {
    ledger.unservedWh += valueAt(powers, at.unserved, hours, solarWh, demandWh);
    ledger.unservedS += durationS;
  }
  const importWh = hours * segment.dcGridW;
  if (importWh > 0) ledger.fromDcGridWh += importWh;
  else ledger.toDcGridWh -= importWh;
  if (importWh > 0 && unit.outage !== "none") ledger.outageImportWh += importWh;
  const { bill } = walk;
  if (bill !== null) {
    ledger.importCost += costOf(bill, acIntakeWh);
    ledger.exportIncome += incomeOf(bill, soldWh);
  }
  if (segment.batteryLimit === "none") unit.stateOfChargePercent = chargeOf(walk);
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
  if (segment.limited !== null) return describeLimited(walk, segment.limited, unit);
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
    clippedSolarPowerW: 0,
    demandPowerW: demandW,
    unservedPowerW: 0,
    acIntakePowerW: acLossPowerW + bypassW + segment.acChargingW + shortfallPowerW,
    acLossPowerW,
    dcLossPowerW: segment.dcLossW + segment.dcLossRatio * demandW,
    converterLossPowerW: segment.converterLossW,
    wastedPowerW,
    shortfallPowerW,
    dcGridCurrentA: walk.timeS >= unit.dcGridFlowFromS ? unit.dcGridCurrentA : 0,
    dcGridPowerW: segment.dcGridW,
    soldPowerW: 0,
    saleLossPowerW: 0,
    batteryLossPowerW: 0,
    outage: unit.outage,
    ledger: unit.today,
  };
}

/** The same of a home with limits. */
function describeLimited(walk: Readonly<Walk>, limited: LimitedFlow, unit: UnitState): PowerReading {
  const { segment, batteryW: storedW, solarW, demandW } = walk;
  const { powers, hasSurplus, hasLack } = limited;
  const powerOf = (place: number) => valueAt(powers, place, 1, solarW, demandW);
  const curtailedSolarPowerW = hasSurplus ? powerOf(at.curtailed) : 0;
  const clippedSolarPowerW = limited.isClipped ? solarW - limited.limits.pvControllerLimitW : 0;
  const batteryPowerW = powerOf(at.battery);
  return {
    number: unit.number,
    timeS: walk.timeS,
    stateOfChargePercent: unit.stateOfChargePercent,
    batteryPowerW,
    upsMode: limited.isBypassed ? "bypass" : "battery",
    acCharging: unit.acCharging,
    solarPowerW: solarW - clippedSolarPowerW - curtailedSolarPowerW,
    curtailedSolarPowerW,
    clippedSolarPowerW,
    demandPowerW: demandW,
    unservedPowerW: powerOf(at.unserved),
    acIntakePowerW: powerOf(at.acIntake),
    acLossPowerW: powerOf(at.acLoss),
    dcLossPowerW: powerOf(at.dcLoss),
    converterLossPowerW: segment.converterLossW,
    wastedPowerW: hasSurplus ? curtailedSolarPowerW + powerOf(at.wastedImport) : 0,
    shortfallPowerW: hasLack ? powerOf(at.shortfall) : 0,
    dcGridCurrentA: walk.timeS >= unit.dcGridFlowFromS ? unit.dcGridCurrentA : 0,
    dcGridPowerW: segment.dcGridW,
    soldPowerW: hasSurplus ? powerOf(at.sold) : 0,
    saleLossPowerW: hasSurplus ? powerOf(at.saleLoss) : 0,
    batteryLossPowerW: batteryPowerW - storedW,
    outage: unit.outage,
    ledger: unit.today,
  };
}
