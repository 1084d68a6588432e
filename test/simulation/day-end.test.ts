import fc from "fast-check";
import { expect, test } from "vitest";
import { addLedger, createLedger, type Ledger } from "../../src/simulation/ledger.ts";
import type { UnitState } from "../../src/simulation/unit.ts";
import {
  check,
  createEvenWorld,
  defaultSettings,
  endOfRunS,
  readMoments,
  runScenario,
  scenarios,
} from "../support/worlds.ts";

const onlyChanges = scenarios.map((scenario) => {
  return { ...scenario, commands: scenario.commands.filter(({ kind }) => kind === "change") };
});

test("S16: each day of each unit ends once, and the days' ledgers sum to the whole", () => {
  check(
    fc.property(onlyChanges, readMoments, (scenario, readAtS) => {
      const days = new Map<number, { days: number[]; sum: Ledger }>();
      const onDayEnd = ({ number, timeS, today }: Readonly<UnitState>) => {
        const known = days.get(number) ?? { days: [], sum: createLedger() };
        days.set(number, known);
        known.days.push(timeS / 86_400 - 1);
        addLedger(known.sum, today);
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
  const onDayEnd = ({ number, timeS, today }: Readonly<UnitState>) =>
    demands.push([number, timeS / 86_400 - 1, Math.round(today.demandWh)]);
  runScenario({ plan, settings: [defaultSettings], commands: [command] }, { observer: { onDayEnd } });
  expect(demands.sort()).toEqual([
    [1, 0, 9600],
    [1, 1, 9600],
    [2, 0, 2400],
    [2, 1, 9600],
  ]);
});
