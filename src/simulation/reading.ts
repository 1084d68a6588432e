import { advanceUnit, walkTo } from "./advance.ts";
import { bookWalk } from "./book.ts";
import { type BusState, busVoltageAt } from "./dc-bus.ts";
import type { Walk } from "./flow.ts";
import { addLedger, type Ledger } from "./ledger.ts";
import type { Observer } from "./observer.ts";
import { createWalk } from "./segment.ts";
import { type ConverterMode, copyUnit, type UnitSettings, type UnitState, type UpsMode } from "./unit.ts";
import type { World } from "./world.ts";

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

/** What commands set on a converter. */
export type SettingName = "converterMode" | "targetBusVoltageV" | "droopPercent" | "dcGridCurrentLimitA";

/** Everything that can be read off a unit at one moment. */
export interface UnitReading extends PowerReading {
  readonly batteryCapacityWh: number;
  readonly batteryVoltageV: number;
  readonly converterMode: ConverterMode;
  readonly targetBusVoltageV: number;
  readonly droopPercent: number;
  readonly dcGridCurrentLimitA: number;
  readonly busVoltageV: number;
  readonly busRamping: boolean;
}

/** Reads a unit at `timeS`, passing its events on the way. */
export function readUnit(
  unit: UnitState,
  bus: BusState,
  timeS: number,
  world: World,
  observer?: Observer,
): UnitReading {
  return completeReading(readPowersAt(unit, timeS, world, observer), unit, bus, world);
}

/** Adds to the powers of a unit at one moment what its converter was set to and how the bus was then. */
export function completeReading(
  powers: PowerReading,
  settings: Readonly<Pick<UnitState, SettingName>>,
  bus: BusState,
  world: World,
): UnitReading {
  return {
    ...powers,
    batteryCapacityWh: world.homeOf(powers.number).batteryCapacityWh,
    batteryVoltageV: world.parameters.batteryVoltageV,
    converterMode: settings.converterMode,
    targetBusVoltageV: settings.targetBusVoltageV,
    droopPercent: settings.droopPercent,
    dcGridCurrentLimitA: settings.dcGridCurrentLimitA,
    busVoltageV: busVoltageAt(bus, powers.timeS),
    busRamping: powers.timeS < bus.rampEndS,
  };
}

/** The settings that would make a unit as it was read. */
export function pickSettings(reading: UnitReading): UnitSettings {
  const { stateOfChargePercent, upsMode, solarPowerW, demandPowerW } = reading;
  const { converterMode, targetBusVoltageV, droopPercent, dcGridCurrentLimitA } = reading;
  const powers = { stateOfChargePercent, upsMode, solarPowerW, demandPowerW };
  return { ...powers, converterMode, targetBusVoltageV, droopPercent, dcGridCurrentLimitA };
}

/** Reads the powers of a unit at `timeS`, passing its events on the way. */
export function readPowersAt(
  unit: UnitState,
  timeS: number,
  world: World,
  observer?: Observer,
): PowerReading {
  if (!world.powerFlowEnabled) return readAtRest(unit, timeS, world, observer);
  const walk = walkTo(unit, timeS, world, observer);
  const present = copyUnit(unit);
  bookWalk(walk, present);
  addLedger(present.today, unit.finishedDays);
  return describe(walk, present);
}

/** Energies of a unit since midnight [Wh] at `timeS`, all of whose events up to then have been passed. */
export function readTodayAt(unit: UnitState, timeS: number, world: World): Ledger {
  const present = copyUnit(unit);
  if (world.powerFlowEnabled) bookWalk(walkTo(present, timeS, world), present);
  return present.today;
}

/** Without power flow nothing is counted, and only midnight moves the unit's time on (docs/model.md, 4.9). */
function readAtRest(unit: UnitState, timeS: number, world: World, observer?: Observer): PowerReading {
  advanceUnit(unit, timeS, world, observer);
  const present = { ...copyUnit(unit), timeS };
  addLedger(present.today, unit.finishedDays);
  return describe(createWalk(present, world), present);
}

function describe(walk: Walk, unit: UnitState): PowerReading {
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
