import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { UnitJson } from "../../src/input/units/unit-json.ts";
import { startWorker, type WorkerHarness } from "../support/worker-harness.ts";

let worker: WorkerHarness;

beforeAll(async () => {
  worker = await startWorker({ units: 4, acceleration: 10 });
});
afterAll(() => worker?.stop());
beforeEach(() => ask("/restart?clock=start"));
beforeEach(() => ask("/set/acc/0"));
/** Lines of the log that tell of a failure; each test must leave none. */
const failures = () => worker.takeLogs().filter((line) => line.includes("ERROR"));
afterEach(() => expect(failures()).toEqual([]));

async function ask<T>(path: string, init?: Parameters<WorkerHarness["get"]>[1]): Promise<T> {
  const response = await worker.get(path, init);
  const text = await response.text();
  expect(response.status, `${path}: ${text}`).toBe(200);
  return JSON.parse(text) as T;
}

const readText = async (path: string) => (await worker.get(path)).text();
const countUnits = async () => Object.keys(await ask<object>("/get/log")).length;

/** Every row that commands write. */
async function readRows(): Promise<string> {
  const tables = ["unit", "saved_unit", "part", "unit_event", "day", "command"];
  const rows = await Promise.all(tables.map((table) => worker.query(`SELECT * FROM ${table} ORDER BY 1, 2`)));
  return JSON.stringify(rows);
}

describe("the Web API in workerd", () => {
  test("X1: it answers what apis-main reads", async () => {
    const unit = await ask<UnitJson>("/get/unit/E001");
    expect(unit).toMatchObject({ oesunit: { id: "E001" }, dcdc: { status: { status: "0x0000" } } });
    expect(unit.time).toMatch(/^2020\/01\/01-00:00:0\d$/);
    expect(await ask("/set/dcdc/E001?mode=0x0014&dvg=350.0&dig=2.3&drg=0")).toMatchObject({
      status: { status: "0x0014", operationMode: "Grid Autonomy" },
      vdis: { dvg: 350, drg: 0 },
      param: { dig: 2.3 },
    });
    expect(await ask("/get/dcdc/status/E001")).toMatchObject({ status: { alarmState: "Light alarm" } });
    expect(await ask("/get/acc")).toBe(0);
  });

  test("X1: it takes a form body, and refuses a wrong request in JSON", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const init = { method: "POST", headers, body: "dig=1.25" };
    expect(await ask("/set/dcdc/current/E002", init)).toMatchObject({ param: { dig: 1.25 } });
    const wrong: [string, number, string][] = [
      ["/get/unit/E099", 404, "unknown_unit"],
      ["/set/dcdc/E001?mode=x&dvg=350&dig=1", 400, "invalid_parameter"],
      ["/set/dcdc/voltage/E001", 400, "missing_parameter"],
      ["/nowhere", 404, "not_found"],
    ];
    for (const [path, status, code] of wrong) {
      const response = await worker.get(path);
      expect([response.status, await response.json()], path).toMatchObject([status, { error: { code } }]);
    }
    const huge = await worker.get("/set/dcdc/E001", { ...init, body: `mode=${"1".repeat(1_000_000)}` });
    expect([huge.status, await huge.json()]).toMatchObject([413, { error: { code: "too_large" } }]);
    expect(await countUnits()).toBe(6);
  });

  test("X1: HEAD answers without a body", async () => {
    const response = await worker.get("/get/log", { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  test("X1: time passes with the wall clock at the acceleration", async () => {
    const secondsAt = async () => (await ask<{ timeS: number }>("/state")).timeS;
    await ask("/set/acc/1000");
    const startMs = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const seconds = await secondsAt();
    expect(seconds).toBeGreaterThanOrEqual(190);
    expect(seconds).toBeLessThanOrEqual(Date.now() - startMs + 500);
  });

  test("X1: requests at once are all answered, also those that need homes not loaded yet", async () => {
    for (let units = 6; units < 10; units++) await ask("/add/unit");
    const answers = await Promise.all(Array.from({ length: 30 }, () => worker.get("/add/unit")));
    expect(answers.map(({ status }) => status)).toEqual(new Array(30).fill(200));
    expect(await countUnits()).toBe(40);
  });
});

describe("eviction", () => {
  async function stirUp(): Promise<void> {
    await ask("/set/acc/121");
    await ask("/set/dcdc/E002?mode=0x0014&dvg=350&dig=2");
    await ask("/set/dcdc/E001?mode=0x0041&dvg=350&dig=1.7");
    await ask("/set/emu/E003?rsoc=12.345678901234567");
    await ask("/set/emu/E004?ups_output_power=777");
    await ask("/save");
    await ask("/set/acc/0");
  }

  test("X2: after an eviction every answer is the same as before", async () => {
    await stirUp();
    const paths = ["/get/log", "/state", "/get/acc", "/get/unit/E001", "/get/dcdc/E002"];
    const before = await Promise.all(paths.map(readText));
    await worker.evict();
    expect(await Promise.all(paths.map(readText))).toEqual(before);
    await ask("/restart");
    const saved = await readText("/get/last");
    await worker.evict();
    expect(await readText("/get/last")).toBe(saved);
  });

  test("X2: a command acknowledged before an eviction is there after it", async () => {
    for (let round = 0; round < 10; round++) {
      await ask(`/set/emu/E003?rsoc=${50 + round}`);
      await ask("/add/unit");
      await worker.evict();
      expect(await ask("/get/emu/E003")).toMatchObject({ rsoc: 50 + round });
      expect(await countUnits()).toBe(7 + round);
    }
  });

  test("X2: simulated time goes on over an eviction", async () => {
    await ask("/set/acc/1000");
    const first = await ask<{ timeS: number }>("/state");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await worker.evict();
    const second = await ask<{ timeS: number }>("/state");
    expect(second.timeS - first.timeS).toBeGreaterThanOrEqual(99);
    expect(second.timeS - first.timeS).toBeLessThan(20_000);
  });

  test("X2: an object that was evicted answers no more: what is stored is what is shown", async () => {
    await ask("/set/emu/E001?rsoc=50");
    await worker.query(
      "UPDATE unit SET body = json_set(body, '$.state.stateOfChargePercent', 12.5) WHERE number = 1",
    );
    expect(await ask("/get/emu/E001")).toMatchObject({ rsoc: 50 });
    await worker.evict();
    expect(await ask("/get/emu/E001")).toMatchObject({ rsoc: 12.5 });
  });
});

describe("storage", () => {
  test("X3: reads write no rows, however much time has passed", async () => {
    await ask("/set/dcdc/E002?mode=0x0014&dvg=350&dig=2");
    await ask("/set/acc/10000");
    const before = await readRows();
    for (let round = 0; round < 5; round++) {
      for (const path of [
        "/get/log",
        "/state",
        "/get/acc",
        "/get/unit/E001",
        "/get/dcdc/status/E001",
        "/get/emu/E001",
      ])
        await ask(path);
      await worker.get("/get/unit/E099");
      await worker.get("/set/emu/E001?rsoc=x");
      if (round === 2) await worker.evict();
    }
    expect((await ask<UnitJson>("/get/unit/E001")).time > "2020/01/01-00:10:00").toBe(true);
    expect(await readRows()).toBe(before);
  });

  test("X3: a command writes the rows of the units that it touches, and the next one is seen to", async () => {
    const units = () => worker.query("SELECT number, body FROM unit ORDER BY number");
    const before = await units();
    await ask("/set/emu/E003?rsoc=33");
    const after = await units();
    const changed = after.filter((row, index) => row.body !== before[index]?.body);
    expect(changed.map((row) => row.number)).toEqual([3]);
  });

  test("X3: no alarm is set", async () => {
    await ask("/set/acc/10");
    await ask("/set/dcdc/E002?mode=0x0014&dvg=350&dig=2");
    await ask("/get/log");
    // The runtime makes this table when an alarm is set for the first time.
    await expect(worker.query("SELECT * FROM _cf_METADATA")).rejects.toThrow("no such table");
  });
});
