import type { UnitState } from "../../simulation/unit.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import { chapterAt, type OpenChapter } from "./chapter.ts";
import type { RecordStorage } from "./record-storage.ts";
import { unitRecordLength, unpackUnit } from "./unit-record.ts";

/**
 * What is known of units in chapters whose data are gone, from `fromS` up to, not including, `untilS`: their states at
 * the ends of days and after commands; unit by unit, each in the order of time.
 */
export function listKeptStates(
  storage: RecordStorage,
  chapters: readonly OpenChapter[],
  fromS: number,
  untilS: number,
): UnitState[] {
  if (chapters.every(({ world }) => world !== null)) return [];
  const isGone = (timeS: number) => chapterAt(chapters, timeS).world === null;
  const states: UnitState[] = [];
  for (let unit = 1; unit <= storage.highestUnitNumber(); unit++) {
    const kept = new Map<number, UnitState>();
    for (let day = Math.max(1, Math.ceil(fromS / secondsPerDay)); day * secondsPerDay < untilS; day++) {
      const state = readDayEnd(storage, day - 1, unit);
      if (state !== null) kept.set(state.timeS, state);
    }
    for (const { timeS, state } of storage.readEvents(unit, fromS, untilS)) {
      if (state === null) kept.delete(timeS);
      else if (timeS >= fromS && timeS < untilS) kept.set(timeS, state);
    }
    states.push(...[...kept.values()].filter(({ timeS }) => isGone(timeS)).sort((a, b) => a.timeS - b.timeS));
  }
  return states;
}

function readDayEnd(storage: RecordStorage, day: number, unitNumber: number): UnitState | null {
  const record = storage.findDay(day);
  const offset = (unitNumber - 1) * unitRecordLength;
  if (record?.day !== day || offset >= record.units.length) return null;
  return unpackUnit(unitNumber, (day + 1) * secondsPerDay, record.units, offset);
}
