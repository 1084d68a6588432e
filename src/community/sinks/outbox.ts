import { secondsPerDay } from "../../simulation/world.ts";
import type { OpenChapter } from "../records/chapter.ts";
import { firstDayOfRun, firstToldS } from "../records/forget.ts";
import { readingIntervalS } from "../records/readings.ts";
import type { CommunityStorage } from "../storage/storage.ts";
import type { Progress } from "../storage/stored-shapes.ts";
import type { Log } from "../watching/log.ts";
import { type BatchSource, collectBatch, isEmpty, type Sink } from "./batch.ts";
import { beginProgress, dropOldest, leastPauseMs, retryAfterMs } from "./progress.ts";

/** How simulated time moves now: rate and `perMs` are 0 while it is held, and nothing lies beyond `endS`. */
export interface Pace {
  readonly nowS: number;
  readonly accelerationFactor: number;
  readonly perMs: number;
  readonly endS: number;
}

/** Batches sent at one call; what waits longer waits for the next. */
const batchesAtOnce = 20;

/**
 * Tells a database what has been recorded, from where it was left. Nothing queues up for it: what it has not been
 * told is run again from the records when its turn comes.
 */
export class Outbox {
  readonly #source: BatchSource & { readonly storage: CommunityStorage };
  readonly #sink: Sink;
  readonly #log: Log;
  #failures = 0;
  #notBeforeMs = 0;

  constructor(source: BatchSource & { readonly storage: CommunityStorage }, sink: Sink, log: Log) {
    this.#source = source;
    this.#sink = sink;
    this.#log = log;
  }

  /** Wall time [ms] at which something will be due, or null while nothing can become due. */
  dueMs(pace: Pace, nowMs: number): number | null {
    const { storage } = this.#source;
    const intervalS = this.#intervalS;
    const { untilS, day, afterCommandId, goneBack } = this.#readProgress();
    if (goneBack && this.#sink.forgetBeyond !== undefined) return Math.max(nowMs, this.#notBeforeMs);
    const nextS = Math.ceil(untilS / intervalS) * intervalS;
    const hasCommand = storage.readCommands(afterCommandId, 1).length > 0;
    const hasDay = (day + 1) * secondsPerDay <= pace.nowS;
    if (hasCommand || hasDay || nextS < pace.nowS) return Math.max(nowMs, this.#notBeforeMs);
    if (pace.perMs === 0 || pace.nowS >= pace.endS) return null;
    // A reading is complete when time has passed it, and the last day when time stands still.
    const dueS = Math.min(nextS, pace.endS);
    return Math.max(nowMs + Math.ceil((dueS - pace.nowS) / pace.perMs) + 1, this.#notBeforeMs);
  }

  /** Sends what lies before simulated second `nowS`; never throws. `clockMs` gives the wall time. */
  async deliver(nowS: number, clockMs: () => number): Promise<void> {
    for (let sent = 0; sent < batchesAtOnce; sent++) {
      const progress = this.#dropOldest(this.#readProgress(), nowS);
      if (progress.goneBack && this.#sink.forgetBeyond !== undefined) {
        try {
          await this.#sink.forgetBeyond(this.#source.community, progress);
        } catch (error) {
          return this.#fail(error, clockMs());
        }
        if (!isSame(this.#readProgress(), progress)) return;
        this.#source.storage.keepProgress({ ...progress, goneBack: false });
        continue;
      }
      const { batch, next } = collectBatch(this.#source, progress, nowS);
      if (isEmpty(batch) && next.untilS >= nowS) return this.#rest(clockMs(), leastPauseMs);
      // Should nobody hear that it was taken, it comes again as it was.
      const tried = isEmpty(batch) ? progress : { ...progress, triedUntilS: next.untilS };
      try {
        if (!isEmpty(batch)) {
          this.#source.storage.keepProgress(tried);
          await this.#sink.send(batch);
        }
      } catch (error) {
        return this.#fail(error, clockMs());
      }
      // Time may have begun anew or gone back meanwhile: then this was of a past that is gone, and `nowS` too.
      if (!isSame(this.#readProgress(), tried)) return;
      this.#succeed(next);
    }
  }

  /** Simulated time between two readings now. */
  get #intervalS(): number {
    return readingIntervalS((this.#source.chapters().at(-1) as OpenChapter).config);
  }

  #readProgress(): Progress {
    const { storage } = this.#source;
    const runBeganMs = storage.readRun()?.beganWallMs ?? 0;
    const kept = storage.readProgress();
    return kept?.runBeganMs === runBeganMs ? kept : beginProgress(runBeganMs, firstDayOfRun(storage));
  }

  #dropOldest(progress: Progress, nowS: number): Progress {
    const { storage } = this.#source;
    const rest = dropOldest(
      progress,
      nowS,
      this.#intervalS,
      storage.highestUnitNumber(),
      firstToldS(storage),
    );
    const dropped = rest.droppedReadings - progress.droppedReadings;
    if (dropped === 0) return progress;
    this.#log("WARNING", "The database is too far behind: readings are dropped", { dropped });
    storage.keepProgress(rest);
    return rest;
  }

  #succeed(next: Progress): void {
    if (this.#failures > 0) this.#log("INFO", "The database takes readings again");
    this.#failures = 0;
    this.#source.storage.keepProgress(next);
  }

  #fail(error: unknown, nowMs: number): void {
    this.#failures++;
    const retryMs = retryAfterMs(this.#failures);
    this.#log("WARNING", "The database does not take readings", { error: String(error), retryMs });
    this.#rest(nowMs, retryMs);
  }

  #rest(nowMs: number, pauseMs: number): void {
    this.#notBeforeMs = nowMs + pauseMs;
  }
}

function isSame(one: Progress, other: Progress): boolean {
  return (Object.keys(other) as (keyof Progress)[]).every((name) => one[name] === other[name]);
}
