import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startLocalServer } from "../support/local-server.ts";
import { type Figure, formatNumber, type Workspace } from "./figures.ts";
import type { Load } from "./put-load.ts";
import { serveWorkers, writeSmallConfig } from "./workerd.ts";

/** What the published emulator answers of /get/unit a second, with wrk and 4 connections. */
const publishedRate = 3700;
const seconds = 5;
const run = promisify(execFile);
const loadProgram = fileURLToPath(new URL("put-load.ts", import.meta.url));

interface Tool {
  readonly name: string;
  measure(url: string): Promise<Load>;
}

/** Requests that the local server answers, beside a worker that does nothing. */
export async function measureRequests(workspace: Workspace): Promise<Figure[]> {
  const tools = [autocannon, ...((await hasWrk()) ? [wrk] : [])];
  const trivial = await measureTrivial(workspace, tools);
  const figures = tools.flatMap((tool) => describe("trivial worker", tool, trivial, trivial));
  for (const units of [4, 100]) {
    const server = await startLocalServer({ units });
    for (const path of ["/get/unit/E001", "/get/log"]) {
      const loads = await measureAll(tools, server.url + path);
      const target = path === "/get/unit/E001" ? { least: publishedRate } : undefined;
      for (const tool of tools)
        figures.push(...describe(`${path}, ${units} units`, tool, loads, trivial, target));
    }
    await server.stop();
  }
  return figures;
}

async function measureTrivial({ folder, inputFolder }: Workspace, tools: readonly Tool[]): Promise<Loads> {
  const workers = { worker: "test/bench/trivial-worker.ts" };
  const server = await serveWorkers(join(folder, "trivial"), workers, writeSmallConfig(inputFolder));
  const loads = await measureAll(tools, server.url);
  await server.stop();
  return loads;
}

type Loads = ReadonlyMap<Tool, Load>;

async function measureAll(tools: readonly Tool[], url: string): Promise<Loads> {
  const loads = new Map<Tool, Load>();
  for (const tool of tools) loads.set(tool, await tool.measure(url));
  return loads;
}

const autocannon: Tool = {
  name: "autocannon",
  async measure(url) {
    const { stdout } = await run(process.execPath, [loadProgram, url, String(seconds)]);
    return JSON.parse(stdout) as Load;
  },
};

const wrk: Tool = {
  name: "wrk",
  async measure(url) {
    await run("wrk", ["-t1", "-c4", "-d1s", url]);
    const { stdout } = await run("wrk", ["-t1", "-c4", `-d${seconds}s`, "--latency", url]);
    if (stdout.includes("Non-2xx")) throw new Error(`${url} was refused: ${stdout}`);
    return {
      rate: Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)?.[1]),
      p50Ms: readWrkMs(stdout, "50%"),
      p99Ms: readWrkMs(stdout, "99%"),
    };
  },
};

function readWrkMs(output: string, line: string): number {
  const [, value, unit] = new RegExp(`${line}\\s+([\\d.]+)(us|ms|s)`).exec(output) ?? [];
  return Number(value) * { us: 0.001, ms: 1, s: 1000 }[unit as "us" | "ms" | "s"];
}

async function hasWrk(): Promise<boolean> {
  return run("sh", ["-c", "command -v wrk"]).then(
    () => true,
    () => false,
  );
}

function describe(
  what: string,
  tool: Tool,
  loads: Loads,
  trivial: Loads,
  target?: { least: number },
): Figure[] {
  const { rate, p50Ms, p99Ms } = loads.get(tool) as Load;
  const share = formatNumber((rate / (trivial.get(tool) as Load).rate) * 100);
  const times = `p50 ${formatNumber(p50Ms)} ms, p99 ${formatNumber(p99Ms)} ms`;
  const comparison = loads === trivial ? times : `${times}; ${share} % of the trivial worker`;
  const published = target === undefined ? "" : `; published ${formatNumber(publishedRate)}/s at 1 ms`;
  const name = `${what} (${tool.name})`;
  return [{ name, value: rate, unit: "/s", ...(target && { target }), comparison: comparison + published }];
}
