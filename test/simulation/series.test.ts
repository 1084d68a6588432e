import { describe, expect, test } from "vitest";
import { changeUnit } from "../../src/simulation/commands.ts";
import { readUnitAt } from "../../src/simulation/community.ts";
import { refineSeries } from "../../src/simulation/series.ts";
import type { UnitState } from "../../src/simulation/unit.ts";
import type { World } from "../../src/simulation/world.ts";
import { createCommunityOf, createEvenWorld, defaultSettings } from "../support/worlds.ts";

/** A world of one day whose solar values are 0, 10, 20 … and whose demand values are 100, 103, 106 … W. */
function createRisingWorld(given: Partial<World> & { demandStepS?: number; solarDays?: number } = {}): World {
  const { demandStepS = 1800, solarDays = 1, ...rest } = given;
  const hourly = { stepS: 3600, values: Float64Array.from({ length: 24 * solarDays }, (_, i) => i * 10) };
  const solar = refineSeries(hourly, demandStepS, rest.atEndOfData === "repeat");
  const length = 86_400 / demandStepS;
  const demand = { stepS: demandStepS, values: Uint16Array.from({ length }, (_, i) => 100 + 3 * i) };
  const home = { demand, solarFactor: 2, batteryCapacityWh: 1e6 };
  return { ...createEvenWorld({ days: 1 }), solar, homeOf: () => home, ...rest };
}

function createReader(world: World) {
  const community = createCommunityOf([{ ...defaultSettings, stateOfChargePercent: 50 }], world);
  const unit = community.units[0] as UnitState;
  return (timeS: number) => readUnitAt(community, unit, timeS, world);
}

test("S17: sun and demand are linear between their points", () => {
  const readAt = createReader(createRisingWorld());
  const powersAt = (timeS: number) => {
    const { solarPowerW, demandPowerW } = readAt(timeS);
    return [solarPowerW, demandPowerW].map((value) => Number(value.toFixed(9)));
  };
  expect(powersAt(0)).toEqual([0, 100]);
  expect(powersAt(900)).toEqual([5, 101.5]);
  expect(powersAt(1800)).toEqual([10, 103]);
  expect(powersAt(5000)).toEqual([27.777777778, 108.333333333]);
  expect(powersAt(7200)).toEqual([40, 112]);
});

test("S17: with a step of an hour demand is linear over the hour", () => {
  const readAt = createReader(createRisingWorld({ demandStepS: 3600 }));
  expect(readAt(1800).demandPowerW).toBeCloseTo(101.5, 10);
  expect(readAt(5400).demandPowerW).toBeCloseTo(104.5, 10);
});

test("S17: energies are the areas under the lines", () => {
  const { ledger } = createReader(createRisingWorld())(5400);
  expect(ledger.solarWh).toBeCloseTo((30 * 1.5) / 2, 10);
  expect(ledger.demandWh).toBeCloseTo((100 + 4.5) * 1.5, 10);
});

test("S17: the charge mid-step is that of the parabola", () => {
  // Battery power: 20·h − (100 + 6·h)·1.14 − 151 W after h hours.
  const readAt = createReader(createRisingWorld());
  const energyWh = (h: number) => 10 * h * h - (100 * h + 3 * h * h) * 1.14 - 151 * h;
  for (const h of [0.1, 0.25, 0.77, 1.3]) {
    expect(readAt(h * 3600).stateOfChargePercent).toBeCloseTo(50 + energyWh(h) / 1e4, 12);
  }
});

test("S15: at the end of the data time stands still", () => {
  const world = createRisingWorld();
  const community = createCommunityOf([{ ...defaultSettings, stateOfChargePercent: 50 }], world);
  const unit = community.units[0] as UnitState;
  readUnitAt(community, unit, 86_400, world);
  const end = structuredClone(unit);
  expect(end.timeS).toBe(86_400);
  expect(end.finishedDays.demandWh).toBeGreaterThan(0);
  readUnitAt(community, unit, 86_400, world);
  expect(unit).toStrictEqual(end);
});

test("S15: the last value of a series that does not repeat holds to the end", () => {
  const readAt = createReader(createRisingWorld());
  expect(readAt(85_500)).toMatchObject({ solarPowerW: 460, demandPowerW: 241 });
});

test("S15: repeated data join their last point to their first", () => {
  const readAt = createReader(createRisingWorld({ atEndOfData: "repeat" }));
  expect(readAt(86_400 - 1800).solarPowerW).toBeCloseTo(230, 9);
  expect(readAt(86_400 - 900).demandPowerW).toBeCloseTo((241 + 100) / 2, 9);
  expect(readAt(86_400)).toMatchObject({ solarPowerW: 0, demandPowerW: 100 });
  expect(readAt(86_400 + 900).demandPowerW).toBeCloseTo(101.5, 9);
});

test("S15: each series repeats after its own length", () => {
  const readAt = createReader(createRisingWorld({ atEndOfData: "repeat", solarDays: 3 }));
  const day = 86_400;
  expect(readAt(day + 3600)).toMatchObject({ solarPowerW: 500, demandPowerW: 106 });
  expect(readAt(2 * day + 3600)).toMatchObject({ solarPowerW: 980, demandPowerW: 106 });
  expect(readAt(3 * day + 3600)).toMatchObject({ solarPowerW: 20, demandPowerW: 106 });
  expect(readAt(100 * day)).toMatchObject({ solarPowerW: 480, demandPowerW: 100 });
});

test("S15: two rounds of repeated data bring twice the energy of one", () => {
  const readAt = createReader(createRisingWorld({ atEndOfData: "repeat" }));
  const [one, two] = [readAt(86_400).ledger, readAt(2 * 86_400).ledger];
  expect(two.demandWh).toBeCloseTo(2 * one.demandWh, 6);
  expect(two.solarWh).toBeCloseTo(2 * one.solarWh, 6);
});

describe("means", () => {
  const meansWorld = (given: Partial<World> = {}) => {
    const world = createRisingWorld(given);
    const home = world.homeOf(1);
    const demand = { ...home.demand, isMeans: true };
    const solar = refineSeries(
      { stepS: 3600, values: Float64Array.from({ length: 24 }, (_, i) => i * 10), isMeans: true },
      1800,
      false,
    );
    return { ...world, solar, homeOf: () => ({ ...home, demand }), ...given };
  };

  test("S21: means hold until the next, and energies are their areas", () => {
    const readAt = createReader(meansWorld());
    const powersAt = (timeS: number) => {
      const { solarPowerW, demandPowerW } = readAt(timeS);
      return [solarPowerW, demandPowerW];
    };
    expect(powersAt(0)).toEqual([0, 100]);
    expect(powersAt(1799.5)).toEqual([0, 100]);
    expect(powersAt(1800)).toEqual([0, 103]);
    expect(powersAt(3600)).toEqual([20, 106]);
    const { ledger } = readAt(7200);
    expect(ledger.solarWh).toBeCloseTo(20, 10);
    expect(ledger.demandWh).toBeCloseTo((100 + 103 + 106 + 109) / 2, 10);
  });

  test("S21: a full battery comes off its limit at the moment at which a mean steps below", () => {
    const sun = { stepS: 3600, values: Float64Array.of(900, 900, 0, ...Array(21).fill(0)), isMeans: true };
    const even = createEvenWorld({ days: 1, demandW: 100 });
    const world = { ...even, solar: refineSeries(sun, 1800, false) };
    const community = createCommunityOf([{ ...defaultSettings, stateOfChargePercent: 100 }], world);
    const unit = community.units[0] as UnitState;
    const wasteAt = (timeS: number) => readUnitAt(community, unit, timeS, world);
    expect(wasteAt(7199).stateOfChargePercent).toBe(100);
    expect(wasteAt(7200).batteryPowerW).toBeLessThan(0);
    expect(wasteAt(10_800).stateOfChargePercent).toBeCloseTo(100 - (100 * 1.14 + 151) / 48, 9);
  });
});

test("S22: a home's own sun goes before that of all, and its power held by hand ends with its own step", () => {
  const world = createRisingWorld();
  const series = { stepS: 1800, values: Float64Array.from({ length: 48 }, () => 250) };
  const home = {
    ...world.homeOf(1),
    solarFactor: 1,
    sun: { series, inputStepS: 900 },
    demandInputStepS: 7200,
  };
  const own = { ...world, homeOf: (number: number) => (number === 1 ? home : world.homeOf(number)) };
  const community = createCommunityOf([defaultSettings, defaultSettings], own);
  const unit = community.units[0] as UnitState;
  expect(community.units.map((each) => readUnitAt(community, each, 3600, own).solarPowerW)).toEqual([
    250, 20,
  ]);
  const moment = { timeS: 3700, accelerationFactor: 1, world: own };
  changeUnit(community, unit, { solarPowerW: 7, demandPowerW: 8 }, moment);
  const powersAt = (timeS: number) => {
    const { solarPowerW, demandPowerW } = readUnitAt(community, unit, timeS, own);
    return [solarPowerW, demandPowerW];
  };
  expect([4499, 4500].map(powersAt)).toEqual([
    [7, 8],
    [250, 8],
  ]);
  expect(powersAt(7200)).toEqual([250, 112]);
});
