import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { ask, serveCommunity, sleepCommunity } from "./community-server.ts";
import type { Figure, Workspace } from "./figures.ts";
import { readIsolateBytes } from "./isolate-heap.ts";
import type { Workerd } from "./workerd.ts";

const homes = 100;
/** At an acceleration of 10, after which the whole year of input has passed at once. */
const daysAsleep = 36.5;
const mebibyte = 2 ** 20;
const samplePauseMs = 500;

/** What a recorded year of 100 homes takes in storage, and what its readings take to download. */
export async function measureRecords({ folder, inputFolder }: Workspace): Promise<Figure[]> {
  const stateFolder = join(folder, "records-100");
  await sleepCommunity(stateFolder, inputFolder, homes, daysAsleep);
  const server = await serveCommunity(stateFolder, inputFolder, homes);
  await ask(server, "/summary");
  const metrics = await ask(server, "/metrics");
  const storageBytes = Number(/^apis_storage_bytes (\d+)$/m.exec(metrics)?.[1]);
  const { bytes, seconds, isolateBytes } = await download(server);
  await server.stop();
  return [
    { name: "storage of a year", value: storageBytes / 1e6, unit: "MB", target: { most: 60 } },
    { name: "readings of a year as CSV", value: bytes / 1e6, unit: "MB" },
    { name: "download of these", value: seconds, unit: "s" },
    {
      name: "isolate while it is downloaded",
      value: isolateBytes / mebibyte,
      unit: "MiB",
      target: { most: 128 },
    },
  ];
}

async function download(server: Workerd) {
  const beganMs = performance.now();
  const response = await fetch(`${server.url}/data/output/indivLog.csv`);
  let isReading = true;
  const highest = watchIsolate(server, () => isReading);
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) bytes += chunk.byteLength;
  const seconds = (performance.now() - beganMs) / 1000;
  isReading = false;
  return { bytes, seconds, isolateBytes: await highest };
}

async function watchIsolate(server: Workerd, isReading: () => boolean): Promise<number> {
  let highest = 0;
  while (isReading()) {
    highest = Math.max(highest, await readIsolateBytes(server));
    await setTimeout(samplePauseMs);
  }
  return highest;
}
