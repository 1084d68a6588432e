import { join } from "node:path";
import { Emulator } from "../../src/community/state/emulator.ts";
import { ask, serveCommunity, sleepCommunity } from "./community-server.ts";
import { type Figure, formatNumber, type Workspace } from "./figures.ts";
import { createSurroundings } from "./sample-world.ts";
import { median, timeMs } from "./timing.ts";

const homes = 100;
const daysAsleep = 30;
const name = `waking after ${daysAsleep} days (300 simulated)`;
const target = { most: 100 };
const runs = 5;

/** The first answer after 30 days of wall time at an acceleration of 10. */
export async function measureWake(workspace: Workspace): Promise<Figure[]> {
  return [await measureCore(workspace), ...(await measureServer(workspace))];
}

async function measureCore({ inputFolder }: Workspace): Promise<Figure> {
  const surroundings = await createSurroundings(inputFolder, homes);
  const times: number[] = [];
  for (let run = 0; run < 10; run++) {
    const emulator = new Emulator(surroundings, 0);
    times.push(await timeMs(() => emulator.answer({ kind: "log" }, daysAsleep * 86_400_000)));
  }
  return { name: `${name}, ${homes} homes, core`, value: median(times.slice(3)), unit: "ms", target };
}

/**
 * In a process that has just begun, reading input and storage and the engine's warming up included; and beside a
 * community that has just passed the same days, as an object wakes in a process that runs.
 */
async function measureServer(workspace: Workspace): Promise<Figure[]> {
  const one = await timeRuns(workspace, ["/get/unit/E001"]);
  const all = await timeRuns(workspace, ["/get/log", "/e/other/get/log"]);
  const describe = (what: string, { asleep, rested }: Times): Figure => {
    const comparison = `${formatNumber(rested)} ms after no time at all`;
    return { name: `${name}, ${what}`, value: asleep, unit: "ms", target, comparison };
  };
  return [
    describe(`1 of ${homes} homes, server just begun`, one[0] as Times),
    describe(`${homes} homes, server just begun`, all[0] as Times),
    describe(`${homes} homes, server that runs`, all[1] as Times),
  ];
}

/** Median times of an answer after 30 days and after no time [ms]. */
interface Times {
  readonly asleep: number;
  readonly rested: number;
}

/** Asks for `paths` one after the other, in a new process each time. */
async function timeRuns(workspace: Workspace, paths: readonly string[]): Promise<Times[]> {
  const asleep: number[][] = [];
  const rested: number[][] = [];
  for (let run = 0; run < runs; run++) {
    asleep.push(await timeAnswers(workspace, paths, daysAsleep));
    rested.push(await timeAnswers(workspace, paths, 0));
  }
  const medianOf = (times: number[][], path: number) => median(times.map((run) => run[path] as number));
  return paths.map((_, path) => ({ asleep: medianOf(asleep, path), rested: medianOf(rested, path) }));
}

let sleepers = 0;

async function timeAnswers(
  { folder, inputFolder }: Workspace,
  paths: readonly string[],
  days: number,
): Promise<number[]> {
  const ownFolder = join(folder, `wake-${sleepers++}`);
  await sleepCommunity(ownFolder, inputFolder, homes, days, ["other"]);
  const server = await serveCommunity(ownFolder, inputFolder, homes);
  const times: number[] = [];
  for (const path of paths) times.push(await timeMs(() => ask(server, path)));
  await server.stop();
  return times;
}
