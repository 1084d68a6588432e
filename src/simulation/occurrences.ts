import { advanceUnit, openWalk, passNextEvent } from "./advance.ts";
import { type CommunityState, copyCommunity } from "./community.ts";
import type { BusState } from "./dc-bus.ts";
import type { Occasion, Walk } from "./flow.ts";
import { type HomeLimits, neutralLimits } from "./home-limits.ts";
import { type CommunityEvent, findNextTrip, tripAt } from "./protection.ts";
import { nextPointS } from "./series.ts";
import type { TripCause } from "./trip-causes.ts";
import { copyUnit, isDark, type UnitState } from "./unit.ts";
import { endOfTimeS, secondsPerDay, type World } from "./world.ts";

/*
 * What somebody may wait for or be told of: a battery is empty, the bus is up … The events of the physics (events.ts) bring
 * it, but most of them bring nothing of the kind.
 *
 * Always: what is told of a span, without its beginning and with its end, is the same in whatever pieces it is passed; a search
 * changes nothing, since it goes on copies.
 *
 * Rejected: carrying the units themselves to their first event, since each would be carried past the others' earlier ones.
 */

/** In the order in which those of one moment are told. */
export const occurrenceKinds = [
  "empty",
  "full",
  "upsSwitch",
  "acCharging",
  "outageBegin",
  "outageEnd",
  "dark",
  "light",
  "faultBegin",
  "faultEnd",
  "trip",
  "busUp",
  "busDown",
  "dayEnd",
  "dataEnd",
] as const;

/**
 * `empty` and `full`: a battery comes to its floor or ceiling, 0 and 100 % where it has no other; `upsSwitch` and
 * `acCharging`: the UPS changes its mode, the AC charger goes on or off; `outageBegin` and `outageEnd`: a home's AC grid fails,
 * or is back; `dark` and `light`: meanwhile its house gets nothing, or is served again; `faultBegin` and
 * `faultEnd`: a fault of the hardware comes or goes by itself; `trip`: a converter is protected; `busUp`:
 * the bus comes to the voltage that it was asked for; `busDown`: it is dead, by a command or a trip; `dayEnd`: a simulated
 * midnight; `dataEnd`: time stands still.
 */
export type OccurrenceKind = (typeof occurrenceKinds)[number];

export interface Occurrence {
  /** Simulated second. */
  readonly timeS: number;
  /** Null where it is of all: the bus, days and data. */
  readonly unitNumber: number | null;
  readonly kind: OccurrenceKind;
  /** Of a trip, why. */
  readonly cause?: TripCause;
}

/** What is waited for: any of these kinds, of one unit or of any; those of the bus, days and data are everybody's. */
export interface Awaited {
  readonly kinds: readonly OccurrenceKind[];
  readonly unitNumber?: number | undefined;
}

/** Simulated seconds after `afterS` up to and including `untilS`. */
interface Span {
  readonly afterS: number;
  readonly untilS: number;
}

/** What is told of when it changes. */
export type Conditions = Pick<UnitState, "stateOfChargePercent" | "upsMode" | "acCharging" | "outage">;

/** Is told of what comes to a unit, at its last event. */
export type Teller = (unit: Readonly<UnitState>, kind: OccurrenceKind) => void;

const never = Number.POSITIVE_INFINITY;

/** How far the first look goes [s]; each later one goes twice as far, so that no home is carried much too far. */
const firstLookS = 3 * 3600;

/**
 * The first moment [simulated s] in `span` at which something awaited comes, or null if none does. Events up to the
 * beginning of the span must have been passed; the community stays as it is. A span without an end must be one that ends
 * with the data.
 */
export function findFirstOccurrence(
  community: CommunityState,
  { afterS, untilS }: Span,
  awaited: Awaited,
  world: World,
): number | null {
  const endS = Math.min(untilS, endOfTimeS(world));
  if (endS === never) throw new RangeError("A span without an end");
  let [here, fromS] = [community, afterS];
  for (;;) {
    const tripS = findNextTrip(here, endS, world);
    const foundS = findOfUnits(here, { afterS: fromS, untilS: tripS ?? endS }, awaited, world);
    if (foundS !== null || tripS === null) return foundS;
    // A trip changes what its neighbours come to: the search goes on behind it, on a copy.
    if (here === community) here = copyCommunity(community, fromS);
    for (const unit of here.units) advanceUnit(unit, tripS, world);
    const busV = here.bus.targetVoltageV;
    const event = tripAt(here, tripS, world);
    if (listOfEvent(event, busV, here.bus).some((one) => isAwaited(one, awaited))) return tripS;
    fromS = tripS;
  }
}

function isAwaited({ kind, unitNumber }: Occurrence, awaited: Awaited): boolean {
  return (
    awaited.kinds.includes(kind) && (unitNumber ?? awaited.unitNumber) === (awaited.unitNumber ?? unitNumber)
  );
}

/** What a trip brought; `busV` is what the bus was asked for before. */
export function listOfEvent({ timeS, trips }: CommunityEvent, busV: number, bus: BusState): Occurrence[] {
  const list = trips.map(({ unitNumber, cause }): Occurrence => ({ timeS, unitNumber, kind: "trip", cause }));
  const kind = changeOfBus(busV, bus, timeS);
  return kind === null ? list : [...list, { timeS, unitNumber: null, kind }];
}

/** What came of the bus at `timeS`, at once, where it was asked for `beforeV` before; or null. */
export function changeOfBus(beforeV: number, { targetVoltageV, rampEndS }: BusState, timeS: number) {
  if (targetVoltageV === beforeV || rampEndS > timeS) return null;
  return targetVoltageV > 0 ? "busUp" : "busDown";
}

/** The same where no converter trips in `span`. */
function findOfUnits(
  community: CommunityState,
  { afterS, untilS: endS }: Span,
  { kinds, unitNumber }: Awaited,
  world: World,
): number | null {
  const { units, bus } = community;
  const awaited = new Set(kinds);
  let firstS = Math.min(...kinds.map((kind) => nextOfAll[kind]?.(bus, afterS, world) ?? never));
  for (const one of listFaults(community, { afterS, untilS: endS }))
    if (isAwaited(one, { kinds, unitNumber })) firstS = Math.min(firstS, one.timeS);
  const isOfUnits = unitOccurrences.some((kind) => awaited.has(kind)) && world.powerFlowEnabled;
  const sought = isOfUnits ? units.filter(({ number }) => (unitNumber ?? number) === number) : [];
  const occasion = { world, byHand: false };
  const walks = sought.map((unit) => openCopy(unit, world));
  for (let lookS = firstLookS, reachedS = afterS; reachedS < Math.min(firstS, endS); lookS *= 2) {
    reachedS = Math.min(endS, reachedS + lookS);
    for (const { walk, unit } of walks) {
      const span = { afterS, untilS: Math.min(reachedS, firstS) };
      firstS = passToFirst(walk, unit, span, awaited, occasion) ?? firstS;
    }
  }
  return firstS <= endS ? firstS : null;
}

/** Those that a unit comes to by itself. */
export const unitOccurrences = occurrenceKinds.slice(0, occurrenceKinds.indexOf("trip"));

function openCopy(unit: UnitState, world: World): { walk: Walk; unit: UnitState } {
  const copy = copyUnit(unit);
  return { walk: openWalk(copy, world), unit: copy };
}

/** The first moment in `span` at which something awaited comes to `unit`, which is carried there; or null. */
function passToFirst(
  walk: Walk,
  unit: UnitState,
  { afterS, untilS }: Span,
  awaited: ReadonlySet<OccurrenceKind>,
  occasion: Occasion,
): number | null {
  let found = false;
  const tell: Teller = (_, kind) => {
    // A command at the beginning may bring something at once.
    found ||= unit.timeS > afterS && awaited.has(kind);
  };
  while (passNextTold(walk, unit, untilS, occasion, tell)) if (found) return unit.timeS;
  return null;
}

/** `passNextEvent`, and tells what it brought. */
export function passNextTold(
  walk: Walk,
  unit: UnitState,
  lastS: number,
  occasion: Occasion,
  tell: Teller,
): boolean {
  const { stateOfChargePercent, upsMode, acCharging, outage } = unit;
  if (!passNextEvent(walk, unit, lastS, occasion)) return false;
  tellChanges(unit, { stateOfChargePercent, upsMode, acCharging, outage }, walk.segment.home.limits, tell);
  return true;
}

/** Tells what came to `unit` at once, of which some was as `before` says. */
export function tellChanges(
  unit: Readonly<UnitState>,
  before: Conditions,
  limits: HomeLimits | undefined,
  tell: Teller,
): void {
  const { stateOfChargePercent: charge } = unit;
  const { batteryFloorPercent: floor, batteryCeilingPercent: ceiling } = limits ?? neutralLimits;
  if (charge <= floor && before.stateOfChargePercent > floor) tell(unit, "empty");
  if (charge >= ceiling && before.stateOfChargePercent < ceiling) tell(unit, "full");
  if (unit.upsMode !== before.upsMode) tell(unit, "upsSwitch");
  if (unit.acCharging !== before.acCharging) tell(unit, "acCharging");
  tellOutage(unit, before, tell);
}

/** The same of outages alone. */
export function tellOutage(
  unit: Readonly<UnitState>,
  before: Pick<Conditions, "outage">,
  tell: Teller,
): void {
  const { outage } = unit;
  if (outage === before.outage) return;
  if (before.outage === "none") tell(unit, "outageBegin");
  if (outage === "none") tell(unit, "outageEnd");
  if (isDark(unit) !== isDark(before)) tell(unit, isDark(unit) ? "dark" : "light");
}

/** When each kind that is of all next comes after `afterS`, or never. */
const nextOfAll: Partial<Record<OccurrenceKind, (bus: BusState, afterS: number, world: World) => number>> = {
  busUp: ({ rampEndS, targetVoltageV }, afterS) =>
    rampEndS > afterS && targetVoltageV > 0 ? rampEndS : never,
  dayEnd: (_, afterS) => nextPointS(afterS, secondsPerDay),
  dataEnd: (_, afterS, world) => (endOfTimeS(world) > afterS ? endOfTimeS(world) : never),
};

/** Faults that come or go by themselves in a span. */
function listFaults({ faultSpans = [] }: CommunityState, { afterS, untilS }: Span): Occurrence[] {
  const isIn = (timeS: number) => timeS > afterS && timeS <= untilS;
  return faultSpans.flatMap(({ unitNumber, fromS, untilS: endS }): Occurrence[] => [
    ...(isIn(fromS) ? [{ timeS: fromS, unitNumber, kind: "faultBegin" as const }] : []),
    ...(isIn(endS) ? [{ timeS: endS, unitNumber, kind: "faultEnd" as const }] : []),
  ]);
}

/** What comes of the bus, days, data and faults in `span`, in the order of time, unit and kind. */
export function listOfAll(community: CommunityState, { afterS, untilS }: Span, world: World): Occurrence[] {
  const { bus } = community;
  const lastS = Math.min(untilS, endOfTimeS(world));
  const list = listFaults(community, { afterS, untilS: lastS });
  for (const [kind, nextS] of Object.entries(nextOfAll) as [OccurrenceKind, typeof nextOfAll.busUp & {}][]) {
    for (let timeS = nextS(bus, afterS, world); timeS <= lastS; timeS = nextS(bus, timeS, world))
      list.push({ timeS, unitNumber: null, kind });
  }
  return list.sort(compareOccurrences);
}

/** The order in which they are told: by time, unit (what is of all first) and kind. */
export function compareOccurrences(a: Occurrence, b: Occurrence): number {
  return (
    a.timeS - b.timeS ||
    (a.unitNumber ?? 0) - (b.unitNumber ?? 0) ||
    occurrenceKinds.indexOf(a.kind) - occurrenceKinds.indexOf(b.kind)
  );
}
