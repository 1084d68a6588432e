import { formatUnitId } from "../../notation/unit-id.ts";
import type { ConverterFault } from "../../simulation/converter-faults.ts";
import type { UnitState } from "../../simulation/unit.ts";
import { entryOf, type FaultKind, type FaultValues, faultMeters, type HardwarePath } from "./kinds.ts";

/** A fault of one unit's hardware, or of every unit's. */
export interface Fault {
  /** Counted from 1 in each run. */
  readonly id: number;
  readonly kind: FaultKind;
  /** Null where it is of all units. */
  readonly unitNumber: number | null;
  /** Simulated second from which on it is there, and the first at which it is not, or null if it does not end by itself. */
  readonly fromS: number;
  readonly untilS: number | null;
  readonly values: FaultValues;
  /**
   * What the meter of one that is stuck where it was told when the fault began: of its unit, or of each unit in their order. Known
   * from the first command after that.
   */
  readonly held?: readonly number[];
  /** Whether all has come that comes of one that trips converters. */
  readonly isDone?: true;
}

/** The faults of a community that are on or will be, in the order in which they were added. */
export interface Faults {
  readonly lastId: number;
  readonly list: readonly Fault[];
}

export const noFaults: Faults = { lastId: 0, list: [] };

/** Faults that a community may have at once, those to come among them. */
export const mostFaults = 100;

export function isOn({ fromS, untilS }: Fault, timeS: number): boolean {
  return fromS <= timeS && !isOver({ untilS }, timeS);
}

export function isOver({ untilS }: Pick<Fault, "untilS">, timeS: number): boolean {
  return untilS !== null && untilS <= timeS;
}

/** Those that act at `path` of a unit at simulated second `timeS`. */
export function faultsAt(
  { list }: Faults,
  unitNumber: number,
  path: HardwarePath,
  timeS: number,
): readonly Fault[] {
  if (list.length === 0) return list;
  return list.filter(
    (fault) =>
      (fault.unitNumber ?? unitNumber) === unitNumber &&
      isOn(fault, timeS) &&
      (fault.values.path ?? path) === path &&
      pathsOf(fault).includes(path),
  );
}

/** Those added before `fault` that were on when it began, of the same unit and wherever it acts: a meter that gets stuck told what they made of it. */
export function faultsBefore({ list }: Faults, fault: Fault, unitNumber: number): readonly Fault[] {
  const { path } = fault.values;
  return list
    .slice(
      0,
      Math.max(
        0,
        list.findIndex(({ id }) => id === fault.id),
      ),
    )
    .filter(
      (other) =>
        (other.unitNumber ?? unitNumber) === unitNumber &&
        isOn(other, fault.fromS) &&
        (other.values.path ?? path) === path,
    );
}

/** The paths at which a fault can act. */
export function pathsOf({ kind, values }: Pick<Fault, "kind" | "values">): readonly HardwarePath[] {
  return values.meter === undefined ? entryOf(kind).paths : faultMeters[values.meter].paths;
}

/** What is held of a unit, or null where it is not known. */
export function heldOf({ unitNumber, held }: Fault, ofUnit: number): number | null {
  return held?.[unitNumber === null ? ofUnit - 1 : 0] ?? null;
}

/** Whether a fault has begun whose meter is stuck at what it told then, which is not kept yet. */
export function mustBeHeld({ kind, values, fromS, held }: Fault, timeS: number): boolean {
  return kind === "meterStuck" && values.value === undefined && held === undefined && fromS <= timeS;
}

/** A fault in a few words, for logs. */
export function describeFault({ id, kind, unitNumber, values }: Fault): string {
  const whose = entryOf(kind).isOfAll
    ? ""
    : ` of ${unitNumber === null ? "all homes" : formatUnitId(unitNumber)}`;
  const told = Object.entries(values).map(([name, value]) => ` ${name}=${value}`);
  return `Fault ${id}, ${kind}${told.join("")}${whose},`;
}

/** Those that trip converters, as the physics knows them. */
export function listConverterFaults({ list }: Faults): ConverterFault[] {
  return list
    .filter(({ kind }) => entryOf(kind).actsOn === "converters")
    .map(({ id, kind, unitNumber, fromS, untilS, values, isDone = false }) => ({
      id,
      unitNumber,
      fromS,
      untilS: untilS ?? Number.POSITIVE_INFINITY,
      cause: causeOf(values.alarm),
      holds: values.alarm === "heavy" || untilS !== null || kind === "busCollapse",
      sparesWaiting: kind === "busCollapse",
      isDone,
    }));
}

function causeOf(alarm: unknown): ConverterFault["cause"] {
  return alarm === "heavy" ? "heavyFault" : "fault";
}

/** From when to when each lasts. */
export function listSpans({ list }: Faults): FaultSpan[] {
  return list.map(({ id, kind, unitNumber, fromS, untilS, values }) => ({
    id,
    unitNumber,
    fromS,
    untilS: untilS ?? Number.POSITIVE_INFINITY,
    alarm: alarmOf(kind, values.alarm, values.number),
  }));
}

function alarmOf(kind: FaultKind, alarm: unknown, number = ""): FaultSpan["alarm"] {
  return entryOf(kind).actsOn === "converters" ? { cause: causeOf(alarm), number: number || null } : null;
}

/** From when to when a fault is, infinite where it does not end by itself. */
export interface FaultSpan extends Pick<ConverterFault, "id" | "unitNumber" | "fromS" | "untilS"> {
  /** The alarm of what it trips, with its number if it was told one; null where it trips nothing. */
  readonly alarm: { readonly cause: ConverterFault["cause"]; readonly number: string | null } | null;
}

/** What the log of commands says of a fault that was added; `readSpan` reads it. */
export function writeAdded(fault: Fault): string {
  const { fromS, untilS } = fault;
  return `${describeFault(fault)} from ${fromS} s${untilS === null ? "" : ` to ${untilS} s`}`;
}

/** The span of the fault that a command added, by its effect, or null where it added none. */
export function readSpan(effect: string): FaultSpan | null {
  const [, id, kind, unit, from, until] =
    /^Fault (\d+), (\w+).*?(?: of E0*(\d+))?, from ([\d.e+-]+) s(?: to ([\d.e+-]+) s)?$/.exec(effect) ?? [];
  if (id === undefined) return null;
  const alarm = / alarm=(\w+)/.exec(effect)?.[1];
  const number = / number=([\dA-Fa-f]{4}(?: [\dA-Fa-f]{4}){2})/.exec(effect)?.[1];
  const unitNumber = unit === undefined ? null : Number(unit);
  const untilS = until === undefined ? Number.POSITIVE_INFINITY : Number(until);
  return {
    id: Number(id),
    unitNumber,
    fromS: Number(from),
    untilS,
    alarm: alarmOf(kind as FaultKind, alarm, number),
  };
}

/** What the log of commands says of a fault that was ended, and of those that went with their homes. */
export function writeEnded(fault: Fault): string {
  return `${describeFault(fault)} ends`;
}

export function writeGone(ids: readonly number[]): string {
  return `faults gone: ${ids.join(" ")}`;
}

/** The faults that a command ended, by its effect. */
export function endedFaults(effect: string): number[] {
  const ended = /^Fault (\d+),.* ends$/.exec(effect)?.[1];
  const gone = /\bfaults gone: ([\d ]+)/.exec(effect)?.[1] ?? "";
  return [ended ?? "", ...gone.trim().split(" ")].filter((id) => id !== "").map(Number);
}

/** `faults` once all has come of those that the physics says it has of. */
export function noteDone({ lastId, list }: Faults, done: readonly ConverterFault[]): Faults {
  const isNew = (fault: Fault) =>
    fault.isDone === undefined && done.some(({ id, isDone }) => isDone && id === fault.id);
  return { lastId, list: list.map((fault) => (isNew(fault) ? { ...fault, isDone: true } : fault)) };
}

/** Whether nothing is left of a fault at `timeS`: of one that tripped converters once, no alarm. */
export function isGone(fault: Fault, timeS: number, units: readonly Readonly<UnitState>[]): boolean {
  if (isOver(fault, timeS)) return true;
  const { isDone, unitNumber } = fault;
  const ofIt = unitNumber === null ? units : units.slice(unitNumber - 1, unitNumber);
  return isDone === true && !ofIt.some(({ tripCause }) => tripCause === "fault");
}

/** Those of which something is left at `timeS`: that are not gone, or whose number an alarm has that outlasts them. */
export function listLeft(faults: Faults, timeS: number, units: readonly Readonly<UnitState>[]): Fault[] {
  const spans = listSpans(faults);
  const shown = new Set(units.map((unit) => findAlarm(spans, unit, timeS)?.id));
  return faults.list.filter(
    (fault) =>
      !isGone(fault, timeS, units) ||
      (fault.values.number !== undefined && isOver(fault, timeS) && shown.has(fault.id)),
  );
}

/** The number of the alarm of a unit that a fault has tripped; null where it was told none. */
export function findAlarmNumber(
  spans: readonly FaultSpan[],
  unit: Readonly<Pick<UnitState, "number" | "tripCause">>,
  timeS: number,
): string | null {
  return findAlarm(spans, unit, timeS)?.alarm?.number ?? null;
}

/**
 * The fault whose alarm a unit has: that which began last of those that give such an alarm. A heavy one is there as long, a light
 * one may be over.
 */
function findAlarm(
  spans: readonly FaultSpan[],
  { number, tripCause }: Readonly<Pick<UnitState, "number" | "tripCause">>,
  timeS: number,
): FaultSpan | null {
  if (tripCause !== "fault" && tripCause !== "heavyFault") return null;
  let last: FaultSpan | null = null;
  for (const span of spans) {
    const { alarm, unitNumber, fromS, untilS } = span;
    if (alarm?.cause !== tripCause || (unitNumber ?? number) !== number) continue;
    const mayBe = tripCause === "fault" ? untilS > fromS : timeS < untilS;
    if (fromS <= timeS && mayBe && fromS >= (last?.fromS ?? 0)) last = span;
  }
  return last;
}
