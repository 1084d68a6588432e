import { roundToHundredths } from "../../notation/rounding.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import type { Ledger } from "../../simulation/ledger.ts";
import type { World } from "../../simulation/world.ts";
import type { RecordStorage } from "./record-storage.ts";
import { type ReplayedReading, replayUnit } from "./replay.ts";

/** The stretch of simulated time that a history covers: moments `fromS`, `fromS + resolutionS`, … `toS`. */
export interface Span {
  readonly fromS: number;
  readonly toS: number;
  readonly resolutionS: number;
}

/** Most moments of one history, and most moments times units. */
const maximumMoments = 2000;
const maximumReadings = 200_000;
/** Resolutions that are chosen from [s]: 1 min to 1 day. */
const niceResolutions = [60, 300, 600, 1800, 3600, 10_800, 21_600, 86_400] as const;

/**
 * The span from `fromS` to `toS` on whole multiples of a resolution: the one asked for or the finest that
 * gives 300 moments, but never finer than what is read in reasonable time, and never before `earliestS`.
 */
export function chooseSpan(
  fromS: number,
  toS: number,
  askedS: number | null,
  units: number,
  earliestS = 0,
): Span {
  const lengthS = Math.max(0, toS - Math.max(fromS, earliestS));
  const finestS = lengthS / Math.min(maximumMoments, Math.max(2, Math.floor(maximumReadings / units)));
  const wantedS = Math.max(finestS, askedS ?? lengthS / 300);
  const resolutionS = niceResolutions.find((nice) => nice >= wantedS) ?? Math.ceil(wantedS / 86_400) * 86_400;
  const firstMoment = Math.max(Math.floor(fromS / resolutionS), Math.ceil(earliestS / resolutionS));
  return { fromS: firstMoment * resolutionS, toS, resolutionS };
}

/** Powers are means over the time since the moment before [W]; null where the unit was not there. */
const powers = {
  solarW: (of: Ledger) => of.solarWh - of.curtailedSolarWh,
  demandW: (of: Ledger) => of.demandWh,
  acIntakeW: (of: Ledger) => of.acIntakeWh,
  gridW: (of: Ledger) => of.fromGridWh - of.toGridWh,
  exchangeW: (of: Ledger) => of.fromGridWh,
  batteryW: (of: Ledger) => of.batteryChangeWh,
  wastedW: (of: Ledger) => of.wastedWh,
} as const;

type PowerName = keyof typeof powers;
const powerNames = Object.keys(powers) as PowerName[];
type Column = (number | null)[];

export type UnitHistory = Span & { readonly timeS: number[]; readonly rsoc: Column } & Record<
    PowerName,
    Column
  >;

export type CommunityHistory = Span & {
  readonly timeS: number[];
  /** Over the units: the 5th percentile, the median and the 95th percentile of the charge [%]. */
  readonly rsoc: { p5: Column; median: Column; p95: Column };
} & Record<PowerName, Column>;

export interface ChargeMap extends Span {
  readonly timeS: number[];
  readonly units: string[];
  /** Charge [%] by moment, then by unit. */
  readonly rsoc: Column[];
}

/** Charge and mean powers of one unit over `span`. */
export function readUnitHistory(
  storage: RecordStorage,
  world: World,
  unitNumber: number,
  span: Span,
): UnitHistory {
  const timeS = listMoments(span);
  const history = { ...span, timeS, rsoc: [] as Column, ...emptyPowers() };
  const replay = replayUnit(storage, world, unitNumber, span.fromS, span.toS);
  let before: ReplayedReading | null = null;
  for (const moment of timeS) {
    const now = replay.readAt(moment);
    history.rsoc.push(now === null ? null : roundToHundredths(now.reading.stateOfChargePercent));
    for (const name of powerNames) history[name].push(meanPower(powers[name], before, now));
    before = now;
  }
  return history;
}

/** Charges as percentiles over the units, and the units' mean powers summed. */
export function readCommunityHistory(storage: RecordStorage, world: World, span: Span): CommunityHistory {
  const units = readAllUnits(storage, world, span);
  const timeS = listMoments(span);
  const history = {
    ...span,
    timeS,
    rsoc: { p5: [], median: [], p95: [] } as CommunityHistory["rsoc"],
    ...emptyPowers(),
  };
  timeS.forEach((_, i) => {
    const charges = units.map((unit) => unit.rsoc[i] ?? null).filter((charge) => charge !== null);
    charges.sort((a, b) => a - b);
    history.rsoc.p5.push(quantile(charges, 0.05));
    history.rsoc.median.push(quantile(charges, 0.5));
    history.rsoc.p95.push(quantile(charges, 0.95));
    for (const name of powerNames) history[name].push(sum(units.map((unit) => unit[name][i] ?? null)));
  });
  return history;
}

/** The charge of every unit over `span`. */
export function readChargeMap(storage: RecordStorage, world: World, span: Span): ChargeMap {
  const units = readAllUnits(storage, world, span);
  const timeS = listMoments(span);
  return {
    ...span,
    timeS,
    units: units.map((_, index) => formatUnitId(index + 1)),
    rsoc: timeS.map((_, i) => units.map((unit) => unit.rsoc[i] ?? null)),
  };
}

function readAllUnits(storage: RecordStorage, world: World, span: Span): UnitHistory[] {
  return Array.from({ length: storage.highestUnitNumber() }, (_, index) =>
    readUnitHistory(storage, world, index + 1, span),
  );
}

function listMoments({ fromS, toS, resolutionS }: Span): number[] {
  const moments: number[] = [];
  for (let k = 0; fromS + k * resolutionS <= toS; k++) moments.push(fromS + k * resolutionS);
  return moments;
}

function emptyPowers(): Record<PowerName, Column> {
  return Object.fromEntries(powerNames.map((name) => [name, []])) as unknown as Record<PowerName, Column>;
}

function meanPower(
  energyOf: (ledger: Ledger) => number,
  before: ReplayedReading | null,
  now: ReplayedReading | null,
): number | null {
  if (before === null || now === null) return null;
  const hours = (now.reading.timeS - before.reading.timeS) / 3600;
  return roundToHundredths((energyOf(now.energies) - energyOf(before.energies)) / hours);
}

function sum(column: readonly (number | null)[]): number | null {
  const present = column.filter((value) => value !== null);
  return present.length === 0 ? null : roundToHundredths(present.reduce((total, value) => total + value, 0));
}

function quantile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null;
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] as number;
  return roundToHundredths(below + ((sorted[Math.ceil(at)] as number) - below) * (at % 1));
}
