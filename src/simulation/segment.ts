import { setBatteryCondition } from "./battery.ts";
import { boundSegment, findNextTime, watchCrossings } from "./events.ts";
import type { Segment, Walk } from "./flow.ts";
import { setLosses } from "./losses.ts";
import type { UnitState } from "./unit.ts";
import { beginWalk } from "./walk.ts";
import type { World } from "./world.ts";

/** A walk at the beginning of the segment that follows the unit's last event. */
export function createWalk(unit: UnitState, world: World): Walk {
  const home = world.homeOf(unit.number);
  const sun = home.sun?.series ?? world.solar;
  const segment: Segment = {
    unit,
    home,
    world,
    sun,
    hasMeans: sun.isMeans === true || home.demand.isMeans === true,
    // Written out: spreading objects here made reads take twice as long.
    converterLossW: 0,
    acLossW: 0,
    acLossRatio: 0,
    dcLossW: 0,
    dcLossRatio: 0,
    acChargingW: 0,
    batteryLimit: "none",
    perPercentWs: 0,
    dcGridW: 0,
    steadyW: 0,
    loadRatio: 0,
    nextTimeS: Number.NEGATIVE_INFINITY,
    endS: 0,
    upPercent: 0,
    downPercent: 0,
    mayCross: false,
    hasQuietSteps: false,
    upWs: 0,
    downWs: 0,
  };
  const walk: Walk = {
    segment,
    timeS: 0,
    solarW: 0,
    demandW: 0,
    batteryW: 0,
    solarWs: 0,
    demandWs: 0,
    batteryWs: 0,
    chargedWs: 0,
    curtailedWs: 0,
    metPercent: Number.NaN,
    step: 0,
    pointS: 0,
    pointSolarW: 0,
    pointDemandW: 0,
    pointBatteryW: 0,
  };
  beginSegment(walk);
  return walk;
}

/** Puts `walk` at the beginning of the segment that follows its unit's last event. */
export function beginSegment(walk: Walk): void {
  const segment: Segment = walk.segment;
  const { unit, world } = segment;
  segment.dcGridW = unit.timeS >= unit.dcGridFlowFromS ? unit.dcGridCurrentA * unit.dcGridVoltageV : 0;
  setLosses(segment, unit, world.homeOf(unit.number).parameters ?? world.parameters);
  segment.steadyW = segment.dcGridW + segment.acChargingW - segment.dcLossW;
  segment.loadRatio = unit.upsMode === "battery" ? 1 + segment.dcLossRatio : 0;
  beginWalk(walk);
  setBatteryCondition(segment, unit, walk, world);
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
