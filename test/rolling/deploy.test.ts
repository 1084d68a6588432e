import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { UnitJson } from "../../src/input/units/unit-json.ts";
import { type Build, type Deployment, deploy } from "./two-builds.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "apis-rolling-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a deployment for a while. */
async function during<T>(
  worker: Build,
  objects: Build,
  use: (deployment: Deployment) => Promise<T>,
): Promise<T> {
  const deployment = await deploy(worker, objects, folder);
  try {
    return await use(deployment);
  } finally {
    await deployment.stop();
  }
}

async function ask<T>(deployment: Deployment, path: string): Promise<T> {
  const { status, text } = await deployment.get(path);
  expect(status, `${path}: ${text}`).toBe(200);
  return JSON.parse(text) as T;
}

const readLog = (deployment: Deployment) => ask<Record<string, UnitJson>>(deployment, "/get/log");

/** What a controller and a screen need: each command is acknowledged and seen, wrong ones are refused. */
async function work(deployment: Deployment, charge: number): Promise<void> {
  await ask(deployment, "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  await ask(deployment, "/set/dcdc/E002?mode=0x0041&dvg=350&dig=1.5");
  await ask(deployment, `/set/emu/E003?rsoc=${charge}`);
  expect((await ask<UnitJson>(deployment, "/get/unit/E003")).emu.rsoc).toBe(charge);
  expect((await deployment.get("/set/emu/E003?rsoc=x")).status).toBe(400);
  expect((await deployment.get("/get/unit/E099")).status).toBe(404);
  await ask(deployment, "/state");
  await ask(deployment, "/history?unit=E003");
  expect((await deployment.get("/data/output/indivLog.csv")).status).toBe(200);
}

const pastPath = "/history?unit=E003&resolution=600";
type History = Readonly<Record<string, number | readonly (number | null)[]>>;

/** The last digit that the earlier release shows of a history, and what rounding adds. */
const lastDigit = 0.0101;

/**
 * Whether bins tell of the same past as the moments of the earlier release: its powers are means since the moment
 * before, those of the bin that ends there, in which its charge was met.
 */
function expectSamePast(bins: History, moments: History): void {
  const column = (of: History, name: string) => of[name] as readonly number[];
  const ends = column(moments, "timeS").slice(1);
  expect(ends.length).toBeGreaterThan(100);
  expect(column(bins, "timeS").slice(0, ends.length)).toEqual(column(moments, "timeS").slice(0, -1));
  ends.forEach((_, i) => {
    for (const name of ["solarW", "demandW", "acIntakeW", "gridW", "batteryW", "wastedW"])
      expect(
        Math.abs((column(bins, name)[i] as number) - (column(moments, name)[i + 1] as number)),
      ).toBeLessThan(lastDigit);
    const charge = column(moments, "rsoc")[i + 1] as number;
    expect(charge).toBeGreaterThan((column(bins, "rsocMin")[i] as number) - lastDigit);
    expect(charge).toBeLessThan((column(bins, "rsocMax")[i] as number) + lastDigit);
  });
}

/** Leaves out the readings that the earlier release did not compute from the state as it is done now. */
function withoutRecomputed(log: Record<string, UnitJson>): unknown {
  return Object.values(log).map(({ emu, ...unit }) => {
    const { dischargeable_time, ups_operation_mode, ...rest } = emu;
    return { ...unit, emu: { ...rest, upsMode: ups_operation_mode.mode } };
  });
}

test("V1: what the earlier release stored is taken up whole", async () => {
  const before = await during("old", "old", async (deployment) => {
    await work(deployment, 61);
    await ask(deployment, "/save");
    await ask(deployment, "/set/acc/100000");
    while ((await readLog(deployment)).E001?.time.startsWith("2020/01/01"));
    await ask(deployment, "/set/acc/0");
    return { log: await readLog(deployment), past: await ask<History>(deployment, pastPath) };
  });
  await during("new", "new", async (deployment) => {
    expect(withoutRecomputed(await readLog(deployment))).toEqual(withoutRecomputed(before.log));
    expectSamePast(await ask<History>(deployment, pastPath), before.past);
    await work(deployment, 62);
    expect((await ask<{ rows: object[] }>(deployment, "/summary")).rows.length).toBeGreaterThan(0);
    expect((await ask<Record<string, UnitJson>>(deployment, "/get/last")).E003?.emu.rsoc).toBe(61);
  });
});

test("V2: a new Worker and objects of the earlier release get on", async () => {
  await during("new", "old", (deployment) => work(deployment, 63));
  await during("new", "new", async (deployment) => {
    expect((await readLog(deployment)).E003?.emu.rsoc).toBe(63);
  });
});

test("V3: a Worker of the earlier release and new objects get on", async () => {
  await during("old", "old", (deployment) => work(deployment, 64));
  await during("old", "new", async (deployment) => {
    expect((await readLog(deployment)).E003?.emu.rsoc).toBe(64);
    await work(deployment, 65);
  });
  await during("new", "new", async (deployment) => {
    expect((await readLog(deployment)).E003?.emu.rsoc).toBe(65);
  });
});
