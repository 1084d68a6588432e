import { join } from "node:path";
import type { World } from "../../src/simulation/world.ts";
import type { Figure, Workspace } from "./figures.ts";
import { limitHomes, passYear } from "./pass-year.ts";
import { createSurroundings } from "./sample-world.ts";
import { median, timeMs, timeRuns } from "./timing.ts";
import { serveWorkers, writeSmallConfig } from "./workerd.ts";

/** What the published emulator needs for the same at its step of 10 s [ms]. */
const publishedMs = 2 * 3600 * 1000;
const target = { most: 100 };

/** 100 homes through a year of the sample data, in Node and in workerd. */
export async function measureYear(workspace: Workspace): Promise<Figure[]> {
  return [...(await measureInNode(workspace)), ...(await measureInWorkerd(workspace))];
}

async function measureInNode({ inputFolder }: Workspace): Promise<Figure[]> {
  const { config, worldOf } = await createSurroundings(inputFolder, 100);
  const world = worldOf(config, "") as World;
  const cold = await timeMs(() => passYear(world));
  await timeRuns(3, () => passYear(world));
  const plainMs = median(await timeRuns(7, () => passYear(world)));
  const figures = describe("Node", plainMs, cold);
  const limited = limitHomes(world);
  await timeRuns(3, () => passYear(limited));
  // In turn, so that what else the machine does falls on both.
  const withoutMs: number[] = [];
  const withMs: number[] = [];
  for (let run = 0; run < 9; run++) {
    withoutMs.push(await timeMs(() => passYear(world)));
    withMs.push(await timeMs(() => passYear(limited)));
  }
  const limitedMs = median(withMs);
  const everything = {
    name: "the same with everything on (limits, losses, outages, tariff), over without",
    value: limitedMs / median(withoutMs),
    unit: "×",
    target: { most: 3 },
    comparison: `${limitedMs.toFixed(0)} ms`,
  };
  return [...figures, everything];
}

/** A worker's clock stands still while it computes: requests are timed from outside, less one of no year. */
async function measureInWorkerd({ folder, inputFolder }: Workspace): Promise<Figure[]> {
  const workers = { worker: "test/bench/year-worker.ts" };
  const server = await serveWorkers(join(folder, "year"), workers, writeSmallConfig(inputFolder));
  const ask = async (years: number) => (await fetch(`${server.url}/?years=${years}`)).text();
  await timeRuns(20, () => ask(0));
  const cold = await timeMs(() => ask(1));
  await timeRuns(3, () => ask(1));
  const nothing = median(await timeRuns(7, () => ask(0)));
  const year = median(await timeRuns(7, () => ask(1)));
  await server.stop();
  return describe("workerd", year - nothing, cold - nothing);
}

function describe(where: string, medianMs: number, coldMs: number): Figure[] {
  const compare = (ms: number) =>
    `${(publishedMs / ms).toLocaleString("en", { maximumSignificantDigits: 2 })} × as fast as published (2.0 h)`;
  const name = `100 homes × 365 days, ${where}`;
  return [
    { name, value: medianMs, unit: "ms", target, comparison: compare(medianMs) },
    { name: `${name}, first run`, value: coldMs, unit: "ms", comparison: compare(coldMs) },
  ];
}
