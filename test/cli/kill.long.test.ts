import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Papa from "papaparse";
import { expect, test } from "vitest";
import type { CommandLog } from "../../src/community/records/command-log.ts";
import { seededChoice } from "../conformance/seeded-choice.ts";
import { type LocalServer, readRuntimePid, startLocalServer } from "../support/local-server.ts";

const kills = 50;
const seed = 20_261_124;

/** Kills the server and the runtime beneath it at once, as a power cut does. */
async function killAll(server: LocalServer): Promise<void> {
  const runtime = await readRuntimePid(server.folder);
  for (const pid of [server.process.pid as number, runtime]) process.kill(pid, "SIGKILL");
}

/** Sends commands, each unlike all others, one after the other; gives those that were acknowledged. */
async function sendCommands(url: string, unit: number, round: number): Promise<string[]> {
  const acknowledged: string[] = [];
  for (let k = 0; ; k++) {
    const path = `/set/emu/E00${unit}?rsoc=${40 + unit + round / 100 + k / 1e6}`;
    const response = await fetch(url + path).catch(() => null);
    if (response === null || !response.ok) return acknowledged;
    await response.arrayBuffer().catch(() => null);
    acknowledged.push(path);
  }
}

test(`L11: ${kills} kills at random moments lose no acknowledged command and double no row`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "apis-kill-"));
  const choose = seededChoice(seed);
  const acknowledged: string[] = [];
  try {
    for (let round = 0; round < kills; round++) {
      const server = await startLocalServer({ units: 4, acceleration: 1000, folder });
      const sending = [1, 2, 3, 4].map((unit) => sendCommands(server.url, unit, round));
      await new Promise((resolve) => setTimeout(resolve, 5 + choose(150)));
      await killAll(server);
      acknowledged.push(...(await Promise.all(sending)).flat());
    }
    const server = await startLocalServer({ folder });
    const get = async (path: string) => (await fetch(server.url + path)).text();
    const { commands } = JSON.parse(await get("/commands")) as CommandLog;
    const performed = commands.map(({ get: path }) => path).filter((path) => path.startsWith("/set/emu"));
    const readings = Papa.parse<Record<string, string>>(await get("/data/output/indivLog.csv"), {
      header: true,
      skipEmptyLines: true,
    }).data;
    await server.stop();
    expect(acknowledged.length).toBeGreaterThan(kills);
    expect(new Set(performed).size).toBe(performed.length);
    expect(acknowledged.filter((path) => !performed.includes(path))).toEqual([]);
    expect(performed.length - acknowledged.length).toBeLessThanOrEqual(4 * kills);
    const moments = readings.map(({ id, time, emu_rsoc }) => `${id} ${time} ${emu_rsoc}`);
    expect(moments.length - new Set(moments).size).toBe(0);
    console.log(
      `${kills} kills, ${acknowledged.length} acknowledged, ${performed.length} performed, seed ${seed}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 400_000);
