import { advanceUnit, openWalk } from "./advance.ts";
import { bookWalk, describePowers, type PowerReading } from "./book.ts";
import type { Occasion, Walk } from "./flow.ts";
import { addLedger } from "./ledger.ts";
import { passNextTold, type Teller } from "./occurrences.ts";
import { readPowersAt } from "./reading.ts";
import { copyUnit, type UnitState } from "./unit.ts";
import { copyWalk, followLine } from "./walk.ts";
import { endOfTimeS, type World } from "./world.ts";

/*
 * Carries a unit in steps that follow one another. Reading a unit walks from its last event, which may lie a day back; whoever
 * reads at each of many steps goes on with the walk instead.
 *
 * Always: the bits are those of a unit that is advanced and read without (docs/model.md, 4.5), since what a walk does before
 * its next event does not depend on how far somebody wanted to see.
 *
 * Rejected: keeping the walk with the unit, since a stored unit begins anew from its state.
 */

/** A unit on its way. A command that changes the unit ends it; whoever gives the command begins another one. */
export interface Carried {
  readonly unit: UnitState;
  /** Null before the first step, and where no power flows. */
  walk: Walk | null;
  /** Where the walk began: at the unit's last event, unless somebody else has passed one since. */
  walkBeganS: number;
}

export function beginCarrying(unit: UnitState): Carried {
  return { unit, walk: null, walkBeganS: unit.timeS };
}

/** Passes the events of the unit up to and including `untilS`, as `advanceUnit` does; returns how many. */
export function carryTo(carried: Carried, untilS: number, occasion: Occasion, tell: Teller): number {
  const { unit } = carried;
  const { world, observer } = occasion;
  if (!world.powerFlowEnabled) {
    advanceUnit(unit, untilS, world, observer);
    return 0;
  }
  const goesOn = carried.walk !== null && unit.timeS === carried.walkBeganS;
  const walk = goesOn ? (carried.walk as Walk) : openWalk(unit, world, observer);
  carried.walk = walk;
  const lastS = Math.min(untilS, endOfTimeS(world));
  let events = 0;
  while (passNextTold(walk, unit, lastS, occasion, tell)) events++;
  carried.walkBeganS = unit.timeS;
  return events;
}

/** Reads the powers of the unit at `timeS`, to which it was carried, as `readPowersAt` does. */
export function readCarried({ unit, walk }: Carried, timeS: number, world: World): PowerReading {
  if (walk === null) return readPowersAt(unit, timeS, world);
  const present = copyUnit(unit);
  const here = copyWalk(walk);
  followLine(here, Math.max(here.timeS, Math.min(timeS, endOfTimeS(world))));
  bookWalk(here, present);
  addLedger(present.today, unit.finishedDays);
  return describePowers(here, present);
}
