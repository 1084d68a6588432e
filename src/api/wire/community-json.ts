import { roundToHundredths } from "../../notation/rounding.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import type { UnitReading } from "../../simulation/reading.ts";

/** What the screen shows of one unit; powers in W, signs as in `PowerReading`. */
export interface UnitStateJson {
  id: string;
  display: string;
  upsMode: UnitReading["upsMode"];
  acCharging: boolean;
  converterMode: UnitReading["converterMode"];
  stateOfChargePercent: number;
  batteryPowerW: number;
  solarPowerW: number;
  curtailedSolarPowerW: number;
  demandPowerW: number;
  acIntakePowerW: number;
  acLossPowerW: number;
  dcLossPowerW: number;
  converterLossPowerW: number;
  wastedPowerW: number;
  shortfallPowerW: number;
  gridCurrentA: number;
  gridPowerW: number;
  targetBusVoltageV: number;
  droopPercent: number;
  gridCurrentLimitA: number;
}

/** What the screen shows of the whole community (`/state`). */
export interface CommunityJson {
  /** Simulated seconds since the start of the data, and the same as `YYYY/MM/DD-HH:MM:SS`. */
  timeS: number;
  time: string;
  acceleration: number;
  sleepTimeS: number;
  atEndOfData: boolean;
  dataEndS: number;
  /** Units that Reset leaves. */
  resetUnits: number;
  busVoltageV: number;
  busRamping: boolean;
  /** ID of the unit that holds the bus. */
  voltageReference: string | null;
  units: UnitStateJson[];
}

export function writeUnitState(reading: UnitReading, display: string): UnitStateJson {
  const round = roundToHundredths;
  return {
    id: formatUnitId(reading.number),
    display,
    upsMode: reading.upsMode,
    acCharging: reading.acCharging,
    converterMode: reading.converterMode,
    stateOfChargePercent: round(reading.stateOfChargePercent),
    batteryPowerW: round(reading.batteryPowerW),
    solarPowerW: round(reading.solarPowerW),
    curtailedSolarPowerW: round(reading.curtailedSolarPowerW),
    demandPowerW: round(reading.demandPowerW),
    acIntakePowerW: round(reading.acIntakePowerW),
    acLossPowerW: round(reading.acLossPowerW),
    dcLossPowerW: round(reading.dcLossPowerW),
    converterLossPowerW: round(reading.converterLossPowerW),
    wastedPowerW: round(reading.wastedPowerW),
    shortfallPowerW: round(reading.shortfallPowerW),
    gridCurrentA: round(reading.gridCurrentA),
    gridPowerW: round(reading.gridPowerW),
    targetBusVoltageV: reading.targetBusVoltageV,
    droopPercent: reading.droopPercent,
    gridCurrentLimitA: reading.gridCurrentLimitA,
  };
}
