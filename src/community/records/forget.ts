import { secondsPerDay } from "../../simulation/world.ts";
import type { RecordStorage } from "./record-storage.ts";

/** Forgets what is older than `historyDays` of the `recordedDays`, some days at a time. */
export function forgetOldDays(storage: RecordStorage, recordedDays: number, historyDays: number): void {
  const first = firstKeptDay(recordedDays, historyDays);
  if (first > storage.firstDay()) storage.forgetBefore(first);
}

/** The first day that is kept of so many: it does not depend on when somebody looked. */
export function firstKeptDay(recordedDays: number, historyDays: number): number {
  // The past is run again from a day's end: one day more is kept for that.
  const oldDays = recordedDays - historyDays - 1;
  const atOnce = Math.max(1, Math.floor(historyDays / 10));
  return oldDays > 0 ? Math.floor(oldDays / atOnce) * atOnce : 0;
}

/** The first day that can be told of. */
export function firstToldDay(storage: RecordStorage): number {
  const first = storage.firstDay();
  const ofRun = firstDayOfRun(storage);
  return first <= ofRun ? ofRun : first + 1;
}

/** The day on which the run began. */
export function firstDayOfRun(storage: RecordStorage): number {
  return Math.floor(storage.runFromS() / secondsPerDay);
}

/** The simulated second from which on the past can be run again. */
export function firstToldS(storage: RecordStorage): number {
  return firstToldDay(storage) * secondsPerDay;
}
