/**
 * Prices of AC energy [per kWh], constant in each hour of a week: 168 values of either, the first from simulated second 0 on,
 * which is a midnight, of whatever weekday.
 */
export interface Tariff {
  readonly importPrices: readonly number[];
  readonly exportPrices: readonly number[];
}
