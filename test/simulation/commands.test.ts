import fc from "fast-check";
import { expect, test } from "vitest";
import { changeUnit, type UnitChange } from "../../src/simulation/commands.ts";
import { type CommunityState, readUnitAt } from "../../src/simulation/community.ts";
import { busVoltageAt, voltageReferenceOf } from "../../src/simulation/dc-bus.ts";
import { pickSettings } from "../../src/simulation/reading.ts";
import type { UnitState } from "../../src/simulation/unit.ts";
import type { World } from "../../src/simulation/world.ts";
import {
  check,
  createCommunityOf,
  createEvenWorld,
  createPlannedWorld,
  defaultSettings,
  readMoments,
  runScenario,
  scenarios,
  type TimedCommand,
  unitChanges,
} from "../support/worlds.ts";

function expectInvariants({ units, bus }: CommunityState, nowS: number): void {
  const reference = voltageReferenceOf(bus);
  units.forEach((unit, index) => {
    expect(unit.number).toBe(index + 1);
    expect(unit.timeS).toBeLessThanOrEqual(nowS);
    expect(unit.stateOfChargePercent >= 0 && unit.stateOfChargePercent <= 100).toBe(true);
    expect(bus.autonomyOrder.includes(unit.number)).toBe(unit.converterMode === "gridAutonomy");
    const numbers = [...Object.values(unit.today), ...Object.values(unit.finishedDays), unit.dcGridCurrentA];
    expect(numbers.every(Number.isFinite)).toBe(true);
    expect(numbers.some((value) => Object.is(value, -0))).toBe(false);
  });
  expect(new Set(bus.autonomyOrder).size).toBe(bus.autonomyOrder.length);
  expect(reference === null || units[reference - 1] !== undefined).toBe(true);
  if (reference === null) expect(busVoltageAt(bus, nowS)).toBe(0);
}

test("S9: no sequence of commands breaks an invariant", () => {
  check(
    fc.property(scenarios, (scenario) => {
      runScenario(scenario, {
        afterCommand: (community, { timeS }: TimedCommand) => expectInvariants(community, timeS),
      });
    }),
    80,
  );
});

test("S9: every reading is a finite number without −0", () => {
  check(
    fc.property(scenarios, readMoments, (scenario, readAtS) => {
      runScenario(scenario, {
        readAtS,
        onReading: ({ ledger, ...reading }) => {
          const values = [...Object.values(reading), ...Object.values(ledger)];
          const numbers = values.filter((value) => typeof value === "number");
          expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([]);
          expect(reading.solarPowerW).toBeGreaterThanOrEqual(0);
          expect(reading.wastedPowerW).toBeGreaterThanOrEqual(0);
          expect(reading.shortfallPowerW).toBeGreaterThanOrEqual(0);
          expect(reading.acIntakePowerW).toBeGreaterThanOrEqual(0);
        },
      });
    }),
    60,
  );
});

test("S9: a change touches no unit but those that it names", () => {
  check(
    fc.property(scenarios, unitChanges, fc.nat({ max: 86_400 }), (scenario, change, timeS) => {
      const world = createPlannedWorld(scenario.plan);
      const community = createCommunityOf(scenario.settings, world);
      const before = structuredClone(community.units);
      const moment = { timeS, accelerationFactor: 10, world };
      const touched = changeUnit(community, community.units[0] as UnitState, change, moment);
      expect(new Set(touched).size).toBe(touched.length);
      for (const [index, unit] of community.units.entries()) {
        if (!touched.includes(unit.number)) expect(unit).toStrictEqual(before[index]);
      }
    }),
    40,
  );
});

test("S9: the settings read off a unit make one that reads the same", () => {
  const world = createEvenWorld();
  const settings = {
    ...defaultSettings,
    droopPercent: 3,
    dcGridCurrentLimitA: 1.5,
    stateOfChargePercent: 61.25,
  };
  const community = createCommunityOf([settings], world);
  const reading = readUnitAt(community, community.units[0] as UnitState, 0, world);
  expect(pickSettings(reading)).toEqual({ ...settings, demandPowerW: 400 });
});

/** Demand steps of half an hour, sun in steps of an hour, both even: 300 W and 400 W. */
function createHome(world: World = createEvenWorld({ solarW: 300 })) {
  const community = createCommunityOf([defaultSettings], world);
  const unit = community.units[0] as UnitState;
  return {
    unit,
    change: (timeS: number, change: UnitChange) =>
      changeUnit(community, unit, change, { timeS, accelerationFactor: 1, world }),
    read: (timeS: number) => readUnitAt(community, unit, timeS, world),
  };
}

test("S11: demand set by hand holds to the next half hour, sun to the next hour, in the physics too", () => {
  const { change, read } = createHome();
  change(600, { demandPowerW: 1000, solarPowerW: 50 });
  expect(read(600)).toMatchObject({ demandPowerW: 1000, solarPowerW: 50 });
  expect(read(1799)).toMatchObject({ demandPowerW: 1000, solarPowerW: 50 });
  expect(read(1800)).toMatchObject({ demandPowerW: 400, solarPowerW: 50 });
  expect(read(3599)).toMatchObject({ demandPowerW: 400, solarPowerW: 50 });
  expect(read(3600)).toMatchObject({ demandPowerW: 400, solarPowerW: 300 });
  const { ledger } = read(7200);
  expect(ledger.demandWh).toBeCloseTo(800 + (600 * 1200) / 3600, 9);
  expect(ledger.solarWh).toBeCloseTo(600 - (250 * 3000) / 3600, 9);
});

test("S11: values set by hand on an input point hold for the whole step", () => {
  const { change, read } = createHome();
  change(3600, { demandPowerW: 0, solarPowerW: 0 });
  expect(read(5399)).toMatchObject({ demandPowerW: 0, solarPowerW: 0 });
  expect(read(5400)).toMatchObject({ demandPowerW: 400, solarPowerW: 0 });
  expect(read(7200)).toMatchObject({ demandPowerW: 400, solarPowerW: 300 });
});

test("S11: another change does not end what is held", () => {
  const { change, read } = createHome();
  change(100, { demandPowerW: 1000 });
  change(200, { stateOfChargePercent: 50, solarPowerW: 10 });
  expect(read(1000)).toMatchObject({ demandPowerW: 1000, solarPowerW: 10 });
});

test("S11: without power flow what is set stays for good, and nothing else moves", () => {
  const { change, read, unit } = createHome(createEvenWorld({ solarW: 300, powerFlowEnabled: false }));
  change(600, { demandPowerW: 1000, solarPowerW: 50 });
  const week = 7 * 86_400;
  expect(read(week)).toMatchObject({ demandPowerW: 1000, solarPowerW: 50, stateOfChargePercent: 80 });
  change(week, { stateOfChargePercent: 15 });
  expect(read(week + 86_400)).toMatchObject({
    demandPowerW: 1000,
    stateOfChargePercent: 15,
    upsMode: "bypass",
    acCharging: true,
  });
  expect(Object.entries(unit.today).filter(([key, value]) => value !== 0 && key !== "setByHandWh")).toEqual(
    [],
  );
});
