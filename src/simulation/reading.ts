import { findBatteryLimit } from "./battery.ts";
import { type BusState, busVoltageAt } from "./dc-bus.ts";
import { computeFlow, createFlow, type Flow } from "./flow.ts";
import { integrate } from "./integrate.ts";
import { addLedger, type Ledger } from "./ledger.ts";
import type { ConverterMode, UnitSettings, UnitState, UpsMode } from "./unit.ts";
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
  // Without power flow no event moves the unit's time on, not even the end of a ramp.
  const present = world.powerFlowEnabled ? unit : { ...unit, timeS };
  const flow = createFlow();
  computeFlow(present, world, world.homeOf(unit.number), flow);
  return readPowers(present, flow, timeS, world);
}

/** Reads the powers of a unit at `timeS` on the segment whose flow is `segment`, changing neither. */
export function readPowers(unit: UnitState, segment: Flow, timeS: number, world: World): PowerReading {
  const present: UnitState = { ...unit, today: { ...unit.today } };
  const flow = { ...segment };
  if (world.powerFlowEnabled) {
    present.batteryLimit = findBatteryLimit(unit, segment);
    integrate(present, segment, timeS, world.homeOf(unit.number).batteryCapacityWh);
    moveFlow(flow, timeS - unit.timeS);
  }
  addLedger(present.today, unit.finishedDays);
  return describe(present, flow, timeS);
}

function moveFlow(flow: Flow, durationS: number): void {
  flow.solarW += flow.solarSlope * durationS;
  flow.demandW += flow.demandSlope * durationS;
  flow.batteryW += flow.batterySlope * durationS;
}

function describe(unit: UnitState, flow: Flow, timeS: number): PowerReading {
  const wastedPowerW = unit.batteryLimit === "full" ? Math.max(0, flow.batteryW) : 0;
  const shortfallPowerW = unit.batteryLimit === "empty" ? Math.max(0, -flow.batteryW) : 0;
  const curtailedSolarPowerW = Math.min(wastedPowerW, flow.solarW);
  const acLossPowerW = flow.acLossW + flow.acLossRatio * flow.demandW;
  const bypassW = unit.upsMode === "bypass" ? flow.demandW : 0;
  return {
    number: unit.number,
    timeS,
    stateOfChargePercent: unit.stateOfChargePercent,
    batteryPowerW: unit.batteryLimit === "none" ? flow.batteryW : 0,
    upsMode: unit.upsMode,
    acCharging: unit.acCharging,
    solarPowerW: flow.solarW - curtailedSolarPowerW,
    curtailedSolarPowerW,
    demandPowerW: flow.demandW,
    acIntakePowerW: acLossPowerW + bypassW + flow.acChargingW + shortfallPowerW,
    acLossPowerW,
    dcLossPowerW: flow.dcLossW + flow.dcLossRatio * flow.demandW,
    converterLossPowerW: flow.converterLossW,
    wastedPowerW,
    shortfallPowerW,
    gridCurrentA: timeS >= unit.gridFlowFromS ? unit.gridCurrentA : 0,
    gridPowerW: flow.gridW,
    ledger: unit.today,
  };
}
