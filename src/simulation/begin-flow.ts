import { setBatteryCondition } from "./battery.ts";
import { allocateBill, beginBill } from "./bill.ts";
import type { Segment, Walk } from "./flow.ts";
import { beginLimitedFlow } from "./known-flows.ts";
import { createLimitedFlow } from "./limited-powers.ts";
import { setLosses } from "./losses.ts";
import { batteryPowerOf } from "./powers.ts";
import type { UnitState } from "./unit.ts";
import { beginWalk, bendLine } from "./walk.ts";
import type { World } from "./world.ts";

/** A walk of a unit, which begins nowhere yet. */
export function allocateWalk(unit: UnitState, world: World): Walk {
  const home = world.homeOf(unit.number);
  const sun = home.sun?.series ?? world.solar;
  const segment: Segment = {
    unit,
    home,
    world,
    parameters: home.parameters ?? world.parameters,
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
    limited: createLimitedFlow(home, world),
    steadyW: 0,
    sunRatio: 1,
    loadRatio: 0,
    bendW: Number.NEGATIVE_INFINITY,
    drawRatio: 1,
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
    bill: allocateBill(segment),
    step: -1,
    stepSolarW: 0,
    stepDemandW: 0,
    pointS: 0,
    pointSolarW: 0,
    pointDemandW: 0,
    pointBatteryW: 0,
  };
  return walk;
}

/** Puts `walk` where its unit stood at its last event, with the powers that hold from there on. */
export function beginFlow(walk: Walk): void {
  const segment: Segment = walk.segment;
  const { unit, limited } = segment;
  segment.dcGridW = unit.timeS >= unit.dcGridFlowFromS ? unit.dcGridCurrentA * unit.dcGridVoltageV : 0;
  if (limited === null) {
    setLosses(segment, unit, segment.parameters);
    segment.steadyW = segment.dcGridW + segment.acChargingW - segment.dcLossW;
    segment.loadRatio = unit.upsMode === "battery" ? 1 + segment.dcLossRatio : 0;
    beginWalk(walk);
    setBatteryCondition(segment, unit, walk, segment.home.batteryCapacityWh);
  } else {
    beginWalk(walk);
    if (walk.bill !== null) beginBill(walk, walk.bill);
    beginLimitedFlow(segment, walk, limited);
    walk.batteryW = batteryPowerOf(segment, walk.solarW, walk.demandW);
    walk.pointBatteryW = batteryPowerOf(segment, walk.pointSolarW, walk.pointDemandW);
    bendLine(walk);
  }
}
