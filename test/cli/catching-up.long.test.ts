import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parsePath } from "../../src/api/http/router.ts";
import type { CommandLog } from "../../src/community/records/command-log.ts";
import type { Summary } from "../../src/community/records/totals.ts";
import { Emulator } from "../../src/community/state/emulator.ts";
import type { EmulatorRequest } from "../../src/community/state/request.ts";
import type { CatchUpProgress } from "../../src/notation/refusal.ts";
import { createSurroundings } from "../bench/sample-world.ts";
import {
  type LocalServer,
  type LocalServerOptions,
  readRuntimePid,
  startLocalServer,
} from "../support/local-server.ts";
import { leaveFor } from "../support/long-away.ts";

const units = 100;
const acceleration = 100_000;
const repeating = ["--set", "atEndOfData=repeat"];

interface Refusal {
  readonly code: string;
  readonly progress: CatchUpProgress;
}

let folder: string;
const started: LocalServer[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "apis-away-"));
});
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(options: LocalServerOptions): Promise<LocalServer> {
  const server = await startLocalServer({ folder, ...options });
  started.push(server);
  return server;
}

/** A server of 100 units that comes back after `days` of wall time, once `paths` were asked for. */
async function comeBackAfter(
  days: number,
  paths: readonly string[] = [],
  args: readonly string[] = [],
): Promise<LocalServer> {
  const before = await start({ units, acceleration, args: repeating });
  for (const path of ["/get/log", ...paths]) expect((await fetch(before.url + path)).status, path).toBe(200);
  await before.stop();
  await leaveFor(days, join(folder, "state"));
  return start({ units, args: [...repeating, ...args] });
}

async function ask(server: LocalServer, path: string) {
  const response = await fetch(server.url + path);
  return {
    status: response.status,
    text: await response.text(),
    retryAfter: response.headers.get("retry-after"),
  };
}

/** Why there is no answer yet. */
async function askTooEarly(server: LocalServer, path: string): Promise<Refusal> {
  const { status, text, retryAfter } = await ask(server, path);
  expect([path, status, retryAfter]).toEqual([path, 503, "2"]);
  const { error } = JSON.parse(text) as { error: Refusal };
  expect(error.code).toBe("catching_up");
  return error;
}

/** Asks again and again, as long as it is told to; gives the answer and the shares that it was told. */
async function askUntilAnswered(server: LocalServer, path: string) {
  const shares: number[] = [];
  for (;;) {
    const { status, text, retryAfter } = await ask(server, path);
    if (status === 200) return { text, shares };
    expect(status, text).toBe(503);
    shares.push((JSON.parse(text) as { error: Refusal }).error.progress.share);
    await sleep(Number(retryAfter) * 100);
  }
}

/** The first message of the WebSocket after it was asked for the state. */
async function askLive(server: LocalServer): Promise<{ error?: Refusal; units?: unknown[] }> {
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/live`);
  const message = new Promise<string>((resolve) => {
    socket.addEventListener("message", ({ data }) => resolve(String(data)));
  });
  socket.addEventListener("open", () => socket.send("state"));
  const text = await message;
  socket.close();
  return JSON.parse(text);
}

/** What all units are at the end of a log of commands, computed at once. */
async function computeAtOnce({ commands, untilS }: CommandLog): Promise<string> {
  const surroundings = await createSurroundings(join(folder, "input"), units);
  const config = { ...surroundings.config, atEndOfData: "repeat" as const };
  const world = surroundings.worldOf(config, "");
  const emulator = new Emulator({ ...surroundings, config, worldOf: () => world }, 0);
  for (const { time_s, get } of commands) {
    const parsed = await parsePath(get, 10_000);
    if (!parsed.ok) throw new Error(get);
    const answer = emulator.answerAt(parsed.value as EmulatorRequest, time_s, 0);
    expect(answer.ok, get).toBe(true);
  }
  const answer = emulator.answerAt({ kind: "log" }, untilS, 0);
  return answer.ok ? answer.json : "";
}

test("P36: days behind, through a kill, it comes to what it had been at once, and performs what it did not refuse", async () => {
  const given = [
    "/set/emu/E001?rsoc=12",
    "/set/dcdc/E002?mode=0x0014&dvg=350&dig=2",
    "/set/dcdc/E003?mode=0x0041&dvg=350&dig=1",
  ];
  let server = await comeBackAfter(0.1, given);
  // It has begun to catch up, and goes on by itself until it is killed.
  await ask(server, "/state");
  expect((await ask(server, "/set/acc/1000")).text).toBe("1000");
  const runtime = await readRuntimePid(folder);
  for (const pid of [server.process.pid as number, runtime]) process.kill(pid, "SIGKILL");
  server = await start({ args: repeating });
  const { shares } = await askUntilAnswered(server, "/state");
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect((await askLive(server)).units?.length).toBe(units);
  await ask(server, "/time/hold");
  const log = JSON.parse((await askUntilAnswered(server, "/commands")).text) as CommandLog;
  const performed = log.commands.map(({ get }) => get);
  expect(performed).toEqual(["/set/acc/100000", ...given, "/set/acc/1000", "/time/hold"]);
  const { fromDay, toDay, totals } = JSON.parse((await ask(server, "/summary")).text) as Summary;
  expect(toDay).toBe(Math.floor(log.untilS / 86_400) - 1);
  expect(toDay).toBeGreaterThan(9000);
  expect(toDay - fromDay).toBeGreaterThanOrEqual(3659);
  expect(toDay - fromDay).toBeLessThan(3660 + 366);
  expect(totals.balanceResidualWh).toBeLessThan(0.001);
  const text = (await ask(server, "/get/log")).text;
  expect(text).toBe(await computeAtOnce(log));
}, 300_000);

test("P36: 30 days behind, with another configuration, it serves at once and says how far it is, and its clock starts anew at once", async () => {
  const server = await comeBackAfter(30, ["/set/emu/E001?rsoc=12"], ["--set", "ACChargeAmount=300"]);
  const { progress } = await askTooEarly(server, "/get/log");
  expect(progress.toS).toBeGreaterThan(30 * acceleration * 86_400);
  for (const path of ["/set/emu/E004?rsoc=50", "/summary", "/data/output/summary.csv", "/commands"])
    await askTooEarly(server, path);
  expect((await askLive(server)).error?.code).toBe("catching_up");
  const metrics = (await ask(server, "/metrics")).text;
  expect(metrics).toMatch(/^apis_units 100$/m);
  expect(metrics).not.toContain("apis_unit_solar_watts{");
  expect((await ask(server, "/log")).text).toContain("Catching up from 2020/01/01");
  expect(JSON.parse((await ask(server, "/time")).text).behindS).toBeGreaterThan(0);
  expect((await ask(server, "/get/acc")).text).toBe(String(acceleration));
  expect((await ask(server, "/set/acc/1")).text).toBe("1");
  const waiting = ask(server, "/state");
  const restarted = await ask(server, "/restart?clock=start&units=100");
  expect([restarted.status, Object.keys(JSON.parse(restarted.text)).length]).toEqual([200, units]);
  const { timeS } = JSON.parse((await ask(server, "/state")).text);
  expect(timeS).toBeLessThan(3600);
  // Whoever waited meanwhile is told of the new run, or has waited for too long.
  const told = JSON.parse((await waiting).text);
  expect(told.timeS ?? 0).toBeLessThan(3600);
  expect(told.timeS !== undefined || told.error.code === "catching_up").toBe(true);
  const { commands, run } = JSON.parse((await ask(server, "/commands")).text) as CommandLog;
  expect([commands.length, run.chapters.length]).toEqual([1, 1]);
  expect(run.chapters[0]?.config.ACChargeAmount).toBe(300);
}, 120_000);
