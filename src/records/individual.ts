import { secondsPerDay, type World } from "../simulation/world.ts";
import { roundToHundredths, roundToWhole } from "../wire/rounding.ts";
import { formatCalendar, toCalendar } from "../wire/simulated-time.ts";
import { formatUnitId } from "../wire/unit-id.ts";
import type { RecordStorage } from "./record-storage.ts";
import { replayUnit } from "./replay.ts";

/** What a unit read at one moment, in the published emulator's columns and roundings. */
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
  const rows: IndividualRow[] = [];
  const fromS = day * secondsPerDay;
  const lastS = Math.min(untilS, fromS + secondsPerDay);
  for (let unit = 1; unit <= storage.highestUnitNumber(); unit++) {
    const replay = replayUnit(storage, world, unit, fromS, lastS);
    for (const timeS of listMoments(storage, unit, fromS, lastS, intervalS)) {
      const now = replay.readAt(timeS)?.reading;
      if (now === undefined) continue;
      rows.push({
        id: rows.length + 1,
        time: formatCalendar(toCalendar(startTime, timeS)),
        oesunit_id: formatUnitId(unit),
        emu_rsoc: roundToHundredths(now.stateOfChargePercent),
        emu_pvc_charge_power: roundToHundredths(now.solarPowerW),
        emu_ups_output_power: roundToHundredths(now.demandPowerW),
        charge_discharge_power: roundToHundredths(Math.abs(now.batteryPowerW)),
        dcdc_meter_wg: roundToHundredths(now.gridPowerW),
        dcdc_powermeter_p2: roundToWhole(now.acIntakePowerW),
      });
    }
  }
  return rows;
}

/** Multiples of the interval and the moments of commands, from `fromS` up to, not including, `lastS`. */
function listMoments(
  storage: RecordStorage,
  unit: number,
  fromS: number,
  lastS: number,
  intervalS: number,
): number[] {
  const moments = new Set<number>();
  for (let k = Math.ceil(fromS / intervalS); k * intervalS < lastS; k++) moments.add(k * intervalS);
  for (const { timeS } of storage.readEvents(unit, fromS, lastS)) {
    if (timeS >= fromS && timeS < lastS) moments.add(timeS);
  }
  return [...moments].sort((a, b) => a - b);
}
