import { readdir, readFile } from "node:fs/promises";
import { Agent, get as httpGet } from "node:http";
import { setTimeout } from "node:timers/promises";
import { startLocalServer } from "../support/local-server.ts";
import { createCommunity } from "./community-server.ts";
import type { Figure } from "./figures.ts";

const { BENCH_COMMUNITIES = "200", BENCH_MINUTES = "10" } = process.env;
const communities = Number(BENCH_COMMUNITIES);
const durationMs = Number(BENCH_MINUTES) * 60_000;
const controllers = 4;
/** How often apis-main looks, and how often a pair of units begins or ends a deal. */
const lookMs = 5000;
const dealMs = 60_000;

interface Tally {
  readonly latenciesMs: number[];
  errors: number;
}

/** Many communities of four controllers each, which look and deal as apis-main does, on one local server. */
export async function measureCommunities(): Promise<Figure[]> {
  process.env.ADMIN_SECRET = "secret of the benchmark";
  const server = await startLocalServer({ units: 4, acceleration: 10 });
  const names = Array.from({ length: communities }, (_, index) => `c${index}`);
  for (const name of names) await createCommunity(server.url, name);
  const tally: Tally = { latenciesMs: [], errors: 0 };
  const endMs = performance.now() + durationMs;
  const running = names.flatMap((name) =>
    Array.from({ length: controllers }, (_, index) => control(server.port, name, index + 1, endMs, tally)),
  );
  await Promise.all(running);
  const peakBytes = await readPeakBytes(server.folder);
  await server.stop();
  const sorted = tally.latenciesMs.sort((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] as number;
  const of = `${communities} communities × ${controllers} controllers, ${durationMs / 60_000} min`;
  return [
    { name: `${of}: requests`, value: sorted.length, unit: "" },
    { name: `${of}: errors`, value: tally.errors, unit: "", target: { most: 0 } },
    { name: `${of}: p50`, value: quantile(0.5), unit: "ms" },
    { name: `${of}: p99`, value: quantile(0.99), unit: "ms" },
    { name: `${of}: slowest`, value: quantile(1), unit: "ms" },
    { name: `${of}: peak memory of workerd`, value: peakBytes / 2 ** 20, unit: "MiB" },
  ];
}

/** One apis-main: it looks at its unit on a connection of its own; the first two deal with one another. */
async function control(port: number, name: string, unit: number, endMs: number, tally: Tally): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await setTimeout(Math.random() * lookMs);
  let isDealing = false;
  for (let nextDealMs = performance.now() + Math.random() * dealMs; performance.now() < endMs; ) {
    await ask(agent, port, `/e/${name}/get/unit/E00${unit}`, tally);
    if (unit <= 2 && performance.now() >= nextDealMs) {
      isDealing = !isDealing;
      nextDealMs += dealMs;
      const mode = isDealing ? ["0x0014", "0x0041"][unit - 1] : "0x0000";
      await ask(agent, port, `/e/${name}/set/dcdc/E00${unit}?mode=${mode}&dvg=350&dig=1`, tally);
    }
    await setTimeout(lookMs);
  }
  agent.destroy();
}

function ask(agent: Agent, port: number, path: string, tally: Tally): Promise<void> {
  const beganMs = performance.now();
  return new Promise((resolve) => {
    const fail = () => {
      tally.errors++;
      resolve();
    };
    httpGet({ agent, host: "127.0.0.1", port, path, timeout: 30_000 }, (response) => {
      if (response.statusCode !== 200) tally.errors++;
      response.resume().once("end", () => {
        tally.latenciesMs.push(performance.now() - beganMs);
        resolve();
      });
    })
      .once("timeout", fail)
      .once("error", fail);
  });
}

/** The most memory that the workerd of the server with this folder ever held. Linux only. */
async function readPeakBytes(folder: string): Promise<number> {
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (!command.includes(folder) || !command.split("\0")[0]?.includes("workerd")) continue;
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    return Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1]) * 1024;
  }
  return Number.NaN;
}
