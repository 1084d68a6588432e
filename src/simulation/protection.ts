import { advanceUnit, commitUnit, passNextEvent } from "./advance.ts";
import { mostCurrentA } from "./bus-currents.ts";
import { leaveAutonomy } from "./commands.ts";
import { type CommunityState, shareBusCurrents } from "./community.ts";
import { findFaultCause, findNextFault, settleFaults } from "./converter-faults.ts";
import { type BusState, busVoltageAt, voltageReferenceOf } from "./dc-bus.ts";
import type { Walk } from "./flow.ts";
import { neutralLimits } from "./home-limits.ts";
import { isPositive } from "./limited-powers.ts";
import type { Observer } from "./observer.ts";
import { settleDarknessOf } from "./outage-state.ts";
import { createWalk } from "./segment.ts";
import type { TripCause } from "./trip-causes.ts";
import { copyUnit, type UnitState } from "./unit.ts";
import { endOfTimeS, type World } from "./world.ts";

/*
 * A converter that asks what its home cannot give or take, or that is beyond a limit of its own, ends in Waiting at that very
 * moment (docs/model.md, 5.6). It takes its current off the bus, so this is the one way in which homes act on one another
 * between commands: an event of the community.
 *
 * Always: whoever carries units forward passes the trips of all units on the bus first; a search changes nothing, since it goes
 * on copies. Each trip takes a unit off the bus, so passing them ends. Units off the bus go on alone.
 *
 * Rejected: an event of the unit alone, since its neighbours' current changes with it and they may have been carried beyond.
 */

/** A converter that was protected. */
interface Trip {
  readonly unitNumber: number;
  readonly cause: TripCause;
}

/** What came at one moment, and the numbers of all units whose state it touched. */
export interface CommunityEvent {
  readonly timeS: number;
  readonly trips: readonly Trip[];
  readonly touched: readonly number[];
}

/** A look goes so far at first [s]; each later one twice as far, so that no unit is carried much too far. */
const firstLookS = 3 * 3600;

/** Passes all that comes of the community up to and including `untilS`, and the events of units on the bus before it. */
export function passTrips(
  community: CommunityState,
  untilS: number,
  world: World,
  onTripped: (event: CommunityEvent) => void,
  observer?: Observer,
): void {
  for (;;) {
    const timeS = findNextTrip(community, untilS, world);
    if (timeS === null) return;
    for (const unit of listWatched(community, world)) advanceUnit(unit, timeS, world, observer);
    onTripped(tripAt(community, timeS, world, observer));
  }
}

/** The moment up to and including `untilS` at which the next converter trips, or null. */
export function findNextTrip(community: CommunityState, untilS: number, world: World): number | null {
  const watched = listWatched(community, world);
  const endS = Math.min(untilS, endOfTimeS(world));
  let firstS = findNextFault(community);
  if (watched.length === 0) return firstS <= endS ? firstS : null;
  let reachedS = Number.POSITIVE_INFINITY;
  for (const unit of watched) {
    if (findLimitCause(unit, community.bus, world) !== null)
      firstS = Math.min(firstS, Math.max(unit.timeS, community.bus.rampEndS));
    reachedS = Math.min(reachedS, unit.timeS);
  }
  const occasion = { world, byHand: false };
  const ways = watched.map((unit) => {
    const copy = copyUnit(unit);
    return { unit: copy, walk: createWalk(copy, world) };
  });
  for (let lookS = firstLookS; ; lookS *= 2) {
    reachedS += lookS;
    for (const { unit, walk } of ways) {
      const lastS = Math.min(reachedS, endS, firstS);
      let isTripping = findHomeCause(walk) !== null;
      while (!isTripping && passNextEvent(walk, unit, lastS, occasion))
        isTripping = findHomeCause(walk) !== null;
      if (isTripping) firstS = Math.min(firstS, unit.timeS);
    }
    if (reachedS >= Math.min(endS, firstS)) return firstS <= endS ? firstS : null;
  }
}

/**
 * Ends all converters that have to end at `timeS`, to which all units on the bus were carried: by number, the reference last,
 * each looked at anew after those before.
 */
export function tripAt(
  community: CommunityState,
  timeS: number,
  world: World,
  observer?: Observer,
): CommunityEvent {
  // At a rate that nobody chose: a ramp that a trip brings is the same at any acceleration.
  const moment = { timeS, world, accelerationFactor: 1, ...(observer && { observer }) };
  const trips: Trip[] = [];
  const touched = new Set<number>();
  for (;;) {
    const due = findDue(community, timeS, world);
    if (due === null) {
      for (const number of settleFaults(community, timeS, world, observer)) touched.add(number);
      return { timeS, trips, touched: [...touched].sort((a, b) => a - b) };
    }
    const { unit, cause } = due;
    if (unit.timeS < timeS) commitUnit(unit, timeS, world, observer);
    const isAutonomous = unit.converterMode === "gridAutonomy";
    unit.converterMode = "waiting";
    unit.tripCause = cause;
    if (isAutonomous) leaveAutonomy(community, unit, moment);
    trips.push({ unitNumber: unit.number, cause });
    touched.add(unit.number);
    for (const number of shareBusCurrents(community, timeS, world, observer)) touched.add(number);
    settleDarknessOf(community.units, touched, world);
  }
}

function findDue(
  community: CommunityState,
  timeS: number,
  world: World,
): { readonly unit: UnitState; readonly cause: TripCause } | null {
  const { bus } = community;
  const reference = voltageReferenceOf(bus);
  let last: { readonly unit: UnitState; readonly cause: TripCause } | null = null;
  const watched = new Set(listWatched(community, world));
  const mayFail = (community.faults ?? []).length > 0;
  for (const unit of mayFail ? community.units : watched) {
    const fault = findFaultCause(community, unit, timeS);
    if (fault === null && !watched.has(unit)) continue;
    const limit = timeS >= bus.rampEndS ? findLimitCause(unit, bus, world) : null;
    const cause = fault ?? limit ?? (unit.timeS === timeS ? findHomeCause(createWalk(unit, world)) : null);
    if (cause === null) continue;
    if (unit.number !== reference) return { unit, cause };
    last = { unit, cause };
  }
  return last;
}

/** Units that may trip: those whose converter does not wait, if anything protects it. */
function listWatched({ units }: CommunityState, world: World): UnitState[] {
  if (!world.powerFlowEnabled) return [];
  return units.filter(
    ({ converterMode, number }) =>
      converterMode !== "waiting" &&
      (world.protectsConverters === true ||
        world.homeOf(number).limits !== undefined ||
        world.homeOf(number).outages !== undefined),
  );
}

/** Which limit of its own the converter is beyond, once the bus does not ramp; all of these last until a command. */
function findLimitCause(unit: Readonly<UnitState>, bus: BusState, world: World): TripCause | null {
  const { limits } = world.homeOf(unit.number);
  if (limits === undefined) return null;
  if (Math.abs(unit.dcGridCurrentA) > mostCurrentA(unit.number, world)) return "imax";
  const busV = busVoltageAt(bus, bus.rampEndS);
  if (busV > limits.gridOvervoltageV) return "ogv";
  if (busV < limits.gridUndervoltageV) return "ugv";
  const { batteryVoltageV } = world.parameters;
  if (batteryVoltageV > limits.batteryOvervoltageV) return "obv";
  return batteryVoltageV < limits.batteryUndervoltageV ? "ubv" : null;
}

/** Why the converter has to end where the segment of `walk` begins by what its home can give or take, or null. */
function findHomeCause({ segment, ...walk }: Readonly<Walk>): TripCause | null {
  const { world, home, dcGridW, batteryLimit } = segment;
  if (dcGridW === 0) return null;
  const { batteryOvercurrentA } = home.limits ?? neutralLimits;
  const batterySideA = Math.abs(dcGridW - segment.converterLossW) / world.parameters.batteryVoltageV;
  if (batterySideA > batteryOvercurrentA) return "cib";
  const isProtected = world.protectsConverters === true;
  if (segment.limited !== null) {
    const { hasLack, isBeyondAc, isBeyondSun } = segment.limited;
    // Where AC cannot help either, nothing else is left.
    if (dcGridW < 0 && (isProtected ? hasLack : isBeyondAc)) return "cannotGive";
    return dcGridW > 0 && isBeyondSun && isProtected ? "cannotTake" : null;
  }
  if (!isProtected) return null;
  if (batteryLimit === "empty" && dcGridW < 0) return "cannotGive";
  if (batteryLimit !== "full" || dcGridW < 0) return null;
  const leftW = walk.batteryW - walk.solarW;
  const slope = (walk.pointBatteryW - walk.pointSolarW - leftW) / (walk.pointS - walk.timeS);
  return isPositive(leftW, slope, walk.timeS) ? "cannotTake" : null;
}
