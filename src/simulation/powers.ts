import type { Segment } from "./flow.ts";
import { placeOf } from "./series.ts";

type Given = Readonly<Segment>;

/** Power that the panels could deliver at point `index` of the series [W]. */
export function solarPowerAtPoint({ unit, home, world, sun }: Given, index: number): number {
  if (unit.heldSolarPowerW !== null) return unit.heldSolarPowerW;
  if (!world.powerFlowEnabled) return 0;
  const { values } = sun;
  return (values[placeOf(index, values.length, world.atEndOfData === "repeat")] as number) * home.solarFactor;
}

/** Power that the home demands at point `index` of the series [W]. */
export function demandPowerAtPoint({ unit, home, world }: Given, index: number): number {
  if (unit.heldDemandPowerW !== null) return unit.heldDemandPowerW;
  if (!world.powerFlowEnabled) return 0;
  const { values } = home.demand;
  return values[placeOf(index, values.length, world.atEndOfData === "repeat")] as number;
}

/** Power into the battery, before its limits [W] (docs/model.md, 3.2). */
export function batteryPowerOf(segment: Given, solarW: number, demandW: number): number {
  return segment.steadyW + solarW - segment.loadRatio * demandW;
}
