import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ask, serveCommunity, sleepCommunity } from "./community-server.ts";
import type { Figure, Workspace } from "./figures.ts";
import { readIsolateBytes } from "./isolate-heap.ts";
import { repeatHomes } from "./sample-world.ts";
import { serveWorkers, type Workerd, writeSmallConfig } from "./workerd.ts";

/** At an acceleration of 10, after which the whole year of input has passed at once. */
const daysAsleep = 36.5;
const mebibyte = 2 ** 20;

/** Memory of a workerd that passes and records a year at once, with 100 and with 1,000 homes. Linux only. */
export async function measureMemory(workspace: Workspace): Promise<Figure[]> {
  if (process.platform !== "linux") return [];
  const { folder, inputFolder } = workspace;
  const workers = { worker: "test/bench/trivial-worker.ts" };
  const empty = await serveWorkers(join(folder, "empty"), workers, writeSmallConfig(inputFolder));
  await (await fetch(empty.url)).arrayBuffer();
  const emptyBytes = await readPeakBytes(empty);
  await empty.stop();
  const manyInput = join(folder, "input-1000");
  await repeatHomes(inputFolder, manyInput, 1000);
  return [
    { name: "peak memory, empty workerd", value: emptyBytes / mebibyte, unit: "MiB" },
    ...(await measureHomes(100, inputFolder, join(folder, "memory-100"), emptyBytes, 64)),
    ...(await measureHomes(1000, manyInput, join(folder, "memory-1000"), emptyBytes, 128)),
  ];
}

async function measureHomes(
  homes: number,
  inputFolder: string,
  folder: string,
  emptyBytes: number,
  most: number,
): Promise<Figure[]> {
  await sleepCommunity(folder, inputFolder, homes, daysAsleep);
  const server = await serveCommunity(folder, inputFolder, homes);
  await ask(server, "/get/log");
  await ask(server, "/summary");
  const peakBytes = await readPeakBytes(server);
  const isolateBytes = await readIsolateBytes(server);
  await server.stop();
  const name = `${homes.toLocaleString("en")} homes and a year`;
  return [
    {
      name: `peak memory, ${name}`,
      value: (peakBytes - emptyBytes) / mebibyte,
      unit: "MiB",
      target: { most },
      comparison: "more than an empty workerd",
    },
    { name: `isolate afterwards, ${name}`, value: isolateBytes / mebibyte, unit: "MiB", target: { most } },
  ];
}

/** The most memory that the process ever held. */
async function readPeakBytes({ pid }: Workerd): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1]) * 1024;
}
