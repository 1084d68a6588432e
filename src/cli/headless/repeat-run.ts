import * as v from "valibot";
import { answerWriter } from "../../api/wire/answers.ts";
import { type CommandLog, commandLogSchema } from "../../community/records/command-log.ts";
import { Emulator } from "../../community/state/emulator.ts";
import type { CommunityStorage } from "../../community/storage/storage.ts";
import { StoredFormError, upgradeCommandLog } from "../../community/storage/stored-forms.ts";
import type { Chapter, KeptSnapshot } from "../../community/storage/stored-shapes.ts";
import type { Config } from "../../input/config/entries.ts";
import { readUnitFiles } from "../../input/units/unit-files.ts";
import { describeIssue } from "../../notation/rows.ts";
import type { World } from "../../simulation/world.ts";
import { createHeadlessStorage } from "./node-database.ts";
import { commandStep, type PreparedRun, SimulationError, type Step } from "./run-headless.ts";

/** Of all that was ever done; what other releases wrote besides is left out. */
const wholeLogSchema = v.object({
  ...commandLogSchema.entries,
  fromDay: v.literal(0),
  toDay: v.literal(Number.MAX_SAFE_INTEGER),
});

/**
 * Reads the JSON text of a whole log of commands, as `/commands` writes it or wrote it in an earlier release. It is one
 * that can be performed again if its data are there. @throws SimulationError
 */
export function readCommandLog(text: string): CommandLog {
  try {
    const result = v.safeParse(wholeLogSchema, upgradeCommandLog(JSON.parse(text)));
    if (result.success) return result.output;
    throw new TypeError(describeIssue(result.issues[0]));
  } catch (error) {
    if (error instanceof StoredFormError) throw new SimulationError(error.message);
    throw new SimulationError(
      `This is no whole log of commands, as /commands gives it: ${(error as Error).message}`,
    );
  }
}

/** The data that all of a run was made with. @throws SimulationError if they were not always the same */
function findData({ chapters }: CommandLog["run"]): string {
  const { inputHash } = chapters[0] as Chapter;
  if (inputHash === null) {
    const knownFromS = chapters.find((chapter) => chapter.inputHash !== null)?.fromS;
    throw new SimulationError(
      `The run cannot be repeated: its configuration or data before simulated second ${knownFromS} are not known`,
    );
  }
  const other = chapters.find((chapter) => chapter.inputHash !== inputHash);
  if (other === undefined) return inputHash;
  throw new SimulationError(
    `The run cannot be repeated: from simulated second ${other.fromS} on it was made with other data`,
  );
}

/** What began the run is in what it begins with. */
const isNoStart = ({ get }: CommandLog["commands"][number]) =>
  !/^\/(time\/start|snapshots\/begin)\?/.test(get);
/** What they began is a chapter of the log. */
const beginsNoChapter = ({ get }: CommandLog["commands"][number]) =>
  !/^\/(homes$|set\/home\/|data\/use\?)/.test(get);

/** Lays down what a run begins with that does not begin as new. */
function beginWith(start: KeptSnapshot, { run }: CommandLog, storage: CommunityStorage): void {
  const { head, units, bus, accelerationFactor, lastSave, faults } = start;
  const { timeS, unitCount } = head;
  const anchor = { anchorWallMs: run.beganWallMs, anchorSimulatedS: timeS };
  const clock = { ...anchor, accelerationFactor, held: true, claim: null };
  const chapters = run.chapters.slice(0, 1);
  storage.load();
  storage.save({ timeS, units, unitCount, bus, clock, run, chapters, faults, ...(lastSave && { lastSave }) });
}

/**
 * Makes a run of a log of commands, chapter by chapter, each command at its simulated second to the bit, on the data with
 * hash `inputHash`, of which `worldOf` makes worlds.
 * @throws SimulationError if the data are others
 */
export async function prepareRepeat(
  log: CommandLog,
  worldOf: (config: Config) => World,
  inputHash: string,
  everyS: number,
  files = readUnitFiles(),
): Promise<PreparedRun> {
  const { run, untilS } = log;
  if (inputHash !== findData(run))
    throw new SimulationError("These are not the data that the run was made with");
  const storage = createHeadlessStorage();
  const surround = ({ config, own }: Chapter) => ({
    own,
    config: { ...config, acceleration: run.accelerationFactor },
    worldOf,
    files: { ...files, lastSave: run.lastSave ?? files.lastSave },
    storage,
    log: () => {},
    writer: answerWriter,
    inputHash,
    inputName: "",
  });
  const [first, ...later] = run.chapters as [Chapter, ...Chapter[]];
  if (run.start !== undefined) beginWith(run.start, log, storage);
  const emulator = new Emulator(surround(first), run.beganWallMs);
  const turns = later.map((chapter) => ({
    afterId: chapter.afterCommandId,
    at: chapter.fromS,
    mayAddUnits: false,
    perform() {
      emulator.turnTo(surround(chapter), chapter.fromS, chapter.beganWallMs);
      return false;
    },
  }));
  const commands = await Promise.all(
    log.commands
      .filter((row) => isNoStart(row) && beginsNoChapter(row))
      .map(async ({ id, time_s, get, wall_ms }) => ({
        afterId: id,
        ...(await commandStep({ at: time_s, get: withoutClaim(get) }, wall_ms)),
      })),
  );
  // Sorting keeps the order of those that are equal: a chapter begins after the last command before it.
  const steps: Step[] = [...commands, ...turns].sort((a, b) => a.afterId - b.afterId);
  const performed = log.commands.map(({ time_s, get }) => ({ at: time_s, get }));
  return { emulator, storage, durationS: untilS, everyS, steps, commands: performed };
}

/**
 * A claim keeps others off in real time, and whoever is in the log was let in. What ended a claim may be missing there: going
 * back to a snapshot forgets it.
 */
function withoutClaim(path: string): string {
  const { pathname, searchParams } = new URL(path, "http://community");
  if (!searchParams.has("claim")) return path;
  for (const name of ["claim", "claimSeconds"]) searchParams.delete(name);
  return searchParams.size === 0 ? pathname : `${pathname}?${searchParams}`;
}
