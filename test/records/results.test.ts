import fc from "fast-check";
import { expect, test } from "vitest";
import type { Summary } from "../../src/community/records/totals.ts";
import { balanceResidualWh, type Ledger } from "../../src/simulation/ledger.ts";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";
import { commands, live } from "../support/lives.ts";

type Energies = Record<keyof Ledger, number>;
interface Results {
  fromS: number;
  toS: number;
  by: string;
  time: string[];
  timeS: number[];
  lengthS: number[];
  isKnown: boolean;
  total: { energies: Energies; selfSufficiency: number | null; batteryCycles: number | null };
  energies: Record<keyof Ledger, number[]>;
  homes: { unit: string; energies: Energies }[];
}

const read = async <T>(tested: TestEmulator, path: string) => (await (await tested.get(path)).json()) as T;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

async function liveThrough(timed: [number, string][], parameters = {}): Promise<TestEmulator> {
  const tested = createTestEmulator({ acceleration: 1, ...parameters });
  await live(tested, timed);
  tested.wallMs = 259_200_000;
  return tested;
}

test("R28: bars add up to totals and homes to the community, days are those of /summary, and each bar closes", async () => {
  await fc.assert(
    fc.asyncProperty(commands, fc.constantFrom("hour", "day", "span"), async (timed, by) => {
      const tested = await liveThrough(timed);
      const results = await read<Results>(tested, `/results?by=${by}`);
      const { total, energies, homes } = results;
      expect(sum(results.lengthS)).toBe(results.toS - results.fromS);
      for (const name of Object.keys(total.energies) as (keyof Ledger)[]) {
        expect(sum(energies[name]), name).toBeCloseTo(total.energies[name], 6);
        expect(sum(homes.map((home) => home.energies[name])), name).toBeCloseTo(total.energies[name], 6);
      }
      for (const home of homes) expect(balanceResidualWh(home.energies)).toBeCloseTo(0, 6);
      if (by !== "day") return;
      const { rows, totals } = await read<Summary>(tested, "/summary");
      for (const [index, row] of rows.entries()) {
        const { demandWh, acIntakeWh, batteryChangeWh, setByHandWh } = energies;
        const day = [demandWh, acIntakeWh, batteryChangeWh, setByHandWh].map((column) => column[index]);
        const told = [row.demand, row.acin, row.deltaBatt, row.set_by_hand];
        expect(day).toEqual(told.map((value) => expect.closeTo(value, 5)));
      }
      expect(total.selfSufficiency).toBeCloseTo(totals.selfSufficiency ?? Number.NaN, 9);
    }),
    { numRuns: 25, endOnFailure: true },
  );
});

test("R28: what is set by hand at a day's very beginning, or at the run's, belongs to that day, as in /summary", async () => {
  const atBegin = ["/set/emu/E001?rsoc=90", "/set/emu/E002?rsoc=70"] as const;
  const atMidnight = ["/set/emu/E001?rsoc=20", "/add/unit", "/remove/unit"] as const;
  const timed = [
    ...atBegin.map((path): [number, string] => [0, path]),
    ...atMidnight.map((path): [number, string] => [86_400_000, path]),
    [172_800_000, "/set/emu/E002?rsoc=80"] as [number, string],
  ];
  const tested = await liveThrough(timed);
  const { rows } = await read<Summary>(tested, "/summary");
  const { energies, homes } = await read<Results>(tested, "/results?by=day");
  expect(energies.setByHandWh).toEqual(rows.map((row) => expect.closeTo(row.set_by_hand, 6)));
  expect(rows.every((row) => Math.abs(row.set_by_hand) > 100)).toBe(true);
  expect(sum(homes.map((home) => home.energies.setByHandWh))).toBeCloseTo(sum(energies.setByHandWh), 6);
  const second = await read<Results>(tested, "/results?by=span&from=86400&to=172800");
  expect(second.total.energies.setByHandWh).toBeCloseTo(rows[1]?.set_by_hand ?? Number.NaN, 6);
});

test("R28: a house that begins dark, or that a command darkens, went dark in that bar, as in /summary, and is told of as an event", async () => {
  const outages = [
    { from: 0, until: 7200 },
    { from: 10_000, until: 20_000 },
  ];
  const timed: [number, string][] = [
    [3_600_000, "/set/emu/E002?rsoc=0"],
    [4_000_000, "/set/emu/E002?rsoc=60"],
    [5_000_000, "/set/emu/E002?rsoc=0"],
    [10_001_000, "/add/unit"],
  ];
  const tested = await liveThrough(timed, { units: 2, outages, initialCharge: { E001: 0, E003: 0 } });
  const [day] = (await read<Summary>(tested, "/summary")).rows;
  const { energies } = await read<Results>(tested, "/results?by=hour&from=0&to=86400");
  expect(energies.timesDark.slice(0, 6)).toEqual([1, 2, 3, 0, 0, 0]);
  expect(sum(energies.timesDark)).toBe(day?.times_dark);
  const told = await read<{ events: { timeS: number; unit: string; kind: string }[] }>(
    tested,
    "/events?from=0&to=10001&kind=outageBegin,dark",
  );
  expect(told.events.map(({ timeS, unit, kind }) => `${timeS} ${unit} ${kind}`)).toEqual([
    "0 E001 outageBegin",
    "0 E001 dark",
    "0 E002 outageBegin",
    "3600 E002 dark",
    "5000 E002 dark",
    "10000 E001 outageBegin",
    "10000 E002 outageBegin",
    "10001 E003 outageBegin",
    "10001 E003 dark",
  ]);
});

test("R28: months are those of the calendar, a span begins and ends where it was asked to, and too many bars become longer ones", async () => {
  const tested = await liveThrough([], { startTime: "2020-01-30T00:00:00" });
  const months = await read<Results>(tested, "/results?by=month&from=1000");
  expect(months.time).toEqual(["2020-01-30 00:16:40", "2020-02-01 00:00:00"]);
  expect(months.lengthS).toEqual([2 * 86_400 - 1000, 86_400]);
  const span = await read<Results>(tested, "/results?by=hour&from=1000&to=5000&unit=E002");
  expect([span.by, span.timeS, span.toS]).toEqual(["hour", [1000, 3600], 5000]);
  expect(span.homes.map(({ unit }) => unit)).toEqual(["E002"]);
  expect(span.total.energies.demandWh).toBeCloseTo((400 * 4000) / 3600, 6);
  const refused = ["by=week", "from=2&to=1", "unit=E005", "unit=1"].map((query) =>
    tested.get(`/results?${query}`),
  );
  for (const { status } of await Promise.all(refused)) expect(status).toBeGreaterThanOrEqual(400);
});

test("R28: charge that is set by hand is told apart from what flowed", async () => {
  const tested = await liveThrough([[3_600_000, "/set/emu/E001?rsoc=90"]]);
  const { energies, batteryCycles } = (await read<Results>(tested, "/results?unit=E001&by=span")).total;
  expect(batteryCycles).toBeGreaterThan(0);
  const charge = (await read<{ emu: { rsoc: number } }>(tested, "/get/unit/E001")).emu.rsoc;
  const { batterySize } = tested.emulator.config;
  const storedWh = ((charge - 50) / 100) * (batterySize.default ?? 0);
  expect(energies.batteryChangeWh + energies.setByHandWh).toBeCloseTo(storedWh, 0);
  expect(energies.setByHandWh).toBeGreaterThan(1000);
});

test("R27, R28: deals and results are of one moment, whatever is commanded at that very moment while they are told", async () => {
  const tested = await liveThrough([
    [1_000_000, "/set/dcdc/E001?mode=0x0014&dvg=350&drg=0&dig=4"],
    [2_000_000, "/set/dcdc/E002?mode=0x0041&dvg=350&dig=2"],
  ]);
  await tested.get("/time/hold");
  for (const path of ["/results", "/deals"]) {
    const asked = await read<object>(tested, path);
    const parameters = path === "/results" ? { from: 0, by: "day" } : { from: 0 };
    const query = { kind: "told", path, parameters, readsRecords: true, readsUnits: true } as const;
    const parts = tested.emulator.answerInParts(query, tested.wallMs, Number.POSITIVE_INFINITY);
    let step = parts.next();
    for (let part = 0; step.done !== true; part++) {
      const mode = part % 2 === 0 ? "0x0000" : "0x0041";
      // The last of them is read last.
      await tested.get(`/set/emu/E004?rsoc=${10 + part}`);
      await tested.get(`/set/dcdc/E002?mode=${mode}&dvg=350&dig=2`);
      step = parts.next();
    }
    const answer = step.value as { ok: true; json: string };
    expect(JSON.parse(answer.json), path).toEqual(asked);
  }
});
