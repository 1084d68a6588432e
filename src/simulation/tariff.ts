import { stepAt } from "./series.ts";

/**
 * Prices of AC energy [per kWh], constant in each hour of a week: 168 values of either, the first from simulated second 0 on,
 * which is a midnight, of whatever weekday.
 */
export interface Tariff {
  readonly importPrices: readonly number[];
  readonly exportPrices: readonly number[];
}

/** What a home has taken, sold, paid and earned since its last event, until the price changed last. */
export interface Bill {
  acIntakeWh: number;
  soldWh: number;
  importCost: number;
  exportIncome: number;
  /** The prices since then [per kWh], and when one next changes [s]. */
  importPrice: number;
  exportPrice: number;
  nextPriceS: number;
}

const hoursPerWeek = 168;

/** When a price next differs from that of `timeS` [s], or never. */
export function nextPriceS({ importPrices, exportPrices }: Tariff, timeS: number): number {
  const hour = stepAt(timeS, 3600);
  const here = hour % hoursPerWeek;
  let there = here;
  for (let ahead = 1; ahead <= hoursPerWeek; ahead++) {
    there = there + 1 === hoursPerWeek ? 0 : there + 1;
    if (importPrices[there] !== importPrices[here] || exportPrices[there] !== exportPrices[here])
      return (hour + ahead) * 3600;
  }
  return Number.POSITIVE_INFINITY;
}

/** The price of the hour in which `timeS` lies. */
export function priceAt(prices: readonly number[], timeS: number): number {
  return prices[stepAt(timeS, 3600) % hoursPerWeek] as number;
}
