import { findBatteryEvent, findBatteryLimit, type SegmentEnd, wattSecondsPerPercent } from "./battery.ts";
import { computeFlow, createFlow, type Flow } from "./flow.ts";
import { integrate } from "./integrate.ts";
import { addLedger, createLedger } from "./ledger.ts";
import { notifySamples, type Observer } from "./observer.ts";
import { minimumSwitchIntervalS } from "./parameters.ts";
import { passQuietSteps } from "./quiet-steps.ts";
import type { Series } from "./series.ts";
import type { UnitState } from "./unit.ts";
import { findSwitchLimits, settleUps } from "./ups.ts";
import { endOfTimeS, type Home, secondsPerDay, type World } from "./world.ts";

/**
 * Passes every event of the unit up to and including simulated second `untilS`, and no other moment:
 * however often it is called in between, the unit's future stays the same to the bit.
 * Source: model, "Advancing time".
 */
export function advanceUnit(unit: UnitState, untilS: number, world: World, observer?: Observer): void {
  if (!world.powerFlowEnabled) return;
  const lastS = Math.min(untilS, endOfTimeS(world));
  const home = world.homeOf(unit.number);
  const flow = createFlow();
  const end: SegmentEnd = { timeS: 0, thresholdPercent: Number.NaN, pointS: 0, up: 100, down: 0, checkS: 0 };
  const isSampled = observer?.onSample !== undefined;
  for (let segments = 0; ; segments++) {
    beginSegment(unit, world, home, flow, observer);
    findSegmentEnd(unit, world, home, flow, end);
    if (end.timeS > lastS) {
      if (segments > 0) observer?.onAdvanced?.(segments);
      return;
    }
    const meetsNothing = end.timeS === end.pointS && Number.isNaN(end.thresholdPercent);
    if (meetsNothing && !isSampled) {
      const steps = passQuietSteps(unit, lastS, world, home, flow, end);
      if (steps > 0) {
        segments += steps - 1;
        passInputPoint(unit, world, home.demand, observer);
        continue;
      }
    }
    if (observer !== undefined) notifySamples(observer, unit, flow, end.timeS, world);
    integrate(unit, flow, end.timeS, home.batteryCapacityWh);
    if (!Number.isNaN(end.thresholdPercent)) unit.stateOfChargePercent = end.thresholdPercent;
    if (unit.timeS === end.pointS) passInputPoint(unit, world, home.demand, observer);
    settleUps(unit, world.parameters, false);
  }
}

/**
 * Makes `timeS` an event of the unit, as a command does. All events up to it must have been passed.
 */
export function commitUnit(unit: UnitState, timeS: number, world: World, observer?: Observer): void {
  if (world.powerFlowEnabled && timeS > unit.timeS) {
    const flow = createFlow();
    const home = world.homeOf(unit.number);
    beginSegment(unit, world, home, flow);
    if (observer !== undefined) notifySamples(observer, unit, flow, timeS, world);
    integrate(unit, flow, timeS, home.batteryCapacityWh);
  }
  unit.timeS = timeS;
}

function beginSegment(unit: UnitState, world: World, home: Home, flow: Flow, observer?: Observer): void {
  computeFlow(unit, world, home, flow);
  const limit = findBatteryLimit(unit, flow);
  if (limit === "empty" && unit.batteryLimit !== "empty") observer?.onBatteryEmpty?.(unit, unit.timeS);
  unit.batteryLimit = limit;
}

function findSegmentEnd(unit: UnitState, world: World, home: Home, flow: Flow, end: SegmentEnd): void {
  const { stepS } = home.demand;
  const { timeS, gridFlowFromS } = unit;
  end.thresholdPercent = Number.NaN;
  end.pointS = (Math.floor(timeS / stepS) + 1) * stepS;
  end.timeS = end.pointS;
  if (gridFlowFromS > timeS && gridFlowFromS < end.timeS) end.timeS = gridFlowFromS;
  const highestW = Math.abs(flow.batteryW) + Math.abs(flow.batterySlope) * minimumSwitchIntervalS;
  const reachPercent = (highestW * minimumSwitchIntervalS) / wattSecondsPerPercent(home.batteryCapacityWh);
  findSwitchLimits(unit, world.parameters, reachPercent, end);
  if (end.checkS < end.timeS) end.timeS = end.checkS;
  findBatteryEvent(unit, flow, home.batteryCapacityWh, end);
}

function passInputPoint(unit: UnitState, world: World, demand: Series, observer?: Observer): void {
  if (unit.heldDemandPowerW !== null && isMultiple(unit.timeS, demand.stepS)) unit.heldDemandPowerW = null;
  if (unit.heldSolarPowerW !== null && isMultiple(unit.timeS, world.solar.stepS)) unit.heldSolarPowerW = null;
  if (!isMultiple(unit.timeS, secondsPerDay)) return;
  observer?.onDayEnd?.(unit, unit.timeS / secondsPerDay - 1, unit.today);
  addLedger(unit.finishedDays, unit.today);
  unit.today = createLedger();
}

function isMultiple(timeS: number, stepS: number): boolean {
  return Math.floor(timeS / stepS) * stepS === timeS;
}
