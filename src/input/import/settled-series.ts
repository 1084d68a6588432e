import type { Gap } from "./fill-gaps.ts";
import type { Quantity } from "./quantity.ts";

/** What became of the readings of one series. Energies are in Wh, or Wh/m² of irradiance. */
interface SeriesAccount {
  /** Values that the file holds, and cells that say that one is missing. */
  readings: number;
  missing: number;
  /** Readings at a moment that had one before: equal to it, or not. The first counts. */
  repeated: number;
  contradicting: number;
  /** Readings on days that are not kept. */
  outside: number;
  filled: number;
  readonly gaps: Gap[];
  negatives: number;
  lowest: { readonly value: number; readonly row: number } | null;
  highest: { readonly value: number; readonly row: number };
  /** Sum of what the file holds, and of what came of it. */
  fileEnergyWh: number;
  energyWh: number;
}

/** A series on its grid: whole days, no gap, W or W/m². */
export interface SettledSeries {
  readonly quantity: Quantity;
  readonly label: string;
  readonly stepMinutes: number;
  readonly kind: "points" | "means";
  /** Days since 1970-01-01; counted from 0 where the file has no dates. */
  readonly firstDay: number;
  readonly days: number;
  readonly isDated: boolean;
  readonly values: Float64Array;
  readonly account: SeriesAccount;
}

export function emptyAccount(): SeriesAccount {
  return {
    readings: 0,
    missing: 0,
    repeated: 0,
    contradicting: 0,
    outside: 0,
    filled: 0,
    gaps: [],
    negatives: 0,
    lowest: null,
    highest: { value: 0, row: 0 },
    fileEnergyWh: 0,
    energyWh: 0,
  };
}

/** Adds up the parts of each series. */
export function addParts(series: readonly SettledSeries[]): SettledSeries[] {
  const byLabel = new Map<string, SettledSeries>();
  for (const part of series) {
    const known = byLabel.get(part.label);
    if (known === undefined) byLabel.set(part.label, part);
    else byLabel.set(part.label, addSeries(known, part));
  }
  return [...byLabel.values()];
}

function addSeries(a: SettledSeries, b: SettledSeries): SettledSeries {
  const values = a.values.map((value, index) => value + (b.values[index] as number));
  const [one, two] = [a.account, b.account];
  const account: SeriesAccount = {
    readings: one.readings + two.readings,
    missing: one.missing + two.missing,
    repeated: one.repeated + two.repeated,
    contradicting: one.contradicting + two.contradicting,
    outside: one.outside + two.outside,
    filled: one.filled + two.filled,
    gaps: [...one.gaps, ...two.gaps],
    negatives: one.negatives + two.negatives,
    lowest: (one.lowest?.value ?? 0) <= (two.lowest?.value ?? 0) ? one.lowest : two.lowest,
    highest: one.highest.value >= two.highest.value ? one.highest : two.highest,
    fileEnergyWh: one.fileEnergyWh + two.fileEnergyWh,
    energyWh: one.energyWh + two.energyWh,
  };
  return { ...a, values, account };
}
