import type { UnitStateJson } from "./api.ts";

/** What a house gets of what it demands [W]: nothing while it is dark. */
export function servedPowerOf({ demandPowerW, unservedPowerW }: UnitStateJson): number {
  return demandPowerW - unservedPowerW;
}
