import type { Horizon, Occasion, Segment, Walk } from "./flow.ts";
import { addLedger, clearLedger } from "./ledger.ts";
import { boundByRange, findChange } from "./limited-flow.ts";
import type { LimitedFlow } from "./limited-powers.ts";
import type { Observer } from "./observer.ts";
import { boundByRestart, nextOutageS, settleDarkness, settleOutage } from "./outage-state.ts";
import { secondsUntilZero } from "./roots.ts";
import { nextPointS, stepAt } from "./series.ts";
import type { UnitState } from "./unit.ts";
import { boundBySwitches, settleUps } from "./ups.ts";
import { type Home, secondsPerDay, type World } from "./world.ts";

/*
 * All kinds of events stand in one table: when each comes, and what then changes (docs/model.md, 4.3). A new kind is a new
 * entry. Those that change what a unit remembers are settled in the order of the table (4.4).
 *
 * Always: a segment goes no further than the first event of any kind; conditions are settled after every event, whatever
 * brought it, since one moment may bring several. A time, once known, stays until it has come or a command begins a new walk.
 *
 * Rejected: a queue of coming events, since each event and each command moves most of them, and the queue would have to be stored;
 * one search by hand for each kind, spread over the files that know the physics, since a new kind then touched five of them;
 * two entries for the UPS and its charger: a year took 3 % longer, and they are settled together anyway.
 */

/** A kind of event: when it comes, and what then changes. */
interface EventKind {
  readonly name: string;
  /** The time at which it comes next [s], or never; asked when a walk begins and when such a time has come. */
  readonly timeS?: (walk: Readonly<Walk>) => number;
  /** Charges [%] at which it comes, the same in every segment … */
  readonly upPercent?: number;
  readonly downPercent?: number;
  /** … or what a segment that begins tells of them: draws the horizon in to where it comes. */
  readonly bound?: (until: Horizon, walk: Readonly<Walk>) => void;
  readonly crossing?: Crossing;
  /** Whether it comes to homes with limits alone, as all that has to do with AC grids that fail. */
  readonly ofLimits?: true;
  /** When it comes before the next input point [s], or never. */
  readonly changesAt?: (walk: Readonly<Walk>, limited: LimitedFlow) => number;
  /**
   * Changes what the unit remembers, if that is due. What comes at a time is looked at when such a time has come,
   * all else after every event and command; `walk` is the one that came there, if one did. Without it the powers of the next segment
   * differ by themselves.
   */
  readonly settle?: (unit: UnitState, home: Home, occasion: Occasion, walk?: Walk) => void;
}

/** A power that comes to zero. */
interface Crossing {
  /** Whether it may in this segment. */
  mayCome(segment: Readonly<Segment>): boolean;
  /** Linear between input points, and above zero until it comes [W]. */
  powerW(segment: Readonly<Segment>, solarW: number, demandW: number, batteryW: number): number;
  /** It comes only where the battery's power changes its sign, and there quiet steps end anyway. */
  readonly isOfBatteryPower: boolean;
}

type Change = NonNullable<EventKind["changesAt"]>;
type Bound = NonNullable<EventKind["bound"]>;

const never = Number.POSITIVE_INFINITY;

export const eventKinds: readonly EventKind[] = [
  {
    name: "a day ends",
    timeS: ({ timeS }) => nextPointS(timeS, secondsPerDay),
    settle(unit, _home, { observer }) {
      if (isPoint(unit.timeS, secondsPerDay)) endDay(unit, observer);
    },
  },
  {
    name: "a power held by hand ends",
    timeS: ({ timeS, segment: { unit, home, world } }) =>
      Math.min(
        unit.heldDemandPowerW === null ? never : nextPointS(timeS, demandStepS(home)),
        unit.heldSolarPowerW === null ? never : nextPointS(timeS, sunStepS(home, world)),
      ),
    settle(unit, home, { world }) {
      if (unit.heldDemandPowerW !== null && isPoint(unit.timeS, demandStepS(home)))
        unit.heldDemandPowerW = null;
      if (unit.heldSolarPowerW !== null && isPoint(unit.timeS, sunStepS(home, world)))
        unit.heldSolarPowerW = null;
    },
  },
  { name: "the AC grid fails or comes back", ofLimits: true, timeS: nextOutageS, settle: settleOutage },
  {
    name: "the ramp ends, and the current begins",
    timeS: ({ timeS, segment: { unit } }) => (unit.dcGridFlowFromS > timeS ? unit.dcGridFlowFromS : never),
  },
  { name: "the UPS or its AC charger switches", bound: boundBySwitches, settle: settleUps },
  { name: "the battery is full or empty", upPercent: 100, downPercent: 0 },
  { name: "a battery comes to its floor or ceiling", ofLimits: true, bound: boundByRange },
  { name: "a dark house comes back", ofLimits: true, bound: boundByRestart, settle: settleDarkness },
  {
    name: "a full or empty battery comes off its limit",
    crossing: {
      mayCome: ({ batteryLimit }) => batteryLimit !== "none",
      powerW: ({ batteryLimit }, _solarW, _demandW, batteryW) =>
        batteryLimit === "full" ? batteryW : -batteryW,
      isOfBatteryPower: true,
    },
  },
  {
    name: "a full battery takes more from the bus than its sun makes room for, where converters are protected",
    crossing: {
      mayCome: ({ batteryLimit, dcGridW, world }) =>
        batteryLimit === "full" && dcGridW > 0 && world.protectsConverters === true,
      powerW: (_, solarW, _demandW, batteryW) => solarW - batteryW,
      isOfBatteryPower: false,
    },
  },
  { name: "a limit of the home is met or left", ofLimits: true, changesAt: findChange },
];

const lowestUpPercent = Math.min(...eventKinds.map(({ upPercent = never }) => upPercent));
const highestDownPercent = Math.max(...eventKinds.map(({ downPercent = -never }) => downPercent));
const crossings = eventKinds.flatMap(({ crossing }) => crossing ?? []);
const changes = eventKinds.flatMap(({ changesAt }) => changesAt ?? []);

function tabulate(kinds: readonly EventKind[]) {
  return {
    times: kinds.flatMap(({ timeS }) => timeS ?? []),
    bounds: kinds.flatMap(({ bound }) => bound ?? []),
    conditions: kinds.flatMap(({ settle }) => settle ?? []),
    conditionsAtAnyTime: kinds.flatMap(({ timeS, settle }) => (timeS === undefined && settle) || []),
  };
}

/** What may come to an ideal home, and to one with limits. Each has loops of its own below, of which the engine knows what they call. */
const ideal = tabulate(eventKinds.filter(({ ofLimits }) => ofLimits !== true));
const limited = tabulate(eventKinds);

/** The next time at which something comes for certain [s]. */
export function findNextTime(walk: Readonly<Walk>): number {
  let nextS = never;
  if (walk.segment.limited === null) for (const timeS of ideal.times) nextS = Math.min(nextS, timeS(walk));
  else for (const timeS of limited.times) nextS = Math.min(nextS, timeS(walk));
  return nextS;
}

/** Draws `until`, which ends at a time that is set, in to the charges at which something comes. */
export function boundSegment(until: Horizon, walk: Readonly<Walk>): void {
  until.upPercent = lowestUpPercent;
  until.downPercent = highestDownPercent;
  // By index here and below, once a segment: an iterator made a year 5 % longer.
  if (walk.segment.limited === null) {
    const { bounds } = ideal;
    for (let i = 0; i < bounds.length; i++) (bounds[i] as Bound)(until, walk);
  } else {
    const { bounds } = limited;
    for (let i = 0; i < bounds.length; i++) (bounds[i] as Bound)(until, walk);
  }
}

/** Notes in a segment whose limits are known which powers may end it by coming to zero. */
export function watchCrossings(segment: Segment): void {
  if (segment.limited !== null) {
    segment.mayCross = segment.limited.guardCount > 0;
    return;
  }
  segment.mayCross = false;
  // Of an ideal home all of them are of a battery at its limit; nearly every segment is of one that is at none.
  if (segment.batteryLimit === "none") return;
  for (let i = 0; i < crossings.length; i++) {
    const { mayCome, isOfBatteryPower } = crossings[i] as Crossing;
    if (!mayCome(segment)) continue;
    segment.mayCross = true;
    if (!isOfBatteryPower) segment.hasQuietSteps = false;
  }
}

/** Whether one of them has come to zero, of an ideal home. */
export function hasCrossed({ segment, solarW, demandW, batteryW }: Readonly<Walk>): boolean {
  for (const { mayCome, powerW } of crossings) {
    if (mayCome(segment) && powerW(segment, solarW, demandW, batteryW) <= 0) return true;
  }
  return false;
}

/** When the first of them comes to zero, of an ideal home, [s] before the next input point, or never. */
export function findCrossing(walk: Readonly<Walk>): number {
  const { segment, timeS, pointS } = walk;
  let firstS = never;
  for (const { mayCome, powerW } of crossings) {
    if (!mayCome(segment)) continue;
    const valueW = powerW(segment, walk.solarW, walk.demandW, walk.batteryW);
    const pointW = powerW(segment, walk.pointSolarW, walk.pointDemandW, walk.pointBatteryW);
    const slope = (pointW - valueW) / (pointS - timeS);
    if (!(valueW > 0)) continue;
    const zeroS = timeS + secondsUntilZero(valueW, slope);
    // A zero within rounding of where the segment begins has come: else it would come there for ever.
    if (zeroS > timeS || timeS > segment.unit.timeS) firstS = Math.min(firstS, zeroS);
  }
  return firstS;
}

/** When the first of what changes the powers of a home with limits comes [s] before the next input point, or never. */
export function findLimitedCrossing(walk: Readonly<Walk>, flow: LimitedFlow): number {
  let firstS = never;
  for (let i = 0; i < changes.length; i++) firstS = Math.min(firstS, (changes[i] as Change)(walk, flow));
  return firstS;
}

/** Settles in the order of the table what a unit remembers, at an event of its segment or after a command. */
export function settleConditions(
  unit: UnitState,
  walk: Walk,
  occasion: Occasion,
  timeHasCome: boolean,
): void {
  const { home, limited: flow } = walk.segment;
  if (flow === null) {
    if (timeHasCome) for (const settle of ideal.conditions) settle(unit, home, occasion);
    else for (const settle of ideal.conditionsAtAnyTime) settle(unit, home, occasion);
  } else if (timeHasCome) for (const settle of limited.conditions) settle(unit, home, occasion, walk);
  else for (const settle of limited.conditionsAtAnyTime) settle(unit, home, occasion, walk);
}

/** Settles what follows the charge of a unit that was set, however soon after the last change. */
export function settleByHand(unit: UnitState, world: World): void {
  settleElsewhere(unit, { world, byHand: true });
}

/** Settles what a unit remembers that was put into another time or world. */
export function settleElsewhere(unit: UnitState, occasion: Occasion): void {
  const home = occasion.world.homeOf(unit.number);
  settleOutage(unit, home, occasion);
  for (const settle of limited.conditionsAtAnyTime) settle(unit, home, occasion);
}

/** Puts what the unit has counted since midnight to its finished days. */
export function endDay(unit: UnitState, observer?: Observer): void {
  observer?.onDayEnd?.(unit);
  addLedger(unit.finishedDays, unit.today);
  clearLedger(unit.today);
}

/** Time between the values that the input gives a home [s]. */
function demandStepS({ demand, demandInputStepS }: Home): number {
  return demandInputStepS ?? demand.stepS;
}

function sunStepS({ sun }: Home, { solarInputStepS }: World): number {
  return sun?.inputStepS ?? solarInputStepS;
}

function isPoint(timeS: number, stepS: number): boolean {
  return stepAt(timeS, stepS) * stepS === timeS;
}
