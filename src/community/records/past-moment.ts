import type { InParts } from "../../notation/in-parts.ts";
import { type BusState, createBus } from "../../simulation/dc-bus.ts";
import { completeReading, type UnitReading } from "../../simulation/reading.ts";
import type { World } from "../../simulation/world.ts";
import { chapterAt, type OpenChapter } from "./chapter.ts";
import type { RecordStorage } from "./record-storage.ts";
import { replayUnit } from "./replay.ts";

/** A community as it was at one moment of its past: all that could be read then. */
export interface PastMoment {
  readonly timeS: number;
  /** What surrounded it then. */
  readonly world: World;
  readonly bus: BusState;
  readonly units: readonly {
    readonly reading: UnitReading;
    /** What the unit was called, or null where that was not kept. */
    readonly display: string | null;
  }[];
}

/**
 * The community at simulated second `timeS`, which has come and is told of: after all that came then. Null where the data of that
 * time are gone.
 */
export function* readPastMoment(
  storage: RecordStorage,
  chapters: readonly OpenChapter[],
  timeS: number,
): InParts<PastMoment | null> {
  const { world } = chapterAt(chapters, timeS);
  if (world === null) return null;
  const bus = storage.readBusEvents(timeS, timeS).at(-1)?.bus ?? createBus();
  const units: PastMoment["units"][number][] = [];
  for (let number = 1; number <= storage.highestUnitNumber(); number++) {
    const replayed = replayUnit(storage, chapters, number, timeS, timeS).readAt(timeS);
    // One that was not there then.
    if (replayed === null) continue;
    const { reading, settings, display } = replayed;
    units.push({ reading: completeReading(reading, settings, bus, world), display });
    yield;
  }
  return { timeS, world, bus, units };
}
