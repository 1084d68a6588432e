import type { ChargeMap, UnitHistory } from "../live/api.ts";
import { secondsPerDay } from "../words/formatting.ts";
import type { ChartLine, Column } from "./chart-options.ts";

/** Bins of a history: where each begins, where the last ends, and how long they are [simulated s]. */
export interface Bins {
  readonly beginS: readonly number[];
  readonly endS: number;
  readonly lengthS: number;
}

/** Lengths of bins [s] that fit into hours and days. */
const niceLengths = [
  ...[1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800],
  ...[1, 2, 3, 4, 6, 8, 12].map((hours) => hours * 3600),
];

/** The shortest of the nice lengths [s] that gives at most `most` bins. */
export function chooseBinS(spanS: number, most: number): number {
  const least = spanS / most;
  return niceLengths.find((length) => length >= least) ?? Math.ceil(least / secondsPerDay) * secondsPerDay;
}

export function binsOf({ timeS, toS, resolutionS }: Pick<ChargeMap, "timeS" | "toS" | "resolutionS">): Bins {
  return { beginS: timeS, endS: toS, lengthS: resolutionS };
}

/** A home's charge in `bins`, some of which it may have no values for. */
export function chargeOf(history: UnitHistory, bins: Bins): Pick<ChartLine, "values" | "low" | "high"> {
  const placeOf = new Map(history.timeS.map((second, index) => [second, index]));
  const inBins = (column: Column) => bins.beginS.map((second) => column[placeOf.get(second) ?? -1] ?? null);
  return { values: inBins(history.rsoc), low: inBins(history.rsocMin), high: inBins(history.rsocMax) };
}
