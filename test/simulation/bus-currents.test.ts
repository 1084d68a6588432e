import fc from "fast-check";
import { expect, test } from "vitest";
import { findBusFlow } from "../../src/simulation/bus-currents.ts";
import { changeUnit, type UnitChange } from "../../src/simulation/commands.ts";
import type { CommunityState } from "../../src/simulation/community.ts";
import { busVoltageAt } from "../../src/simulation/dc-bus.ts";
import { neutralLimits } from "../../src/simulation/home-limits.ts";
import { passTrips } from "../../src/simulation/protection.ts";
import type { UnitState } from "../../src/simulation/unit.ts";
import type { World } from "../../src/simulation/world.ts";
import { countOf } from "../support/counts.ts";
import { check, createCommunityOf, createEvenWorld, defaultSettings, spread } from "../support/worlds.ts";

const plain = createEvenWorld({ demandW: 0 });

/** A world in which converters carry at the most these currents [A], in the order of units; none where it is null. */
const createWorld = (mostA: readonly (number | null)[], busModel: World["busModel"] = "droop"): World => {
  return {
    ...plain,
    busModel,
    homeOf(number) {
      const most = mostA[number - 1] ?? null;
      const limits = most === null ? {} : { limits: { ...neutralLimits, converterCurrentLimitA: most } };
      return { ...plain.homeOf(number), ...limits };
    },
  };
};

function createCommunity(world: World, changes: readonly UnitChange[]): CommunityState {
  const community = createCommunityOf(
    changes.map(() => ({ ...defaultSettings, stateOfChargePercent: 50 })),
    world,
  );
  changes.forEach((change, index) => {
    const unit = community.units[index] as UnitState;
    changeUnit(community, unit, change, { timeS: 0, world, accelerationFactor: 200 });
  });
  return community;
}

const holding = (targetBusVoltageV: number, droopPercent: number): UnitChange => {
  return { converterMode: "gridAutonomy", targetBusVoltageV, droopPercent };
};
const charging = (dcGridCurrentLimitA: number): UnitChange => ({
  converterMode: "charging",
  dcGridCurrentLimitA,
});
const discharging = (dcGridCurrentLimitA: number): UnitChange => ({
  converterMode: "discharging",
  dcGridCurrentLimitA,
});
const currentsOf = ({ units }: CommunityState) => units.map(({ dcGridCurrentA }) => dcGridCurrentA);
const round = (values: readonly number[]) => values.map((value) => Math.round(value * 1e9) / 1e9);

test("S45: units in grid autonomy share by their droop, and the bus has the voltage at which they do", () => {
  // r is 1.4 and 2.8 Ω: 3 A are two and one, at 350 V − 2.8 V.
  const world = createWorld([5, 5, null]);
  const community = createCommunity(world, [holding(350, 2), holding(350, 4), charging(3)]);
  expect(round(currentsOf(community))).toEqual([-2, -1, 3]);
  expect(busVoltageAt(community.bus, 0)).toBeCloseTo(347.2, 9);
  for (const { dcGridVoltageV } of community.units) expect(dcGridVoltageV).toBeCloseTo(347.2, 9);
  // With another voltage the second takes from the first.
  const moment = { timeS: 60, world, accelerationFactor: 200 };
  changeUnit(community, community.units[2] as UnitState, charging(0), moment);
  changeUnit(community, community.units[1] as UnitState, { targetBusVoltageV: 343 }, moment);
  const [first, second, third] = currentsOf(community) as [number, number, number];
  expect(first).toBeLessThan(0);
  expect(first + second).toBeCloseTo(0, 9);
  expect(third).toBe(0);
});

test("S45: beside a unit without droop the others carry their share and it the rest; a further one carries nothing", () => {
  const world = createWorld([5, 5, null, null]);
  const changes = [holding(351, 2), holding(340, 0), holding(350, 0), charging(3)];
  const community = createCommunity(world, changes);
  // r is 1.404 Ω.
  const given = 1 / ((0.02 * 351) / 5);
  expect(round(currentsOf(community))).toEqual(round([-given, 0, given - 3, 3]));
  expect(busVoltageAt(community.bus, 0)).toBe(350);
});

test("S45: with the published droop of 0.039 % the bus is practically ideal, and with none it is to the bit", () => {
  const changes = [holding(350, 0.039), charging(2), discharging(0.5)];
  const bent = createCommunity(createWorld([2.35, 2.35, 2.35]), changes);
  expect(busVoltageAt(bent.bus, 0)).toBeGreaterThan(349.86);
  const none = [holding(350, 0), charging(2), discharging(0.5)];
  expect(createCommunity(createWorld([2.35, 2.35, 2.35]), none)).toStrictEqual(
    createCommunity(createWorld([2.35, 2.35, 2.35], "ideal"), none),
  );
});

const listTrips = (community: CommunityState, untilS: number, world: World) => {
  const trips: [number, string][] = [];
  passTrips(community, untilS, world, (event) => {
    for (const { unitNumber, cause } of event.trips) trips.push([unitNumber, cause]);
  });
  return trips;
};

test("S46: a converter's current is held within its greatest, and what it was asked for is kept", () => {
  const world = createWorld([null, 1.5], "ideal");
  const community = createCommunity(world, [holding(350, 0), charging(2)]);
  expect(currentsOf(community)).toEqual([-1.5, 1.5]);
  expect(community.units[1]?.dcGridCurrentLimitA).toBe(2);
  expect(listTrips(community, 3600, world)).toEqual([]);
});

test("S46: a reference that is asked for more than its greatest current trips; with droop all do, beyond what they have together", () => {
  const ideal = createWorld([1.5, null], "ideal");
  const community = createCommunity(ideal, [holding(350, 0), charging(2)]);
  expect(listTrips(community, 3600, ideal)).toEqual([[1, "imax"]]);
  expect(currentsOf(community)).toEqual([0, 0]);
  const droop = createWorld([1, 1.5, null]);
  const sharing = [holding(350, 2), holding(350, 3)];
  const enough = createCommunity(droop, [...sharing, charging(2.5)]);
  expect(listTrips(enough, 3600, droop)).toEqual([]);
  expect(round(currentsOf(enough))).toEqual([-1, -1.5, 2.5]);
  const beyond = createCommunity(droop, [...sharing, charging(2.6)]);
  expect(listTrips(beyond, 3600, droop)).toEqual([
    [2, "imax"],
    [1, "imax"],
  ]);
  expect(busVoltageAt(beyond.bus, 3600)).toBe(0);
});

test("S45: for any units currents sum to zero, and each in autonomy gives what its line says at the bus's voltage", () => {
  const unit = fc.record({
    mode: fc.constantFrom("gridAutonomy", "gridAutonomy", "charging", "discharging", "waiting"),
    targetV: fc.oneof(fc.constantFrom(350, 351, 0, 1, 1000), spread(300, 380)),
    droopPercent: fc.oneof(fc.constantFrom(0, 1e-12, 0.009, 0.01, 0.039, 2, 100), spread(0.01, 20)),
    askedA: fc.oneof(fc.constantFrom(0, 2), spread(0, 5)),
    mostA: fc.oneof(fc.constantFrom(2.35, 5, 0.01, 100), spread(0.1, 10)),
  });
  check(
    fc.property(fc.array(unit, { minLength: 1, maxLength: 8 }), (units) => {
      const world = createWorld(units.map(({ mostA }) => mostA));
      const community = createCommunity(
        world,
        units.map(({ mode, targetV, droopPercent, askedA }) => {
          const settings = { targetBusVoltageV: targetV, droopPercent, dcGridCurrentLimitA: askedA };
          return { converterMode: mode as UnitState["converterMode"], ...settings };
        }),
      );
      const flow = findBusFlow(community.units, community.bus, world);
      const sources = units.filter(({ mode }) => mode === "gridAutonomy");
      if (flow === null) return void expect(sources).toEqual([]);
      const { currentsA, voltageV } = flow;
      expect(Math.abs(currentsA.reduce((sum, currentA) => sum + currentA, 0))).toBeLessThan(1e-9);
      if (sources.some(({ droopPercent, targetV }) => droopPercent < 0.01 || targetV === 0)) return;
      const askedA = units.reduce((sum, { mode, askedA, mostA }) => {
        const signs = { charging: 1, discharging: -1 } as Record<string, number>;
        return sum + (signs[mode] ?? 0) * Math.min(askedA, mostA);
      }, 0);
      const lineOf = ({ targetV, droopPercent, mostA }: (typeof units)[number], atV: number) =>
        Math.min(mostA, Math.max(-mostA, (targetV - atV) / (((droopPercent / 100) * targetV) / mostA)));
      const togetherA = (atV: number) => sources.reduce((sum, source) => sum + lineOf(source, atV), 0);
      // An independent way to the same voltage: halving.
      let [lowV, highV] = [0, 2000];
      if (Math.abs(askedA) >= sources.reduce((sum, { mostA }) => sum + mostA, 0)) return;
      for (let halvings = 0; halvings < 200; halvings++) {
        const middleV = (lowV + highV) / 2;
        if (togetherA(middleV) > askedA) lowV = middleV;
        else highV = middleV;
      }
      expect(togetherA(voltageV)).toBeCloseTo(togetherA(lowV), 6);
      units.forEach((one, index) => {
        if (one.mode === "gridAutonomy")
          expect(-(currentsA[index] as number)).toBeCloseTo(lineOf(one, voltageV), 6);
      });
      expect(listTrips(community, 0, world)).toEqual([]);
    }),
    countOf(2000, 200),
  );
});
