import fc from "fast-check";
import { expect, test } from "vitest";
import { advanceUnit } from "../../src/simulation/advance.ts";
import { changeUnit } from "../../src/simulation/commands.ts";
import { advanceCommunity, type CommunityState } from "../../src/simulation/community.ts";
import {
  findFirstOccurrence,
  type Occurrence,
  type OccurrenceKind,
  occurrenceKinds,
} from "../../src/simulation/occurrences.ts";
import { copyUnit, type UnitState } from "../../src/simulation/unit.ts";
import { endOfTimeS, secondsPerDay, type World } from "../../src/simulation/world.ts";
import { countOf } from "../support/counts.ts";
import {
  check,
  createCommunityOf,
  createEvenWorld,
  createPlannedWorld,
  defaultSettings,
  endOfRunS,
  perform,
  scenarios,
} from "../support/worlds.ts";

/** What comes up to `untilS`, seen by halting a copy at each of its events. */
function listByHalting({ units, bus }: CommunityState, afterS: number, untilS: number, world: World) {
  const lastS = Math.min(untilS, endOfTimeS(world));
  const list: Occurrence[] = [];
  for (const original of units) list.push(...listOfUnit(original, lastS, world));
  const add = (timeS: number, kind: OccurrenceKind) => list.push({ timeS, unitNumber: null, kind });
  if (bus.rampEndS <= lastS && bus.targetVoltageV > 0) add(bus.rampEndS, "busUp");
  for (let timeS = 0; timeS <= lastS; timeS += secondsPerDay) add(timeS, "dayEnd");
  if (world.atEndOfData === "stop") add(world.dataLengthS, "dataEnd");
  return list.filter(({ timeS }) => timeS > afterS && timeS <= lastS);
}

function listOfUnit(original: UnitState, lastS: number, world: World): Occurrence[] {
  const list: Occurrence[] = [];
  if (!world.powerFlowEnabled) return list;
  const haltsS: number[] = [];
  advanceUnit(copyUnit(original), lastS, world, { onStretch: (_, endS) => haltsS.push(endS) });
  const unit = copyUnit(original);
  advanceUnit(unit, unit.timeS, world);
  for (const timeS of haltsS) {
    const { stateOfChargePercent: before, upsMode, acCharging } = unit;
    advanceUnit(unit, timeS, world);
    const add = (kind: OccurrenceKind) => list.push({ timeS, unitNumber: unit.number, kind });
    if (unit.stateOfChargePercent !== before && unit.stateOfChargePercent === 0) add("empty");
    if (unit.stateOfChargePercent !== before && unit.stateOfChargePercent === 100) add("full");
    if (unit.upsMode !== upsMode) add("upsSwitch");
    if (unit.acCharging !== acCharging) add("acCharging");
  }
  return list;
}

test("J1: the first occurrence is that of all homes, and looking for it changes no bit", () => {
  const kinds = fc.uniqueArray(fc.constantFrom(...occurrenceKinds), { minLength: 1 });
  const unitNumbers = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined });
  check(
    fc.property(
      scenarios,
      kinds,
      unitNumbers,
      fc.nat({ max: 3 * 86_400 }),
      (scenario, kinds, unitNumber, aheadS) => {
        const world = createPlannedWorld(scenario.plan);
        const community = createCommunityOf(scenario.settings, world);
        for (const command of scenario.commands) perform(community, command, world);
        const afterS = Math.min(endOfRunS(scenario.plan), (scenario.commands.at(-1)?.timeS ?? 0) + aheadS);
        advanceCommunity(community, afterS, world);
        const before = structuredClone(community);
        const span = { afterS, untilS: afterS + 2 * 86_400 };
        const expected = listByHalting(community, span.afterS, span.untilS, world).filter(
          (one) =>
            kinds.includes(one.kind) &&
            (one.unitNumber ?? unitNumber ?? 0) === (unitNumber ?? one.unitNumber ?? 0),
        );
        const firstS = expected.reduce<number | null>(
          (least, { timeS }) => Math.min(least ?? timeS, timeS),
          null,
        );
        expect(findFirstOccurrence(community, span, { kinds, unitNumber }, world)).toBe(firstS);
        expect(community).toStrictEqual(before);
      },
    ),
    countOf(2000, 200),
  );
});

test("J1: an occurrence at the beginning of a span does not count, one at its end does", () => {
  // 4.8 kWh at 50 % under a steady load are empty at a moment that can be computed.
  const world = createEvenWorld({ demandW: 500, bypassBelowPercent: 0, acChargingBelowPercent: 0 });
  const community = createCommunityOf([{ ...defaultSettings, stateOfChargePercent: 50 }], world);
  const lossW = 17.5 + 4.5 + 129 + 0.14 * 500;
  const emptyS = (2400 / (500 + lossW)) * 3600;
  const awaited = { kinds: ["empty"] as const };
  const firstS = findFirstOccurrence(community, { afterS: 0, untilS: 86_400 }, awaited, world);
  expect(firstS).toBeCloseTo(emptyS, 6);
  const foundS = firstS as number;
  expect(findFirstOccurrence(community, { afterS: 0, untilS: foundS }, awaited, world)).toBe(foundS);
  expect(findFirstOccurrence(community, { afterS: 0, untilS: foundS - 1e-6 }, awaited, world)).toBeNull();
  advanceCommunity(community, foundS, world);
  expect(findFirstOccurrence(community, { afterS: foundS, untilS: 86_400 }, awaited, world)).toBeNull();
});

test("J1: the bus comes up at the end of its ramp, and a dead one never by itself", () => {
  const world = createEvenWorld();
  const community = createCommunityOf([defaultSettings, defaultSettings], world);
  const [unit] = community.units as [UnitState];
  changeUnit(community, unit, { converterMode: "gridAutonomy" }, { timeS: 60, accelerationFactor: 1, world });
  const span = { afterS: 60, untilS: 86_400 };
  expect(findFirstOccurrence(community, span, { kinds: ["busUp"] }, world)).toBe(180);
  expect(findFirstOccurrence(community, span, { kinds: ["busDown"] }, world)).toBeNull();
  expect(findFirstOccurrence(community, { ...span, afterS: 180 }, { kinds: ["busUp"] }, world)).toBeNull();
});

test("J1: data that repeat have no end to wait for, and a span without an end is refused", () => {
  const world: World = { ...createEvenWorld({ days: 1 }), atEndOfData: "repeat" };
  const community = createCommunityOf([defaultSettings], world);
  const awaited = { kinds: ["dataEnd"] as const };
  expect(findFirstOccurrence(community, { afterS: 0, untilS: 1e6 }, awaited, world)).toBeNull();
  const endless = { afterS: 0, untilS: Number.POSITIVE_INFINITY };
  expect(() => findFirstOccurrence(community, endless, awaited, world)).toThrow(RangeError);
  const ending = createEvenWorld({ days: 1 });
  expect(findFirstOccurrence(community, endless, awaited, ending)).toBe(86_400);
});
