import { bookUntil } from "./book.ts";
import { type BusState, busVoltageAt } from "./dc-bus.ts";
import { createFlow, type Flow } from "./flow.ts";
import { addLedger, type Ledger } from "./ledger.ts";
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
  readonly gridCurrentA: number;
  readonly gridPowerW: number;
  /** Energies since the unit began. */
  readonly ledger: Ledger;
}

/** What commands set on a converter. */
export type SettingName = "converterMode" | "targetBusVoltageV" | "droopPercent" | "gridCurrentLimitA";

/** Everything that can be read off a unit at one moment. */
export interface UnitReading extends PowerReading {
  readonly batteryCapacityWh: number;
  readonly batteryVoltageV: number;
  readonly converterMode: ConverterMode;
  readonly targetBusVoltageV: number;
  readonly droopPercent: number;
  readonly gridCurrentLimitA: number;
  readonly busVoltageV: number;
  readonly busRamping: boolean;
}

/** Reads a unit at `timeS` without changing it. All its events up to `timeS` must have been passed. */
export function readUnit(unit: UnitState, bus: BusState, timeS: number, world: World): UnitReading {
  return completeReading(readPowersAt(unit, timeS, world), unit, bus, world);
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
    gridCurrentLimitA: settings.gridCurrentLimitA,
    busVoltageV: busVoltageAt(bus, powers.timeS),
    busRamping: powers.timeS < bus.rampEndS,
  };
}

/** The settings that would make a unit as it was read. */
export function pickSettings(reading: UnitReading): UnitSettings {
  const { stateOfChargePercent, upsMode, solarPowerW, demandPowerW } = reading;
  const { converterMode, targetBusVoltageV, droopPercent, gridCurrentLimitA } = reading;
  const powers = { stateOfChargePercent, upsMode, solarPowerW, demandPowerW };
  return { ...powers, converterMode, targetBusVoltageV, droopPercent, gridCurrentLimitA };
}

/** Reads the powers of a unit at `timeS`, all of whose events up to then have been passed. */
export function readPowersAt(unit: UnitState, timeS: number, world: World): PowerReading {
  const present = copyUnit(unit);
  // Without power flow no event moves the unit's time on, not even the end of a ramp.
  if (!world.powerFlowEnabled) present.timeS = timeS;
  const flow = world.powerFlowEnabled ? bookUntil(present, timeS, world) : createFlow(present, world);
  addLedger(present.today, unit.finishedDays);
  return describe(flow);
}

/** Energies of a unit since midnight [Wh] at `timeS`, all of whose events up to then have been passed. */
export function readTodayAt(unit: UnitState, timeS: number, world: World): Ledger {
  const present = copyUnit(unit);
  if (world.powerFlowEnabled) bookUntil(present, timeS, world);
  return present.today;
}

function describe(flow: Flow): PowerReading {
  const { unit, batteryLimit, batteryW, solarW, demandW } = flow;
  const wastedPowerW = batteryLimit === "full" ? Math.max(0, batteryW) : 0;
  const shortfallPowerW = batteryLimit === "empty" ? Math.max(0, -batteryW) : 0;
  const curtailedSolarPowerW = Math.min(wastedPowerW, solarW);
  const acLossPowerW = flow.acLossW + flow.acLossRatio * demandW;
  const bypassW = unit.upsMode === "bypass" ? demandW : 0;
  return {
    number: unit.number,
    timeS: flow.timeS,
    stateOfChargePercent: unit.stateOfChargePercent,
    batteryPowerW: batteryLimit === "none" ? batteryW : 0,
    upsMode: unit.upsMode,
    acCharging: unit.acCharging,
    solarPowerW: solarW - curtailedSolarPowerW,
    curtailedSolarPowerW,
    demandPowerW: demandW,
    acIntakePowerW: acLossPowerW + bypassW + flow.acChargingW + shortfallPowerW,
    acLossPowerW,
    dcLossPowerW: flow.dcLossW + flow.dcLossRatio * demandW,
    converterLossPowerW: flow.converterLossW,
    wastedPowerW,
    shortfallPowerW,
    gridCurrentA: flow.timeS >= unit.gridFlowFromS ? unit.gridCurrentA : 0,
    gridPowerW: flow.gridW,
    ledger: unit.today,
  };
}
