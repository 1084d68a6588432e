import type { Config } from "./entries.ts";

/**
 * Units that a new community begins with on data of so many homes: those of the configuration or, if that says 0, one
 * for each home that its file of homes lists, else for each of the data, but never more than `maximumUnits`.
 */
export function countFirstUnits(config: Config, homes: number): number {
  const { units, maximumUnits } = config;
  return units === 0 ? Math.min(countListed(config, homes), maximumUnits) : units;
}

/** Says in a line that homes have no unit since a community may not have so many; null where all have one. */
export function noteHomesLeftOut(config: Config, homes: number): string | null {
  const { units, maximumUnits } = config;
  if (units !== 0 || countListed(config, homes) <= maximumUnits) return null;
  const source = config.homes.homes.length > 0 ? "The file of homes lists" : "The data have";
  return `${source} ${countListed(config, homes)} homes; the community begins with ${maximumUnits} units, which is the limit (maximumUnits)`;
}

function countListed({ homes }: Config, homesOfData: number): number {
  return homes.homes.length || homesOfData;
}
