import { createBus } from "../../simulation/dc-bus.ts";
import { completeReading, readUnit, type UnitReading } from "../../simulation/reading.ts";
import { copyUnit } from "../../simulation/unit.ts";
import type { StoredChange } from "../storage/storage.ts";
import { chapterAt, type OpenChapter } from "./chapter.ts";
import type { RecordStorage } from "./record-storage.ts";
import { replayUnit } from "./replay.ts";

/**
 * All that could be read off a unit at `timeS`, which has passed, or null where it was not there or is not known. `unkept` is what
 * converters that tripped have left and nobody has kept yet.
 */
export function readPast(
  storage: RecordStorage,
  chapters: readonly OpenChapter[],
  unitNumber: number,
  timeS: number,
  unkept: readonly StoredChange[] = [],
): UnitReading | null {
  const { world } = chapterAt(chapters, timeS);
  const left = unkept.filter((change) => change.timeS <= timeS);
  const bus =
    left.findLast((change) => change.bus !== undefined)?.bus ??
    storage.readBusEvents(timeS, timeS).at(-1)?.bus ??
    createBus();
  const states = left.flatMap(({ units = [] }) => units).filter(({ state }) => state.number === unitNumber);
  const state = states.at(-1)?.state;
  if (state !== undefined && world !== null) return readUnit(copyUnit(state), bus, timeS, world);
  const replayed = replayUnit(storage, chapters, unitNumber, timeS, timeS).readAt(timeS);
  if (replayed === null || world === null) return null;
  return completeReading(replayed.reading, replayed.settings, bus, world);
}
