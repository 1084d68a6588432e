import fc from "fast-check";
import { expect, test } from "vitest";
import { observableNames } from "../../src/laboratory/observables.ts";
import { Stepper } from "../../src/laboratory/stepper.ts";
import { changeUnit } from "../../src/simulation/commands.ts";
import { advanceCommunity, readUnitAt } from "../../src/simulation/community.ts";
import { accounts } from "../../src/simulation/ledger.ts";
import type { Occurrence } from "../../src/simulation/occurrences.ts";
import type { UnitState } from "../../src/simulation/unit.ts";
import { endOfTimeS } from "../../src/simulation/world.ts";
import { countOf } from "../support/counts.ts";
import {
  createCommunityOf,
  createEvenWorld,
  createPlannedWorld,
  defaultSettings,
  endOfRunS,
  householdPlans,
  perform,
  type Scenario,
  scenarios,
  scenariosOf,
  spread,
  type TimedCommand,
} from "../support/worlds.ts";

type Change = Extract<TimedCommand, { kind: "change" }>;

/** Tries all cases, however long that takes; the first that fails is told as it is, since smaller ones take as long. */
function checkAll<T>(property: fc.IProperty<T>, numRuns: number): void {
  fc.assert(property, { seed: 20200101, numRuns, endOnFailure: true });
}

/** Of a scenario only what is an action of a step. */
function changesOf({ commands }: Scenario): Change[] {
  return commands.filter((command): command is Change => command.kind === "change");
}

/** What is known of a community at one moment, and how it goes on. */
interface Seen {
  readonly timeS: number;
  readonly columns: readonly Float64Array[];
  readonly ledgers: readonly unknown[];
}

/** The accounts of each unit since it began, or with `energies` since the step did. */
function readLedgers(stepper: Stepper, energies = false): Record<string, number>[] {
  const numbers = stepper.state.units.map(({ number }) => number);
  const columns = accounts.map(() => new Float64Array(numbers.length));
  if (energies) stepper.writeEnergies(numbers, columns);
  else stepper.writeLedgers(numbers, columns);
  return numbers.map((_, index) =>
    Object.fromEntries(accounts.map((account, place) => [account, columns[place]?.[index] as number])),
  );
}

function look(stepper: Stepper): Seen {
  const numbers = stepper.state.units.map(({ number }) => number);
  const columns = observableNames.map(() => new Float64Array(numbers.length));
  stepper.observe(observableNames, numbers, columns);
  return { timeS: stepper.timeS, columns, ledgers: readLedgers(stepper) };
}

/** Steps through a scenario, also halting at each of `haltsS`; looks at those that are among `looksS`, and at the end. */
function stepThrough(
  scenario: Scenario,
  haltsS: readonly number[],
  looksS: ReadonlySet<number>,
  untilS: number,
) {
  const world = createPlannedWorld(scenario.plan);
  const stepper = new Stepper(createCommunityOf(scenario.settings, world), world, 0, 10);
  const events: Occurrence[] = [];
  const seen: Seen[] = [];
  const goTo = (timeS: number) => {
    const { told, leftOut } = stepper.advance({ untilS: timeS });
    // Of very many events a step tells the first ones only (J7).
    fc.pre(leftOut === 0);
    for (const event of told) events.push(event);
  };
  let next = 0;
  const haltUntil = (timeS: number) => {
    for (let haltS = haltsS[next]; haltS !== undefined && haltS < timeS; haltS = haltsS[++next]) {
      goTo(haltS);
      if (looksS.has(haltS)) seen.push(look(stepper));
    }
  };
  for (const { timeS, unitIndex, change, accelerationFactor } of changesOf(scenario)) {
    if (timeS > untilS) break;
    haltUntil(timeS);
    goTo(timeS);
    stepper.accelerationFactor = accelerationFactor;
    const unitNumber = (unitIndex % stepper.state.units.length) + 1;
    stepper.act([{ unitNumber, change }]);
  }
  haltUntil(untilS);
  goTo(untilS);
  seen.push(look(stepper));
  return { events, seen, state: stepper.state };
}

const every = (stepS: number, fromS: number, untilS: number) =>
  Array.from({ length: Math.floor((untilS - fromS) / stepS) + 1 }, (_, index) => fromS + index * stepS);

test("J2: whole, in random pieces, by 1 s, 15 min and 1 h: equal to the bit at equal moments", () => {
  const pieces = fc.array(fc.oneof(spread(0, 200), spread(0, 20_000), fc.integer({ min: 0, max: 86_400 })), {
    maxLength: 60,
  });
  checkAll(
    fc.property(scenarios, pieces, fc.nat({ max: 80 }), (scenario, pieces, hour) => {
      const untilS = Math.min(7 * 86_400, endOfRunS(scenario.plan));
      let nowS = 0;
      const inPieces = pieces.map((pieceS) => (nowS += pieceS)).filter((timeS) => timeS < untilS);
      const anHourOfSeconds = every(1, Math.min(hour * 3600, untilS), Math.min(hour * 3600 + 3600, untilS));
      const looksS = new Set([...every(3600 * 5, 0, untilS), hour * 3600 + 3600, untilS]);
      const looks = [...looksS].sort((a, b) => a - b);
      const join = (haltsS: readonly number[]) => [...new Set([...haltsS, ...looks])].sort((a, b) => a - b);
      const whole = stepThrough(scenario, [], new Set([untilS]), untilS);
      const byLooks = stepThrough(scenario, looks, looksS, untilS);
      expect(byLooks.events).toStrictEqual(whole.events);
      expect(byLooks.state).toStrictEqual(whole.state);
      expect(byLooks.seen.at(-1)).toStrictEqual(whole.seen.at(-1));
      for (const halts of [inPieces, anHourOfSeconds, every(900, 0, untilS), every(3600, 0, untilS)])
        expect(stepThrough(scenario, join(halts), looksS, untilS)).toStrictEqual(byLooks);
    }),
    countOf(1000, 8),
  );
});

test("J2: a step sees the bits that a reading without steps sees, and ends in the same state", () => {
  checkAll(
    fc.property(scenarios, (scenario) => {
      const untilS = endOfRunS(scenario.plan);
      const looksS = new Set([...every(7000, 0, untilS), untilS]);
      const { seen, state } = stepThrough(
        scenario,
        [...looksS].sort((a, b) => a - b),
        looksS,
        untilS,
      );
      const world = createPlannedWorld(scenario.plan);
      const community = createCommunityOf(scenario.settings, world);
      const changes = changesOf(scenario);
      for (const { timeS, columns, ledgers } of seen) {
        while ((changes[0]?.timeS ?? Number.POSITIVE_INFINITY) <= timeS)
          perform(community, changes.shift() as Change, world);
        for (const [index, unit] of community.units.entries()) {
          const reading = readUnitAt(community, unit, timeS, world);
          const column = (name: (typeof observableNames)[number]) =>
            columns[observableNames.indexOf(name)]?.[index];
          expect(column("stateOfChargePercent")).toBe(reading.stateOfChargePercent);
          expect(column("batteryPowerW")).toBe(reading.batteryPowerW);
          expect(column("acIntakePowerW")).toBe(reading.acIntakePowerW);
          expect(column("gridCurrentA")).toBe(reading.dcGridCurrentA);
          expect(column("busVoltageV")).toBe(reading.busVoltageV);
          expect(ledgers[index]).toStrictEqual(reading.ledger);
        }
      }
      while (changes.length > 0) perform(community, changes.shift() as Change, world);
      advanceCommunity(community, untilS, world);
      expect(state).toStrictEqual(community);
    }),
    countOf(1000, 25),
  );
});

test("J3: a step ends at the first event after its beginning, and all homes stand there", () => {
  checkAll(
    fc.property(scenarios, fc.boolean(), (scenario, ofOne) => {
      const world = createPlannedWorld(scenario.plan);
      const untilS = Math.min(endOfRunS(scenario.plan), 2 * 86_400);
      const stepper = new Stepper(createCommunityOf(scenario.settings, world), world, 0, 10);
      const all = stepThrough({ ...scenario, commands: [] }, [], new Set(), untilS).events;
      const kinds = ["empty", "full", "upsSwitch", "acCharging", "dayEnd", "dataEnd"] as const;
      const awaited = { kinds, ...(ofOne && { unitNumber: 1 }) };
      const isAwaited = ({ unitNumber }: Occurrence) => !ofOne || unitNumber === null || unitNumber === 1;
      const told: Occurrence[] = [];
      for (let steps = 0; stepper.timeS < Math.min(untilS, endOfTimeS(world)) && steps < 200; steps++) {
        const beganS = stepper.timeS;
        const here = stepper.advance({ untilS, awaited }).told;
        for (const one of here) told.push(one);
        expect(stepper.timeS).toBeGreaterThan(beganS);
        expect(
          here.filter((one) => isAwaited(one) && one.timeS > beganS && one.timeS < stepper.timeS),
        ).toEqual([]);
        if (stepper.timeS < untilS)
          expect(here.some((one) => isAwaited(one) && one.timeS === stepper.timeS)).toBe(true);
      }
      expect(told).toStrictEqual(all.filter(({ timeS }) => timeS <= stepper.timeS));
    }),
    countOf(1000, 40),
  );
});

test("J4: energies of steps add up to those of the whole within 1e-9 Wh, actions included", () => {
  checkAll(
    fc.property(scenariosOf(householdPlans), fc.constantFrom(60, 900, 3600), (scenario, stepS) => {
      const world = createPlannedWorld(scenario.plan);
      const stepper = new Stepper(createCommunityOf(scenario.settings, world), world, 0, 10);
      const units = stepper.state.units.length;
      const sums = Array.from({ length: units }, () => accounts.map(() => 0));
      const changes = changesOf(scenario);
      const untilS = Math.min(endOfRunS(scenario.plan), 7 * 86_400);
      while (stepper.timeS < untilS) {
        while ((changes[0]?.timeS ?? Number.POSITIVE_INFINITY) <= stepper.timeS) {
          const { unitIndex, change } = changes.shift() as Change;
          stepper.act([{ unitNumber: (unitIndex % units) + 1, change }]);
        }
        stepper.advance({ untilS: Math.min(untilS, stepper.timeS + stepS) });
        const energies = readLedgers(stepper, true);
        sums.forEach((sum, index) => {
          accounts.forEach((account, place) => {
            sum[place] = (sum[place] as number) + (energies[index]?.[account] as number);
          });
        });
      }
      const ledgers = readLedgers(stepper);
      sums.forEach((sum, index) => {
        const ledger = ledgers[index] as (typeof ledgers)[number];
        accounts.forEach((account, place) => {
          expect(Math.abs((sum[place] as number) - (ledger[account] as number))).toBeLessThanOrEqual(1e-9);
        });
      });
    }),
    countOf(300, 20),
  );
});

test("J5: what a copy is made to do leaves every bit of what it was copied from", () => {
  checkAll(
    fc.property(scenarios, fc.nat({ max: 86_400 }), (scenario, aheadS) => {
      const world = createPlannedWorld(scenario.plan);
      const stepper = new Stepper(createCommunityOf(scenario.settings, world), world, 0, 10);
      stepper.advance({ untilS: Math.min(aheadS, endOfTimeS(world)) });
      const before = structuredClone(stepper.state);
      const copy = stepper.copy();
      for (const { unitIndex, change, timeS } of changesOf(scenario)) {
        copy.advance({ untilS: Math.max(copy.timeS, timeS) });
        copy.act([{ unitNumber: (unitIndex % copy.state.units.length) + 1, change }]);
      }
      expect(stepper.state).toStrictEqual(before);
      const twin = stepper.copy();
      const untilS = stepper.timeS + 86_400;
      expect(twin.advance({ untilS })).toStrictEqual(stepper.advance({ untilS }));
      expect(look(twin)).toStrictEqual(look(stepper));
      expect(twin.state).toStrictEqual(stepper.state);
    }),
    countOf(1000, 25),
  );
});

test("J7: of very many events a step tells the first ones, and how many it leaves out", () => {
  // With equal thresholds the UPS switches to and fro for hours.
  const world = createEvenWorld({
    days: 8,
    demandW: 400,
    solarW: 310,
    bypassBelowPercent: 50,
    batteryAbovePercent: 50,
  });
  const settings = Array(4).fill({ ...defaultSettings, stateOfChargePercent: 50 });
  const create = () => new Stepper(createCommunityOf(settings, world), world, 0, 10);
  const whole = create().advance({ untilS: 8 * 86_400 });
  const byDays = create();
  const told = Array.from(
    { length: 8 },
    (_, day) => byDays.advance({ untilS: (day + 1) * 86_400 }).told,
  ).flat();
  expect(whole.leftOut).toBeGreaterThan(0);
  expect(whole.told).toHaveLength(100_000);
  expect(whole.told).toStrictEqual(told.slice(0, 100_000));
  expect(whole.leftOut).toBe(told.length - 100_000);
});

test("J2: without power flow steps leave what commands alone leave", () => {
  const world = createEvenWorld({ powerFlowEnabled: false });
  const settings = [0, 100].map((stateOfChargePercent) => ({ ...defaultSettings, stateOfChargePercent }));
  const stepper = new Stepper(createCommunityOf(settings, world), world, 0, 10);
  const twin = createCommunityOf(settings, world);
  for (const [index, converterMode] of (["gridAutonomy", "charging"] as const).entries()) {
    const events = stepper.advance({ untilS: (index + 1) * 50_000 });
    expect(events.told.map(({ kind }) => kind)).toEqual(index === 0 ? [] : ["busUp", "dayEnd"]);
    look(stepper);
    stepper.act([{ unitNumber: index + 1, change: { converterMode } }]);
    const moment = { timeS: stepper.timeS, accelerationFactor: 10, world };
    changeUnit(twin, twin.units[index] as UnitState, { converterMode }, moment);
  }
  stepper.advance({ untilS: 200_000 });
  advanceCommunity(twin, 200_000, world);
  expect(stepper.state).toStrictEqual(twin);
});
