import { expect, test } from "vitest";
import type { Summary } from "../../src/community/records/totals.ts";
import { variedInput } from "../community/random-requests.ts";
import { createTestEmulator, evenInput, type TestEmulator } from "../support/emulators.ts";

const read = async (tested: TestEmulator, query = "") =>
  (await (await tested.get(`/summary${query}`)).json()) as Summary;

test("R8: totals are those of the rows, and the balance closes", async () => {
  const tested = createTestEmulator({ acceleration: 1 }, variedInput);
  await tested.get("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  await tested.get("/set/dcdc/E002?mode=0x0041&dvg=350&dig=2");
  tested.wallMs = 3.5 * 86_400_000;
  const { rows, totals, ...range } = await read(tested);
  expect(range).toEqual({ runBeganMs: 0, past: expect.any(String), fromDay: 0, toDay: 2, daysPerRow: 1 });
  expect(rows.map(({ time }) => time)).toEqual(["2020/01/01", "2020/01/02", "2020/01/03"]);
  const sum = (
    name: "acloss" | "dcloss" | "wasted" | "wg" | "demand" | "acin" | "deltaBatt" | "pv" | "curtailed",
  ) => rows.reduce((total, row) => total + row[name], 0);
  expect(totals.lossesWh.ac).toBeCloseTo(sum("acloss"), 6);
  expect(totals.lossesWh.dc).toBeCloseTo(sum("dcloss"), 6);
  expect(totals.lossesWh.wasted).toBeCloseTo(sum("wasted"), 6);
  expect(totals.exchangeWh).toBeCloseTo(sum("wg"), 6);
  const ownWh = sum("demand") - sum("acin") + sum("deltaBatt");
  expect(totals.selfSufficiency).toBeCloseTo(ownWh / sum("demand"), 12);
  expect(totals.selfConsumption).toBeCloseTo(sum("pv") / (sum("pv") + sum("curtailed")), 12);
  expect(totals.balanceResidualWh).toBeLessThan(1e-6);
  const { totals: second, rows: one } = await read(tested, "?from=1&to=1");
  expect(one).toEqual([rows[1]]);
  expect(second.exchangeWh).toBeCloseTo(rows[1]?.wg ?? 0, 9);
});

test("R8: a battery that is emptied once has made half a cycle", async () => {
  const night = { ...evenInput, solar: { stepS: 3600, values: new Float64Array(72) } };
  const always = {
    UPS_TRIGGER_BATT_OFF: 0,
    UPS_TRIGGER_BATT_ON: 0,
    UPS_TRIGGER_AC_ON: 0,
    UPS_TRIGGER_AC_OFF: 0,
  };
  const tested = createTestEmulator({ acceleration: 1, ACChargeAmount: 0, ...always }, night);
  await tested.get("/set/emu/E001?rsoc=100");
  tested.wallMs = 86_400_000;
  const { totals } = await read(tested);
  expect(totals.batteryCycles).toBeCloseTo((100 + 3 * 50) / 400 / 2, 6);
});

test("R8: before a day has ended there are no rows and no ratios", async () => {
  const { rows, totals, toDay } = await read(createTestEmulator());
  expect([rows, toDay]).toEqual([[], -1]);
  expect([totals.selfSufficiency, totals.selfConsumption, totals.batteryCycles]).toEqual([null, null, null]);
});

test("R8: more days than rows are put together, none left out", async () => {
  const tested = createTestEmulator({ acceleration: 1, atEndOfData: "repeat", units: 1 });
  tested.wallMs = 1001 * 86_400_000;
  const { rows, daysPerRow, toDay } = await read(tested);
  expect([rows.length, daysPerRow, toDay]).toEqual([334, 3, 1000]);
  const demandWh = rows.reduce((sum, row) => sum + row.demand, 0);
  expect(demandWh).toBeCloseTo(1001 * 24 * 400, 3);
});
