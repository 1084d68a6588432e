import { secondsPerDay } from "../../simulation/world.ts";
import type { Progress } from "../storage/stored-shapes.ts";

/** Readings that may wait for a database; older ones are dropped, and counted. */
const maximumWaitingReadings = 100_000;
/** Readings of one batch. */
export const batchReadings = 1000;
/** Least real time [ms] from one batch to the next, unless more is waiting. */
export const leastPauseMs = 10_000;
const firstRetryMs = 1000;
const longestRetryMs = 300_000;

export function beginProgress(runBeganMs: number, day = 0): Progress {
  return {
    runBeganMs,
    untilS: day * secondsPerDay,
    day,
    afterCommandId: 0,
    sentReadings: 0,
    droppedReadings: 0,
    triedUntilS: null,
    goneBack: false,
  };
}

/** Real time [ms] to wait after `failures` failures in a row: 1 s, doubled each time, up to 5 min. */
export function retryAfterMs(failures: number): number {
  return Math.min(longestRetryMs, firstRetryMs * 2 ** (failures - 1));
}

/** Leaves out what is too long ago for a database that is far behind, and what lies before `keptFromS`. */
export function dropOldest(
  progress: Progress,
  nowS: number,
  intervalS: number,
  units: number,
  keptFromS = 0,
): Progress {
  const keptIntervals = Math.max(1, Math.floor(maximumWaitingReadings / Math.max(1, units)));
  const first = Math.max(Math.floor(nowS / intervalS) - keptIntervals, Math.ceil(keptFromS / intervalS));
  const oldestS = first * intervalS;
  if (progress.untilS >= oldestS) return progress;
  const intervals = Math.ceil(oldestS / intervalS) - Math.ceil(progress.untilS / intervalS);
  return {
    ...progress,
    triedUntilS: null,
    untilS: oldestS,
    droppedReadings: progress.droppedReadings + intervals * units,
  };
}
