import { expect, test } from "vitest";
import { createWorld } from "../../src/input/config/create-world.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { forecastErrors, forecastHome } from "../../src/input/forecast.ts";
import { variedInput } from "../community/random-requests.ts";
import { createTestEmulator, readUnits } from "../support/emulators.ts";
import { ask, snapshot } from "./api.ts";

interface Forecast {
  issuedS: number;
  timeS: number[];
  time: string[];
  units: string[];
  solarPowerW: number[][];
  demandPowerW: number[][];
  error: { level: string };
}
const forecast = (tested: Parameters<typeof ask>[0], query: string) =>
  ask(tested, `/forecast?${query}`) as Promise<Forecast>;

test("A31: a forecast without error is what the homes read when its moments come, and changes nothing", async () => {
  const tested = createTestEmulator({ acceleration: 1, units: 5 }, variedInput);
  tested.wallMs = 12_345_600;
  // Neither what is set by hand nor a full battery is in a forecast.
  await tested.get("/set/emu/E002?pvc_charge_power=77&ups_output_power=1");
  const before = await snapshot(tested);
  const told = await forecast(tested, "hours=30&resolution=1200");
  expect(await snapshot(tested)).toBe(before);
  expect(told).toMatchObject({ issuedS: 12_345.6, units: ["E001", "E002", "E003", "E004", "E005"] });
  expect(told.error).toEqual({ level: "none", ...forecastErrors.none });
  expect([told.timeS[0], told.timeS.length, told.time[0]]).toEqual([13_200, 90, "2020-01-01 03:40:00"]);
  told.timeS.forEach((timeS, index) => {
    tested.wallMs = timeS * 1000;
    if (timeS < 21_600) return;
    for (const [unit, reading] of readUnits(tested, tested.wallMs).entries()) {
      const solarW = reading.solarPowerW + reading.curtailedSolarPowerW;
      expect(told.solarPowerW[index]?.[unit]).toBeCloseTo(solarW, 8);
      expect(told.demandPowerW[index]?.[unit]).toBeCloseTo(reading.demandPowerW, 8);
    }
  });
});

test("A31: a forecast ends with the data, or goes on where they begin again", async () => {
  const near = { wallMs: 3.9 * 86_400_000 };
  const stops = Object.assign(createTestEmulator({ acceleration: 1 }, variedInput), near);
  expect((await forecast(stops, "hours=24&resolution=3600")).timeS).toEqual([338_400, 342_000, 345_600]);
  const repeats = createTestEmulator({ acceleration: 1, atEndOfData: "repeat" }, variedInput);
  const first = await forecast(repeats, "hours=24&resolution=3600");
  repeats.wallMs = 4 * 86_400_000;
  const again = await forecast(repeats, "hours=24&resolution=3600");
  expect(again.timeS).toHaveLength(24);
  expect(again.solarPowerW).toEqual(first.solarPowerW);
});

test("A32: a seed, a home and a moment of issue give one forecast; any other gives another", async () => {
  const tested = createTestEmulator({ acceleration: 1, units: 4 }, variedInput);
  tested.wallMs = 40_000_000;
  const told = await forecast(tested, "error=high&seed=7");
  expect(await forecast(tested, "error=high&seed=7&hours=24&resolution=3600")).toEqual(told);
  expect((await forecast(tested, "error=high&seed=8")).demandPowerW).not.toEqual(told.demandPowerW);
  // A longer horizon changes nothing before.
  expect((await forecast(tested, "error=high&seed=7&hours=48")).solarPowerW.slice(0, 24)).not.toEqual([]);
  const ratios = (unit: number) => told.demandPowerW.map((row) => row[unit] as number);
  // Both live in the first home's data.
  const exact = await forecast(tested, "error=none");
  expect(exact.demandPowerW.map((row) => row[0])).toEqual(exact.demandPowerW.map((row) => row[3]));
  expect(ratios(0)).not.toEqual(ratios(3));
  tested.wallMs += 1;
  expect((await forecast(tested, "error=high&seed=7")).demandPowerW).not.toEqual(told.demandPowerW);
  for (const row of [...told.solarPowerW, ...told.demandPowerW])
    for (const value of row)
      expect(Number.isInteger(value) && value >= 0 && !Object.is(value, -0)).toBe(true);
});

test("A33: errors have the deviation of their level at each horizon, and the correlation of their hours", () => {
  const steady = {
    ...variedInput,
    days: 4,
    solar: { stepS: 3600, values: new Float64Array(96).fill(1e6) },
    demandOf: () => ({ stepS: 1800, values: new Float64Array(192).fill(1e6) }),
  };
  const world = createWorld(readConfig({ solarUnit: "W" }), steady);
  const timesS = Array.from({ length: 30 }, (_, index) => (index + 1) * 3600);
  for (const error of ["low", "medium", "high"] as const) {
    const { sigmaFirstHour, sigmaCap, correlationPerHour } = forecastErrors[error];
    const runs = Array.from({ length: 2000 }, (_, seed) => {
      const { solarPowerW, demandPowerW } = forecastHome(world, 1, { issuedS: 0, timesS, error, seed });
      return [solarPowerW, demandPowerW].map((values) => values.map((value) => value / 1e6 - 1));
    }).flat();
    const mean = (of: (run: number[]) => number) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
    for (const hour of [1, 4, 9, 25]) {
      const sigma = Math.min(sigmaCap, sigmaFirstHour * Math.sqrt(hour));
      const at = (run: number[], of = hour) => run[of - 1] as number;
      // What would be below nothing is nothing.
      if (sigma < 0.4) {
        expect(Math.abs(mean(at))).toBeLessThan(0.08 * sigma);
        expect(Math.sqrt(mean((run) => at(run) ** 2)) / sigma).toBeCloseTo(1, 1);
        const next = Math.min(sigmaCap, sigmaFirstHour * Math.sqrt(hour + 1));
        if (next < 0.4)
          expect(mean((run) => at(run) * at(run, hour + 1)) / (sigma * next)).toBeCloseTo(
            correlationPerHour,
            1,
          );
      }
    }
  }
});

test.each([
  ["hours=0", "hours"],
  ["hours=9000", "hours"],
  ["hours=x", "hours"],
  ["resolution=0", "resolution"],
  ["resolution=1.5", "resolution"],
  ["error=some", "error"],
  ["error=toString", "error"],
  ["seed=-1", "seed"],
  ["seed=0.5", "seed"],
  ["seed=1e99", "seed"],
  ["hours=8784&resolution=1", "resolution"],
])("A34: /forecast?%s is refused by the parameter's name", async (query, parameter) => {
  const tested = createTestEmulator({ acceleration: 1, atEndOfData: "repeat" }, variedInput);
  const response = await tested.get(`/forecast?${query}`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: "invalid_parameter", parameter } });
});
