import { allocateWalk, beginFlow } from "./begin-flow.ts";
import { boundSegment, findNextTime, watchCrossings } from "./events.ts";
import type { Segment, Walk } from "./flow.ts";
import type { UnitState } from "./unit.ts";
import type { World } from "./world.ts";

/** A walk at the beginning of the segment that follows the unit's last event. */
export function createWalk(unit: UnitState, world: World): Walk {
  const walk = allocateWalk(unit, world);
  beginSegment(walk);
  return walk;
}

/** Puts `walk` at the beginning of the segment that follows its unit's last event. */
export function beginSegment(walk: Walk): void {
  beginFlow(walk);
  const segment: Segment = walk.segment;
  const { unit } = segment;
  segment.hasQuietSteps = unit.heldSolarPowerW === null && unit.heldDemandPowerW === null;
  watchCrossings(segment);
  setHorizon(segment, walk);
}

function setHorizon(segment: Segment, walk: Readonly<Walk>): void {
  if (!(segment.nextTimeS > walk.timeS)) segment.nextTimeS = findNextTime(walk);
  segment.endS = segment.nextTimeS;
  boundSegment(segment, walk);
  const { stateOfChargePercent } = segment.unit;
  const { perPercentWs } = segment;
  const isFree = segment.batteryLimit === "none";
  segment.upWs = isFree
    ? (segment.upPercent - stateOfChargePercent) * perPercentWs
    : Number.POSITIVE_INFINITY;
  segment.downWs = isFree
    ? (segment.downPercent - stateOfChargePercent) * perPercentWs
    : Number.NEGATIVE_INFINITY;
}
