import fc from "fast-check";
import { expect, test } from "vitest";
import { readCommunityHistory, readUnitHistory } from "../../src/community/records/history.ts";
import { replayUnit } from "../../src/community/records/replay.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { createTestEmulator, evenInput, readUnits, type TestEmulator } from "../support/emulators.ts";

const halfHourMs = 1_800_000;
const world = createWorld(readConfig({ solarUnit: "W" }), evenInput);
const command = fc.oneof(
  fc.integer({ min: 0, max: 100 }).map((rsoc) => `/set/emu/E001?rsoc=${rsoc}`),
  fc.integer({ min: 0, max: 5000 }).map((power) => `/set/emu/E002?pvc_charge_power=${power}`),
  fc
    .constantFrom("0x0000", "0x0002", "0x0014", "0x0041")
    .map((mode) => `/set/dcdc/E001?mode=${mode}&dvg=350&dig=2`),
  fc.constantFrom("0x0002", "0x0014", "0x0041").map((mode) => `/set/dcdc/E002?mode=${mode}&dvg=340&dig=1`),
  fc.constantFrom("/add/unit", "/remove/unit", "/restart", "/save", "/get/last"),
);
const commands = fc.array(fc.tuple(fc.integer({ min: 0, max: 259_200_000 }), command), { maxLength: 25 });

/** Runs three days at acceleration 1, and notes the units' charges at every half hour. */
async function live(tested: TestEmulator, timed: [number, string][]): Promise<number[][]> {
  const charges: number[][] = [];
  const waiting = timed.toSorted(([a], [b]) => a - b);
  for (let wallMs = 0; wallMs <= 3 * 86_400_000; wallMs += halfHourMs) {
    while (waiting[0] !== undefined && waiting[0][0] <= wallMs) {
      const [at, path] = waiting.shift() as [number, string];
      tested.wallMs = at;
      await tested.get(path);
    }
    charges.push(readUnits(tested, wallMs).map((unit) => unit.stateOfChargePercent));
  }
  return charges;
}

test("R1: the past runs again as it was, to the bit, through commands, removals and days' ends", async () => {
  await fc.assert(
    fc.asyncProperty(commands, fc.integer({ min: 0, max: 143 }), async (timed, first) => {
      const tested = createTestEmulator({ acceleration: 1 });
      const charges = await live(tested, timed);
      for (let unit = 1; unit <= tested.storage.highestUnitNumber(); unit++) {
        const replay = replayUnit(tested.storage, world, unit, first * 1800, 259_200);
        for (let k = first; k <= 144; k++) {
          expect(replay.readAt(k * 1800)?.reading.stateOfChargePercent, `E00${unit} at ${k}`).toBe(
            charges[k]?.[unit - 1],
          );
        }
      }
    }),
    { numRuns: 40 },
  );
});

test("R2: mean powers of a history add up to what the ledger counts, commands or not", async () => {
  const tested = createTestEmulator({ acceleration: 1 });
  await live(tested, [
    [7_200_500, "/set/dcdc/E002?mode=0x0014&dvg=350&dig=2"],
    [7_300_700, "/set/dcdc/E001?mode=0x0041&dvg=350&dig=2"],
    [30_000_100, "/set/emu/E001?rsoc=90"],
    [90_000_100, "/set/dcdc/E001?mode=0x0000&dvg=350&dig=2"],
  ]);
  const span = { fromS: 0, toS: 259_200, resolutionS: 1800 };
  const history = readUnitHistory(tested.storage, world, 1, span);
  const { ledger } = readUnits(tested, 259_200_000)[0] as {
    ledger: { demandWh: number; fromGridWh: number };
  };
  const energyWh = (means: (number | null)[]) =>
    means.reduce<number>((sum, mean) => sum + (mean ?? 0) / 2, 0);
  expect(energyWh(history.demandW)).toBeCloseTo(ledger.demandWh, 0);
  expect(energyWh(history.gridW)).toBeCloseTo(ledger.fromGridWh, 0);
  expect(ledger.fromGridWh).toBeGreaterThan(1000);
  expect(history.rsoc).toHaveLength(145);
});

test("R3: the community's history has percentiles of the charge and sums of the powers", async () => {
  const tested = createTestEmulator({ acceleration: 1, units: 3 });
  await live(tested, [[0, "/set/emu/E003?rsoc=80"]]);
  const history = readCommunityHistory(tested.storage, world, { fromS: 0, toS: 3600, resolutionS: 1800 });
  expect(history.rsoc.median[0]).toBe(50);
  expect(history.rsoc.p95[0]).toBe(77);
  expect(history.demandW).toEqual([null, 1200, 1200]);
});

test("R4: a clock set back to the start forgets the past", async () => {
  const tested = createTestEmulator({ acceleration: 1 });
  await live(tested, []);
  await tested.get("/restart?clock=start");
  expect([...tested.storage.readDays(0, 10)]).toEqual([]);
  tested.wallMs += 90_000_000;
  expect((await tested.get("/summary")).status).toBe(200);
  expect([...tested.storage.readDays(0, 10)].map(({ day }) => day)).toEqual([0]);
});
