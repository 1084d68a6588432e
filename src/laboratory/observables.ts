import { converterCodes } from "../input/units/unit-codes.ts";
import { type BusState, busVoltageAt } from "../simulation/dc-bus.ts";
import type { PowerReading } from "../simulation/reading.ts";
import { isDark, type UnitState } from "../simulation/unit.ts";
import type { Home } from "../simulation/world.ts";

/** What a value of a home is read from, at one moment. */
export interface Sight {
  readonly powers: PowerReading;
  readonly unit: Readonly<UnitState>;
  readonly bus: BusState;
  readonly home: Home;
}

interface Observable {
  readonly unit: string;
  readonly about: string;
  read(sight: Sight): number;
}

/**
 * What can be observed of a home, each a number. Signs: positive into the battery, positive from the DC grid into the home.
 */
export const observables = {
  stateOfChargePercent: {
    unit: "%",
    about: "Charge of the battery",
    read: ({ powers }) => powers.stateOfChargePercent,
  },
  batteryPowerW: { unit: "W", about: "Into the battery", read: ({ powers }) => powers.batteryPowerW },
  solarPowerW: {
    unit: "W",
    about: "From the panels, without what is clipped or curtailed",
    read: ({ powers }) => powers.solarPowerW,
  },
  curtailedSolarPowerW: {
    unit: "W",
    about: "What a full battery holds back of the sun",
    read: ({ powers }) => powers.curtailedSolarPowerW,
  },
  clippedSolarPowerW: {
    unit: "W",
    about: "What the PV charge controller cannot take of the sun",
    read: ({ powers }) => powers.clippedSolarPowerW,
  },
  demandPowerW: { unit: "W", about: "What the home demands", read: ({ powers }) => powers.demandPowerW },
  acIntakePowerW: { unit: "W", about: "From the AC grid", read: ({ powers }) => powers.acIntakePowerW },
  unservedPowerW: {
    unit: "W",
    about: "The part of the demand that nobody serves",
    read: ({ powers }) => powers.unservedPowerW,
  },
  soldPowerW: { unit: "W", about: "To the AC grid", read: ({ powers }) => powers.soldPowerW },
  acLossPowerW: { unit: "W", about: "Lost on the AC side", read: ({ powers }) => powers.acLossPowerW },
  dcLossPowerW: {
    unit: "W",
    about: "Lost on the DC side, the converter's part included",
    read: ({ powers }) => powers.dcLossPowerW,
  },
  converterLossPowerW: {
    unit: "W",
    about: "Lost in the DC/DC converter",
    read: ({ powers }) => powers.converterLossPowerW,
  },
  wastedPowerW: {
    unit: "W",
    about: "Surplus of a full battery, curtailed sun included",
    read: ({ powers }) => powers.wastedPowerW,
  },
  shortfallPowerW: {
    unit: "W",
    about: "What an empty battery cannot deliver",
    read: ({ powers }) => powers.shortfallPowerW,
  },
  gridCurrentA: { unit: "A", about: "From the DC grid", read: ({ powers }) => powers.dcGridCurrentA },
  gridPowerW: { unit: "W", about: "From the DC grid", read: ({ powers }) => powers.dcGridPowerW },
  gridCurrentLimitA: {
    unit: "A",
    about: "The current that the converter was asked for",
    read: ({ unit }) => unit.dcGridCurrentLimitA,
  },
  targetBusVoltageV: {
    unit: "V",
    about: "The voltage that the converter was asked for",
    read: ({ unit }) => unit.targetBusVoltageV,
  },
  droopPercent: { unit: "%", about: "Droop of the converter", read: ({ unit }) => unit.droopPercent },
  busVoltageV: {
    unit: "V",
    about: "Voltage of the DC grid",
    read: ({ bus, powers }) => busVoltageAt(bus, powers.timeS),
  },
  converterMode: {
    unit: "",
    about: "Mode of the converter by its code: 0 waiting, 2 discharging, 20 grid autonomy, 65 charging",
    read: ({ unit }) => Number(converterCodes[unit.converterMode]),
  },
  upsBypass: {
    unit: "",
    about: "1 while the UPS serves the home from AC, 0 while it does from the battery",
    read: ({ powers }) => (powers.upsMode === "bypass" ? 1 : 0),
  },
  acCharging: {
    unit: "",
    about: "1 while AC charges the battery",
    read: ({ powers }) => (powers.acCharging ? 1 : 0),
  },
  batteryLossPowerW: {
    unit: "W",
    about: "Lost in the battery: by its efficiencies and by itself",
    read: ({ powers }) => powers.batteryLossPowerW,
  },
  saleLossPowerW: {
    unit: "W",
    about: "Lost on the way of the sun to the AC side",
    read: ({ powers }) => powers.saleLossPowerW,
  },
  acGridFails: {
    unit: "",
    about: "1 while the AC grid of the home fails",
    read: ({ powers }) => (powers.outage === "none" ? 0 : 1),
  },
  isDark: {
    unit: "",
    about: "1 while the house gets nothing in an outage",
    read: ({ powers }) => (isDark(powers) ? 1 : 0),
  },
  batteryCapacityWh: {
    unit: "Wh",
    about: "Capacity of the battery",
    read: ({ home }) => home.batteryCapacityWh,
  },
} as const satisfies Record<string, Observable>;

export type ObservableName = keyof typeof observables;
export const observableNames = Object.keys(observables) as ObservableName[];

export function isObservableName(name: string): name is ObservableName {
  return Object.hasOwn(observables, name);
}
