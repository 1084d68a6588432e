import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import Papa from "papaparse";
import { expect, test } from "vitest";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import { type SummaryRow, summarizeDays } from "../../src/community/records/summary.ts";
import type { Summary } from "../../src/community/records/totals.ts";
import { restoreBackup } from "../../src/community/storage/backup.ts";
import { createSqliteStorage } from "../../src/community/storage/sqlite-storage.ts";
import { variedInput } from "../community/random-requests.ts";
import { createTestEmulator, readUnits, type TestEmulator } from "../support/emulators.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const capacityWh = 4800;
type Commands = readonly (readonly [hour: number, path: string])[];

const readSummary = async (tested: TestEmulator) => (await (await tested.get("/summary")).json()) as Summary;
const readRows = async (tested: TestEmulator) => (await readSummary(tested)).rows as SummaryRow[];

/** As many units as Reset takes up, so that it replaces each by one on the same data. */
function begin() {
  return createTestEmulator({ acceleration: 1, units: 6 }, variedInput);
}

/** Performs commands, and passes three and a half days. */
async function runWith(commands: Commands, tested = begin()) {
  for (const [hour, path] of commands) {
    tested.wallMs = hour * hourMs;
    expect((await tested.get(path)).status, path).toBe(200);
  }
  tested.wallMs = 3.5 * dayMs;
  return tested;
}

const storedWh = (tested: TestEmulator, wallMs: number) =>
  readUnits(tested, wallMs).reduce(
    (sum, { stateOfChargePercent }) => sum + stateOfChargePercent * (capacityWh / 100),
    0,
  );

const replacing: Readonly<Record<string, Commands>> = {
  "Save and Load Last": [
    [20, "/save"],
    [23, "/get/last"],
  ],
  "Remove and Add": [
    [23, "/remove/unit"],
    [23, "/remove/unit"],
    [23, "/add/unit"],
    [23, "/add/unit"],
  ],
  Reset: [[23, "/restart"]],
};

for (const [name, commands] of Object.entries(replacing)) {
  test(`R16: ${name} lose nothing of their day`, async () => {
    const [plain] = await readRows(await runWith([]));
    const tested = await runWith(commands);
    const { rows, totals } = await readSummary(tested);
    const row = rows[0] as SummaryRow;
    expect(row.demand).toBeCloseTo(plain?.demand as number, 6);
    expect(row.pv + row.curtailed).toBeCloseTo((plain?.pv as number) + (plain?.curtailed as number), 6);
    expect(totals.balanceResidualWh).toBeLessThan(1e-6);
  });
}

test("R16: a unit that is removed for good is told on its last day", async () => {
  const [plain, first] = await readRows(await runWith([]));
  const [day, next] = await readRows(await runWith([[23.5, "/remove/unit"]]));
  const share = (row: SummaryRow | undefined, of: SummaryRow | undefined) =>
    (row?.demand as number) / (of?.demand as number);
  expect(share(day, plain)).toBeGreaterThan(0.99);
  expect(share(next, first)).toBeLessThan(0.9);
});

test("R16: what is brought, taken and set is booked as set by hand", async () => {
  const commands: Commands = [
    [5, "/set/emu/E001?rsoc=90"],
    [7, "/add/unit"],
    [29, "/remove/unit"],
    [30, "/set/emu/E002?rsoc=10"],
    [50, "/save"],
    [52, "/set/emu/E003?rsoc=99"],
    [60, "/get/last"],
    [61, "/restart"],
    [63, "/remove/unit"],
  ];
  const tested = begin();
  let [handWh, beganWh] = [0, storedWh(tested, 0)];
  const byDay: number[] = [];
  for (const [hour, path] of commands) {
    tested.wallMs = hour * hourMs;
    const before = storedWh(tested, tested.wallMs);
    await tested.get(path);
    const day = Math.floor(hour / 24);
    byDay[day] = (byDay[day] ?? 0) + storedWh(tested, tested.wallMs) - before;
  }
  for (const [day, row] of (await readRows(await runWith([], tested))).entries()) {
    expect(row.set_by_hand, row.time).toBeCloseTo(byDay[day] as number, 6);
    handWh += row.set_by_hand + row.deltaBatt;
    const endWh = row.avgrsoc * (capacityWh / 100) * (day === 2 ? 5 : day === 0 ? 7 : 6);
    expect(endWh - beganWh, row.time).toBeCloseTo(row.set_by_hand + row.deltaBatt, 6);
    beganWh = endWh;
  }
  expect(handWh).not.toBe(0);
});

test("R16: nothing is set by hand where nobody does, nor where the clock begins anew", async () => {
  for (const commands of [[], [[30, "/restart?clock=start"]]] as Commands[]) {
    const tested = await runWith(commands);
    tested.wallMs += 2 * dayMs;
    const rows = await readRows(tested);
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.map((row) => row.set_by_hand)).toEqual(rows.map(() => 0));
  }
});

test("R16: a balance notices accounts that are missing", async () => {
  for (const commands of Object.values(replacing)) {
    const tested = await runWith([
      [20, "/save"],
      ...commands.map(([hour, path]) => [hour + 24, path] as const),
    ]);
    expect((await readSummary(tested)).totals.balanceResidualWh).toBeLessThan(1e-6);
    const { readDays } = tested.storage;
    tested.storage.readDays = (from, to) => [...readDays(from, to)].map((day) => ({ ...day, departed: [] }));
    expect((await readSummary(tested)).totals.balanceResidualWh).toBeGreaterThan(100);
  }
});

test("R17: a full battery that takes from the bus burns what it takes, and the sun is never negative", async () => {
  const tested = await runWith([
    [0, "/set/emu/E001?rsoc=100"],
    [0, "/set/emu/E002?rsoc=100"],
    [0, "/set/dcdc/E002?mode=0x0014&dvg=350&dig=2"],
    [0, "/set/dcdc/E001?mode=0x0041&dvg=350&dig=10"],
  ]);
  const { rows, totals } = await readSummary(tested);
  for (const row of rows) {
    expect(row.wasted_import, row.time).toBeGreaterThan(10_000);
    expect(row.pv, row.time).toBeGreaterThan(0);
    expect(row.curtailed + row.wasted_import).toBeCloseTo(row.wasted, 6);
    expect(row.sor).toBeCloseTo(row.pv / (row.pv + row.curtailed), 12);
    expect(row.pv + row.acin).toBeCloseTo(row.demand + row.loss + row.wasted_import + row.deltaBatt, 5);
    expect(row.shortfall).toBeGreaterThan(0);
  }
  expect(totals.selfConsumption).toBeGreaterThan(0);
  expect(totals.selfConsumption).toBeLessThanOrEqual(1);
});

test("R17: days that the earlier release recorded are told as it did, but for energy from the bus in pv", () => {
  const read = (name: string) =>
    readFileSync(new URL(`../stored-forms/version-2/${name}`, import.meta.url), "utf8");
  const database = createNodeDatabase(new DatabaseSync(":memory:"));
  const storage = createSqliteStorage(database);
  storage.load();
  restoreBackup(database, read("backup.ndjson").split("\n"), 1000);
  const options = { header: true, skipEmptyLines: true, dynamicTyping: true } as const;
  const { data: told } = Papa.parse<Record<string, number>>(read("told/summary.csv"), options);
  const rows = summarizeDays(storage.readDays(0, 99), "2020-01-01T00:00:00");
  expect(rows).toHaveLength(told.length);
  rows.forEach((row, index) => {
    const { time, pv, sor, ssr_pv, ...rest } = told[index] as Record<string, number>;
    expect(row).toMatchObject(rest);
    expect(row.pv - row.wasted_import).toBeCloseTo(pv as number, 6);
    expect(row.pv + row.acin).toBeCloseTo(row.demand + row.loss + row.wasted_import + row.deltaBatt, 6);
  });
  expect(rows[0]?.wasted_import).toBeGreaterThan(1000);
});
