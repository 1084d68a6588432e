import * as v from "valibot";
import { columnsOf, describe, number, text } from "../../notation/rows.ts";
import { formatDateTimeMs } from "../../notation/simulated-time.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import { startName } from "../storage/snapshot-rows.ts";
import { formVersion } from "../storage/stored-forms.ts";
import { chapterSchema, keptSnapshotSchema, type Run, runSchema } from "../storage/stored-shapes.ts";
import type { RecordStorage } from "./record-storage.ts";

/** A command that was performed: who asked for it when, in real and in simulated time, and what it changed. */
const commandRowSchema = v.object({
  id: v.pipe(number, v.safeInteger(), v.minValue(0)),
  wall_time: text,
  time: describe(text, "Simulated time to the millisecond"),
  time_s: describe(v.pipe(number, v.finite(), v.minValue(0)), "Simulated second, to the bit"),
  wall_ms: v.pipe(number, v.finite()),
  source: text,
  get: describe(text, "Its path with all parameters in the query"),
  effect: text,
});

export type CommandRow = Readonly<v.InferOutput<typeof commandRowSchema>>;

export const commandColumns = columnsOf(commandRowSchema);

/** A log of commands: with what stands before them they can be performed again. */
export const commandLogSchema = v.object({
  version: describe(number, "Of the form in which this is written"),
  run: v.object({
    ...runSchema.entries,
    chapters: v.pipe(v.array(chapterSchema), v.minLength(1)),
    start: describe(v.optional(keptSnapshotSchema), "What it begins with, where it does not begin as new"),
  }),
  untilS: describe(v.pipe(number, v.finite(), v.minValue(0)), "The simulated second at which it was written"),
  fromDay: number,
  toDay: number,
  commands: v.array(commandRowSchema),
});

export type CommandLog = Readonly<v.InferOutput<typeof commandLogSchema>>;
type CommandLogHead = Omit<CommandLog, "commands">;

interface CommandSource {
  readonly storage: RecordStorage;
  readonly startTime: string;
  readonly untilS: number;
  /** The last one that is told of. */
  readonly lastCommandId: number;
}

export function describeCommandLog(
  { storage, untilS }: CommandSource,
  { fromDay, toDay }: { readonly fromDay: number; readonly toDay: number },
): CommandLogHead {
  const stored = storage.readRun() as Run;
  const start = storage.readSnapshot(startName);
  const isOfRun = start?.head.runBeganMs === stored.beganWallMs;
  const run = { ...stored, chapters: storage.readChapters(), ...(start && isOfRun && { start }) };
  return { version: formVersion, run, untilS, fromDay, toDay };
}

const batchLength = 100;

/** The commands of days `fromDay` to `toDay` in the order in which they were performed, a hundred at a time. */
export function* listCommandBatches(
  { storage, startTime, lastCommandId }: CommandSource,
  fromDay: number,
  toDay: number,
): Generator<CommandRow[]> {
  for (let afterId = 0; ; ) {
    const batch = listCommands(storage, startTime, afterId, batchLength);
    const last = batch.at(-1);
    if (last === undefined || afterId >= lastCommandId) return;
    yield batch.filter(
      ({ id, time_s }) =>
        id <= lastCommandId && time_s >= fromDay * secondsPerDay && time_s < (toDay + 1) * secondsPerDay,
    );
    afterId = last.id;
  }
}

/** The next commands after the one with id `afterId`, at most `limit`. */
export function listCommands(
  storage: RecordStorage,
  startTime: string,
  afterId: number,
  limit: number,
): CommandRow[] {
  return storage.readCommands(afterId, limit).map(({ id, wallMs, timeS, path, source, effect }) => ({
    id,
    wall_time: new Date(wallMs).toISOString(),
    time: formatDateTimeMs(startTime, timeS),
    time_s: timeS,
    wall_ms: wallMs,
    source,
    get: path,
    effect,
  }));
}
