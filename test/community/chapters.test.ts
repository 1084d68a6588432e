import fc from "fast-check";
import { expect, test } from "vitest";
import type { UnitHistory } from "../../src/community/records/history.ts";
import type { SummaryRow } from "../../src/community/records/summary.ts";
import type { Chapter } from "../../src/community/storage/stored-shapes.ts";
import type { Config } from "../../src/input/config/entries.ts";
import { readUnits } from "../support/emulators.ts";
import {
  checkBatches,
  checkBegin,
  checkPast,
  createCommunity,
  csv,
  expectSame,
  json,
  readBin,
  show,
  tellPast,
  text,
} from "./chapter-lives.ts";
import { checkAsync, command, wait } from "./random-requests.ts";

test("Q1: through commands and restarts with other parameters and data nothing that was told changes, and nothing jumps", () =>
  checkPast(60));

test("Q2: a history gives the same answer for a moment wherever it begins, over any chapters", () =>
  checkBegin(60));

test("Q8: a database is told the readings that the CSV file has, over any chapters, in batches of one chapter each", () =>
  checkBatches(40));

test("Q3: where the data of the last chapter are gone, it ends where something was last kept, and says so", async () => {
  await checkAsync(
    fc.asyncProperty(fc.array(fc.tuple(wait, command), { maxLength: 12 }), wait, async (script, waitMs) => {
      const tested = createCommunity();
      for (const [ms, path] of script) {
        tested.wallMs += ms;
        await tested.get(path);
      }
      tested.wallMs += waitMs;
      const days = [...(await tellPast(tested))].filter(([what]) => what.startsWith("day"));
      const before = show(tested);
      const lastS = Math.max(days.length * 86_400, tested.storage.lastEventS());
      tested.data.delete("even");
      tested.evict({}, "sunny");

      const after = show(tested);
      expect(after.timeS).toBe(before.timeS);
      const [first, second] = tested.storage.readChapters();
      expect([first?.lostUntilS, second?.fromS, second?.lostUntilS]).toEqual([null, lastS, before.timeS]);
      expect(tested.log).toContainEqual({
        level: "WARNING",
        message: expect.stringMatching(/data are gone/),
      });
      const told = await tellPast(tested);
      for (const [what, day] of days) expectSame(told.get(what), day, what);
      const history = await json<UnitHistory>(tested, "/history?unit=E001&resolution=3600");
      history.timeS.forEach((timeS, bin) => {
        const { timeS: _, lengthS, ...values } = readBin(history, bin);
        const isKnown = timeS >= lastS;
        for (const value of Object.values(values)) expect(value !== null, `bin at ${timeS}`).toBe(isKnown);
      });
      // The next wake finds nothing new.
      tested.evict({}, "sunny");
      expect(tested.storage.readChapters()).toHaveLength(2);
      expect(show(tested)).toEqual(after);
    }),
    60,
  );
});

test("Q3: of a chapter whose data are gone, days and the charge after commands and at midnight are told, powers are not", async () => {
  const tested = createCommunity({ units: 2 });
  tested.wallMs = 6_000_000;
  await tested.get("/set/emu/E001?rsoc=61.25");
  tested.wallMs = 15_000_000;
  await tested.get("/set/emu/E002?rsoc=33.5");
  const midnight = (await csv(tested, "/data/output/indivLog.csv")).filter(({ time }) =>
    time?.endsWith("-02 00:00:00"),
  );
  tested.data.delete("even");
  tested.evict({}, "sunny");
  const rows = await csv(tested, "/data/output/indivLog.csv");
  const blank = rows.filter(({ emu_pvc_charge_power }) => emu_pvc_charge_power === "");
  expect(blank.map(({ id, time, emu_rsoc }) => [id, time, Number(emu_rsoc)])).toEqual(
    [
      ["E001", "2020-01-01 00:00:00", 50],
      ["E002", "2020-01-01 00:00:00", 50],
      ["E001", "2020-01-01 13:20:00", 61.25],
      ["E001", "2020-01-02 00:00:00", Number(midnight[0]?.emu_rsoc)],
      ["E002", "2020-01-02 00:00:00", Number(midnight[1]?.emu_rsoc)],
    ].sort(
      (a, b) =>
        `${a[1]}`.slice(0, 10).localeCompare(`${b[1]}`.slice(0, 10)) ||
        `${a[0]}${a[1]}`.localeCompare(`${b[0]}${b[1]}`),
    ),
  );
  expect(blank.every((row) => row.dcdc_powermeter_p2 === "" && row.dcdc_meter_wg === "")).toBe(true);
  const { rows: days } = await json<{ rows: SummaryRow[] }>(tested, "/summary");
  expect(days).toHaveLength(1);
});

test("Q4: without power flow energies end at their moment and powers stay as they were; with it again all goes on from there", async () => {
  const tested = createCommunity({ acceleration: 1, units: 2 });
  const dayMs = 86_400_000;
  const meter = () => readUnits(tested, tested.wallMs).map(({ ledger }) => ledger.acIntakeWh);
  const read = () =>
    readUnits(tested, tested.wallMs).map((unit) => [
      unit.stateOfChargePercent,
      unit.solarPowerW,
      unit.demandPowerW,
      unit.ledger,
    ]);
  const acinOf = async () =>
    (await json<{ rows: SummaryRow[] }>(tested, "/summary")).rows.map(({ acin }) => acin);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  tested.wallMs = 1.5 * dayMs;
  const frozen = read();
  expect(frozen[0]?.[1]).toBeGreaterThan(100);
  const frozenMeter = sum(meter());
  tested.evict({ doUpdates: false });
  expect(read()).toEqual(frozen);
  tested.wallMs = 2.7 * dayMs;
  expect(read()).toEqual(frozen);
  const days = await acinOf();
  expect(days).toHaveLength(2);
  expect(sum(days)).toBeCloseTo(frozenMeter, 6);
  const history = await json<UnitHistory>(tested, "/history?unit=E001&from=172800&resolution=3600");
  for (const rsoc of history.rsoc) expect(rsoc).toBeCloseTo(frozen[0]?.[0] as number, 5);
  expect(new Set(history.acIntakeW)).toEqual(new Set([0]));
  tested.evict({ doUpdates: true });
  expect(sum(meter())).toBeCloseTo(frozenMeter, 6);
  tested.wallMs = 3.2 * dayMs;
  const [, , third] = await acinOf();
  expect(sum([...days, third as number])).toBeLessThan(sum(meter()));
  expect(third).toBeGreaterThan(0);
  const hourly = await json<UnitHistory>(tested, "/history?unit=E001&from=172800&to=259200&resolution=3600");
  expect(hourly.acIntakeW.slice(0, 16).every((mean) => mean === 0)).toBe(true);
  expect(hourly.acIntakeW.slice(17).every((mean) => (mean as number) > 0)).toBe(true);
});

test("Q5: parameters from which nothing follows that is told begin no chapter; any other does", async () => {
  const tested = createCommunity();
  tested.wallMs = 50_000;
  tested.evict({
    maximumUnits: 10,
    units: 3,
    logLevel: "ERROR",
    defaultAccess: "open",
    acceleration: 99,
    startTime: "2019-03-01T00:00:00",
    dburl: "https://example.org/x",
    metricsPerUnit: false,
  });
  expect(tested.storage.readChapters()).toHaveLength(1);
  expect((await json<{ time: string }>(tested, "/state")).time).toBe("2020/01/01-00:06:40");
  tested.evict({ modes: { "0x0000": "W", "0x0002": "D", "0x0014": "A", "0x0041": "C" } });
  tested.evict({ individualIntervalMinutes: 5, dburl: "https://example.org/secret" });
  tested.evict({ batterySize: { E001: 100, E002: 200 }, individualIntervalMinutes: 5 });
  tested.evict({ batterySize: { E002: 200, E001: 100 }, individualIntervalMinutes: 5 });
  expect(tested.storage.readChapters().map(({ fromS }) => fromS)).toEqual([0, 400, 400, 400]);
  expect(await text(tested, "/commands")).not.toContain("example.org");
  await tested.get("/restart?clock=start");
  expect(tested.storage.readChapters().map(({ fromS }) => fromS)).toEqual([0]);
});

test("Q6: a stored configuration that lacks a parameter of a later release has its neutral value, and begins no chapter", async () => {
  const tested = createCommunity();
  tested.wallMs = 50_000;
  await tested.get("/set/emu/E001?rsoc=60");
  const [chapter] = tested.storage.readChapters();
  const { ACChargeAmount, pvc_sol_reg, defaultAccess, ...older } = (chapter as Chapter).config;
  const chapters = [{ ...(chapter as Chapter), config: older as Config }];
  tested.storage.save({ timeS: 400, chapters });
  tested.evict();
  expect(tested.storage.readChapters()).toEqual([chapter]);
  expect(tested.log.filter(({ message }) => message.includes("chapter"))).toEqual([]);
});
