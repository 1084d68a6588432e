import fc from "fast-check";
import Papa from "papaparse";
import { expect, test } from "vitest";
import { type Chapter, chapterAt } from "../../src/community/records/chapter.ts";
import type { UnitHistory } from "../../src/community/records/history.ts";
import { writeReading } from "../../src/community/records/individual.ts";
import type { SummaryRow } from "../../src/community/records/summary.ts";
import { collectBatch } from "../../src/community/sinks/batch.ts";
import { beginProgress } from "../../src/community/sinks/progress.ts";
import type { WorldInput } from "../../src/input/config/create-world.ts";
import type { Config } from "../../src/input/config/entries.ts";
import { createTestEmulator, readUnits, type TestEmulator } from "../support/emulators.ts";
import { checkAsync, command, variedInput, wait } from "./random-requests.ts";

/** Three days of more sun and less demand than `variedInput` has. */
const sunnyInput: WorldInput = {
  homes: 2,
  days: 3,
  solar: {
    stepS: 3600,
    values: Float64Array.from({ length: 72 }, (_, i) => (i % 24 > 5 && i % 24 < 19 ? 1900 + i : 0)),
  },
  demandOf: (home) => ({
    stepS: 1800,
    values: Float64Array.from({ length: 144 }, (_, i) => 90 + ((i * (5 + home)) % 13) * 30),
  }),
};

function createCommunity(parameters: Record<string, unknown> = {}): TestEmulator {
  const tested = createTestEmulator({ acceleration: 8, ...parameters }, variedInput);
  tested.data.set("sunny", sunnyInput);
  return tested;
}

const text = async (tested: TestEmulator, path: string) => (await tested.get(path)).text();
const json = async <T>(tested: TestEmulator, path: string) => JSON.parse(await text(tested, path)) as T;
const csv = async (tested: TestEmulator, path: string) =>
  Papa.parse<Record<string, string>>(await text(tested, path), { header: true, skipEmptyLines: true }).data;

/** All that can be told of what lies before the present moment, by a name that says of what it is. */
async function tellPast(tested: TestEmulator): Promise<Map<string, unknown>> {
  const told = new Map<string, unknown>();
  const { rows } = await json<{ rows: SummaryRow[] }>(tested, "/summary");
  for (const row of rows) told.set(`day ${row.time}`, row);
  for (const { id, ...row } of await csv(tested, "/data/output/indivLog.csv"))
    told.set(`reading ${row.oesunit_id} ${row.time} ${JSON.stringify(row)}`, true);
  const units = readUnits(tested, tested.wallMs).length;
  for (let unit = 1; unit <= units; unit++) {
    const history = await json<UnitHistory>(tested, `/history?unit=E00${unit}&resolution=3600`);
    history.timeS.forEach((timeS, bin) => {
      if (history.lengthS[bin] === 3600) told.set(`bin E00${unit} ${timeS}`, readBin(history, bin));
    });
  }
  return told;
}

function readBin(history: UnitHistory, bin: number): Record<string, number | null> {
  const columns = Object.entries(history).filter(([name, value]) => name !== "time" && Array.isArray(value));
  return Object.fromEntries(
    columns.map(([name, column]) => [name, (column as (number | null)[])[bin] ?? null]),
  );
}

/** Sums of the same numbers from another beginning are rounded otherwise. */
function expectSame(found: unknown, wanted: unknown, what: string): void {
  if (typeof wanted !== "object" || wanted === null) expect(found, what).toBe(wanted);
  for (const [name, value] of Object.entries(wanted as object)) {
    const other = (found as Record<string, unknown> | undefined)?.[name];
    if (typeof value === "number") expect(other, `${name} of ${what}`).toBeCloseTo(value, 5);
    else expect(other, `${name} of ${what}`).toBe(value);
  }
}

interface Shown {
  readonly charges: number[];
  readonly kwh: number[];
  readonly timeS: number;
}

function show(tested: TestEmulator): Shown {
  const units = readUnits(tested, tested.wallMs);
  return {
    charges: units.map((unit) => unit.stateOfChargePercent),
    kwh: units.map(({ ledger }) => ledger.acIntakeWh),
    timeS: tested.emulator.paceAt(tested.wallMs).nowS,
  };
}

type Restart = { readonly parameters: Record<string, unknown>; readonly data: "even" | "sunny" };
const restart: fc.Arbitrary<Restart> = fc.record({
  parameters: fc.oneof(
    fc.integer({ min: 1000, max: 9000 }).map((size) => ({ batterySize: { default: size, E002: 2 * size } })),
    fc.integer({ min: 0, max: 200 }).map((loss) => ({ DCCstLoss: loss })),
    fc.constantFrom(true, false).map((doUpdates) => ({ doUpdates })),
    fc.constantFrom("30", "60").map((demandIntervalMinutes) => ({ demandIntervalMinutes })),
    fc.constantFrom(10, 30, 45).map((individualIntervalMinutes) => ({ individualIntervalMinutes })),
    fc.constantFrom(0.5, 1, 3).map((sleeptime) => ({ sleeptime })),
    fc.constantFrom("stop", "repeat").map((atEndOfData) => ({ atEndOfData })),
    fc
      .constantFrom(20, 40)
      .map((UPS_TRIGGER_BATT_OFF) => ({ UPS_TRIGGER_BATT_OFF, UPS_TRIGGER_BATT_ON: 45 })),
    fc.constant({}),
  ),
  data: fc.constantFrom("even", "sunny"),
});
const steps = fc.array(fc.tuple(wait, fc.oneof({ weight: 3, arbitrary: command }, restart)), {
  maxLength: 25,
});

test("Q1: through commands and restarts with other parameters and data nothing that was told changes, and nothing jumps", async () => {
  await checkAsync(
    fc.asyncProperty(steps, async (script) => {
      const tested = createCommunity();
      const ever = new Map<string, unknown>();
      let parameters = {};
      for (const [waitMs, step] of script) {
        tested.wallMs += waitMs;
        if (typeof step === "string") {
          await tested.get(step);
          continue;
        }
        const before = show(tested);
        const past = await tellPast(tested);
        parameters = { ...parameters, ...step.parameters };
        tested.evict(parameters, step.data);
        const after = show(tested);
        expect(after.charges).toHaveLength(before.charges.length);
        // A charge within the rounding of a threshold counts as the threshold.
        expectSame(after.charges, before.charges, "charges");
        expectSame(after.kwh, before.kwh, "meters");
        expect(after.timeS).toBe(before.timeS);
        const again = await tellPast(tested);
        for (const [what, told] of past) expectSame(again.get(what), told, what);
        for (const [what, told] of past) ever.set(what, told);
      }
      tested.wallMs += 1_000_000;
      const last = await tellPast(tested);
      const units = readUnits(tested, tested.wallMs).length;
      for (const [what, told] of ever) {
        const [kind, unit] = what.split(" ");
        if (kind === "bin" && Number(unit?.slice(1)) > units) continue;
        expectSame(last.get(what), told, what);
      }
    }),
    60,
  );
});

test("Q2: a history gives the same answer for a moment wherever it begins, over any chapters", async () => {
  await checkAsync(
    fc.asyncProperty(steps, fc.nat(200), async (script, hour) => {
      const tested = createCommunity();
      for (const [waitMs, step] of script) {
        tested.wallMs += waitMs;
        if (typeof step === "string") await tested.get(step);
        else tested.evict(step.parameters, step.data);
      }
      const query = "/history?unit=E001&resolution=3600";
      const whole = await json<UnitHistory>(tested, query);
      const part = await json<UnitHistory>(tested, `${query}&from=${hour * 3600}`);
      part.timeS.forEach((timeS, bin) => {
        const at = whole.timeS.indexOf(timeS);
        expectSame(readBin(part, bin), readBin(whole, at), `the bin at ${timeS}`);
      });
    }),
    60,
  );
});

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

test("Q8: a database is told the readings that the CSV file has, over any chapters, in batches of one chapter each", async () => {
  await checkAsync(
    fc.asyncProperty(steps, async (script) => {
      const tested = createCommunity();
      for (const [waitMs, step] of script) {
        tested.wallMs += waitMs;
        if (typeof step === "string") await tested.get(step);
        else tested.evict(step.parameters, step.data);
      }
      tested.wallMs += 100_000;
      const chapters = tested.emulator.readChapters();
      const source = { community: "x", storage: tested.storage, chapters: () => chapters };
      const nowS = tested.emulator.recordUntil(show(tested).timeS);
      const told: string[] = [];
      for (let progress = beginProgress(0); progress.untilS < nowS; ) {
        const { batch, next } = collectBatch(source, progress, nowS);
        expect(next.untilS).toBeGreaterThan(progress.untilS);
        const begins = batch.readings.map(({ reading }) =>
          chapters.indexOf(chapterAt(chapters, reading.timeS)),
        );
        expect(new Set(begins).size).toBeLessThan(2);
        for (const { reading } of batch.readings) {
          const { id, time, ...numbers } = writeReading(reading, "", chapters[0]?.config.startTime as string);
          told.push(
            [id, time, numbers.emu_rsoc, numbers.emu_pvc_charge_power, numbers.dcdc_powermeter_p2].join(),
          );
        }
        progress = next;
      }
      const rows = await csv(tested, "/data/output/indivLog.csv");
      const written = rows.map((row) =>
        [row.id, row.time, row.emu_rsoc, row.emu_pvc_charge_power, row.dcdc_powermeter_p2].join(),
      );
      expect(told.sort()).toEqual(written.sort());
    }),
    40,
  );
});
