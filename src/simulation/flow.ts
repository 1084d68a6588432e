import { findBatteryLimit, wattSecondsPerPercent } from "./battery.ts";
import { type Losses, setLosses } from "./losses.ts";
import { batteryPowerOf, demandPowerAtPoint, solarPowerAtPoint } from "./powers.ts";
import { nextPointS, stepAt } from "./series.ts";
import type { BatteryLimit, UnitState } from "./unit.ts";
import { findSwitches } from "./ups.ts";
import { type Home, secondsPerDay, type World } from "./world.ts";

/**
 * The power flow of one unit since its last event. Until the next one all stays as it is but sun and demand,
 * and with them the battery's power; these are linear between the points of the series.
 */
export interface Flow extends Losses {
  readonly unit: UnitState;
  readonly home: Home;
  readonly world: World;

  /** From the DC grid into the unit. */
  gridW: number;
  /** Power into the battery, before its limits = steadyW + sun − loadRatio · demand. */
  steadyW: number;
  loadRatio: number;
  batteryLimit: BatteryLimit;

  /** Where something else begins at the latest. */
  endS: number;
  /** Charges [%] at which something else begins, and the energies that lead to them. */
  upPercent: number;
  downPercent: number;
  upWs: number;
  downWs: number;

  /** How far the flow was followed; the powers there, and the energies until then. */
  timeS: number;
  solarW: number;
  demandW: number;
  batteryW: number;
  solarWs: number;
  demandWs: number;
  batteryWs: number;
  /** The part of `batteryWs` that goes into a battery. */
  chargedWs: number;
  /** The part of `batteryWs` that a full battery can hold back of the sun. */
  curtailedWs: number;
  /** When it was found to meet which charge [%], else NaN. */
  metS: number;
  metPercent: number;

  /** The step in which it is followed next, its end, and the powers there; all are linear until then. */
  step: number;
  pointS: number;
  pointSolarW: number;
  pointDemandW: number;
  pointBatteryW: number;
}

/** The flow that begins at the unit's last event. */
export function createFlow(unit: UnitState, world: World): Flow {
  const flow: Flow = {
    unit,
    home: world.homeOf(unit.number),
    world,
    gridW: 0,
    converterLossW: 0,
    acLossW: 0,
    acLossRatio: 0,
    dcLossW: 0,
    dcLossRatio: 0,
    acChargingW: 0,
    steadyW: 0,
    loadRatio: 0,
    batteryLimit: "none",
    endS: 0,
    upPercent: 100,
    downPercent: 0,
    upWs: 0,
    downWs: 0,
    timeS: 0,
    solarW: 0,
    demandW: 0,
    batteryW: 0,
    solarWs: 0,
    demandWs: 0,
    batteryWs: 0,
    chargedWs: 0,
    curtailedWs: 0,
    metS: Number.NaN,
    metPercent: Number.NaN,
    step: 0,
    pointS: 0,
    pointSolarW: 0,
    pointDemandW: 0,
    pointBatteryW: 0,
  };
  beginFlow(flow);
  return flow;
}

/** Makes `flow` the one that begins at its unit's last event. */
export function beginFlow(flow: Flow): void {
  const { unit, world } = flow;
  const { timeS } = unit;
  flow.gridW = timeS >= unit.gridFlowFromS ? unit.gridCurrentA * unit.gridVoltageV : 0;
  setLosses(flow, unit, world.parameters);
  flow.steadyW = flow.gridW + flow.acChargingW - flow.dcLossW;
  flow.loadRatio = unit.upsMode === "battery" ? 1 + flow.dcLossRatio : 0;
  beginLine(flow);
  flow.solarWs = 0;
  flow.demandWs = 0;
  flow.batteryWs = 0;
  flow.chargedWs = 0;
  flow.curtailedWs = 0;
  flow.metS = Number.NaN;
  flow.batteryLimit = findBatteryLimit(flow);
  setEnd(flow);
}

function beginLine(flow: Flow): void {
  const { stepS } = flow.home.demand;
  const { timeS } = flow.unit;
  const step = stepAt(timeS, stepS);
  lookAhead(flow, step);
  const share = (timeS - step * stepS) / stepS;
  const firstSolarW = solarPowerAtPoint(flow, step);
  const firstDemandW = demandPowerAtPoint(flow, step);
  flow.timeS = timeS;
  flow.solarW = firstSolarW + (flow.pointSolarW - firstSolarW) * share;
  flow.demandW = firstDemandW + (flow.pointDemandW - firstDemandW) * share;
  flow.batteryW = batteryPowerOf(flow, flow.solarW, flow.demandW);
}

/** Sets `step` as the one in which the flow is followed next. */
export function lookAhead(flow: Flow, step: number): void {
  flow.step = step;
  flow.pointS = (step + 1) * flow.home.demand.stepS;
  flow.pointSolarW = solarPowerAtPoint(flow, step + 1);
  flow.pointDemandW = demandPowerAtPoint(flow, step + 1);
  flow.pointBatteryW = batteryPowerOf(flow, flow.pointSolarW, flow.pointDemandW);
}

function setEnd(flow: Flow): void {
  const { unit, home, world, timeS } = flow;
  flow.endS = nextPointS(timeS, secondsPerDay);
  if (unit.gridFlowFromS > timeS) flow.endS = Math.min(flow.endS, unit.gridFlowFromS);
  if (unit.heldSolarPowerW !== null)
    flow.endS = Math.min(flow.endS, nextPointS(timeS, world.solarInputStepS));
  if (unit.heldDemandPowerW !== null) flow.endS = Math.min(flow.endS, flow.pointS);
  findSwitches(flow, world.parameters);
  const isFree = flow.batteryLimit === "none";
  const perPercent = wattSecondsPerPercent(home.batteryCapacityWh);
  flow.upWs = isFree ? (flow.upPercent - unit.stateOfChargePercent) * perPercent : Number.POSITIVE_INFINITY;
  flow.downWs = isFree
    ? (flow.downPercent - unit.stateOfChargePercent) * perPercent
    : Number.NEGATIVE_INFINITY;
}
