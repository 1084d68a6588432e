import { createLedger, type Ledger } from "./ledger.ts";
import type { TripCause } from "./trip-causes.ts";

export type ConverterMode = "waiting" | "charging" | "discharging" | "gridAutonomy";
export type UpsMode = "battery" | "bypass";
export type BatteryLimit = "none" | "full" | "empty";
/**
 * What a home does while its AC grid fails, or `none`: its battery carries the house; the house is dark since its demand is
 * more than the UPS carries; it is dark since the battery came to its floor, until the battery may start it again.
 */
export const outageStates = ["none", "carried", "overloaded", "dark"] as const;
export type OutageState = (typeof outageStates)[number];

/**
 * One home's hardware as it stood at its last event, `timeS`. Only events change it: commands, input
 * points, thresholds, a ramp's end. Everything a client reads later follows from it
 * (docs/model.md, 4.5).
 */
export interface UnitState {
  /** Serial number, from 1; `E001` on the wire. */
  readonly number: number;
  /** Simulated seconds since the start of the data. */
  timeS: number;
  stateOfChargePercent: number;
  batteryLimit: BatteryLimit;
  upsMode: UpsMode;
  upsSwitchedS: number;
  acCharging: boolean;
  acChargingSwitchedS: number;
  outage: OutageState;
  converterMode: ConverterMode;
  /** Why its converter was protected, until it takes a mode again. */
  tripCause: TripCause | "none";
  targetBusVoltageV: number;
  droopPercent: number;
  dcGridCurrentLimitA: number;
  /** Current from the bus into the unit (positive) from `dcGridFlowFromS` on; before it, none flows. */
  dcGridCurrentA: number;
  dcGridVoltageV: number;
  dcGridFlowFromS: number;
  /** Set by hand; holds until the next input point of its series. */
  heldSolarPowerW: number | null;
  heldDemandPowerW: number | null;
  /** Since the last simulated midnight, and all finished days before it. */
  today: Ledger;
  finishedDays: Ledger;
}

/** What a user or a file says of a unit; the rest follows from it. */
export interface UnitSettings {
  readonly stateOfChargePercent: number;
  readonly upsMode: UpsMode;
  readonly converterMode: ConverterMode;
  readonly targetBusVoltageV: number;
  readonly droopPercent: number;
  readonly dcGridCurrentLimitA: number;
  readonly solarPowerW: number;
  readonly demandPowerW: number;
}

/** A unit that begins its life at `timeS` with nothing in its ledger and no current on its converter. */
export function createUnit(number: number, timeS: number, settings: UnitSettings): UnitState {
  return {
    number,
    timeS,
    stateOfChargePercent: settings.stateOfChargePercent,
    batteryLimit: "none",
    upsMode: settings.upsMode,
    upsSwitchedS: timeS,
    acCharging: false,
    acChargingSwitchedS: timeS,
    outage: "none",
    converterMode: settings.converterMode,
    tripCause: "none",
    targetBusVoltageV: settings.targetBusVoltageV,
    droopPercent: settings.droopPercent,
    dcGridCurrentLimitA: settings.dcGridCurrentLimitA,
    dcGridCurrentA: 0,
    dcGridVoltageV: 0,
    dcGridFlowFromS: timeS,
    heldSolarPowerW: null,
    heldDemandPowerW: null,
    today: createLedger(),
    finishedDays: createLedger(),
  };
}

/** Whether the house gets nothing. */
export function isDark({ outage }: Readonly<Pick<UnitState, "outage">>): boolean {
  return outage === "overloaded" || outage === "dark";
}

export function copyUnit(unit: Readonly<UnitState>): UnitState {
  return { ...unit, today: { ...unit.today }, finishedDays: { ...unit.finishedDays } };
}
