import { bookWalk } from "./book.ts";
import { endDay, settleConditions } from "./events.ts";
import type { Occasion, Walk } from "./flow.ts";
import { followToEvent } from "./follow.ts";
import type { Observer } from "./observer.ts";
import { beginSegment, createWalk } from "./segment.ts";
import { nextPointS } from "./series.ts";
import type { UnitState } from "./unit.ts";
import { followLine } from "./walk.ts";
import { endOfTimeS, secondsPerDay, type World } from "./world.ts";

/*
 * Carries units forward. A unit's state is what held at its last event; a read passes the events up to its moment, which
 * anybody would have passed alike, and keeps nothing of what lies after (docs/model.md, 4.5). Between commands units do not act
 * on one another (5.5), so each goes alone.
 *
 * Always: only an event or a command moves `timeS`; advancing in any pieces leaves the same bits.
 *
 * Rejected: keeping the state at the moment of a read, since rounding then depends on who looks and when; advancing all units
 * together, since a command would wait for homes that it does not touch.
 */

/**
 * Passes every event of the unit up to and including simulated second `untilS`, and no other moment:
 * however often it is called in between, the unit's future stays the same to the bit.
 */
export function advanceUnit(unit: UnitState, untilS: number, world: World, observer?: Observer): void {
  if (world.powerFlowEnabled) passEvents(unit, untilS, world, observer);
  else passMidnights(unit, untilS, world, observer);
}

/** Passes the unit's events up to `timeS` and makes that moment an event too, as a command does. */
export function commitUnit(unit: UnitState, timeS: number, world: World, observer?: Observer): void {
  if (!world.powerFlowEnabled) {
    passMidnights(unit, timeS, world, observer);
    if (timeS > unit.timeS) observer?.onStretch?.(unit, timeS, world);
  } else {
    const walk = passEvents(unit, timeS, world, observer);
    if (timeS > unit.timeS) {
      observer?.onStretch?.(unit, timeS, world);
      followLine(walk, timeS);
      bookWalk(walk, unit);
      settleConditions(unit, walk, { world, byHand: false, observer }, false);
    }
  }
  unit.timeS = timeS;
}

/** Passes the unit's events up to `timeS` and goes on to that moment, of which nothing is kept. */
export function walkTo(unit: UnitState, timeS: number, world: World, observer?: Observer): Walk {
  const walk = passEvents(unit, timeS, world, observer);
  followLine(walk, Math.max(walk.timeS, Math.min(timeS, endOfTimeS(world))));
  return walk;
}

/** Returns how far the segment in which `untilS` lies was followed: to its last input point before. */
function passEvents(unit: UnitState, untilS: number, world: World, observer?: Observer): Walk {
  const lastS = Math.min(untilS, endOfTimeS(world));
  const walk = openWalk(unit, world, observer);
  const occasion = { world, byHand: false, observer };
  let segments = 0;
  while (passNextEvent(walk, unit, lastS, occasion)) segments++;
  if (segments > 0) observer?.onAdvanced?.(segments);
  return walk;
}

/** A walk at the beginning of the segment that follows the last event of `unit`. */
export function openWalk(unit: UnitState, world: World, observer?: Observer): Walk {
  const walk = createWalk(unit, world);
  noteBatteryLimit(unit, walk, observer);
  return walk;
}

/**
 * Passes the next event of `unit`, whose `walk` this is, if it comes up to and including `lastS`, which no time lies
 * behind. Returns whether it did; else the walk has come to its last input point up to `lastS`, and goes on from there
 * however often it is asked to.
 */
export function passNextEvent(walk: Walk, unit: UnitState, lastS: number, occasion: Occasion): boolean {
  if (!followToEvent(walk, lastS)) return false;
  const { world, observer } = occasion;
  observer?.onStretch?.(unit, walk.timeS, world);
  if (observer !== undefined) noteUnprotected(unit, walk, observer, walk.batteryWs > walk.curtailedWs);
  bookWalk(walk, unit);
  settleConditions(unit, walk, occasion, walk.timeS === walk.segment.nextTimeS);
  beginSegment(walk);
  noteBatteryLimit(unit, walk, observer);
  return true;
}

function noteBatteryLimit(unit: UnitState, walk: Walk, observer?: Observer): void {
  const { batteryLimit } = walk.segment;
  if (observer !== undefined) noteUnprotected(unit, walk, observer, walk.batteryW > walk.solarW);
  if (batteryLimit === "empty" && unit.batteryLimit !== "empty") observer?.onBatteryEmpty?.(unit, unit.timeS);
  unit.batteryLimit = batteryLimit;
}

/** Says what nobody protects a converter from in the segment of `walk`; whether a full battery `burns` of the bus there. */
function noteUnprotected(unit: UnitState, { segment }: Walk, observer: Observer, burns: boolean): void {
  const { batteryLimit, dcGridW, world, limited } = segment;
  if (dcGridW === 0 || world.protectsConverters === true) return;
  if (dcGridW < 0) {
    if (limited === null ? batteryLimit === "empty" : limited.hasLack)
      observer.onUnprotected?.(unit, "sells", unit.timeS);
  } else if (limited === null ? batteryLimit === "full" && burns : limited.isBeyondSun)
    observer.onUnprotected?.(unit, "burns", unit.timeS);
}

/** Without power flow there is no other event. */
function passMidnights(unit: UnitState, untilS: number, world: World, observer?: Observer): void {
  const lastS = Math.min(untilS, endOfTimeS(world));
  for (;;) {
    const midnightS = nextPointS(unit.timeS, secondsPerDay);
    if (midnightS > lastS) return;
    observer?.onStretch?.(unit, midnightS, world);
    unit.timeS = midnightS;
    endDay(unit, observer);
  }
}
