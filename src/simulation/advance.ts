import { bookFlow, bookUntil } from "./book.ts";
import { beginFlow, createFlow, type Flow } from "./flow.ts";
import { followToEvent } from "./follow.ts";
import { addLedger, createLedger } from "./ledger.ts";
import { notifySamples, type Observer } from "./observer.ts";
import { nextPointS, stepAt } from "./series.ts";
import type { UnitState } from "./unit.ts";
import { settleUps } from "./ups.ts";
import { endOfTimeS, secondsPerDay, type World } from "./world.ts";

/**
 * Passes every event of the unit up to and including simulated second `untilS`, and no other moment:
 * however often it is called in between, the unit's future stays the same to the bit.
 * Source: model, "Advancing time".
 */
export function advanceUnit(unit: UnitState, untilS: number, world: World, observer?: Observer): void {
  const lastS = Math.min(untilS, endOfTimeS(world));
  if (!world.powerFlowEnabled) {
    passMidnights(unit, lastS, world, observer);
    return;
  }
  const flow = createFlow(unit, world);
  let segments = 0;
  for (; ; segments++) {
    noteBatteryLimit(flow, observer);
    if (!followToEvent(flow, lastS)) break;
    endFlow(flow, observer);
    beginFlow(flow);
  }
  if (segments > 0) observer?.onAdvanced?.(segments);
}

/**
 * Makes `timeS` an event of the unit, as a command does. All events up to it must have been passed.
 */
export function commitUnit(unit: UnitState, timeS: number, world: World, observer?: Observer): void {
  if (timeS > unit.timeS) observer?.onStretch?.(unit, timeS, world);
  if (world.powerFlowEnabled && timeS > unit.timeS) {
    if (observer !== undefined) notifySamples(observer, unit, timeS, world);
    bookUntil(unit, timeS, world);
    settleUps(unit, world.parameters, false);
  }
  unit.timeS = timeS;
}

function noteBatteryLimit({ unit, batteryLimit }: Flow, observer?: Observer): void {
  if (batteryLimit === "empty" && unit.batteryLimit !== "empty") observer?.onBatteryEmpty?.(unit, unit.timeS);
  unit.batteryLimit = batteryLimit;
}

function endFlow(flow: Flow, observer?: Observer): void {
  const { unit, world } = flow;
  if (observer !== undefined) notifySamples(observer, unit, flow.timeS, world);
  observer?.onStretch?.(unit, flow.timeS, world);
  bookFlow(flow);
  if (unit.timeS === flow.endS) passPoint(flow, observer);
  settleUps(unit, world.parameters, false);
}

/** Lets go what is held by hand up to a point of its series, and ends the day at midnight. */
function passPoint({ unit, home, world }: Flow, observer?: Observer): void {
  const { timeS } = unit;
  if (unit.heldDemandPowerW !== null && isMultiple(timeS, home.demand.stepS)) unit.heldDemandPowerW = null;
  if (unit.heldSolarPowerW !== null && isMultiple(timeS, world.solarInputStepS)) unit.heldSolarPowerW = null;
  if (isMultiple(timeS, secondsPerDay)) endDay(unit, observer);
}

/** Without power flow there is no other event. */
function passMidnights(unit: UnitState, lastS: number, world: World, observer?: Observer): void {
  for (;;) {
    const midnightS = nextPointS(unit.timeS, secondsPerDay);
    if (midnightS > lastS) return;
    observer?.onStretch?.(unit, midnightS, world);
    unit.timeS = midnightS;
    endDay(unit, observer);
  }
}

function endDay(unit: UnitState, observer?: Observer): void {
  observer?.onDayEnd?.(unit, unit.timeS / secondsPerDay - 1, unit.today);
  addLedger(unit.finishedDays, unit.today);
  unit.today = createLedger();
}

function isMultiple(timeS: number, stepS: number): boolean {
  return stepAt(timeS, stepS) * stepS === timeS;
}
