import { randomLcg } from "d3-random";
import { beginWith, changeUnit, type UnitChange } from "../../src/simulation/commands.ts";
import { createCommunity, readUnitAt } from "../../src/simulation/community.ts";
import { type HomeLimits, neutralLimits } from "../../src/simulation/home-limits.ts";
import { createLedger, type Ledger } from "../../src/simulation/ledger.ts";
import { createOutages, type Outage } from "../../src/simulation/outages.ts";
import type { Parameters } from "../../src/simulation/parameters.ts";
import { passTrips } from "../../src/simulation/protection.ts";
import type { UnitReading } from "../../src/simulation/reading.ts";
import type { Series } from "../../src/simulation/series.ts";
import { type ConverterMode, createUnit, type UnitState } from "../../src/simulation/unit.ts";
import type { World } from "../../src/simulation/world.ts";
import { followReference, type ReferenceHome, type ReferenceState } from "./reference-home.ts";
import { defaultParameters, defaultSettings } from "./worlds.ts";

/* A home with limits, what it meets and what its converter is told, carried on by the model and by the slow reference. */

/** Where the data of a home end [s]. */
export const dataEndS = 2 * 86_400;
/** Not where the data end, of which nothing is told. */
export const untilS = dataEndS - 613;
export const inputStepS = 1800;

/** A home with everything on, what its converter is told and when, all from a seed. */
export function createCase(seed: number): Case {
  const random = randomLcg(seed / 10_007);
  const pick = <T>(...some: T[]): T => some[Math.floor(random() * some.length)] as T;
  const between = (least: number, most: number) => least + random() * (most - least);
  const batteryFloorPercent = pick(0, 10, between(0, 30));
  const batteryCeilingPercent = pick(100, 90, between(70, 100));
  const limits: HomeLimits = {
    ...neutralLimits,
    batteryFloorPercent,
    batteryCeilingPercent,
    chargeLimitW: pick(Infinity, between(100, 3000)),
    dischargeLimitW: pick(Infinity, between(100, 3000)),
    chargeEfficiency: pick(1, between(0.8, 1)),
    dischargeEfficiency: pick(1, between(0.8, 1)),
    selfDischargeW: pick(0, between(0, 60)),
    pvControllerLimitW: pick(Infinity, between(500, 4000)),
    upsLimitW: pick(Infinity, between(200, 1500)),
    converterLossRatio: pick(0, between(0, 0.1)),
    converterLossPerSquareW: pick(0, between(0, 3e-5)),
    converterVoltageLossFactor: pick(0, between(0, 2)),
    acImportLimitW: pick(Infinity, between(60, 2000)),
    acExportLimitW: pick(0, Infinity, between(100, 2000)),
    exportEfficiency: pick(1, between(0.85, 1)),
    restartPercent: pick(null, batteryFloorPercent + between(1, 30)),
  };
  const outages: Outage[] = [];
  for (let count = pick(0, 1, 3); count > 0; count--) {
    const startS = Math.floor(between(0, untilS));
    outages.push({ startS, endS: startS + Math.floor(between(600, 30_000)) });
  }
  const parameters = {
    ...defaultParameters,
    bypassBelowPercent: pick(30, between(5, 40)),
    batteryAbovePercent: pick(35, between(40, 60)),
  };
  const points = dataEndS / inputStepS + 1;
  const daily = (i: number) => Math.max(0, -Math.cos((2 * Math.PI * i) / 48));
  const sunW = between(500, 6000);
  const loadW = between(200, 2500);
  const pattern = pick(daily, () => 1);
  const solar = Float64Array.from({ length: points }, (_, i) => pattern(i) * random() * sunW);
  const demand = Float64Array.from({ length: points }, () => pick(0.2, 1, random()) * loadW);
  const areMeans = () => pick(false, false, true);
  const commands: Case["commands"][number][] = [];
  const voltageV = pick(350, 320);
  for (let timeS = 0; timeS < untilS; timeS += Math.floor(between(3000, 40_000)))
    commands.push({
      timeS,
      mode: pick("waiting", "charging", "discharging"),
      currentA: between(0.1, 6),
    });
  const prices = () => Array.from({ length: 168 }, () => pick(0.1, 0.2, 0.2, 0.3));
  return {
    limits,
    outages,
    parameters,
    solar: { stepS: inputStepS, values: solar, isMeans: areMeans() },
    demand: { stepS: inputStepS, values: demand, isMeans: areMeans() },
    commands,
    voltageV,
    importPrices: prices(),
    exportPrices: prices(),
    batteryCapacityWh: between(1000, 9000),
    stateOfChargePercent: pick(50, between(0, 100)),
  };
}

export interface Case {
  readonly limits: HomeLimits;
  readonly outages: readonly Outage[];
  readonly parameters: Parameters;
  readonly solar: Series;
  readonly demand: Series;
  readonly commands: readonly {
    readonly timeS: number;
    readonly mode: ConverterMode;
    readonly currentA: number;
    readonly byHand?: Pick<UnitChange, "solarPowerW" | "demandPowerW">;
  }[];
  readonly voltageV: number;
  /** When the current begins: a bus that was dead is raised from second 0 on, at once where this is 0. */
  readonly rampEndS?: 0 | 120;
  readonly importPrices: readonly number[];
  readonly exportPrices: readonly number[];
  readonly batteryCapacityWh: number;
  readonly stateOfChargePercent: number;
  /** Whether its converter is protected. */
  readonly isProtected?: true;
  /** How far it is followed [s]; `untilS` where it is not given. */
  readonly untilS?: number;
}

export function createWorld(some: Case): World {
  const { parameters, solar, demand, batteryCapacityWh, limits, importPrices, exportPrices } = some;
  const plain = { demand, solarFactor: 1, batteryCapacityWh: 1e6 };
  const outages = createOutages(some.outages);
  const home = { demand, solarFactor: 1, batteryCapacityWh, limits, outages };
  return {
    parameters,
    solar,
    solarInputStepS: inputStepS,
    homeOf: (number) => (number === 1 ? home : plain),
    dataLengthS: dataEndS,
    atEndOfData: "stop",
    powerFlowEnabled: true,
    protectsConverters: some.isProtected === true,
    tariff: { importPrices, exportPrices },
  };
}

/** The home as unit 1, to which unit 2, of no limits, gives and from which it takes what its converter asks for. */
export function runExactly(
  some: Case,
  onReading?: (reading: UnitReading) => void,
  readAtS: readonly number[] = [],
  alter = (world: World): World => world,
) {
  const world = alter(createWorld(some));
  const community = createCommunity();
  const ramps = some.rampEndS === 120;
  const moment = { timeS: 0, accelerationFactor: ramps ? 1 : 200, world };
  const first = { ...defaultSettings, stateOfChargePercent: some.stateOfChargePercent };
  const holds = { converterMode: "gridAutonomy" as const, targetBusVoltageV: some.voltageV };
  const second = { ...defaultSettings, ...(!ramps && holds) };
  beginWith(community, [createUnit(1, 0, first), createUnit(2, 0, second)], moment);
  if (ramps) changeUnit(community, community.units[1] as UnitState, holds, moment);
  const unit = community.units[0] as UnitState;
  let segments = 0;
  const observer = {
    onAdvanced(passed: number) {
      segments += passed;
    },
  };
  const tripsS: number[] = [];
  const passTo = (timeS: number) => {
    if (some.isProtected) passTrips(community, timeS, world, (event) => tripsS.push(event.timeS), observer);
  };
  const moments = [...readAtS].sort((a, b) => a - b);
  const readUntil = (timeS: number) => {
    for (; (moments[0] ?? Infinity) < timeS; moments.shift())
      onReading?.(readUnitAt(community, unit, moments[0] as number, world));
  };
  for (const { timeS, mode, currentA, byHand } of some.commands) {
    readUntil(timeS);
    passTo(timeS);
    const change = { converterMode: mode, dcGridCurrentLimitA: currentA, ...byHand };
    changeUnit(community, unit, change, { ...moment, timeS, observer });
  }
  const endS = some.untilS ?? untilS;
  readUntil(endS);
  passTo(endS);
  const reading = readUnitAt(community, unit, endS, world, observer);
  return { community, reading, segments, tripsS };
}

export function runReference(
  some: Case,
  referenceStepS: number,
  onStep: ReferenceHome["onStep"] = undefined,
) {
  const { limits, parameters, outages, commands, voltageV, rampEndS = 0 } = some;
  const lineOf = ({ values, isMeans }: Series, name: "solarPowerW" | "demandPowerW") => {
    const pointAt = (index: number) => values[Math.min(index, values.length - 1)] as number;
    // What was set by hand holds until the next point, what is set last first.
    const held = commands.toReversed().flatMap(({ timeS, byHand }) => {
      const valueW = byHand?.[name];
      const untilS = (Math.floor(timeS / inputStepS) + 1) * inputStepS;
      return valueW === undefined ? [] : [{ fromS: timeS, untilS, valueW }];
    });
    return (timeS: number) => {
      const index = Math.floor(timeS / inputStepS);
      const value = pointAt(index);
      for (const { fromS, untilS, valueW } of held) if (fromS <= timeS && timeS < untilS) return valueW;
      return isMeans === true ? value : value + (pointAt(index + 1) - value) * (timeS / inputStepS - index);
    };
  };
  let command = 0;
  let isTripped = false;
  const tripsS: number[] = [];
  const home: ReferenceHome = {
    limits,
    parameters,
    outages,
    capacityWh: some.batteryCapacityWh,
    importPrices: some.importPrices,
    exportPrices: some.exportPrices,
    sunW: lineOf(some.solar, "solarPowerW"),
    demandW: lineOf(some.demand, "demandPowerW"),
    commandsAtS: [rampEndS, ...commands.map(({ timeS }) => timeS)],
    converterAt(timeS) {
      for (; (commands[command + 1]?.timeS ?? Infinity) <= timeS; command++) isTripped = false;
      if (isTripped) return { mode: "waiting", currentA: 0, voltageV: 0 };
      const { mode, currentA } = commands[command] as Case["commands"][number];
      const sign = timeS < rampEndS || mode === "waiting" ? 0 : mode === "charging" ? 1 : -1;
      return { mode, currentA: sign * currentA, voltageV: sign === 0 ? 0 : voltageV };
    },
    onStep(powers, state) {
      onStep?.(powers, state);
      const { w, lack, wastedImport } = powers;
      if (!some.isProtected || !((w < 0 && lack > 0) || (w > 0 && wastedImport > 0))) return;
      isTripped = true;
      tripsS.push(powers.timeS);
    },
  };
  const charge = some.stateOfChargePercent;
  const isOut = outages.some(({ startS }) => startS === 0);
  // As a unit begins: settled by its charge, and not switched again for 10 s.
  const state: ReferenceState = {
    charge,
    bypasses: !isOut && charge <= Math.max(parameters.bypassBelowPercent, limits.batteryFloorPercent),
    upsSwitchedS: 0,
    acCharging: !isOut && charge <= parameters.acChargingBelowPercent,
    acChargingSwitchedS: 0,
    wasOut: false,
    isDark: false,
    wasOff: false,
    accounts: createLedger(),
  };
  followReference(home, state, 0, some.untilS ?? untilS, referenceStepS);
  return { charge: state.charge, ledger: state.accounts, tripsS };
}

/** How far both are apart: energies in points of the capacity too, and times in those that 1 kW moves in them. */
function compare({ batteryCapacityWh }: Case, exact: UnitReading, slow: ReturnType<typeof runReference>) {
  const apart: Record<string, number> = { charge: Math.abs(exact.stateOfChargePercent - slow.charge) };
  for (const name of Object.keys(slow.ledger) as (keyof Ledger)[]) {
    const difference = Math.abs(exact.ledger[name] - slow.ledger[name]);
    if (name.endsWith("Wh")) apart[name] = (difference / batteryCapacityWh) * 100;
    else apart[name] = name === "unservedS" ? ((difference / 3.6) * 100) / batteryCapacityWh : difference;
  }
  return apart;
}

/** Most points by which both may differ. */
const tolerance = 0.005;

/** What of `exact` the reference does not come to, refined from `firstStepS` on until it does. */
export function findDifferences(
  some: Case,
  exact: UnitReading,
  firstStepS: number,
  leastStepS = 1 / 1024,
): [string, number][] {
  for (let stepS = firstStepS; ; stepS /= 4) {
    const all = Object.entries(compare(some, exact, runReference(some, stepS)));
    const apart = all.filter(([, value]) => value > tolerance);
    if (apart.length === 0 || stepS <= leastStepS) return apart;
  }
}
