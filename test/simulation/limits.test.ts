import { expect, test } from "vitest";
import { advanceUnit } from "../../src/simulation/advance.ts";
import { passPrice } from "../../src/simulation/bill.ts";
import { changeUnit } from "../../src/simulation/commands.ts";
import { advanceCommunity, readUnitAt } from "../../src/simulation/community.ts";
import { followToEvent } from "../../src/simulation/follow.ts";
import { followQuietLines } from "../../src/simulation/follow-limited.ts";
import { type HomeLimits, neutralLimits } from "../../src/simulation/home-limits.ts";
import { balanceResidualWh, unexplainedWh } from "../../src/simulation/ledger.ts";
import { isSafe, type LimitedFlow, valueAt } from "../../src/simulation/limited-powers.ts";
import { findFirstOccurrence } from "../../src/simulation/occurrences.ts";
import { createOutages } from "../../src/simulation/outages.ts";
import type { UnitReading } from "../../src/simulation/reading.ts";
import { createWalk } from "../../src/simulation/segment.ts";
import type { Series } from "../../src/simulation/series.ts";
import { createUnit, isDark, type UnitState } from "../../src/simulation/unit.ts";
import { followLine } from "../../src/simulation/walk.ts";
import type { World } from "../../src/simulation/world.ts";
import { countOf } from "../support/counts.ts";
import {
  createCase,
  createWorld,
  dataEndS,
  findDifferences,
  runExactly,
  untilS,
} from "../support/limited-home.ts";
import { createCommunityOf, createEvenWorld, defaultSettings, withSun } from "../support/worlds.ts";

test(`S24: random homes with everything on are where a slow reference comes to, which is refined until both agree`, () => {
  for (let seed = 1; seed <= countOf(2000, 20); seed++) {
    const some = createCase(seed);
    expect(findDifferences(some, runExactly(some).reading, 4), `seed ${seed}`).toEqual([]);
  }
}, 3_600_000);

const everyQuarter = Array.from({ length: untilS / 900 }, (_, i) => i * 900 + 7 * (i % 60));

test("S25: at no moment does a home with limits pass one of them, and its powers balance", () => {
  const met = new Set<string>();
  const note = (what: string, isSo: boolean) => {
    if (isSo) met.add(what);
  };
  for (let seed = 1; seed <= countOf(2000, 60); seed++) {
    const some = createCase(seed);
    const { limits: l } = some;
    const world = createWorld(some);
    const { reading: last, segments } = runExactly(
      some,
      (r) => {
        const [isOut, isOff] = [r.outage !== "none", isDark(r)];
        // Asserting each by itself would take most of the time.
        const holds = (isSo: boolean, what: string) => {
          if (!isSo) expect.fail(`${what}, seed ${seed}, ${r.timeS} s: ${JSON.stringify(r)}`);
        };
        const most = (valueW: number, mostW: number, what: string) => {
          holds(valueW <= mostW + 1e-6, what);
          note(what, valueW > 0 && valueW > mostW - 1e-6);
        };
        most(r.solarPowerW, l.pvControllerLimitW, "PV limit");
        most(r.batteryPowerW, l.chargeLimitW, "charge limit");
        most(-r.batteryPowerW, l.dischargeLimitW, "discharge limit");
        most(r.acIntakePowerW, isOut ? 0 : l.acImportLimitW, "import limit");
        most(r.soldPowerW, isOut ? 0 : l.acExportLimitW, "export limit");
        if (r.upsMode === "battery" && !isOff) holds(r.demandPowerW <= l.upsLimitW + 1e-6, "UPS limit");
        if (r.dcGridPowerW >= 0) most(r.unservedPowerW, r.demandPowerW, "unserved demand");
        for (const [name, value] of Object.entries(r))
          if (name.endsWith("PowerW") && name !== "batteryPowerW" && name !== "dcGridPowerW")
            holds(value >= -1e-6, name);
        const inflow = r.solarPowerW + r.acIntakePowerW + r.dcGridPowerW + r.unservedPowerW;
        const losses = r.acLossPowerW + r.dcLossPowerW + r.saleLossPowerW;
        const wastedImportW = r.wastedPowerW - r.curtailedSolarPowerW;
        const outflow = r.demandPowerW + losses + r.soldPowerW + wastedImportW + r.batteryPowerW;
        holds(Math.abs(inflow - outflow) < 1e-6, "balance");
        if (r.soldPowerW > 0) holds(r.acIntakePowerW === 0, "sold while AC is taken");
        if (isOff) holds(r.unservedPowerW >= r.demandPowerW - 1e-6, "dark");
        if (isOut) holds(r.acLossPowerW + r.acIntakePowerW === 0, "AC in an outage");
        const { batteryFloorPercent: floor, batteryCeilingPercent: ceiling } = l;
        const began = some.stateOfChargePercent;
        holds(r.stateOfChargePercent >= Math.min(began, floor) - 1e-9, "above the floor");
        holds(r.stateOfChargePercent <= Math.max(began, ceiling) + 1e-9, "below the ceiling");
        note("floor", r.stateOfChargePercent === floor);
        note("ceiling", r.stateOfChargePercent === ceiling);
        note(r.outage, true);
        note("AC charging lowered", r.acCharging && r.acIntakePowerW < r.acLossPowerW + 149);
        note("wasted import", wastedImportW > 1e-6);
        note("partly unserved", r.unservedPowerW > 1e-6 && r.unservedPowerW < r.demandPowerW - 1e-6);
        note("sun in the place of AC", r.saleLossPowerW > 0 && r.soldPowerW === 0 && r.acIntakePowerW > 1e-6);
        note("losses shed", isOff && r.dcLossPowerW < world.parameters.constantSystemLossW);
      },
      everyQuarter,
    );
    const { ledger } = last;
    expect(Math.abs(balanceResidualWh(ledger)), `seed ${seed}`).toBeLessThan(2e-6);
    const storedWh = ((last.stateOfChargePercent - some.stateOfChargePercent) * some.batteryCapacityWh) / 100;
    const broughtWh = (some.stateOfChargePercent * some.batteryCapacityWh) / 100;
    expect(Math.abs(unexplainedWh(storedWh + broughtWh, { ...ledger, setByHandWh: broughtWh }))).toBeLessThan(
      1e-6,
    );
    expect(segments, `seed ${seed}`).toBeLessThan(300);
  }
  const limits = ["PV", "charge", "discharge", "import", "export"].map((name) => `${name} limit`);
  const others = ["floor", "ceiling", "none", "carried", "overloaded", "dark", "AC charging lowered"];
  const rare = [
    "wasted import",
    "partly unserved",
    "unserved demand",
    "sun in the place of AC",
    "losses shed",
  ];
  expect([...met].sort()).toEqual([...limits, ...others, ...rare].sort());
});

test("S1, S8: reading a home with limits at any moments, or keeping it as JSON in between, changes no bit of it", () => {
  for (let seed = 1; seed <= countOf(500, 40); seed++) {
    const some = createCase(seed);
    const quiet = runExactly(some);
    const read = runExactly(some, () => {}, everyQuarter);
    expect(read.community).toStrictEqual(quiet.community);
    expect(read.reading).toStrictEqual(quiet.reading);
    const world = createWorld(some);
    for (let timeS = untilS; timeS <= dataEndS; timeS += 97) {
      const kept = JSON.parse(JSON.stringify(quiet.community)) as typeof quiet.community;
      advanceCommunity(kept, timeS, world);
      advanceCommunity(quiet.community, timeS, world);
      expect(kept).toStrictEqual(quiet.community);
    }
  }
});

test("S24: AC energy costs what its hour does, also where hours end within the steps of the data", () => {
  const hours = Array.from({ length: Math.ceil(untilS / 3600) }, (_, hour) => hour * 3600);
  for (let seed = 1; seed <= countOf(500, 40); seed++) {
    const some = createCase(seed);
    const readings: UnitReading[] = [];
    const stretch = (series: Series): Series => ({ ...series, stepS: 2880 });
    const { reading: last } = runExactly(
      some,
      (reading) => readings.push(reading),
      hours,
      (world) => ({
        ...world,
        solar: stretch(world.solar),
        solarInputStepS: 2880,
        homeOf(number) {
          const home = world.homeOf(number);
          return { ...home, demand: stretch(home.demand) };
        },
      }),
    );
    let [importCost, exportIncome] = [0, 0];
    [...readings, last].reduce((from, to) => {
      const hour = Math.floor(from.timeS / 3600) % 168;
      const [taken, sold] = (["acIntakeWh", "soldWh"] as const).map(
        (name) => to.ledger[name] - from.ledger[name],
      );
      importCost += ((taken as number) * (some.importPrices[hour] as number)) / 1000;
      exportIncome += ((sold as number) * (some.exportPrices[hour] as number)) / 1000;
      return to;
    });
    expect(last.ledger.importCost, `seed ${seed}`).toBeCloseTo(importCost, 9);
    expect(last.ledger.exportIncome, `seed ${seed}`).toBeCloseTo(exportIncome, 9);
  }
});

test("S24: with neutral limits a home comes to what it comes to without any", () => {
  for (let seed = 1; seed <= countOf(500, 40); seed++) {
    const some = { ...createCase(seed), limits: neutralLimits, outages: [] };
    const limited = runExactly(some).reading;
    const plain = runExactly(some, undefined, [], (world) => {
      const { tariff: _, ...rest } = world;
      const { limits: _limits, outages: _outages, ...home } = world.homeOf(1);
      return { ...rest, homeOf: (number) => (number === 1 ? home : world.homeOf(number)) };
    }).reading;
    const { importCost: _, exportIncome: _income, ...energies } = limited.ledger;
    for (const name of Object.keys(energies) as (keyof typeof energies)[])
      expect(Math.abs(limited.ledger[name] - plain.ledger[name]), `seed ${seed}: ${name}`).toBeLessThan(1e-6);
    expect(Math.abs(limited.stateOfChargePercent - plain.stateOfChargePercent)).toBeLessThan(1e-7);
    expect(limited.upsMode).toBe(plain.upsMode);
  }
});

test("S2: the quiet steps of a home with limits come to where followLine, their slow twin, comes, to the bit", () => {
  let steps = 0;
  let safe = 0;
  for (let seed = 1; seed <= countOf(500, 40); seed++) {
    const some = createCase(seed);
    const world = createWorld(some);
    const unit = createUnit(1, 0, { ...defaultSettings, stateOfChargePercent: some.stateOfChargePercent });
    while (unit.timeS < untilS) {
      const [quick, slow] = [createWalk(unit, world), createWalk(unit, world)];
      const flow = quick.segment.limited as LimitedFlow;
      // What is said to be safe is: every guard is above zero at the corners, and so everywhere between.
      const [far, wide] = [Math.min(flow.safeSolarW, 1e6), Math.min(flow.safeDemandW, 1e6)];
      for (const [solarW, demandW] of [
        [0, 0],
        [far, 0],
        [0, wide],
        [far, wide],
      ] as const)
        if (isSafe(flow, solarW, demandW))
          for (let guard = 0; guard < flow.guardCount; guard++)
            if (!(valueAt(flow.guards, 3 * guard, 1, solarW, demandW) > 0))
              expect.fail(`seed ${seed}: ${guard}`);
      if (isSafe(flow, 0, 0)) safe++;
      followQuietLines(quick, flow, untilS);
      for (; slow.timeS < quick.timeS; steps++) {
        const { bill } = slow;
        followLine(slow, Math.min(slow.pointS, bill?.nextPriceS ?? Number.POSITIVE_INFINITY));
        if (slow.timeS === bill?.nextPriceS)
          passPrice(bill, slow.segment, flow, slow.timeS, slow.solarWs, slow.demandWs);
      }
      const { segment: _, ...walked } = quick;
      const { segment: _slow, ...walkedSlowly } = slow;
      expect(walkedSlowly, `seed ${seed}`).toStrictEqual(walked);
      const whole = createWalk(unit, world);
      if (!followToEvent(whole, untilS)) break;
      advanceUnit(unit, whole.timeS, world);
    }
  }
  expect(steps).toBeGreaterThan(500);
  expect(safe).toBeGreaterThan(500);
});

/** A house of 400 W, 4800 Wh at 50 % and no sun, whose AC grid fails from the first hour on for six. */
function createOutageWorld(limits: Partial<HomeLimits> = {}): World {
  const even = createEvenWorld({ demandW: 400 });
  const outages = createOutages([{ startS: 3600, endS: 7 * 3600 }]);
  return {
    ...even,
    homeOf: (number) => ({ ...even.homeOf(number), limits: { ...neutralLimits, ...limits }, outages }),
  };
}

test("S26: in an outage the battery carries the house to its floor; then it is dark until AC is back, which is told and counted", () => {
  const world = createOutageWorld({ batteryFloorPercent: 10 });
  const community = createCommunityOf([{ ...defaultSettings, stateOfChargePercent: 50 }], world);
  const drawnW = 400 * 1.14 + 129 + 17.5 + 4.5;
  const darkS = ((0.4 * 4800) / drawnW) * 3600;
  const first = (kind: "outageBegin" | "dark" | "light" | "outageEnd") =>
    findFirstOccurrence(community, { afterS: 0, untilS: 86_400 }, { kinds: [kind] }, world) as number;
  expect(first("outageBegin")).toBe(3600);
  expect(first("dark")).toBeCloseTo(darkS, 6);
  expect(first("light")).toBe(7 * 3600);
  expect(first("outageEnd")).toBe(7 * 3600);
  const unit = community.units[0] as UnitState;
  const dark = readUnitAt(community, unit, 5 * 3600, world);
  expect(dark).toMatchObject({ outage: "dark", unservedPowerW: 400, acIntakePowerW: 0, batteryPowerW: 0 });
  // Nothing serves what the home loses by standing there either.
  expect(dark.dcLossPowerW).toBe(0);
  const after = readUnitAt(community, unit, 8 * 3600, world);
  expect(after).toMatchObject({ outage: "none", upsMode: "bypass", unservedPowerW: 0 });
  expect(after.ledger.unservedWh).toBeCloseTo((400 * (7 * 3600 - darkS)) / 3600, 6);
  expect(after.ledger.unservedS).toBeCloseTo(7 * 3600 - darkS, 6);
  expect(after.ledger.timesDark).toBe(1);
});

test("S26: a house that demands more than its UPS carries is dark in an outage while it does, by a command too", () => {
  const world = createOutageWorld({ upsLimitW: 500 });
  const community = createCommunityOf([{ ...defaultSettings, stateOfChargePercent: 90 }], world);
  const unit = community.units[0] as UnitState;
  const moment = { timeS: 2 * 3600 + 60, accelerationFactor: 1, world };
  changeUnit(community, unit, { demandPowerW: 501 }, moment);
  expect(unit.outage).toBe("overloaded");
  expect(readUnitAt(community, unit, moment.timeS + 60, world)).toMatchObject({ unservedPowerW: 501 });
  // Until the next point of its series.
  const later = readUnitAt(community, unit, moment.timeS + 1800, world);
  expect(later).toMatchObject({ outage: "carried", unservedPowerW: 0, upsMode: "battery" });
  expect(later.ledger.unservedS).toBe(1740);
  expect(later.ledger.timesDark).toBe(1);
});

test("S26: a dark house comes back at its restart while the outage lasts", () => {
  const world = createOutageWorld({ batteryFloorPercent: 10, restartPercent: 20 });
  const community = createCommunityOf([{ ...defaultSettings, stateOfChargePercent: 10 }], world);
  const unit = community.units[0] as UnitState;
  const moment = { timeS: 3600, accelerationFactor: 1, world };
  changeUnit(community, unit, { stateOfChargePercent: 10 }, moment);
  expect(readUnitAt(community, unit, 3600, world).outage).toBe("dark");
  changeUnit(community, unit, { solarPowerW: 2000 }, moment);
  const awaited = { kinds: ["light" as const] };
  const lightS = findFirstOccurrence(community, { afterS: 3600, untilS: 6 * 3600 }, awaited, world);
  expect(lightS).toBeCloseTo(3600 + ((0.1 * 4800) / (2000 - 22)) * 3600, 6);
});

test("S7: homes of round numbers, whose limits are met and left at one moment within rounding, come to their end", () => {
  const hourly = [0, 0, 0, 0, 0, 0, 50, 200, 400, 500, 600, 700, 700, 600, 500, 400, 200, 50];
  const of = <T>(all: readonly T[], i: number) => all[i % all.length] as T;
  for (let i = 0; i < countOf(3000, 300); i++) {
    const limits: HomeLimits = {
      ...neutralLimits,
      batteryFloorPercent: i % 20,
      chargeEfficiency: of([0.9, 0.8, 0.95, 1], i),
      dischargeLimitW: of([500, 100, 0, Infinity, 300], i),
      acImportLimitW: of([325, 300 + 5 * (i % 100), 100, 0], i),
      acExportLimitW: of([1000, 0, 250], i),
    };
    const even = createEvenWorld({ demandW: of([250, 200, 300], i), capacityWh: 1000 + i, days: 1 });
    const factor = of([2.5, 3, 0.05 * (i % 140)], i);
    const sunny = withSun(
      even,
      hourly.map((each) => each * factor),
    );
    const world: World = { ...sunny, homeOf: (number) => ({ ...sunny.homeOf(number), limits }) };
    const unit = createUnit(1, 0, defaultSettings);
    let [lastS, events] = [0, 0];
    const onStretch = (_: unknown, timeS: number) => {
      [lastS, events] = [timeS, timeS === lastS ? events + 1 : 0];
      if (events > 10) expect.fail(`an event comes at ${timeS} s for ever, home ${i}`);
    };
    advanceUnit(unit, world.dataLengthS, world, { onStretch });
    expect(unit.timeS).toBe(world.dataLengthS);
  }
});
