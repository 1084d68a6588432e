/** Figures by which the sample data are judged. */
interface DemandStatistics {
  readonly meanAnnualKWh: number;
  /** Standard deviation of the homes' means over their mean. */
  readonly variationBetweenHomes: number;
  /** Mean over the homes of the highest half-hour over the mean. */
  readonly peakOverMeanOfOneHome: number;
  /** Highest half-hour of all homes together over their mean. */
  readonly coincidentPeakOverMean: number;
}

/** @param homes half-hourly demand of each home over whole days [W] */
export function describeDemand(homes: readonly ArrayLike<number>[]): DemandStatistics {
  const means = homes.map((values) => mean(Array.from(values)));
  const together = Array.from({ length: homes[0]?.length ?? 0 }, (_, index) =>
    mean(homes.map((values) => values[index] as number)),
  );
  return {
    meanAnnualKWh: (mean(means) * 365 * 24) / 1000,
    variationBetweenHomes: standardDeviation(means) / mean(means),
    peakOverMeanOfOneHome: mean(homes.map((values, home) => highest(values) / (means[home] as number))),
    coincidentPeakOverMean: highest(together) / mean(together),
  };
}

/** Energy of hourly values [W/m²] over a year [kWh/m²]. */
export function annualKWhPerM2(hourly: ArrayLike<number>): number {
  return (mean(Array.from(hourly)) * 365 * 24) / 1000;
}

export function highest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((a, b) => Math.max(a, b), 0);
}

export function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** Of a sample. */
export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
