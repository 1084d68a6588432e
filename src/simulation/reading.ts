import { advanceUnit, walkTo } from "./advance.ts";
import { bookWalk, describePowers, type PowerReading } from "./book.ts";
import { type BusState, busVoltageAt } from "./dc-bus.ts";
import { addLedger, type Ledger } from "./ledger.ts";
import type { Observer } from "./observer.ts";
import { createWalk } from "./segment.ts";
import { type ConverterMode, copyUnit, type UnitSettings, type UnitState } from "./unit.ts";
import type { World } from "./world.ts";

export type { PowerReading };

/** What commands set on a converter, and whether it was protected since. */
export type SettingName =
  | "converterMode"
  | "tripCause"
  | "targetBusVoltageV"
  | "droopPercent"
  | "dcGridCurrentLimitA";

/** Everything that can be read off a unit at one moment. */
export interface UnitReading extends PowerReading {
  readonly batteryCapacityWh: number;
  /** Whether the home may give to the AC grid. */
  readonly mayExport: boolean;
  readonly batteryVoltageV: number;
  readonly converterMode: ConverterMode;
  readonly tripCause: UnitState["tripCause"];
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
  const home = world.homeOf(powers.number);
  return {
    ...powers,
    batteryCapacityWh: home.batteryCapacityWh,
    mayExport: home.limits !== undefined && home.limits.acExportLimitW > 0,
    batteryVoltageV: world.parameters.batteryVoltageV,
    converterMode: settings.converterMode,
    tripCause: settings.tripCause,
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
  return describePowers(walk, present);
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
  return describePowers(createWalk(present, world), present);
}
