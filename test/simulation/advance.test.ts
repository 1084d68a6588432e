import fc from "fast-check";
import { expect, test } from "vitest";
import { advanceUnit } from "../../src/simulation/advance.ts";
import { advanceCommunity, type CommunityState, readUnitAt } from "../../src/simulation/community.ts";
import { settleByHand } from "../../src/simulation/events.ts";
import type { Parameters } from "../../src/simulation/parameters.ts";
import { createUnit, type UnitState } from "../../src/simulation/unit.ts";
import type { World } from "../../src/simulation/world.ts";
import {
  check,
  countFlows,
  createCommunityOf,
  createEvenWorld,
  createPlannedWorld,
  defaultSettings,
  endOfRunS,
  householdPlans,
  readMoments,
  realisticPlan,
  runScenario,
  type Scenario,
  scenarios,
  scenariosOf,
  spread,
  withSun,
} from "../support/worlds.ts";

/** A realistic year of three units that now and then exchange energy. */
function realisticYear(seed: number): Scenario {
  const settings = [80, 50, 31].map((stateOfChargePercent) => ({ ...defaultSettings, stateOfChargePercent }));
  const commands = Array.from({ length: 40 }, (_, i) => {
    const converterMode = (["gridAutonomy", "charging", "waiting", "discharging"] as const)[i % 4];
    const change = { converterMode: converterMode as "waiting" };
    const timeS = (i + 1) * 8.7 * 86_400;
    return { kind: "change" as const, unitIndex: i % 3, change, timeS, accelerationFactor: 10 };
  }).filter(({ timeS }) => timeS < 365 * 86_400);
  return { plan: realisticPlan(seed), settings, commands };
}

test("S1: −0 and 0 count as different states", () => {
  expect(() => expect({ charge: 0 }).toStrictEqual({ charge: -0 })).toThrow();
});

test("S1: reading at any moments in between changes no bit of the state", () => {
  check(
    fc.property(scenarios, readMoments, (scenario, readAtS) => {
      expect(runScenario(scenario, { readAtS })).toStrictEqual(runScenario(scenario));
    }),
    50,
  );
});

test("S1: reading at any moments changes no bit of a household's state", () => {
  check(
    fc.property(scenariosOf(householdPlans), readMoments, (scenario, readAtS) => {
      expect(runScenario(scenario, { readAtS })).toStrictEqual(runScenario(scenario));
    }),
    100,
  );
});

test("S1: reading every quarter of an hour changes no bit of a year", () => {
  const scenario = realisticYear(1);
  const readAtS = Array.from({ length: 365 * 96 }, (_, i) => i * 900 + (i % 7));
  expect(runScenario(scenario, { readAtS })).toStrictEqual(runScenario(scenario));
});

test("S1: reading does not change what a read at the same moment finds", () => {
  check(
    fc.property(scenarios, readMoments, fc.nat({ max: 8 * 86_400 }), (scenario, before, lastS) => {
      const world = createPlannedWorld(scenario.plan);
      const readLast = (readAtS: readonly number[]) => {
        const community = createCommunityOf(scenario.settings, world);
        for (const timeS of [...readAtS.filter((timeS) => timeS < lastS), lastS]) {
          for (const unit of community.units) readUnitAt(community, unit, timeS, world);
        }
        return community.units.map((unit) => readUnitAt(community, unit, lastS, world));
      };
      expect(readLast(before.toSorted((a, b) => a - b))).toStrictEqual(readLast([]));
    }),
    50,
  );
});

test("S1: a threshold that is met on an input point is met with and without a read there", () => {
  const points = fc.integer({ min: 1, max: 40 });
  check(
    fc.property(
      spread(0, 900),
      spread(0, 900),
      spread(1000, 9000),
      points,
      (solarW, demandW, capacityWh, k) => {
        const even = { solarW, demandW, capacityWh, days: 2 };
        const met = chargeAfter(
          k * 1800,
          createEvenWorld({ ...even, bypassBelowPercent: 0, batteryAbovePercent: 0 }),
        );
        for (const thresholds of thresholdsAt(met)) {
          const world = createEvenWorld({ ...even, ...thresholds });
          const settings = [{ ...defaultSettings, stateOfChargePercent: 50 }];
          const [quiet, read] = [1, 2].map(() => createCommunityOf(settings, world));
          advanceCommunity(quiet as CommunityState, 86_400, world);
          for (const timeS of [k * 1800, 86_400]) advanceCommunity(read as CommunityState, timeS, world);
          expect(read).toStrictEqual(quiet);
        }
      },
    ),
    150,
  );
});

function chargeAfter(timeS: number, world: World): number {
  const community = createCommunityOf([{ ...defaultSettings, stateOfChargePercent: 50 }], world);
  advanceCommunity(community, timeS, world);
  return (community.units[0] as UnitState).stateOfChargePercent;
}

/** Thresholds of which one lies at `percent`. */
function thresholdsAt(percent: number): Partial<Parameters>[] {
  const below = Math.max(0, percent - 5);
  const above = Math.min(100, percent + 5);
  return [
    { bypassBelowPercent: percent, batteryAbovePercent: above },
    { bypassBelowPercent: below, batteryAbovePercent: percent },
    { acChargingBelowPercent: percent, acChargingAbovePercent: above },
    { acChargingBelowPercent: below, acChargingAbovePercent: percent },
  ];
}

test("S7: every world comes to its end within a bounded number of flows", () => {
  check(
    fc.property(scenarios, (scenario) => {
      const endS = endOfRunS(scenario.plan);
      const pointsOfUnit = endS / scenario.plan.demandStepS + 2 * scenario.commands.length + 2;
      const switchesOfUnit = (2 * endS) / 10 + 2;
      const unitsEver = scenario.settings.length + 4 * scenario.commands.length;
      const limit = 8 * unitsEver * (pointsOfUnit + switchesOfUnit);
      const { world } = countFlows(createPlannedWorld(scenario.plan), limit);
      runScenario(scenario, { world });
    }),
    70,
  );
});

test("S7: a usual year takes no more than one flow for each two input points", () => {
  const plan = realisticPlan(4);
  const { world, flows } = countFlows(createPlannedWorld(plan), 1e6);
  const [unit] = createCommunityOf([defaultSettings], world).units as [UnitState];
  advanceUnit(unit, endOfRunS(plan), world);
  expect(flows()).toBeLessThan((365 * 48) / 2);
});

test("S8: a state that went through JSON has the same future, to the bit", () => {
  const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));
  check(
    fc.property(scenarios, readMoments, (scenario, readAtS) => {
      const copied = runScenario(scenario, { readAtS, replaceCommunity: throughJson });
      expect(copied).toStrictEqual(runScenario(scenario));
      expect(throughJson(copied)).toStrictEqual(copied);
    }),
    45,
  );
});

test("S7: equal thresholds within rounding of an empty battery do not hold time up", () => {
  // From 3600 s on the sun rises by 1.026 W/s: at 200/1.026 s later it makes up for the losses, within rounding.
  const timeS = 3600 + 200 / 1.026;
  for (let ulps = -20; ulps <= 20; ulps++) {
    const even = createEvenWorld({
      capacityWh: 1,
      bypassBelowPercent: 1e-45,
      batteryAbovePercent: 1e-45,
      acChargingPowerW: 0,
      converterWaitingLossW: 200 + ulps * 2 ** -45,
      constantSystemLossW: 0,
    });
    const { world } = countFlows(withSun(even, [0, 0, 3693.6]), 1e5);
    const unit = createUnit(1, timeS, { ...defaultSettings, stateOfChargePercent: 0, upsMode: "bypass" });
    settleByHand(unit, world);
    unit.acChargingSwitchedS = 0;
    unit.upsSwitchedS = 0;
    advanceUnit(unit, world.dataLengthS, world);
    expect(unit.timeS).toBe(world.dataLengthS);
  }
});
