import { secondsPerDay } from "../../simulation/world.ts";
import { chapterAt, type OpenChapter } from "./chapter.ts";
import type { RecordStorage } from "./record-storage.ts";
import type { ChangedState } from "./unit-event.ts";
import { unpackUnit } from "./unit-record.ts";

/** A state that was kept, and what the unit was called then, or null where that was not kept. */
interface KeptState {
  readonly state: ChangedState;
  readonly display: string | null;
}

/**
 * What is known of a unit in chapters whose data are gone, from `fromS` up to, not including, `untilS`: its states at the ends
 * of days and after commands, in the order of time.
 */
export function listKeptStates(
  storage: RecordStorage,
  chapters: readonly OpenChapter[],
  unit: number,
  fromS: number,
  untilS: number,
): KeptState[] {
  if (chapters.every(({ world }) => world !== null)) return [];
  const isGone = (timeS: number) => chapterAt(chapters, timeS).world === null;
  const events = storage.readEvents(unit, fromS, untilS);
  const kept = new Map<number, KeptState>();
  const displayAt = (timeS: number) => events.findLast((event) => event.timeS <= timeS)?.display ?? null;
  for (let day = Math.max(1, Math.ceil(fromS / secondsPerDay)); day * secondsPerDay < untilS; day++) {
    const state = readDayEnd(storage, day - 1, unit);
    if (state !== null) kept.set(state.timeS, { state, display: displayAt(state.timeS) });
  }
  for (const { timeS, state, display } of events) {
    if (state === null) kept.delete(timeS);
    else if (timeS >= fromS && timeS < untilS) kept.set(timeS, { state, display });
  }
  return [...kept.values()]
    .filter(({ state }) => isGone(state.timeS))
    .sort((a, b) => a.state.timeS - b.state.timeS);
}

function readDayEnd(storage: RecordStorage, day: number, unitNumber: number): ChangedState | null {
  const record = storage.findDay(day);
  return record?.day === day ? unpackUnit(unitNumber, (day + 1) * secondsPerDay, record.units) : null;
}
