import type { Config } from "../../input/config/entries.ts";
import { listChapterEnds, type OpenChapter } from "./chapter.ts";
import type { RecordStorage } from "./record-storage.ts";
import { type ReplayedReading, replayUnit } from "./replay.ts";

/** What each unit read, as `listUnitReadings` tells it, unit by unit. */
export function* listReadings(
  storage: RecordStorage,
  chapters: readonly OpenChapter[],
  fromS: number,
  untilS: number,
): Generator<ReplayedReading> {
  for (let unit = 1; unit <= storage.highestUnitNumber(); unit++)
    yield* listUnitReadings(storage, chapters, unit, fromS, untilS);
}

/**
 * What a unit read at every multiple of its chapter's interval, at the chapter's beginning and after every command to it, from
 * `fromS` up to, not including, `untilS`, in the order of time.
 */
export function* listUnitReadings(
  storage: RecordStorage,
  chapters: readonly OpenChapter[],
  unit: number,
  fromS: number,
  untilS: number,
): Generator<ReplayedReading> {
  const replay = replayUnit(storage, chapters, unit, fromS, untilS);
  for (const timeS of listMoments(storage, chapters, unit, fromS, untilS)) {
    const reading = replay.readAt(timeS);
    if (reading !== null) yield reading;
  }
}

/** Simulated time between two readings of a unit. */
export function readingIntervalS({ individualIntervalMinutes }: Config): number {
  return individualIntervalMinutes * 60;
}

function listMoments(
  storage: RecordStorage,
  chapters: readonly OpenChapter[],
  unit: number,
  fromS: number,
  untilS: number,
): number[] {
  const moments = new Set<number>();
  const endsS = listChapterEnds(chapters);
  chapters.forEach((chapter, index) => {
    const intervalS = readingIntervalS(chapter.config);
    const endS = Math.min(untilS, endsS[index] as number);
    const firstS = Math.max(fromS, chapter.fromS);
    for (let k = Math.ceil(firstS / intervalS); k * intervalS < endS; k++) moments.add(k * intervalS);
  });
  for (const { timeS } of storage.readEvents(unit, fromS, untilS)) {
    if (timeS >= fromS && timeS < untilS) moments.add(timeS);
  }
  return [...moments].sort((a, b) => a - b);
}
