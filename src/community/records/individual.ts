import * as v from "valibot";
import { roundToHundredths, roundToWhole } from "../../notation/rounding.ts";
import { columnsOf, describe, number, text } from "../../notation/rows.ts";
import { formatDateTime } from "../../notation/simulated-time.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import { servedPowerOf } from "../../simulation/book.ts";
import type { PowerReading } from "../../simulation/reading.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import type { OpenChapter } from "./chapter.ts";
import { listKeptStates } from "./kept-states.ts";
import { listUnitReadings } from "./readings.ts";
import type { RecordStorage } from "./record-storage.ts";
import type { ChangedState } from "./unit-event.ts";

/** Powers follow from the data: they are null where these are gone. */
const power = v.nullable(number);

/** A reading as the published emulator's CSV has it, then what apis-main counts. */
export const individualRowSchema = v.object({
  id: describe(text, "The unit, such as `E001`"),
  time: text,
  oesunit_id: describe(text, "The unit's display name"),
  emu_rsoc: number,
  emu_pvc_charge_power: power,
  emu_ups_output_power: power,
  charge_discharge_power: power,
  dcdc_meter_wg: power,
  dcdc_powermeter_p2: power,
  dcdc_meter_wb: describe(power, "Power of the converter on its battery's side"),
});

export type IndividualRow = Readonly<v.InferOutput<typeof individualRowSchema>>;

export const individualColumns = columnsOf(individualRowSchema);

export interface IndividualSource {
  readonly storage: RecordStorage;
  readonly chapters: readonly OpenChapter[];
  readonly startTime: string;
  /** The present display name of the unit with this number, for where none was kept. */
  displayOf(unitNumber: number): string;
}

/**
 * Rows of simulated day `day` up to `untilS`, one of the first `units` after the other: each at every interval and after every command to it. Of a chapter
 * whose data are gone there is what was kept: the charge after commands and at midnight.
 */
export function* listIndividualRows(
  source: IndividualSource,
  units: number,
  day: number,
  untilS: number,
): Generator<IndividualRow[]> {
  const { storage, chapters, startTime, displayOf } = source;
  const fromS = day * secondsPerDay;
  const lastS = Math.min(untilS, fromS + secondsPerDay);
  for (let unit = 1; unit <= units; unit++) {
    const readings = [...listUnitReadings(storage, chapters, unit, fromS, lastS)];
    const rows = readings.map(({ reading, display }) => ({
      timeS: reading.timeS,
      row: writeReading(reading, display ?? displayOf(unit), startTime),
    }));
    const kept = listKeptStates(storage, chapters, unit, fromS, lastS).map(({ state, display }) => ({
      timeS: state.timeS,
      row: writeKeptState(state, display ?? displayOf(unit), startTime),
    }));
    yield [...rows, ...kept].sort((a, b) => a.timeS - b.timeS).map(({ row }) => row);
  }
}

function writeKeptState(state: ChangedState, display: string, startTime: string): IndividualRow {
  return {
    id: formatUnitId(state.number),
    time: formatDateTime(startTime, state.timeS),
    oesunit_id: display,
    emu_rsoc: roundToHundredths(state.stateOfChargePercent),
    emu_pvc_charge_power: null,
    emu_ups_output_power: null,
    charge_discharge_power: null,
    dcdc_meter_wg: null,
    dcdc_powermeter_p2: null,
    dcdc_meter_wb: null,
  };
}

/** What a unit read at one moment, in the published emulator's columns and roundings. */
export function writeReading(reading: PowerReading, display: string, startTime: string): IndividualRow {
  return {
    id: formatUnitId(reading.number),
    time: formatDateTime(startTime, reading.timeS),
    oesunit_id: display,
    emu_rsoc: roundToHundredths(reading.stateOfChargePercent),
    emu_pvc_charge_power: roundToHundredths(reading.solarPowerW),
    emu_ups_output_power: roundToHundredths(servedPowerOf(reading)),
    charge_discharge_power: roundToHundredths(Math.abs(reading.batteryPowerW)),
    dcdc_meter_wg: roundToHundredths(reading.dcGridPowerW),
    dcdc_powermeter_p2: roundToWhole(reading.acIntakePowerW),
    dcdc_meter_wb: roundToHundredths(reading.dcGridPowerW - reading.converterLossPowerW),
  };
}
