import { stepAt } from "./series.ts";

/**
 * Prices of AC energy [per kWh], constant in each hour of a week: 168 values of either, the first from simulated second 0 on,
 * which is a midnight, of whatever weekday.
 */
export interface Tariff {
  readonly importPrices: readonly number[];
  readonly exportPrices: readonly number[];
}

const hoursPerWeek = 168;

/** When a price next differs from that of `timeS` [s], or never. */
export function nextPriceS(tariff: Tariff | undefined, timeS: number): number {
  if (tariff === undefined) return Number.POSITIVE_INFINITY;
  const { importPrices, exportPrices } = tariff;
  const hour = stepAt(timeS, 3600);
  const here = hour % hoursPerWeek;
  for (let ahead = 1; ahead <= hoursPerWeek; ahead++) {
    const there = (hour + ahead) % hoursPerWeek;
    if (importPrices[there] !== importPrices[here] || exportPrices[there] !== exportPrices[here])
      return (hour + ahead) * 3600;
  }
  return Number.POSITIVE_INFINITY;
}

/** The price of the hour in which `timeS` lies. */
export function priceAt(prices: readonly number[], timeS: number): number {
  return prices[stepAt(timeS, 3600) % hoursPerWeek] as number;
}
