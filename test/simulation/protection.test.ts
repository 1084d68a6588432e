import { randomLcg } from "d3-random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Stepper } from "../../src/laboratory/stepper.ts";
import { changeUnit, type UnitChange } from "../../src/simulation/commands.ts";
import { advanceCommunity, type CommunityState, readUnitAt } from "../../src/simulation/community.ts";
import { voltageReferenceOf } from "../../src/simulation/dc-bus.ts";
import { type HomeLimits, neutralLimits } from "../../src/simulation/home-limits.ts";
import { wastedImportWh } from "../../src/simulation/ledger.ts";
import type { Occurrence } from "../../src/simulation/occurrences.ts";
import { createOutages } from "../../src/simulation/outages.ts";
import { type CommunityEvent, passTrips } from "../../src/simulation/protection.ts";
import type { UnitState } from "../../src/simulation/unit.ts";
import type { World } from "../../src/simulation/world.ts";
import { countOf } from "../support/counts.ts";
import {
  check,
  createCommunityOf,
  createEvenWorld,
  createPlannedWorld,
  defaultSettings,
  endOfRunS,
  householdPlans,
  readMoments,
  type Scenario,
  scenarios,
  scenariosOf,
  type TimedCommand,
} from "../support/worlds.ts";

type Change = Extract<TimedCommand, { kind: "change" }>;
const changesOf = ({ commands }: Scenario) =>
  commands.filter((command): command is Change => command.kind === "change");

const protectedWorld = (scenario: Scenario): World => {
  return { ...createPlannedWorld(scenario.plan), protectsConverters: true };
};

type Tripped = Pick<Occurrence, "timeS" | "unitNumber"> & { readonly cause: Occurrence["cause"] | undefined };

/**
 * Runs a scenario by the functions that protect alone, and reads each unit at `readAtS`, which must change nothing; with
 * `reloads` it goes through JSON each time.
 */
function run(
  scenario: Scenario,
  readAtS: readonly number[] = [],
  reloads = false,
  world = protectedWorld(scenario),
) {
  let community = createCommunityOf(scenario.settings, world);
  const trips: Tripped[] = [];
  const passTo = (timeS: number) =>
    passTrips(community, timeS, world, (event) => {
      for (const { unitNumber, cause } of event.trips) trips.push({ timeS: event.timeS, unitNumber, cause });
    });
  const reads = readAtS.toSorted((a, b) => a - b);
  const readTo = (timeS: number) => {
    for (let atS = reads[0]; atS !== undefined && atS <= timeS; atS = reads[0]) {
      if (reloads) community = JSON.parse(JSON.stringify(community)) as CommunityState;
      passTo(atS);
      for (const unit of community.units) readUnitAt(community, unit, atS, world);
      reads.shift();
    }
  };
  for (const { timeS, unitIndex, change, accelerationFactor } of changesOf(scenario)) {
    readTo(timeS);
    passTo(timeS);
    const unit = community.units[unitIndex % community.units.length] as UnitState;
    changeUnit(community, unit, change, { timeS, accelerationFactor, world });
    passTo(timeS);
  }
  const endS = endOfRunS(scenario.plan);
  readTo(endS);
  passTo(endS);
  advanceCommunity(community, endS, world);
  return { trips, community };
}

test("S41: a community with protection comes to the same bits whatever is read and reloaded, and in steps", () => {
  let tripped = 0;
  check(
    fc.property(scenarios, readMoments, (scenario, moments) => {
      const whole = run(scenario);
      tripped += whole.trips.length;
      expect(run(scenario, moments)).toStrictEqual(whole);
      expect(run(scenario, moments, true)).toStrictEqual(whole);
      const world = protectedWorld(scenario);
      const trips: Tripped[] = [];
      // What must trip from the very beginning does so before the first step, which tells nothing of it.
      const note = ({ timeS, trips: first }: CommunityEvent) =>
        first.forEach(({ unitNumber, cause }) => {
          if (isBeginning) trips.push({ timeS, unitNumber, cause });
        });
      let isBeginning = true;
      const stepper = new Stepper(createCommunityOf(scenario.settings, world), world, 0, 10, undefined, note);
      isBeginning = false;
      const stepTo = (timeS: number) => {
        const { told, leftOut } = stepper.advance({ untilS: timeS });
        fc.pre(leftOut === 0);
        for (const { kind, cause, unitNumber, timeS } of told)
          if (kind === "trip") trips.push({ timeS, unitNumber, cause });
      };
      for (const { timeS, unitIndex, change, accelerationFactor } of changesOf(scenario)) {
        stepTo(timeS);
        stepper.accelerationFactor = accelerationFactor;
        stepper.act([{ unitNumber: (unitIndex % stepper.state.units.length) + 1, change }]);
      }
      stepTo(endOfRunS(scenario.plan));
      const byTime = (list: readonly Tripped[]) =>
        list.toSorted((a, b) => a.timeS - b.timeS || (a.unitNumber ?? 0) - (b.unitNumber ?? 0));
      expect(byTime(trips)).toStrictEqual(byTime(whole.trips));
      expect(stepper.state).toStrictEqual(whole.community);
    }),
    countOf(1000, 15),
  );
  expect(tripped).toBeGreaterThan(0);
});

/** The world of a scenario in which each home has limits and outages of its own, from a seed; some of it is left out. */
function limitedWorld(scenario: Scenario, seed: number, protectsConverters: boolean): World {
  const world = createPlannedWorld(scenario.plan);
  const homeOf = (number: number) => {
    const random = randomLcg((seed + number) / 10_007);
    const some = <T>(none: T, value: T): T => (random() < 0.5 ? none : value);
    const upTo = (most: number) => random() * most;
    const limits: HomeLimits = {
      ...neutralLimits,
      batteryFloorPercent: some(0, upTo(15)),
      batteryCeilingPercent: some(100, 85 + upTo(15)),
      chargeLimitW: some(Infinity, 100 + upTo(2000)),
      dischargeLimitW: some(Infinity, 100 + upTo(2000)),
      chargeEfficiency: some(1, 0.9),
      dischargeEfficiency: some(1, 0.9),
      selfDischargeW: some(0, 10),
      converterLossRatio: some(0, 0.03),
      converterCurrentLimitA: some(Infinity, 0.5 + upTo(10)),
      gridOvervoltageV: some(Infinity, 300 + upTo(200)),
      gridUndervoltageV: some(0, upTo(300)),
      batteryOvercurrentA: some(Infinity, upTo(60)),
      acImportLimitW: some(Infinity, 200 + upTo(2000)),
      acExportLimitW: some(0, upTo(2000)),
    };
    const startS = upTo(86_400);
    const outages = createOutages(random() < 0.5 ? [] : [{ startS, endS: startS + upTo(30_000) }]);
    return { ...world.homeOf(number), limits, outages };
  };
  const homes = new Map<number, ReturnType<typeof homeOf>>();
  return {
    ...world,
    protectsConverters,
    busModel: seed % 2 === 0 ? "ideal" : "droop",
    homeOf(number) {
      const home = homes.get(number) ?? homeOf(number);
      homes.set(number, home);
      return home;
    },
  };
}

test("S47: so do homes with limits and outages, with either kind of bus, with protection and without", () => {
  const causes = new Set<unknown>();
  check(
    fc.property(
      scenariosOf(householdPlans),
      readMoments,
      fc.nat({ max: 10_000 }),
      fc.boolean(),
      (scenario, moments, seed, isProtected) => {
        const again = (readAtS: readonly number[], reloads: boolean) =>
          run(scenario, readAtS, reloads, limitedWorld(scenario, seed, isProtected));
        const whole = again([], false);
        for (const { cause } of whole.trips) causes.add(cause);
        expect(again(moments, false)).toStrictEqual(whole);
        expect(again(moments, true)).toStrictEqual(whole);
      },
    ),
    countOf(1000, 25),
  );
  expect(causes.size).toBeGreaterThan(3);
});

/** Up to its first trip a community is as it would be without protection. */
const firstTripOf = (scenario: Scenario) => run(scenario).trips[0];

test("S42: the first converter trips at the moment from which on its home would draw from AC what it sells, or burn what it is sold", () => {
  let compared = 0;
  check(
    fc.property(scenariosOf(householdPlans), (scenario) => {
      const [before = 0, trip] = [scenario.commands[0]?.timeS, firstTripOf(scenario)];
      if (trip === undefined || trip.timeS === before) return;
      // Without protection, and with what was commanded until then.
      const world = createPlannedWorld(scenario.plan);
      const community = createCommunityOf(scenario.settings, world);
      for (const { timeS, unitIndex, change, accelerationFactor } of changesOf(scenario)) {
        if (timeS > trip.timeS) break;
        const unit = community.units[unitIndex % community.units.length] as UnitState;
        changeUnit(community, unit, change, { timeS, accelerationFactor, world });
      }
      const unit = community.units[(trip.unitNumber as number) - 1] as UnitState;
      const lost = (timeS: number) => {
        const { ledger } = readUnitAt(community, unit, timeS, world);
        return trip.cause === "cannotGive" ? ledger.shortfallWh : wastedImportWh(ledger);
      };
      const [at, soon, later] = [0, 1, 60].map((s) => lost(trip.timeS + s)) as [number, number, number];
      if (trip.timeS + 60 > endOfRunS(scenario.plan)) return;
      // What began that shortly before an input point may end there.
      if (Math.ceil(trip.timeS / 900) * 900 - trip.timeS < 0.001) return;
      expect(soon - at, JSON.stringify(trip)).toBeGreaterThanOrEqual(0);
      expect(later).toBeGreaterThan(at);
      compared++;
    }),
    countOf(1000, 40),
  );
  expect(compared).toBeGreaterThan(0);
});

test("S42: with protection nothing is drawn from AC to be sold, and nothing that was bought is burnt", () => {
  check(
    fc.property(scenariosOf(householdPlans), (scenario) => {
      const { community } = run(scenario);
      for (const unit of community.units) {
        const { today, finishedDays } = unit;
        for (const ledger of [today, finishedDays]) expect(wastedImportWh(ledger)).toBeLessThan(1e-6);
      }
    }),
    countOf(1000, 30),
  );
});

/** Homes of an even demand, the first of which holds the bus while the second does as told. */
function createPair(
  world: World,
  second: UnitChange,
  charges: readonly number[],
  first: UnitChange = { converterMode: "gridAutonomy", targetBusVoltageV: 350 },
) {
  const settings = charges.map((stateOfChargePercent) => ({ ...defaultSettings, stateOfChargePercent }));
  const community = createCommunityOf(settings, world);
  const moment = { timeS: 0, world, accelerationFactor: 200 };
  changeUnit(community, community.units[0] as UnitState, first, moment);
  changeUnit(community, community.units[1] as UnitState, second, moment);
  return community;
}

const listTrips = (community: CommunityState, untilS: number, world: World) => {
  const trips: unknown[] = [];
  passTrips(community, untilS, world, (event) => {
    for (const { unitNumber, cause } of event.trips) trips.push([event.timeS, unitNumber, cause]);
  });
  return trips;
};

test("S43: a seller trips when its battery is empty, and its buyer, who held the bus, carries nothing then", () => {
  const world = { ...createEvenWorld({ demandW: 0 }), protectsConverters: true };
  // 350 W of the bus, 55 + 17.5 W of losses and, below 20 %, 150 W of AC.
  const community = createPair(world, { converterMode: "discharging", dcGridCurrentLimitA: 1 }, [50, 10]);
  const [trip, ...others] = listTrips(community, 86_400, world) as [number, number, string][];
  expect(others).toEqual([]);
  expect(trip?.slice(1)).toEqual([2, "cannotGive"]);
  expect(trip?.[0]).toBeCloseTo((480 * 3600) / (350 + 55 + 17.5 - 150), 6);
  const [first, second] = community.units as [UnitState, UnitState];
  expect(first).toMatchObject({ converterMode: "gridAutonomy", dcGridCurrentA: 0, tripCause: "none" });
  expect(second).toMatchObject({ converterMode: "waiting", dcGridCurrentA: 0, tripCause: "cannotGive" });
  const moment = { timeS: 90_000, world, accelerationFactor: 10 };
  changeUnit(community, second, { dcGridCurrentLimitA: 2 }, moment);
  expect(second.tripCause).toBe("cannotGive");
  changeUnit(community, second, { converterMode: "waiting" }, moment);
  expect(second.tripCause).toBe("none");
});

test("S43: a reference that trips leaves the bus to the unit that entered before it, or dead", () => {
  const world = { ...createEvenWorld({ demandW: 0 }), protectsConverters: true };
  const community = createPair(world, { converterMode: "gridAutonomy", targetBusVoltageV: 360 }, [50, 1, 50]);
  const third = community.units[2] as UnitState;
  const moment = { timeS: 0, world, accelerationFactor: 200 };
  changeUnit(community, third, { converterMode: "charging", dcGridCurrentLimitA: 1 }, moment);
  expect(listTrips(community, 3600, world)).toHaveLength(1);
  expect(voltageReferenceOf(community.bus)).toBe(1);
  expect(community.bus.targetVoltageV).toBe(350);
  expect(community.units.map(({ dcGridCurrentA }) => dcGridCurrentA)).toEqual([-1, 0, 1]);
  expect(listTrips(community, 8 * 86_400, world).length).toBeGreaterThan(0);
  expect(voltageReferenceOf(community.bus)).toBeNull();
  expect(community.units.map(({ dcGridCurrentA }) => dcGridCurrentA)).toEqual([0, 0, 0]);
  expect(third).toMatchObject({ converterMode: "charging", dcGridCurrentA: 0 });
});

test("S43: those that trip at one moment do so by number, the reference last, each looked at anew", () => {
  const world = { ...createEvenWorld({ demandW: 0 }), protectsConverters: true };
  const charging: UnitChange = { converterMode: "charging", dcGridCurrentLimitA: 2 };
  // The reference is empty and gives to both; the second is full: once both took no more the reference might stay.
  const both = createPair(world, charging, [0, 100, 100]);
  const moment = { timeS: 0, world, accelerationFactor: 200 };
  changeUnit(both, both.units[2] as UnitState, charging, moment);
  expect(listTrips(both, 0, world)).toEqual([
    [0, 2, "cannotTake"],
    [0, 3, "cannotTake"],
  ]);
  expect(voltageReferenceOf(both.bus)).toBe(1);
});

test("S43: nothing trips in a ramp, and what must does at its end; nothing trips without power flow", () => {
  const world = { ...createEvenWorld({ demandW: 0, acChargingPowerW: 0 }), protectsConverters: true };
  const settings = [50, 0].map((stateOfChargePercent) => ({ ...defaultSettings, stateOfChargePercent }));
  const start = (of: World) => {
    const community = createCommunityOf(settings, of);
    const moment = { timeS: 0, world: of, accelerationFactor: 10 };
    const [first, second] = community.units as [UnitState, UnitState];
    changeUnit(community, first, { converterMode: "gridAutonomy", targetBusVoltageV: 350 }, moment);
    changeUnit(community, second, { converterMode: "discharging", dcGridCurrentLimitA: 1 }, moment);
    return community;
  };
  expect(listTrips(start(world), 86_400, world)).toEqual([[120, 2, "cannotGive"]]);
  const mock = { ...world, powerFlowEnabled: false };
  expect(listTrips(start(mock), 86_400, mock)).toEqual([]);
});

const withLimits = (world: World, limits: Partial<HomeLimits>): World => {
  return { ...world, homeOf: (n) => ({ ...world.homeOf(n), limits: { ...neutralLimits, ...limits } }) };
};

test("S7: wherever rounding leaves the moment from which on a full battery is sold more than its house takes, it comes once", () => {
  let tripped = 0;
  for (let seed = 1; seed <= countOf(2000, 200); seed++) {
    const random = randomLcg(seed / 10_007);
    const world = {
      ...createEvenWorld({ solarW: 500, days: 2 }),
      homeOf: () => ({ demand, solarFactor: 1, batteryCapacityWh: 4800 }),
      protectsConverters: true,
    };
    const demand = { stepS: 1800, values: Float64Array.from({ length: 96 }, () => 200 + 600 * random()) };
    const charging = { converterMode: "charging" as const, dcGridCurrentLimitA: 0.7 + random() };
    const community = createPair(world, charging, [90, 100]);
    let [lastS, events] = [0, 0];
    const onStretch = (_: unknown, timeS: number) => {
      [lastS, events] = [timeS, timeS === lastS ? events + 1 : 0];
      if (events > 10) expect.fail(`it comes at ${timeS} s for ever, seed ${seed}`);
    };
    passTrips(community, 86_400, world, ({ timeS }) => (tripped += timeS > 0 ? 1 : 0), { onStretch });
  }
  expect(tripped).toBeGreaterThan(50);
});

test("S44: a converter beyond a limit of its own trips with that cause, whatever `protection` says", () => {
  const plain = createEvenWorld({ demandW: 0 });
  const discharging: UnitChange = { converterMode: "discharging", dcGridCurrentLimitA: 1 };
  const causes = (limits: Partial<HomeLimits>, holdV = 350) => {
    const world = withLimits(plain, limits);
    const first: UnitChange = { converterMode: "gridAutonomy", targetBusVoltageV: holdV };
    return listTrips(createPair(world, discharging, [50, 50], first), 3600, world);
  };
  expect(causes({})).toEqual([]);
  expect(causes({ gridOvervoltageV: 349 })).toEqual([
    [0, 2, "ogv"],
    [0, 1, "ogv"],
  ]);
  expect(causes({ gridOvervoltageV: 350 })).toEqual([]);
  expect(causes({ gridUndervoltageV: 351 })).toEqual([
    [0, 2, "ugv"],
    [0, 1, "ugv"],
  ]);
  // 350 W and 55 W of loss at 48 V are 8.4 A of the seller; the buyer has 350 − 55 W, 6.1 A.
  expect(causes({ batteryOvercurrentA: 8 })).toEqual([[0, 2, "cib"]]);
  expect(causes({ batteryOvercurrentA: 9 })).toEqual([]);
  expect(causes({ batteryOvervoltageV: 47 }).map((trip) => (trip as unknown[])[2])).toEqual(["obv", "obv"]);
  expect(causes({ batteryUndervoltageV: 49 }).map((trip) => (trip as unknown[])[2])).toEqual(["ubv", "ubv"]);
});
