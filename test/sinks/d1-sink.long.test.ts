import Papa from "papaparse";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CommandLog } from "../../src/community/records/command-log.ts";
import type { Summary } from "../../src/community/records/totals.ts";
import { startWorker, type WorkerHarness } from "../support/worker-harness.ts";

let worker: WorkerHarness;
type Row = Record<string, unknown>;

beforeAll(async () => {
  worker = await startWorker({ units: 3, acceleration: 0, saveIndividualToDB: "true" });
  await worker.migrate();
});
afterAll(() => worker.stop());

const get = async (path: string) => (await worker.get(path)).text();

async function readCsv(path: string): Promise<Row[]> {
  const options = { header: true, skipEmptyLines: true, dynamicTyping: true } as const;
  return Papa.parse<Row>(await get(path), options).data;
}

const selectRows = async (table: string, order: string): Promise<Row[]> => {
  const rows = await worker.queryRecords(`SELECT * FROM ${table} ORDER BY ${order}`);
  return rows.map(({ community, run_ms, ...row }) => {
    expect([community, typeof run_ms]).toEqual(["default", "number"]);
    return row;
  });
};
const asSet = (rows: Row[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();

test("K7: the rows in D1 are those of the CSV files and the log of commands, also after an eviction", async () => {
  await get("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  await get("/set/dcdc/E002?mode=0x0041&dvg=350&dig=1.5");
  await get("/set/acc/100000");
  const countDays = async () => (await readCsv("/data/output/summary.csv")).length;
  await expect.poll(countDays, { timeout: 20_000 }).toBeGreaterThan(3);
  await get("/remove/unit");
  await worker.evict();
  await get("/add/unit");
  const departed = await worker.query("SELECT day, number FROM departed");
  expect(departed).toEqual([{ day: expect.any(Number), number: 3 }]);
  await expect.poll(countDays, { timeout: 20_000 }).toBeGreaterThan(Number(departed[0]?.day) + 3);
  await worker.evict();
  await get("/set/emu/E003?rsoc=12.5");
  await get("/set/acc/0");
  const readings = await readCsv("/data/output/indivLog.csv");
  await expect
    .poll(async () => (await selectRows("sample", "time_s")).length, { timeout: 40_000 })
    .toBe(readings.length);
  const log = JSON.parse(await get("/commands")) as CommandLog;
  await expect
    .poll(async () => (await selectRows("command", "id")).length, { timeout: 20_000 })
    .toBe(log.commands.length);

  const samples = (await selectRows("sample", "time_s")).map(({ time_s, ...row }) => row);
  expect(asSet(samples)).toEqual(asSet(readings));
  const days = (await selectRows("daily_summary", "day")).map(({ day, ...row }) => row);
  expect(days).toEqual((await readCsv("/data/output/summary.csv")).slice(0, -2));
  expect(days.some(({ set_by_hand }) => set_by_hand !== 0)).toBe(true);
  const { totals } = JSON.parse(await get("/summary")) as Summary;
  expect(totals.balanceResidualWh).toBeLessThan(1e-6);
  expect(await selectRows("command", "id")).toEqual(log.commands);
  expect(await selectRows("unit", "id")).toEqual(
    ["E001", "E002", "E003"].map((id) => ({
      id,
      from_s: 0,
      oesunit_id: `Sample_${id}`,
      battery_capacity_wh: 4800,
    })),
  );
}, 90_000);

test("K13: after a restore of a snapshot D1 has the rows of the present past and no other", async () => {
  const expectTold = async () => {
    const readings = await readCsv("/data/output/indivLog.csv");
    const { commands } = JSON.parse(await get("/commands")) as CommandLog;
    await expect
      .poll(async () => (await selectRows("command", "id")).map(({ id }) => id), { timeout: 40_000 })
      .toEqual(commands.map(({ id }) => id));
    await expect
      .poll(async () => (await selectRows("sample", "time_s")).length, { timeout: 40_000 })
      .toBe(readings.length);
    const samples = (await selectRows("sample", "time_s")).map(({ time_s, ...row }) => row);
    expect(asSet(samples)).toEqual(asSet(readings));
    const days = (await selectRows("daily_summary", "day")).map(({ day, ...row }) => row);
    expect(days).toEqual((await readCsv("/data/output/summary.csv")).slice(0, -2));
  };
  await get("/time/hold");
  await get("/snapshots/keep?name=here");
  for (const seconds of [40_000, 170_000, 5000]) {
    await get(`/time/step?seconds=${seconds}`);
    await get("/set/emu/E001?rsoc=44");
  }
  await expectTold();
  await get("/snapshots/restore?name=here");
  // Time is held there, and nothing new is to be told.
  await expectTold();
  await get("/time/step?seconds=100000");
  await get("/set/emu/E002?rsoc=77");
  await expectTold();
}, 180_000);
