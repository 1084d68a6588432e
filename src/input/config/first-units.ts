import type { Config } from "./entries.ts";

/**
 * Units that a new community begins with on data of so many homes: those of the configuration or, if that says 0, one
 * for each home, but never more than `maximumUnits`.
 */
export function countFirstUnits({ units, maximumUnits }: Config, homes: number): number {
  return units === 0 ? Math.min(homes, maximumUnits) : units;
}

/** Says in a line that homes of the data have no unit since a community may not have so many; null where all have one. */
export function noteHomesLeftOut(config: Config, homes: number): string | null {
  const { units, maximumUnits } = config;
  if (units !== 0 || homes <= maximumUnits) return null;
  return `The data have ${homes} homes; the community begins with ${maximumUnits} units, which is the limit (maximumUnits)`;
}
