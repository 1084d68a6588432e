import { addLedger, createLedger } from "../../simulation/ledger.ts";
import { copyUnit, type UnitState } from "../../simulation/unit.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import type { RecordStorage } from "./record-storage.ts";
import { readEnergies, unpackUnit } from "./unit-record.ts";

/**
 * Units as they were last kept, each after a command or at the end of a day, and the last of these moments: all that
 * is known where the data are gone. `units` are as the last commands left them.
 */
export function recallUnits(
  storage: RecordStorage,
  units: readonly UnitState[],
): { readonly units: UnitState[]; readonly timeS: number } {
  const recalled = units.map((unit) => recallUnit(storage, unit));
  return { units: recalled, timeS: Math.max(storage.lastEventS(), ...recalled.map(({ timeS }) => timeS)) };
}

function recallUnit(storage: RecordStorage, unit: UnitState): UnitState {
  const last = storage.findDay(Number.MAX_SAFE_INTEGER);
  const dayEndS = last === null ? 0 : (last.day + 1) * secondsPerDay;
  if (last === null || dayEndS <= unit.timeS) return copyUnit(unit);
  const recalled = unpackUnit(unit.number, dayEndS, last.units);
  if (recalled === null) return copyUnit(unit);
  // What had flowed on the day of the command before it stands in that day's record too.
  const finishedDays = { ...unit.finishedDays };
  for (const { units } of storage.readDays(Math.floor(unit.timeS / secondsPerDay), last.day)) {
    addLedger(finishedDays, readEnergies(units)[unit.number - 1] ?? createLedger());
  }
  return { ...recalled, finishedDays };
}
