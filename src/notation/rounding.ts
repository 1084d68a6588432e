/** Rounds to the two decimals in which powers, currents and charge appear on the wire; never gives −0. */
export function roundToHundredths(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}

/** Rounds to the six decimals of records that are means; never gives −0. */
export function roundToMillionths(value: number): number {
  return Math.round(value * 1e6) / 1e6 + 0;
}

/** Rounds to the whole watts of `powermeter.p2`; never gives −0. */
export function roundToWhole(value: number): number {
  return Math.round(value) + 0;
}
