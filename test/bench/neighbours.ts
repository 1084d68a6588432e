import { join } from "node:path";
import { ask, serveCommunity, sleepCommunity } from "./community-server.ts";
import { type Figure, formatNumber, type Workspace } from "./figures.ts";
import { repeatHomes } from "./sample-world.ts";
import { percentile, timeMs } from "./timing.ts";
import type { Workerd } from "./workerd.ts";

const units = 1000;
/** At an acceleration of 10, after which a month of input has passed. */
const daysAsleep = 3;
const askers = 8;
const durationMs = 8000;

/** Long answers of a large community, each asked for by eight clients at once, again and again. */
const longPaths = [
  "/history?map=rsoc",
  "/history",
  "/get/log",
  "/state",
  "/summary",
  "/data/output/indivLog.csv?from=3&to=3",
  "/data/output/summary.csv",
  "/commands",
];

/** What another client of the same community waits for a unit meanwhile. */
export async function measureNeighbours({ folder, inputFolder }: Workspace): Promise<Figure[]> {
  const manyInput = join(folder, "input-neighbours");
  await repeatHomes(inputFolder, manyInput, units);
  const place = join(folder, "neighbours");
  await sleepCommunity(place, manyInput, units, daysAsleep);
  const server = await serveCommunity(place, manyInput, units);
  await ask(server, "/summary");
  const figures = [await measureBeside(server, null)];
  for (const path of longPaths) figures.push(await measureBeside(server, path));
  await server.stop();
  return figures;
}

async function measureBeside(server: Workerd, path: string | null): Promise<Figure> {
  const waitsMs: number[] = [];
  const longMs: number[] = [];
  const endMs = performance.now() + durationMs;
  const askOn = async (asked: string, times: number[]) => {
    while (performance.now() < endMs) times.push(await timeMs(() => ask(server, asked)));
  };
  const others = path === null ? [] : Array.from({ length: askers }, () => askOn(path, longMs));
  await Promise.all([askOn("/get/unit/E001", waitsMs), ...others]);
  const p = (percent: number) => `${formatNumber(percentile(waitsMs, percent))} ms`;
  const long =
    path === null ? "" : `; the long one p50 ${formatNumber(percentile(longMs, 50))} ms of ${longMs.length}`;
  return {
    name: path === null ? "/get/unit, alone" : `/get/unit, p99 beside ${askers} × ${path}`,
    value: percentile(waitsMs, 99),
    unit: "ms",
    target: { most: 500 },
    comparison: `p50 ${p(50)}, slowest ${p(100)}, ${waitsMs.length} asked${long}`,
  };
}
