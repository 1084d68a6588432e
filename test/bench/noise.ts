import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { startLocalServer } from "../support/local-server.ts";
import type { Figure } from "./figures.ts";

const run = promisify(execFile);
const loadProgram = createRequire(import.meta.url).resolve("autocannon/autocannon.js");
const asked = 400;
const pauseMs = 10;
const floodSeconds = 8;

/** What a quiet community notices of a noisy one on the same local server, which is one thread for all. */
export async function measureNoise(): Promise<Figure[]> {
  process.env.ADMIN_SECRET = "secret of the benchmark";
  const server = await startLocalServer({ units: 4, acceleration: 10 });
  const admin = (path: string, body: object) =>
    fetch(`${server.url}/admin/api/communities${path}`, {
      method: "POST",
      headers: { authorization: "Bearer secret of the benchmark", "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  for (const name of ["noisy", "quiet"]) await admin("", { name, policy: "open" });
  const quiet = () => askQuietly(`${server.url}/e/quiet/get/unit/E001`);
  const besideFlood = async () => {
    const flood = run(process.execPath, [
      loadProgram,
      ...["-c", "8", "-d", String(floodSeconds)],
      `${server.url}/e/noisy/get/log`,
    ]);
    const latenciesMs = await quiet();
    await flood;
    return latenciesMs;
  };
  await quiet();
  const alone = describe("alone", await quiet());
  const flooded = describe("beside a flood", await besideFlood());
  await admin("/noisy/limits", { requestsPerMinute: 600 });
  const limited = describe("beside a flood that is limited to 600 requests a minute", await besideFlood());
  await server.stop();
  return [...alone, ...flooded, ...limited];
}

async function askQuietly(url: string): Promise<number[]> {
  const latenciesMs: number[] = [];
  for (let k = 0; k < asked; k++) {
    const beganMs = performance.now();
    const response = await fetch(url);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`The quiet community answers ${response.status}`);
    latenciesMs.push(performance.now() - beganMs);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return latenciesMs;
}

function describe(where: string, latenciesMs: number[]): Figure[] {
  const sorted = latenciesMs.sort((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] as number;
  return [
    { name: `a quiet community ${where}: p50`, value: quantile(0.5), unit: "ms" },
    { name: `a quiet community ${where}: p99`, value: quantile(0.99), unit: "ms" },
  ];
}
