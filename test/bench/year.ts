import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { World } from "../../src/simulation/world.ts";
import type { Figure, Workspace } from "./figures.ts";
import { limitHomes, passYear } from "./pass-year.ts";
import { createSurroundings } from "./sample-world.ts";
import { median, timeInTurn, timeMs, timeRuns } from "./timing.ts";
import { serveWorkers, writeSmallConfig } from "./workerd.ts";

/** What the published emulator needs for the same at its step of 10 s [ms]. */
const publishedMs = 2 * 3600 * 1000;
const target = { most: 100 };

/** 100 homes through a year of the sample data, in Node and in workerd. */
export async function measureYear(workspace: Workspace): Promise<Figure[]> {
  return [...(await measureInNode(workspace)), ...(await measureInWorkerd(workspace))];
}

async function measureInNode({ inputFolder, against }: Workspace): Promise<Figure[]> {
  const { config, worldOf } = await createSurroundings(inputFolder, 100);
  const world = worldOf(config, "") as World;
  const cold = await timeMs(() => passYear(world));
  await timeRuns(3, () => passYear(world));
  const plainMs = median(await timeRuns(7, () => passYear(world)));
  const figures = describe("Node", plainMs, cold);
  // Before the limits, since the engine then knows of plain homes alone, as that of the other release does.
  if (against !== undefined) figures.push(await compareYear(() => passYear(world), against, inputFolder));
  const limited = limitHomes(world);
  await timeRuns(3, () => passYear(limited));
  const [withoutMs, withMs] = await timeInTurn(
    9,
    () => passYear(world),
    () => passYear(limited),
  );
  const everything = {
    name: "the same with everything on (limits, losses, outages, tariff), over without",
    value: median(withMs) / median(withoutMs),
    unit: "×",
    target: { most: 3 },
    comparison: `${median(withMs).toFixed(0)} ms`,
  };
  return [...figures, everything];
}

/** The year of this release over that of the one in `folder`, each at its fastest. */
async function compareYear(passHere: () => void, folder: string, inputFolder: string): Promise<Figure> {
  const load = async (name: string) => import(pathToFileURL(resolve(folder, "test/bench", name)).href);
  const { createSurroundings: surround } = (await load("sample-world.ts")) as {
    createSurroundings(inputFolder: string, units: number): Promise<OtherSurroundings>;
  };
  const other = (await load("pass-year.ts")) as { passYear(world: unknown): void };
  const { world, worldOf, config } = await surround(inputFolder, 100);
  const otherWorld = world ?? worldOf?.(config, "");
  const [hereMs, thereMs] = await timeInTurn(
    40,
    () => passHere(),
    () => other.passYear(otherWorld),
  );
  return {
    name: "the same over that of the other release",
    value: Math.min(...hereMs) / Math.min(...thereMs),
    unit: "×",
    target: { most: 1.05 },
    comparison: `${Math.min(...thereMs).toFixed(1)} ms`,
  };
}

/** What sample-world.ts gave in one release or another. */
interface OtherSurroundings {
  readonly world?: unknown;
  worldOf?(config: unknown, inputHash: string): unknown;
  readonly config: unknown;
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
