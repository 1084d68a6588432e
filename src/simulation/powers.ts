import type { Segment } from "./flow.ts";
import { pointOf } from "./series.ts";

type Given = Readonly<Segment>;

/** Power that the panels could deliver at point `index` of the series [W]. */
export function solarPowerAtPoint({ unit, home, world, sun }: Given, index: number): number {
  if (unit.heldSolarPowerW !== null) return unit.heldSolarPowerW;
  if (!world.powerFlowEnabled) return 0;
  return pointOf(sun, index, world.atEndOfData === "repeat") * home.solarFactor;
}

/** Power that the home demands at point `index` of the series [W]. */
export function demandPowerAtPoint({ unit, home, world }: Given, index: number): number {
  if (unit.heldDemandPowerW !== null) return unit.heldDemandPowerW;
  if (!world.powerFlowEnabled) return 0;
  return pointOf(home.demand, index, world.atEndOfData === "repeat");
}

/** Power into the battery, before its limits (docs/model.md, 3.2), or with limits what is stored of it [W]. */
export function batteryPowerOf(segment: Given, solarW: number, demandW: number): number {
  const { bendW } = segment;
  const powerW = segment.steadyW + segment.sunRatio * solarW - segment.loadRatio * demandW;
  return powerW < bendW ? bendW + (powerW - bendW) * segment.drawRatio : powerW;
}
