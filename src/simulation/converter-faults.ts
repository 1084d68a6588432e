import { commitUnit } from "./advance.ts";
import type { Observer } from "./observer.ts";
import type { TripCause } from "./trip-causes.ts";
import type { UnitState } from "./unit.ts";
import type { World } from "./world.ts";

/*
 * Faults that trip converters at a moment that somebody chose (docs/faults.md). They are events of the community, as those of
 * protection are, and pass with them: whoever carries units forward passes both.
 *
 * Always: what comes of a fault comes once, at its own second, whoever looks. While one holds a converter no mode is taken.
 */

export interface ConverterFault {
  readonly id: number;
  /** Null where it is of all units. */
  readonly unitNumber: number | null;
  readonly fromS: number;
  /** Infinite where it does not end by itself. */
  readonly untilS: number;
  readonly cause: Extract<TripCause, "fault" | "heavyFault">;
  /** Whether its converters are held in Waiting as long as it lasts; else they trip once. */
  readonly holds: boolean;
  /** Whether it leaves alone what waits already, which has no alarm then. */
  readonly sparesWaiting: boolean;
  /** Whether all has come that comes of it. */
  readonly isDone: boolean;
}

/** What of a community they concern. */
interface Concerned {
  readonly units: readonly UnitState[];
  faults?: readonly ConverterFault[];
}
type Faults = Pick<Concerned, "faults">;

const never = Number.POSITIVE_INFINITY;

/** The moment at which something comes next of a fault, or never. */
export function findNextFault({ units, faults = [] }: Concerned): number {
  let firstS = never;
  for (const fault of faults) {
    if (fault.isDone) continue;
    if (!fault.holds) firstS = Math.min(firstS, fault.fromS);
    else firstS = Math.min(firstS, fault.untilS, findHold(fault, units));
  }
  return firstS;
}

/** When the first unit has to be held that is not yet, or never. */
function findHold(fault: ConverterFault, units: readonly UnitState[]): number {
  let firstS = never;
  for (const unit of units)
    if (isOf(fault, unit) && !rests(unit, fault))
      firstS = Math.min(firstS, Math.max(fault.fromS, unit.timeS));
  return firstS < fault.untilS ? firstS : never;
}

/** Why a fault trips `unit` at `timeS`, or null. */
export function findFaultCause(
  { faults = [] }: Faults,
  unit: Readonly<UnitState>,
  timeS: number,
): ConverterFault["cause"] | null {
  let cause: ConverterFault["cause"] | null = null;
  for (const fault of faults)
    if (!fault.isDone && isOf(fault, unit) && isOn(fault, timeS) && !rests(unit, fault))
      cause = cause === "heavyFault" ? cause : fault.cause;
  return cause;
}

/** Whether a fault lets `unit` take no mode at `timeS`. */
export function isHeld(faults: Faults, unit: Readonly<UnitState>, timeS: number): boolean {
  return listHolding(faults, unit, timeS).length > 0;
}

/** Notes what came of all faults by `timeS`, once what they trip has tripped. Returns the units whose alarm ended. */
export function settleFaults(
  community: Concerned,
  timeS: number,
  world: World,
  observer?: Observer,
): number[] {
  const { faults = [] } = community;
  const isPast = ({ holds, fromS, untilS }: ConverterFault) => (holds ? untilS : fromS) <= timeS;
  if (!faults.some((fault) => !fault.isDone && isPast(fault))) return [];
  community.faults = faults.map((fault) => (isPast(fault) ? { ...fault, isDone: true } : fault));
  return endAlarms(community, timeS, world, observer);
}

/** Ends heavy alarms that no heavy fault holds any more; where a light one still does, its alarm stays. Returns the units that had one. */
export function endAlarms(community: Concerned, timeS: number, world: World, observer?: Observer): number[] {
  const holding = (unit: Readonly<UnitState>) =>
    listHolding(community, unit, timeS).filter(({ sparesWaiting }) => !sparesWaiting);
  const ended = community.units.filter(
    (unit) => unit.tripCause === "heavyFault" && !holding(unit).some(({ cause }) => cause === "heavyFault"),
  );
  for (const unit of ended) {
    commitUnit(unit, timeS, world, observer);
    unit.tripCause = holding(unit)[0]?.cause ?? "none";
  }
  return ended.map(({ number }) => number);
}

function listHolding({ faults = [] }: Faults, unit: Readonly<UnitState>, timeS: number): ConverterFault[] {
  return faults.filter((fault) => fault.holds && isOf(fault, unit) && isOn(fault, timeS));
}

function isOf({ unitNumber }: ConverterFault, { number }: Readonly<UnitState>): boolean {
  return (unitNumber ?? number) === number;
}

function isOn({ fromS, untilS }: ConverterFault, timeS: number): boolean {
  return fromS <= timeS && timeS < untilS;
}

/** Whether it waits, with the fault's alarm or a heavier one where the fault gives those that wait one too. */
function rests(
  { converterMode, tripCause }: Readonly<UnitState>,
  { cause, sparesWaiting }: ConverterFault,
): boolean {
  if (converterMode !== "waiting") return false;
  return sparesWaiting || tripCause === cause || tripCause === "heavyFault";
}
