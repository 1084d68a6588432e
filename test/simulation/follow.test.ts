import fc from "fast-check";
import { expect, test } from "vitest";
import { advanceUnit } from "../../src/simulation/advance.ts";
import type { Segment, Walk } from "../../src/simulation/flow.ts";
import { followQuietSteps, followToEvent } from "../../src/simulation/follow.ts";
import { createWalk } from "../../src/simulation/segment.ts";
import type { UnitState } from "../../src/simulation/unit.ts";
import { followLine } from "../../src/simulation/walk.ts";
import type { World } from "../../src/simulation/world.ts";
import {
  check,
  createCommunityOf,
  createPlannedWorld,
  householdPlans,
  realisticPlan,
  type Scenario,
  scenarios,
  scenariosOf,
  spread,
} from "../support/worlds.ts";

/** Calls `visit` at the beginning of the first segments of each unit. */
function visitSegments(scenario: Scenario, visit: (unit: UnitState, world: World) => void): void {
  const world = createPlannedWorld(scenario.plan);
  for (const unit of createCommunityOf(scenario.settings, world).units) {
    for (let segments = 0; segments < 60 && unit.timeS < world.dataLengthS; segments++) {
      visit(unit, world);
      const walk = createWalk(unit, world);
      followToEvent(walk, world.dataLengthS);
      advanceUnit(unit, walk.timeS, world);
    }
  }
}

/** The walk that takes no quiet steps. */
function createSlowWalk(unit: UnitState, world: World): Walk {
  const walk = createWalk(unit, world);
  (walk.segment as Segment).hasQuietSteps = false;
  return walk;
}

function withoutSegment({ segment: _, ...walked }: Walk) {
  return walked;
}

for (const [name, some] of [
  ["any", scenarios],
  ["a household's", scenariosOf(householdPlans)],
] as const) {
  test(`S2: followQuietSteps comes to where followLine, its slow twin, comes, to the bit, at ${name} powers`, () => {
    let steps = 0;
    check(
      fc.property(some, spread(0, 8 * 86_400), (scenario, lastS) => {
        visitSegments(scenario, (unit, world) => {
          const [quick, slow] = [createWalk(unit, world), createWalk(unit, world)];
          followQuietSteps(quick, lastS);
          for (; slow.timeS < quick.timeS; steps++) followLine(slow, slow.pointS);
          expect(withoutSegment(slow)).toStrictEqual(withoutSegment(quick));
        });
      }),
      40,
    );
    expect(steps).toBeGreaterThan(1000);
  });
}

test("S2: without quiet steps a year has the same events, to the bit", () => {
  const world = createPlannedWorld(realisticPlan(7));
  const settings = { stateOfChargePercent: 50, upsMode: "battery", converterMode: "waiting" } as const;
  const others = {
    targetBusVoltageV: 350,
    droopPercent: 0,
    dcGridCurrentLimitA: 2,
    solarPowerW: 0,
    demandPowerW: 0,
  };
  const { units } = createCommunityOf([{ ...settings, ...others }], world);
  const unit = units[0] as UnitState;
  let events = 0;
  for (; unit.timeS < world.dataLengthS; events++) {
    const [quick, slow] = [createWalk(unit, world), createSlowWalk(unit, world)];
    expect(followToEvent(quick, world.dataLengthS)).toBe(true);
    expect(followToEvent(slow, world.dataLengthS)).toBe(true);
    expect(withoutSegment(slow)).toStrictEqual(withoutSegment(quick));
    advanceUnit(unit, quick.timeS, world);
  }
  expect(events).toBeGreaterThan(730);
});
