import { join } from "node:path";
import { Emulator } from "../../src/community/emulator.ts";
import { askUnit, serveCommunity, sleepCommunity } from "./community-server.ts";
import { type Figure, formatNumber, type Workspace } from "./figures.ts";
import { createSurroundings } from "./sample-world.ts";
import { median, timeMs } from "./timing.ts";

const homes = 100;
const daysAsleep = 30;
const name = `waking ${homes} homes after ${daysAsleep} days (300 simulated)`;
const target = { most: 100 };

/** The first answer after 30 days of wall time at an acceleration of 10. */
export async function measureWake(workspace: Workspace): Promise<Figure[]> {
  return [await measureCore(workspace), await measureServer(workspace)];
}

async function measureCore({ inputFolder }: Workspace): Promise<Figure> {
  const surroundings = await createSurroundings(inputFolder, homes);
  const times: number[] = [];
  for (let run = 0; run < 10; run++) {
    const emulator = new Emulator(surroundings, 0);
    const wallMs = daysAsleep * 86_400_000;
    times.push(await timeMs(() => emulator.answer({ kind: "unit", unitNumber: 1, reply: "unit" }, wallMs)));
  }
  return { name: `${name}, core`, value: median(times.slice(3)), unit: "ms", target };
}

/** In a process that has just begun: reading input and storage, and keeping the records of 300 days, included. */
async function measureServer(workspace: Workspace): Promise<Figure> {
  const times: number[] = [];
  const restTimes: number[] = [];
  for (let run = 0; run < 3; run++) {
    times.push(await timeFirstAnswer(workspace, `wake-${run}`, daysAsleep));
    restTimes.push(await timeFirstAnswer(workspace, `rest-${run}`, 0));
  }
  const comparison = `${formatNumber(median(restTimes))} ms after no time at all`;
  return { name: `${name}, server just begun`, value: median(times), unit: "ms", target, comparison };
}

async function timeFirstAnswer(
  { folder, inputFolder }: Workspace,
  name: string,
  days: number,
): Promise<number> {
  const ownFolder = join(folder, name);
  await sleepCommunity(ownFolder, inputFolder, homes, days);
  const server = await serveCommunity(ownFolder, inputFolder, homes);
  const time = await timeMs(() => askUnit(server));
  await server.stop();
  return time;
}
