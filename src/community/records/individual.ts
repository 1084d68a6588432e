import { roundToHundredths, roundToWhole } from "../../notation/rounding.ts";
import { formatCalendar, toCalendar } from "../../notation/simulated-time.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import type { PowerReading } from "../../simulation/reading.ts";
import { secondsPerDay, type World } from "../../simulation/world.ts";
import { listReadings } from "./readings.ts";
import type { RecordStorage } from "./record-storage.ts";

/** A reading as the published emulator's CSV has it. */
export interface IndividualRow {
  /** Serial number of the row, from 1, unbroken over a day's units. */
  readonly id: number;
  readonly time: string;
  readonly oesunit_id: string;
  readonly emu_rsoc: number;
  readonly emu_pvc_charge_power: number;
  readonly emu_ups_output_power: number;
  readonly charge_discharge_power: number;
  readonly dcdc_meter_wg: number;
  readonly dcdc_powermeter_p2: number;
}

export const individualColumns = [
  "id",
  "time",
  "oesunit_id",
  "emu_rsoc",
  "emu_pvc_charge_power",
  "emu_ups_output_power",
  "charge_discharge_power",
  "dcdc_meter_wg",
  "dcdc_powermeter_p2",
] as const satisfies readonly (keyof IndividualRow)[];

/** Rows of simulated day `day` up to `untilS`: each unit at every interval and after every command to it. */
export function listIndividualRows(
  storage: RecordStorage,
  world: World,
  startTime: string,
  day: number,
  untilS: number,
  intervalS: number,
): IndividualRow[] {
  const fromS = day * secondsPerDay;
  const lastS = Math.min(untilS, fromS + secondsPerDay);
  const readings = [...listReadings(storage, world, fromS, lastS, intervalS)];
  return readings.map(({ reading }, index) => ({ id: index + 1, ...writeReading(reading, startTime) }));
}

/** What a unit read at one moment, in the published emulator's columns and roundings. */
export function writeReading(reading: PowerReading, startTime: string): Omit<IndividualRow, "id"> {
  return {
    time: formatCalendar(toCalendar(startTime, reading.timeS)),
    oesunit_id: formatUnitId(reading.number),
    emu_rsoc: roundToHundredths(reading.stateOfChargePercent),
    emu_pvc_charge_power: roundToHundredths(reading.solarPowerW),
    emu_ups_output_power: roundToHundredths(reading.demandPowerW),
    charge_discharge_power: roundToHundredths(Math.abs(reading.batteryPowerW)),
    dcdc_meter_wg: roundToHundredths(reading.gridPowerW),
    dcdc_powermeter_p2: roundToWhole(reading.acIntakePowerW),
  };
}
