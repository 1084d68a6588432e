import fc from "fast-check";
import Papa from "papaparse";
import { expect } from "vitest";
import { chapterAt } from "../../src/community/records/chapter.ts";
import type { UnitHistory } from "../../src/community/records/history.ts";
import { writeReading } from "../../src/community/records/individual.ts";
import type { SummaryRow } from "../../src/community/records/summary.ts";
import { collectBatch } from "../../src/community/sinks/batch.ts";
import { beginProgress } from "../../src/community/sinks/progress.ts";
import type { WorldInput } from "../../src/input/config/create-world.ts";
import { createTestEmulator, readUnits, type TestEmulator } from "../support/emulators.ts";
import { checkAsync, commandOrFault as command, variedInput, wait } from "./random-requests.ts";

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

export function createCommunity(parameters: Record<string, unknown> = {}): TestEmulator {
  const tested = createTestEmulator({ acceleration: 8, ...parameters }, variedInput);
  tested.data.set("sunny", sunnyInput);
  return tested;
}

export const text = async (tested: TestEmulator, path: string) => (await tested.get(path)).text();
export const json = async <T>(tested: TestEmulator, path: string) =>
  JSON.parse(await text(tested, path)) as T;
export const csv = async (tested: TestEmulator, path: string) =>
  Papa.parse<Record<string, string>>(await text(tested, path), { header: true, skipEmptyLines: true }).data;

/** All that can be told of what lies before the present moment, by a name that says of what it is. */
export async function tellPast(tested: TestEmulator): Promise<Map<string, unknown>> {
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

export function readBin(history: UnitHistory, bin: number): Record<string, number | null> {
  const columns = Object.entries(history).filter(([name, value]) => name !== "time" && Array.isArray(value));
  return Object.fromEntries(
    columns.map(([name, column]) => [name, (column as (number | null)[])[bin] ?? null]),
  );
}

/** Sums of the same numbers from another beginning are rounded otherwise. */
export function expectSame(found: unknown, wanted: unknown, what: string): void {
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

export function show(tested: TestEmulator): Shown {
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
export const steps = fc.array(fc.tuple(wait, fc.oneof({ weight: 3, arbitrary: command }, restart)), {
  maxLength: 25,
});

export async function checkPast(runs: number): Promise<void> {
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
    runs,
  );
}

export async function checkBegin(runs: number): Promise<void> {
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
    runs,
  );
}

export async function checkBatches(runs: number): Promise<void> {
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
    runs,
  );
}
