import fc from "fast-check";
import { expect, test } from "vitest";
import { changeUnit } from "../../src/simulation/commands.ts";
import { advanceCommunity, readUnitAt } from "../../src/simulation/community.ts";
import { addLedger, createLedger, type Ledger } from "../../src/simulation/ledger.ts";
import type { Observer } from "../../src/simulation/observer.ts";
import type { PowerReading } from "../../src/simulation/reading.ts";
import type { UnitState } from "../../src/simulation/unit.ts";
import {
  check,
  createCommunityOf,
  createEvenWorld,
  createPlannedWorld,
  defaultSettings,
  endOfRunS,
  readMoments,
  runScenario,
  type Scenario,
  scenarios,
  spread,
} from "../support/worlds.ts";

const onlyChanges = scenarios.map((scenario) => {
  return { ...scenario, commands: scenario.commands.filter(({ kind }) => kind === "change") };
});

const intervals = fc.oneof(fc.constantFrom(450, 1800, 3600, 86_400), spread(500, 20_000));

function runSampled(scenario: Scenario, sampleIntervalS: number, readAtS: readonly number[]) {
  const samples: PowerReading[] = [];
  const observer: Observer = { sampleIntervalS, onSample: (reading) => samples.push(reading) };
  runScenario(scenario, { observer, readAtS });
  return samples;
}

test("S16: samples fall on every multiple of the interval, once for each unit, commands or not", () => {
  check(
    fc.property(onlyChanges, intervals, readMoments, (scenario, intervalS, readAtS) => {
      const samples = runSampled(scenario, intervalS, readAtS);
      const lastMidnightS = Math.floor(endOfRunS(scenario.plan) / 86_400) * 86_400;
      for (const number of scenario.settings.keys()) {
        const times = samples.filter((one) => one.number === number + 1).map(({ timeS }) => timeS);
        expect(times).toEqual(times.map((_, k) => k * intervalS));
        expect(times.length).toBeGreaterThanOrEqual(lastMidnightS / intervalS);
      }
    }),
    50,
  );
});

test("S16: reads in between change no sample", () => {
  check(
    fc.property(onlyChanges, intervals, readMoments, (scenario, intervalS, readAtS) => {
      const order = (samples: PowerReading[]) => samples.toSorted((a, b) => a.number - b.number);
      const sampled = order(runSampled(scenario, intervalS, readAtS));
      expect(sampled).toStrictEqual(order(runSampled(scenario, intervalS, [])));
    }),
    30,
  );
});

test("S16: a sample says what a read at its moment says", () => {
  check(
    fc.property(scenarios, intervals, (scenario, intervalS) => {
      const plain = { ...scenario, commands: [] };
      const world = createPlannedWorld(plain.plan);
      const community = createCommunityOf(plain.settings, world);
      const samples = runSampled(plain, intervalS, []);
      for (const sample of samples.slice(0, 200)) {
        const unit = community.units[sample.number - 1] as UnitState;
        expect(readUnitAt(community, unit, sample.timeS, world)).toMatchObject(sample);
      }
    }),
    25,
  );
});

test("S16: a command between two input points loses no sample and doubles none", () => {
  const world = createEvenWorld({ days: 1 });
  const community = createCommunityOf([defaultSettings], world);
  const times: number[] = [];
  const observer: Observer = { sampleIntervalS: 600, onSample: ({ timeS }) => times.push(timeS) };
  const unit = community.units[0] as UnitState;
  for (const timeS of [1000, 1200]) {
    changeUnit(community, unit, { droopPercent: 1 }, { timeS, accelerationFactor: 1, world, observer });
  }
  advanceCommunity(community, 86_400, world, observer);
  expect(times).toEqual(Array.from({ length: 144 }, (_, k) => k * 600));
});

test("S16: a sample at the moment of a command shows what the command has changed", () => {
  const world = createEvenWorld({ days: 1 });
  const community = createCommunityOf([defaultSettings], world);
  const charges: number[] = [];
  const onSample = (reading: PowerReading) => charges.push(reading.stateOfChargePercent);
  const observer: Observer = { sampleIntervalS: 1800, onSample };
  const unit = community.units[0] as UnitState;
  const moment = { timeS: 1800, accelerationFactor: 1, world, observer };
  changeUnit(community, unit, { stateOfChargePercent: 50 }, moment);
  advanceCommunity(community, 86_400, world, observer);
  expect(charges.slice(0, 2)).toEqual([80, 50]);
});

test("S16: each day of each unit ends once, and the days' ledgers sum to the whole", () => {
  check(
    fc.property(onlyChanges, readMoments, (scenario, readAtS) => {
      const days = new Map<number, { days: number[]; sum: Ledger }>();
      const onDayEnd = (unit: Readonly<UnitState>, day: number, ledger: Readonly<Ledger>) => {
        const known = days.get(unit.number) ?? { days: [], sum: createLedger() };
        days.set(unit.number, known);
        known.days.push(day);
        addLedger(known.sum, ledger);
      };
      const { units } = runScenario(scenario, { observer: { onDayEnd }, readAtS });
      const lastDay = Math.floor(endOfRunS(scenario.plan) / 86_400);
      for (const unit of units) {
        expect(days.get(unit.number)?.days).toEqual(Array.from({ length: lastDay }, (_, day) => day));
        expect(unit.finishedDays).toStrictEqual(days.get(unit.number)?.sum);
      }
    }),
    50,
  );
});

test("S16: a unit that begins within a day ends that day with what it has done of it", () => {
  const command = { kind: "add" as const, settings: defaultSettings, timeS: 64_800, accelerationFactor: 1 };
  const even = { shape: "even" as const, highest: 400, seed: 0, fractional: true };
  const plan = {
    parameters: createEvenWorld().parameters,
    solar: { ...even, days: 2 },
    homes: [{ demand: even, solarFactor: 0, batteryCapacityWh: 4800 }],
    demandStepS: 1800,
    demandDays: 2,
    atEndOfData: "stop" as const,
    powerFlowEnabled: true,
  };
  const demands: number[][] = [];
  const onDayEnd: Observer["onDayEnd"] = (unit, day, { demandWh }) =>
    demands.push([unit.number, day, Math.round(demandWh)]);
  runScenario({ plan, settings: [defaultSettings], commands: [command] }, { observer: { onDayEnd } });
  expect(demands.sort()).toEqual([
    [1, 0, 9600],
    [1, 1, 9600],
    [2, 0, 2400],
    [2, 1, 9600],
  ]);
});
