import { randomLcg } from "d3-random";
import { expect, test } from "vitest";
import { changeUnit } from "../../src/simulation/commands.ts";
import { readUnitAt } from "../../src/simulation/community.ts";
import { type HomeLimits, neutralLimits } from "../../src/simulation/home-limits.ts";
import { createLedger } from "../../src/simulation/ledger.ts";
import { createOutages, type Outage } from "../../src/simulation/outages.ts";
import { passTrips } from "../../src/simulation/protection.ts";
import type { Series } from "../../src/simulation/series.ts";
import type { ConverterMode, UnitState } from "../../src/simulation/unit.ts";
import { secondsPerDay, type World } from "../../src/simulation/world.ts";
import { countOf } from "../support/counts.ts";
import {
  followCommunity,
  type ReferenceCommand,
  type ReferenceUnit,
} from "../support/reference-community.ts";
import { createCommunityOf, defaultParameters, defaultSettings } from "../support/worlds.ts";

const inputStepS = 1800;
const untilS = secondsPerDay - 613;

interface Case {
  readonly homes: readonly {
    readonly limits: HomeLimits;
    readonly outages: readonly Outage[];
    readonly sun: Series;
    readonly demand: Series;
    readonly capacityWh: number;
    readonly charge: number;
  }[];
  readonly commands: readonly ReferenceCommand[];
  readonly isProtected: boolean;
  readonly hasDroop: boolean;
  readonly hasLimits: boolean;
  readonly accelerationFactor: number;
}

/** Two to six homes of a day, and what their converters are told, all from a seed. */
function createCase(seed: number): Case {
  const random = randomLcg(seed / 10_007);
  const pick = <T>(...some: T[]): T => some[Math.floor(random() * some.length)] as T;
  const between = (least: number, most: number) => least + random() * (most - least);
  const [hasDroop, isProtected, hasLimits] = [random() < 0.4, random() < 0.75, random() < 0.7];
  const series = (valueAt: (i: number) => number): Series => {
    const values = Float64Array.from({ length: secondsPerDay / inputStepS + 1 }, (_, i) => valueAt(i));
    return { stepS: inputStepS, values };
  };
  const homes = Array.from({ length: pick(2, 3, 4, 5, 6) }, () => {
    const some = (none: number, least: number, most: number, share = 0.4) =>
      hasLimits && random() < share ? between(least, most) : none;
    const [floor, ceiling] = [some(0, 0, 30), some(100, 70, 100)];
    const startS = Math.floor(between(0, secondsPerDay));
    const [sunW, loadW] = [between(200, 4000), between(100, 1500)];
    return {
      limits: {
        ...neutralLimits,
        batteryFloorPercent: floor,
        batteryCeilingPercent: ceiling,
        chargeLimitW: some(Infinity, 100, 2000),
        dischargeLimitW: some(Infinity, 100, 2000),
        chargeEfficiency: some(1, 0.8, 1),
        dischargeEfficiency: some(1, 0.8, 1),
        selfDischargeW: some(0, 0, 40),
        pvControllerLimitW: some(Infinity, 300, 3000),
        upsLimitW: some(Infinity, 200, 1200),
        converterLossRatio: some(0, 0, 0.1),
        converterLossPerSquareW: some(0, 0, 3e-5),
        converterVoltageLossFactor: some(0, 0, 2),
        converterCurrentLimitA: hasDroop ? some(Infinity, 2, 8, 1) : some(Infinity, 1, 8),
        gridOvervoltageV: some(Infinity, 352, 375, 0.2),
        gridUndervoltageV: some(0, 325, 352, 0.2),
        batteryOvercurrentA: some(Infinity, 10, 40, 0.2),
        batteryOvervoltageV: some(Infinity, 46, 60, 0.05),
        batteryUndervoltageV: some(0, 36, 49, 0.05),
        acImportLimitW: some(Infinity, 100, 2000),
        acExportLimitW: some(0, 100, 2000, 0.2),
        exportEfficiency: some(1, 0.85, 1),
        restartPercent: pick(null, floor + between(6, 25)),
      },
      outages: hasLimits && random() < 0.4 ? [{ startS, endS: startS + Math.floor(between(600, 2e4)) }] : [],
      sun: series((i) => Math.max(0, -Math.cos((2 * Math.PI * i) / 48)) * random() * sunW),
      demand: series(() => random() * loadW),
      capacityWh: between(800, 6000),
      charge: pick(between(0, 100), between(floor, floor + 10), between(ceiling - 10, ceiling)),
    };
  });
  const commands: ReferenceCommand[] = [];
  let timeS = pick(0, Math.floor(between(0, 600)));
  const takeMode = (unit: number, converterMode: ConverterMode) =>
    commands.push({
      ...{ timeS, unit, converterMode, dcGridCurrentLimitA: between(0.1, 4) },
      targetBusVoltageV: pick(350, between(340, 365)),
      droopPercent: hasDroop ? pick(0, 1, 2, 5, 5) : 0,
    });
  const takeOther = (unit: number) =>
    commands.push({
      ...{ timeS, unit },
      ...pick<Partial<ReferenceCommand>>(
        { dcGridCurrentLimitA: between(0, 5) },
        { targetBusVoltageV: between(335, 370) },
        { stateOfChargePercent: pick(0, 100, between(0, 100)) },
        { droopPercent: hasDroop ? 3 : 0 },
      ),
    });
  const units = homes.map((_, i) => i + 1).sort(() => random() - 0.5);
  for (const [i, unit] of units.entries()) {
    takeMode(unit, i === 0 ? "gridAutonomy" : pick("gridAutonomy", "charging", "discharging", "waiting"));
    timeS += pick(0, Math.floor(between(0, 200)));
  }
  for (let count = pick(5, 10, 18); count > 0 && timeS < untilS; count--) {
    const unit = pick(...units);
    if (random() < 0.25) takeOther(unit);
    else takeMode(unit, pick("gridAutonomy", "charging", "discharging", "waiting"));
    timeS += pick(0, 0, Math.floor(between(1, 100)), Math.floor(between(100, 12_000)));
  }
  const accelerationFactor = pick(1, 1, 200);
  return { homes, commands, isProtected, hasDroop, hasLimits, accelerationFactor };
}

function runExactly(some: Case) {
  const { isProtected, hasDroop, hasLimits, accelerationFactor } = some;
  const homes = some.homes.map(({ sun, demand, capacityWh, limits, outages }) => ({
    ...{ demand, sun: { series: sun, inputStepS }, solarFactor: 1, batteryCapacityWh: capacityWh },
    ...(hasLimits && { limits, outages: createOutages(outages) }),
  }));
  const world: World = {
    parameters: defaultParameters,
    solar: (some.homes[0] as Case["homes"][number]).sun,
    solarInputStepS: inputStepS,
    homeOf: (number) => homes[number - 1] as (typeof homes)[number],
    dataLengthS: secondsPerDay,
    atEndOfData: "stop",
    powerFlowEnabled: true,
    protectsConverters: isProtected,
    busModel: hasDroop ? "droop" : "ideal",
  };
  const settings = some.homes.map(({ charge }) => ({ ...defaultSettings, stateOfChargePercent: charge }));
  const community = createCommunityOf(settings, world);
  const trips: { timeS: number; unit: number; cause: string }[] = [];
  const passTo = (toS: number) =>
    passTrips(community, toS, world, (event) => {
      for (const { unitNumber, cause } of event.trips)
        trips.push({ timeS: event.timeS, unit: unitNumber, cause });
    });
  for (const { timeS, unit, ...change } of some.commands) {
    passTo(timeS);
    const moment = { timeS, accelerationFactor, world };
    changeUnit(community, community.units[unit - 1] as UnitState, change, moment);
    passTo(timeS);
  }
  passTo(untilS);
  const charges = community.units.map(
    (unit) => readUnitAt(community, unit, untilS, world).stateOfChargePercent,
  );
  return { trips, charges, voltageV: community.bus.targetVoltageV };
}

function runReference(some: Case, stepS: number) {
  const lineOf =
    ({ values }: Series) =>
    (timeS: number) => {
      const i = Math.floor(timeS / inputStepS);
      const value = values[i] as number;
      return value + ((values[i + 1] as number) - value) * (timeS / inputStepS - i);
    };
  const units = some.homes.map(({ limits, outages, sun, demand, capacityWh, charge }): ReferenceUnit => {
    const flow: ReferenceUnit["flow"] = { mode: "waiting", currentA: 0, voltageV: 0 };
    const isOut = outages.some(({ startS }) => startS === 0);
    return {
      home: {
        ...{ limits, outages, capacityWh, parameters: defaultParameters, importPrices: [], exportPrices: [] },
        ...{ sunW: lineOf(sun), demandW: lineOf(demand), converterAt: () => flow },
        // Its lines bend there.
        commandsAtS: Array.from({ length: secondsPerDay / inputStepS }, (_, i) => i * inputStepS),
      },
      state: {
        ...{ charge, bypasses: false, upsSwitchedS: -Infinity, acCharging: false },
        ...{ acChargingSwitchedS: -Infinity, wasOut: isOut, isDark: false, wasOff: false },
        accounts: createLedger(),
      },
      ...{ flow, targetV: 350, droopPercent: 0, limitA: 2, currentA: 0 },
    };
  });
  return followCommunity(units, some.commands, { ...some, untilS, stepS });
}

/** What of both differs: who trips why, when by more than a second, or a charge by more than 0.005 points. */
function compare(exact: ReturnType<typeof runExactly>, slow: ReturnType<typeof runExactly>) {
  const differences: unknown[] = [];
  for (const i of Array(Math.max(exact.trips.length, slow.trips.length)).keys()) {
    const [a, b] = [exact.trips[i], slow.trips[i]];
    if (a?.unit !== b?.unit || a?.cause !== b?.cause || Math.abs((a?.timeS ?? 0) - (b?.timeS ?? 0)) > 1)
      differences.push([a, b]);
  }
  for (const [i, charge] of exact.charges.entries())
    if (Math.abs(charge - (slow.charges[i] as number)) > 0.005)
      differences.push([i, charge, slow.charges[i]]);
  if (Math.abs(exact.voltageV - slow.voltageV) > 1e-6) differences.push([exact.voltageV, slow.voltageV]);
  return differences;
}

test("S48: converters of random communities trip one another when, and for what, a slow reference says, which comes to their charges", () => {
  const causes = new Set<string>();
  for (let seed = 1; seed <= countOf(2000, 30); seed++) {
    const some = createCase(seed);
    const exact = runExactly(some);
    for (const { cause } of exact.trips) causes.add(cause);
    let differences: unknown[] = [];
    for (let stepS = 64; stepS >= 1 / 16; stepS /= 4) {
      differences = compare(exact, runReference(some, stepS));
      if (differences.length === 0) break;
    }
    expect(differences, `seed ${seed}`).toEqual([]);
  }
  expect(causes.size).toBeGreaterThan(5);
}, 3_600_000);
