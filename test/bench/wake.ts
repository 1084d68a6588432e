import { join } from "node:path";
import { Emulator } from "../../src/community/emulator.ts";
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

/** In a process that has just begun: reading input and storage, and what the engine needs to warm up, included. */
async function measureServer(workspace: Workspace): Promise<Figure[]> {
  const timeFirst = async (path: string, days: number) => {
    const times: number[] = [];
    for (let run = 0; run < runs; run++) times.push(await timeFirstAnswer(workspace, path, days));
    return median(times);
  };
  const describe = async (what: string, path: string): Promise<Figure> => {
    const comparison = `${formatNumber(await timeFirst(path, 0))} ms after no time at all`;
    const value = await timeFirst(path, daysAsleep);
    return { name: `${name}, ${what}, server just begun`, value, unit: "ms", target, comparison };
  };
  return [
    await describe(`1 of ${homes} homes`, "/get/unit/E001"),
    await describe(`${homes} homes`, "/get/log"),
  ];
}

let sleepers = 0;

async function timeFirstAnswer(
  { folder, inputFolder }: Workspace,
  path: string,
  days: number,
): Promise<number> {
  const ownFolder = join(folder, `wake-${sleepers++}`);
  await sleepCommunity(ownFolder, inputFolder, homes, days);
  const server = await serveCommunity(ownFolder, inputFolder, homes);
  const time = await timeMs(() => ask(server, path));
  await server.stop();
  return time;
}
