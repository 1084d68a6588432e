import * as v from "valibot";
import type { Config } from "../../input/config/entries.ts";
import { limitsOf } from "../../input/homes/complete-home.ts";
import type { InParts } from "../../notation/in-parts.ts";
import { roundToMillionths } from "../../notation/rounding.ts";
import { describe, number, text } from "../../notation/rows.ts";
import { formatDateTime } from "../../notation/simulated-time.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import { type ChargeBin, ChargeBins } from "../../simulation/charge-bins.ts";
import { type Ledger, pvWh } from "../../simulation/ledger.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import { listChapterEnds, type OpenChapter } from "./chapter.ts";
import type { RecordStorage } from "./record-storage.ts";
import { replayUnit } from "./replay.ts";

/**
 * The past in bins of simulated time. A bin tells what was in it, not what was read at some moment of it: the least,
 * mean and greatest charge, exact from the quadratics between events, and powers that are its energies divided by its
 * length, so that they add up to what the ledger counts whatever the bins. All columns are as long as there are bins;
 * null is a bin of which nothing is known.
 */

/** The stretch of simulated time that a history covers, in bins that begin at whole multiples of `resolutionS`. */
interface Span {
  readonly fromS: number;
  /** The end of the last bin, which is shorter where the present lies in it. */
  readonly toS: number;
  readonly resolutionS: number;
}

interface SpanRequest {
  readonly fromS: number;
  readonly toS: number;
  /** Length of a bin [s], or null for one that gives up to 400 bins. */
  readonly resolutionS: number | null;
  /** How many units are read. */
  readonly units: number;
  /** Nothing is known before it. */
  readonly earliestS: number;
  readonly nowS: number;
}

/** Most bins of one history, and most bins times units. */
const maximumBins = 2000;
const maximumUnitBins = 200_000;
const defaultBins = 400;
/** Lengths of bins that are chosen from [s]: 1 min to 1 day, then whole days. */
const niceResolutions = [60, 300, 600, 1800, 3600, 10_800, 21_600, secondsPerDay] as const;

/**
 * The bins that hold what is asked for. They are as long as asked for, in whole seconds, but longer where there would
 * be too many.
 */
export function chooseSpan(request: SpanRequest): Span {
  const { resolutionS, units } = request;
  const mostBins = Math.min(maximumBins, Math.max(2, Math.floor(maximumUnitBins / units)));
  if (resolutionS !== null) {
    const asked = placeSpan(request, Math.ceil(resolutionS));
    if (countBins(asked) <= mostBins) return asked;
  }
  const wantedBins = resolutionS === null ? Math.min(mostBins, defaultBins) : mostBins;
  for (const nice of niceResolutions) {
    const span = placeSpan(request, nice);
    if (countBins(span) <= wantedBins) return span;
  }
  const days = Math.ceil((request.toS - request.fromS) / secondsPerDay / (wantedBins - 1));
  return placeSpan(request, days * secondsPerDay);
}

function placeSpan({ fromS, toS, earliestS, nowS }: SpanRequest, resolutionS: number): Span {
  if (fromS > nowS) return { fromS: nowS, toS: nowS, resolutionS };
  const first = Math.max(Math.floor(fromS / resolutionS), Math.ceil(earliestS / resolutionS));
  const lastS = Math.min(nowS, Math.ceil(toS / resolutionS) * resolutionS);
  return { fromS: first * resolutionS, toS: Math.max(first * resolutionS, lastS), resolutionS };
}

function countBins({ fromS, toS, resolutionS }: Span): number {
  return Math.ceil((toS - fromS) / resolutionS);
}

/** Mean powers of a bin [W]. Where a unit was there for a part of a bin only, the rest counts as 0 W. */
const powers = {
  solarW: pvWh,
  demandW: (of: Ledger) => of.demandWh,
  acIntakeW: (of: Ledger) => of.acIntakeWh,
  gridW: (of: Ledger) => of.fromDcGridWh - of.toDcGridWh,
  exchangeW: (of: Ledger) => of.fromDcGridWh,
  batteryW: (of: Ledger) => of.batteryChangeWh,
  acLossW: (of: Ledger) => of.acLossWh,
  dcLossW: (of: Ledger) => of.dcLossWh,
  wastedW: (of: Ledger) => of.wastedWh,
  /** The part of `wastedW` that the PV charge controller held back. */
  curtailedW: (of: Ledger) => of.curtailedSolarWh,
  /** The part of `acIntakeW` that an empty battery could not deliver. */
  shortfallW: (of: Ledger) => of.shortfallWh,
} as const;

/** Those that are told besides where homes have limits or their AC grid fails; all others have none of these. */
const limitedPowers = {
  unservedW: (of: Ledger) => of.unservedWh,
  soldW: (of: Ledger) => of.soldWh,
  saleLossW: (of: Ledger) => of.saleLossWh,
  batteryLossW: (of: Ledger) => of.batteryLossWh,
} as const;

type PowerName = keyof typeof powers;
type LimitedName = keyof typeof limitedPowers;
export const powerNames = Object.keys(powers) as PowerName[];
export const limitedNames = Object.keys(limitedPowers) as LimitedName[];
const allPowers = { ...powers, ...limitedPowers };
const column = v.array(v.nullable(v.number()));
type Column = v.InferOutput<typeof column>;
const charges = (words: string) => describe(column, `${words} [%]`);
const powerColumn = describe(column, "mean power over each bin, its energy divided by its length [W]");
const powerColumns = Object.fromEntries(powerNames.map((name) => [name, powerColumn])) as Record<
  PowerName,
  typeof powerColumn
>;
const limitedColumn = v.optional(
  describe(column, "the same, told where homes have limits or their AC grid fails [W]"),
);
const limitedColumns = Object.fromEntries(limitedNames.map((name) => [name, limitedColumn])) as Record<
  LimitedName,
  typeof limitedColumn
>;

const binsSchema = v.object({
  fromS: describe(number, "the beginning of the first bin [simulated s]"),
  toS: describe(number, "the end of the last bin [simulated s]"),
  resolutionS: describe(number, "the length of a bin, whose beginning is a multiple of it [simulated s]"),
  timeS: describe(v.array(number), "when each bin begins [simulated s]"),
  time: describe(v.array(text), "when each bin begins, as a date such as 2020-01-01 00:30:00"),
  lengthS: describe(v.array(number), "the length of each bin; the last ends at the present [simulated s]"),
});

/** Charge and mean powers of a unit, by bin. */
export const unitHistorySchema = v.object({
  ...binsSchema.entries,
  rsocMin: charges("the least charge in each bin, exact"),
  rsoc: charges("the mean charge over the time of each bin in which the unit was there, exact"),
  rsocMax: charges("the greatest charge in each bin, exact"),
  ...powerColumns,
  ...limitedColumns,
});

/** Charges over all units, and their mean powers summed, by bin. */
export const communityHistorySchema = v.object({
  ...binsSchema.entries,
  rsocMin: charges("the least charge of any unit in each bin"),
  rsocP5: charges("5th percentile, over the units, of their least charges in each bin"),
  rsoc: charges("mean, over the units, of their mean charges in each bin"),
  rsocMedian: charges("median, over the units, of their mean charges in each bin"),
  rsocP95: charges("95th percentile, over the units, of their greatest charges in each bin"),
  rsocMax: charges("the greatest charge of any unit in each bin"),
  ...powerColumns,
  ...limitedColumns,
});

const matrix = v.array(column);

/** The charges of every unit, by bin, then by unit. */
export const chargeMapSchema = v.object({
  ...binsSchema.entries,
  units: v.array(text),
  rsocMin: describe(matrix, "the least charges in each bin, one for each unit [%]"),
  rsoc: describe(matrix, "the mean charges over each bin, one for each unit [%]"),
  rsocMax: describe(matrix, "the greatest charges in each bin, one for each unit [%]"),
});

type Bins = v.InferOutput<typeof binsSchema>;
export type UnitHistory = v.InferOutput<typeof unitHistorySchema>;
export type CommunityHistory = v.InferOutput<typeof communityHistorySchema>;
export type ChargeMap = v.InferOutput<typeof chargeMapSchema>;

interface HistorySource {
  readonly storage: RecordStorage;
  readonly chapters: readonly OpenChapter[];
  readonly startTime: string;
}

/** Charge and mean powers of one unit over `span`. */
export function readUnitHistory(source: HistorySource, unitNumber: number, span: Span): UnitHistory {
  return readBins(source, unitNumber, listBins(source, span), listNames(source));
}

function readBins(
  { storage, chapters }: HistorySource,
  unitNumber: number,
  bins: Bins,
  names: readonly (PowerName | LimitedName)[],
): UnitHistory {
  const { fromS, toS, resolutionS, timeS, lengthS } = bins;
  const chargeBins = new ChargeBins(fromS, resolutionS, timeS.length);
  // What comes at the very end has no duration in it; and what comes there while this is computed is not told of.
  const replay = replayUnit(storage, chapters, unitNumber, fromS, justBefore(toS), {
    onStretch: (unit, endS, world) => chargeBins.add(unit, endS, world),
  });
  let before = replay.energiesAt(fromS);
  const endsS = timeS.map((beginS) => Math.min(beginS + resolutionS, toS));
  const energies = endsS.map((endS, index) => {
    const after = replay.energiesAt(endS);
    const energiesOf = (name: PowerName | LimitedName) => allPowers[name](after) - allPowers[name](before);
    const means = names.map((name) => (energiesOf(name) * 3600) / (lengthS[index] as number));
    before = after;
    return means;
  });
  replay.endAt(toS);
  const gone = listGone(chapters);
  const known = chargeBins.bins.map(({ durationS }, index) => {
    const beginS = timeS[index] as number;
    const endS = endsS[index] as number;
    return durationS > 0 && !gone.some((stretch) => stretch.fromS < endS && stretch.toS > beginS);
  });
  const column = (tell: (bin: ChargeBin) => number): Column =>
    chargeBins.bins.map((bin, index) => (known[index] ? roundToMillionths(tell(bin)) : null));
  const powersAt = (place: number): Column =>
    energies.map((means, index) => (known[index] ? roundToMillionths(means[place] as number) : null));
  return {
    ...bins,
    rsocMin: column((bin) => bin.lowestPercent),
    rsoc: column((bin) => bin.percentSeconds / bin.durationS),
    rsocMax: column((bin) => bin.highestPercent),
    ...(Object.fromEntries(names.map((name, place) => [name, powersAt(place)])) as Record<PowerName, Column>),
  };
}

/** The powers that are told of a run. */
function listNames({ storage, chapters }: HistorySource): readonly (PowerName | LimitedName)[] {
  const units = storage.highestUnitNumber();
  const isLimited = chapters.some(({ config }) => mayLimit(config, units));
  return isLimited ? [...powerNames, ...limitedNames] : powerNames;
}

/** Asks no world, of which a run may have a thousand and whose homes may not be loaded. */
function mayLimit(config: Config, units: number): boolean {
  const { homes, outages } = config;
  if ("seed" in outages || outages.length > 0) return true;
  // Homes that are not listed are alike.
  const different = Math.min(units, homes.homes.length + 1);
  for (let number = 1; number <= different; number++) if (limitsOf(config, number) !== null) return true;
  return false;
}

/** Stretches of the past of which nothing is known, since their data are gone. */
function listGone(chapters: readonly OpenChapter[]): { fromS: number; toS: number }[] {
  const endsS = listChapterEnds(chapters);
  const stretches = chapters.map(({ fromS, world }, index) => ({
    fromS,
    toS: endsS[index] as number,
    world,
  }));
  return stretches.filter(({ world }) => world === null);
}

/** Charges as percentiles over the units, and the units' mean powers summed. */
export function* readCommunityHistory(source: HistorySource, span: Span): InParts<CommunityHistory> {
  const bins = listBins(source, span);
  const names = listNames(source);
  const units = yield* readAllUnits(source, bins, names);
  function* over(
    name: "rsocMin" | "rsoc" | "rsocMax" | PowerName | LimitedName,
    combine: (known: number[]) => number,
  ): InParts<Column> {
    const column: Column = [];
    for (let bin = 0; bin < bins.timeS.length; bin++) {
      const known = units.map((unit) => unit[name]?.[bin] ?? null).filter((value) => value !== null);
      column.push(known.length === 0 ? null : roundToMillionths(combine(known)));
      if (bin % binsAtOnce === 0) yield;
    }
    return column;
  }
  const charges = {
    rsocMin: yield* over("rsocMin", (charges) => quantile(charges, 0)),
    rsocP5: yield* over("rsocMin", (charges) => quantile(charges, 0.05)),
    rsoc: yield* over("rsoc", (charges) => sum(charges) / charges.length),
    rsocMedian: yield* over("rsoc", (charges) => quantile(charges, 0.5)),
    rsocP95: yield* over("rsocMax", (charges) => quantile(charges, 0.95)),
    rsocMax: yield* over("rsocMax", (charges) => quantile(charges, 1)),
  };
  const powers = {} as Record<PowerName | LimitedName, Column>;
  for (const name of names) powers[name] = yield* over(name, sum);
  return { ...bins, ...charges, ...powers };
}

/** Bins over all units that are put together in one part. */
const binsAtOnce = 8;

/** The charge of every unit over `span`. */
export function* readChargeMap(source: HistorySource, span: Span): InParts<ChargeMap> {
  const bins = listBins(source, span);
  const units = yield* readAllUnits(source, bins, []);
  const rows = (name: "rsocMin" | "rsoc" | "rsocMax"): Column[] =>
    bins.timeS.map((_, bin) => units.map((unit) => unit[name][bin] ?? null));
  return {
    ...bins,
    units: units.map((_, index) => formatUnitId(index + 1)),
    rsocMin: rows("rsocMin"),
    rsoc: rows("rsoc"),
    rsocMax: rows("rsocMax"),
  };
}

function* readAllUnits(
  source: HistorySource,
  bins: Bins,
  names: readonly (PowerName | LimitedName)[],
): InParts<UnitHistory[]> {
  const units: UnitHistory[] = [];
  // Units that come while this is computed are not told of.
  for (let left = source.storage.highestUnitNumber(); left > 0; left--) {
    units.push(readBins(source, units.length + 1, bins, names));
    yield;
  }
  return units;
}

/** The largest number below `timeS`; 0 where that is the beginning. */
function justBefore(timeS: number): number {
  if (timeS <= 0) return 0;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, timeS);
  bits.setBigInt64(0, bits.getBigInt64(0) - 1n);
  return bits.getFloat64(0);
}

function listBins({ startTime }: HistorySource, span: Span): Bins {
  const { fromS, toS, resolutionS } = span;
  const timeS = Array.from({ length: countBins(span) }, (_, index) => fromS + index * resolutionS);
  return {
    ...span,
    timeS,
    time: timeS.map((beginS) => formatDateTime(startTime, beginS)),
    lengthS: timeS.map((beginS) => roundToMillionths(Math.min(resolutionS, toS - beginS))),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] as number;
  return below + ((sorted[Math.ceil(at)] as number) - below) * (at % 1);
}
