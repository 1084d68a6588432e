import { chapterAt, type OpenChapter } from "../records/chapter.ts";
import { type CommandRow, listCommands } from "../records/command-log.ts";
import { firstToldDay } from "../records/forget.ts";
import { listReadings, readingIntervalS } from "../records/readings.ts";
import type { RecordStorage } from "../records/record-storage.ts";
import type { ReplayedReading } from "../records/replay.ts";
import { type SummaryRow, summarizeDays } from "../records/summary.ts";
import { namePast } from "../records/totals.ts";
import type { Progress } from "../storage/stored-shapes.ts";
import { batchReadings } from "./progress.ts";

/** What a database is told at once, readings of one chapter. Sending it twice must do no harm. */
export interface Batch {
  readonly community: string;
  readonly runBeganMs: number;
  /** Tells the past that the readings are of from any other. */
  readonly past: string;
  readonly readings: readonly ReplayedReading[];
  readonly days: readonly (SummaryRow & { readonly day: number })[];
  readonly commands: readonly CommandRow[];
}

/** Takes a batch, or throws. */
export interface Sink {
  send(batch: Batch): Promise<void>;
  /** Forgets what it was told of this run beyond `progress`, or throws: time has gone back. Not every database can. */
  forgetBeyond?(community: string, progress: Progress): Promise<void>;
}

export interface BatchSource {
  readonly community: string;
  readonly storage: RecordStorage;
  /** The chapters of the run as it is now, at least one. */
  readonly chapters: () => readonly OpenChapter[];
}

const batchDays = 100;
const batchCommands = 500;

/**
 * The next batch of what lies before simulated second `nowS`, and the progress once it is sent. One that was tried before has the
 * same readings again.
 */
export function collectBatch(
  source: BatchSource,
  progress: Progress,
  nowS: number,
): { readonly batch: Batch; readonly next: Progress } {
  const { storage } = source;
  const chapters = source.chapters();
  const { startTime } = (chapters[0] as OpenChapter).config;
  const { runBeganMs, untilS: fromS, day, afterCommandId, triedUntilS } = progress;
  const intervalS = readingIntervalS(chapterAt(chapters, fromS).config);
  const intervals = Math.max(1, Math.floor(batchReadings / Math.max(1, storage.highestUnitNumber())));
  const endS = chapters.find((chapter) => chapter.fromS > fromS)?.fromS ?? nowS;
  const nextS = Math.min(nowS, endS, (Math.floor(fromS / intervalS) + intervals) * intervalS);
  const untilS = Math.max(fromS, triedUntilS ?? nextS);
  const readings = [...listReadings(storage, chapters, fromS, untilS)];
  // Days that are no longer kept are not waited for.
  const firstDay = Math.max(day, firstToldDay(storage));
  const days = [...storage.readDays(firstDay, firstDay + batchDays - 1)].map((record) => ({
    ...(summarizeDays([record], startTime)[0] as SummaryRow),
    day: record.day,
  }));
  const commands = listCommands(storage, startTime, afterCommandId, batchCommands);
  const next = {
    ...progress,
    triedUntilS: null,
    untilS,
    day: (days.at(-1)?.day ?? firstDay - 1) + 1,
    afterCommandId: commands.at(-1)?.id ?? afterCommandId,
    sentReadings: progress.sentReadings + readings.length,
  };
  const past = namePast(storage, chapters, untilS);
  return { batch: { community: source.community, runBeganMs, past, readings, days, commands }, next };
}

export function isEmpty({ readings, days, commands }: Batch): boolean {
  return readings.length === 0 && days.length === 0 && commands.length === 0;
}
