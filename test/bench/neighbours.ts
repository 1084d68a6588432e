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
  "/metrics",
];

/** Plans of a day of all homes. */
const plans = Array.from({ length: 8 }, () => Array.from({ length: 24 }, () => ({ seconds: 3600 })));

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
  const rollOut = () => post(`${server.url}/rollout`, { plans, units: ["E001"] });
  figures.push(await measureBeside(server, "/rollout", rollOut));
  await server.stop();
  return figures;
}

async function post(url: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
  await response.arrayBuffer();
}

/** `askLong` asks for what is long, where it is more than a path. */
async function measureBeside(
  server: Workerd,
  path: string | null,
  askLong: () => Promise<unknown> = () => ask(server, path as string),
): Promise<Figure> {
  const waitsMs: number[] = [];
  const longMs: number[] = [];
  const endMs = performance.now() + durationMs;
  const askOn = async (asked: () => Promise<unknown>, times: number[]) => {
    while (performance.now() < endMs) times.push(await timeMs(asked));
  };
  const others = path === null ? [] : Array.from({ length: askers }, () => askOn(askLong, longMs));
  await Promise.all([askOn(() => ask(server, "/get/unit/E001"), waitsMs), ...others]);
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
