import { createBus } from "../../simulation/dc-bus.ts";
import { completeReading, type UnitReading } from "../../simulation/reading.ts";
import { chapterAt, type OpenChapter } from "./chapter.ts";
import type { RecordStorage } from "./record-storage.ts";
import { replayUnit } from "./replay.ts";

/** All that could be read off a unit at `timeS`, which has passed, or null where it was not there or is not known. */
export function readPast(
  storage: RecordStorage,
  chapters: readonly OpenChapter[],
  unitNumber: number,
  timeS: number,
): UnitReading | null {
  const replayed = replayUnit(storage, chapters, unitNumber, timeS, timeS).readAt(timeS);
  const { world } = chapterAt(chapters, timeS);
  if (replayed === null || world === null) return null;
  const bus = storage.readBusEvents(timeS, timeS).at(-1)?.bus ?? createBus();
  return completeReading(replayed.reading, replayed.settings, bus, world);
}
