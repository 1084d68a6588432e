import fc from "fast-check";
import { expect, test } from "vitest";
import { readUnitAt } from "../../src/simulation/community.ts";
import {
  addLedger,
  balanceResidualWh,
  clearLedger,
  createLedger,
  type Ledger,
  unexplainedWh,
} from "../../src/simulation/ledger.ts";
import type { UnitState } from "../../src/simulation/unit.ts";
import {
  check,
  createCommunityOf,
  createEvenWorld,
  createPlannedWorld,
  defaultSettings,
  householdPlans,
  realisticPlan,
  runScenario,
  type Scenario,
  scenarios,
  scenariosOf,
  withSun,
} from "../support/worlds.ts";

function wholeLedgerOf(unit: UnitState): Ledger {
  const whole = { ...unit.finishedDays };
  addLedger(whole, unit.today);
  return whole;
}

function throughputWh(ledger: Ledger): number {
  return Object.values(ledger).reduce((sum, value) => sum + Math.abs(value), 0);
}

/** Runs a scenario and sums up the accounts of each unit number: of all units that had it, day by day and departed. */
function runWithAccounts(scenario: Scenario) {
  const accounts: Ledger[] = [];
  const add = (number: number, ledger: Readonly<Ledger>) => {
    accounts[number - 1] ??= createLedger();
    addLedger(accounts[number - 1] as Ledger, ledger);
  };
  const community = runScenario(scenario, {
    observer: { onDayEnd: ({ number, today }) => add(number, today) },
    onDeparture: ({ number, ledger }) => add(number, ledger),
  });
  for (const { number, today } of community.units) add(number, today);
  return { community, accounts };
}

/** Of each unit number what its flows and its stored energy lack [Wh]; a number without a unit stores nothing. */
function residuals(scenario: Scenario) {
  const world = createPlannedWorld(scenario.plan);
  const { community, accounts } = runWithAccounts(scenario);
  return accounts.map((account, index) => {
    const { batteryCapacityWh } = world.homeOf(index + 1);
    const startPercent = scenario.settings[index]?.stateOfChargePercent ?? 0;
    const endPercent = community.units[index]?.stateOfChargePercent ?? 0;
    const storedChangeWh = ((endPercent - startPercent) * batteryCapacityWh) / 100;
    return {
      balance: Math.abs(balanceResidualWh(account)),
      charge: Math.abs(unexplainedWh(storedChangeWh, account)),
      scale: throughputWh(account) + batteryCapacityWh,
    };
  });
}

test("S3: energy is balanced to 1e-6 Wh at the powers of a household, whatever the commands", () => {
  const usual = scenariosOf(householdPlans).map((scenario) => {
    const commands = scenario.commands.filter(
      (command) =>
        command.kind !== "change" ||
        ((command.change.solarPowerW ?? 0) <= 2000 && (command.change.demandPowerW ?? 0) <= 2000),
    );
    return { ...scenario, commands };
  });
  check(
    fc.property(usual, (scenario) => {
      for (const { balance, charge } of residuals(scenario)) {
        expect(balance).toBeLessThan(1e-6);
        expect(charge).toBeLessThan(1e-6);
      }
    }),
    120,
  );
});

test("S3: energy is balanced at any powers and capacities, in relation to what flows", () => {
  check(
    fc.property(scenarios, (scenario) => {
      for (const { balance, charge, scale } of residuals(scenario)) {
        expect(balance).toBeLessThan(1e-6 + 1e-12 * scale);
        expect(charge).toBeLessThan(1e-6 + 1e-9 * scale);
      }
    }),
    80,
  );
});

test("S3: energy is balanced to 1e-6 Wh over a year", () => {
  const settings = [80, 50, 5].map((stateOfChargePercent) => ({ ...defaultSettings, stateOfChargePercent }));
  const commands = Array.from({ length: 300 }, (_, i) => ({
    kind: "change" as const,
    unitIndex: i % 3,
    change: {
      converterMode: (["gridAutonomy", "charging", "discharging", "waiting"] as const)[
        (i * 7) % 4
      ] as "waiting",
      ...(i % 20 === 0 && { stateOfChargePercent: (i * 13) % 101 }),
    },
    timeS: i * 100_003,
    accelerationFactor: 10,
  }));
  const scenario = { plan: realisticPlan(5), settings, commands };
  for (const { balance, charge } of residuals(scenario)) {
    expect(balance).toBeLessThan(1e-6);
    expect(charge).toBeLessThan(1e-6);
  }
  const flows = runScenario(scenario).units.map(wholeLedgerOf);
  expect(flows.some(({ fromDcGridWh, setByHandWh }) => fromDcGridWh > 1e4 && setByHandWh !== 0)).toBe(true);
  expect(flows.some(({ wastedWh }) => wastedWh > 1e4)).toBe(true);
});

test("S3: setting the charge by hand is no flow of energy", () => {
  const change = { stateOfChargePercent: 60 };
  const command = { kind: "change" as const, unitIndex: 0, change, timeS: 5000, accelerationFactor: 1 };
  const plan = realisticPlan(6, 1);
  const settings = [defaultSettings];
  const [untouched, set] = [[], [command]].map((commands) => runScenario({ plan, settings, commands }));
  const [before, after] = [untouched, set].map((community) =>
    wholeLedgerOf(community?.units[0] as UnitState),
  );
  expect(before?.setByHandWh).toBe(0);
  expect(after?.setByHandWh).toBeLessThan(0);
  expect(after?.demandWh).toBeCloseTo(before?.demandWh as number, 9);
  expect(after?.solarWh).toBeCloseTo(before?.solarWh as number, 9);
});

test("S3: no account but those of the battery's change and the hand ever goes down", () => {
  const isSigned = (key: string) => key === "batteryChangeWh" || key === "setByHandWh";
  check(
    fc.property(scenarios, (scenario) => {
      for (const unit of runScenario(scenario).units) {
        const whole = wholeLedgerOf(unit);
        const floor = -1e-9 * (1 + throughputWh(whole));
        const negative = Object.entries(whole).filter(([key, value]) => !isSigned(key) && value < floor);
        expect(negative).toEqual([]);
      }
    }),
    50,
  );
});

test("S16: ledgers add up and are cleared account by account", () => {
  const sum = createLedger();
  for (const share of [1, 2, 3]) {
    addLedger(
      sum,
      Object.fromEntries(Object.keys(sum).map((key, i) => [key, share * i])) as unknown as Ledger,
    );
  }
  expect(Object.values(sum)).toEqual(Object.keys(sum).map((_, i) => 6 * i));
  clearLedger(sum);
  expect(sum).toStrictEqual(createLedger());
});

test("S18: what goes into the battery is the area of its power above zero", () => {
  // The sun falls from 800 W to 0 in an hour and 407 W … are used: the battery charges for 0.49125 h.
  const world = withSun(createEvenWorld({ days: 1 }), [800]);
  const community = createCommunityOf([{ ...defaultSettings, stateOfChargePercent: 50 }], world);
  const { ledger } = readUnitAt(community, community.units[0] as UnitState, 3600, world);
  const surplusW = 800 - 400 - 207;
  expect(ledger.batteryChargedWh).toBeCloseTo((surplusW * surplusW) / (2 * 800), 9);
  expect(ledger.batteryChangeWh).toBeCloseTo(surplusW - 400, 9);
});

test("S18: what goes in is never less than the change, nor less than nothing", () => {
  check(
    fc.property(scenariosOf(householdPlans), (scenario) => {
      for (const unit of runScenario(scenario).units) {
        const { batteryChargedWh, batteryChangeWh } = wholeLedgerOf(unit);
        expect(batteryChargedWh).toBeGreaterThanOrEqual(Math.max(0, batteryChangeWh) - 1e-6);
      }
    }),
    60,
  );
});
