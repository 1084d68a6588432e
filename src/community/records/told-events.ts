import * as v from "valibot";
import { describe, number, text } from "../../notation/rows.ts";
import { formatDateTimeMs } from "../../notation/simulated-time.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import { commitUnit, openWalk } from "../../simulation/advance.ts";
import { type BusState, createBus } from "../../simulation/dc-bus.ts";
import {
  changeOfBus,
  type OccurrenceKind,
  occurrenceKinds,
  passNextTold,
  tellChanges,
  tellOutage,
  unitOccurrences,
} from "../../simulation/occurrences.ts";
import { copyUnit, type UnitState } from "../../simulation/unit.ts";
import { endOfTimeS, secondsPerDay } from "../../simulation/world.ts";
import { chapterAt, type OpenChapter } from "./chapter.ts";
import { listPastFaults } from "./past-faults.ts";
import type { CommandRecord, RecordStorage } from "./record-storage.ts";
import { openPast } from "./replay.ts";
import { passEvent } from "./unit-event.ts";

/*
 * What happened: what came of itself, as steps tell it, what converters were told to do, and who commanded what. Nothing of it
 * is kept for its own sake: it is found again in the past as that runs again, day by day and home by home.
 */

/** What steps tell of, then what came by command. */
export const toldEventKinds = [...occurrenceKinds, "mode", "fault", "command"] as const;
export type ToldEventKind = (typeof toldEventKinds)[number];

export const toldEventSchema = v.object({
  timeS: describe(number, "simulated second"),
  time: describe(text, "the same as a date, to the millisecond"),
  unit: describe(v.nullable(text), "null where it is of all: the bus, days, data, most commands"),
  kind: v.picklist(toldEventKinds),
  detail: describe(
    text,
    "of upsSwitch and mode the new mode, of acCharging on or off, of trip why, of faultBegin and faultEnd the id of the fault, of fault and command the path",
  ),
  effect: describe(text, "of fault and command what it changed"),
  source: describe(text, "of fault and command from whom it came"),
});

export type ToldEvent = v.InferOutput<typeof toldEventSchema>;

interface EventSource {
  readonly storage: RecordStorage;
  readonly chapters: readonly OpenChapter[];
  readonly startTime: string;
}

interface Wish {
  readonly fromS: number;
  /** Has come. */
  readonly toS: number;
  /** Of one unit, or of all of these. */
  readonly units: readonly number[];
  readonly isOfOne: boolean;
  readonly kinds: ReadonlySet<ToldEventKind>;
}

interface Found {
  readonly timeS: number;
  readonly unitNumber: number | null;
  readonly kind: ToldEventKind;
  readonly detail?: string;
  readonly command?: CommandRecord;
}

/**
 * What happened from `fromS` to `toS`, both included, in the order of time: a list for each simulated day, and empty ones
 * between, so that others may have their turn. Each has the second up to which all has been told.
 */
export function* listEvents(
  source: EventSource,
  wish: Wish,
): Generator<{ untilS: number; events: ToldEvent[] }> {
  const commands = new CommandsInTime(source.storage, wish.fromS, wish.toS);
  const isOfFaults = wish.kinds.has("faultBegin") || wish.kinds.has("faultEnd");
  const faults = isOfFaults ? listPastFaults(source.storage) : [];
  const isOfUnits = unitKinds.some((kind) => wish.kinds.has(kind));
  for (let afterS = secondBefore(wish.fromS); afterS < wish.toS; ) {
    const dayEndS = (Math.floor(afterS / secondsPerDay) + 1) * secondsPerDay;
    const span = { afterS, untilS: Math.min(wish.toS, dayEndS) };
    // Lists of their own: a day may have more events than a call can have arguments.
    const commanded = commands.takeUntil(span.untilS).map(describeCommand);
    const found = [commanded];
    if (!wish.isOfOne) found.push(findOfAll(source, span));
    found.push(findFaults(faults, span));
    for (const unit of isOfUnits ? wish.units : []) {
      found.push(findOfUnit(source, unit, span, commanded));
      yield { untilS: afterS, events: [] };
    }
    const wanted = found
      .flat()
      .filter(
        ({ kind, unitNumber }) => wish.kinds.has(kind) && (!wish.isOfOne || unitNumber === wish.units[0]),
      )
      .sort((a, b) => a.timeS - b.timeS);
    yield { untilS: span.untilS, events: wanted.map((each) => tell(each, source.startTime)) };
    afterS = span.untilS;
  }
}

/** What is found by running each unit's past again. */
const unitKinds: readonly ToldEventKind[] = [...unitOccurrences, "trip", "mode"];

interface Span {
  readonly afterS: number;
  readonly untilS: number;
}

function findOfUnit(
  { storage, chapters }: EventSource,
  number: number,
  { afterS, untilS }: Span,
  commanded: readonly Found[],
): Found[] {
  const found: Found[] = [];
  const note = (unit: Readonly<UnitState>, kind: ToldEventKind, detail = detailOf(unit, kind)) => {
    if (unit.timeS > afterS) found.push({ timeS: unit.timeS, unitNumber: number, kind, detail });
  };
  const past = openPast(storage, chapters, number, afterS, untilS);
  let unit = past.unit === null ? null : copyUnit(past.unit);
  for (const event of past.later) {
    const isNew = unit === null;
    unit = runTo(event.timeS, unit, chapters, note);
    const left = passEvent(event, unit);
    if (unit !== null && left !== null) {
      tellChanges(left, unit, chapterAt(chapters, left.timeS).world?.homeOf(number).limits, note);
      if (hasTripped(unit, left, commanded)) note(left, "trip", left.tripCause);
      if (left.converterMode !== unit.converterMode) note(left, "mode");
    }
    if (isNew && left !== null) tellOutage(left, { outage: "none" }, note);
    unit = left === null ? null : copyUnit(left);
  }
  runTo(untilS, unit, chapters, note);
  return found;
}

/**
 * Whether a converter tripped from one state to the next: not where a heavy alarm ended and a light one stays, and also where it has
 * taken a mode, which ends its alarm, and tripped at once for what it did before.
 */
function hasTripped(
  { tripCause: before }: UnitState,
  { number, timeS, tripCause: after }: UnitState,
  commanded: readonly Found[],
): boolean {
  if (after === "none" || (before === "heavyFault" && after === "fault")) return false;
  if (after !== before) return true;
  // While a fault holds it no mode is taken.
  if (after === "fault" || after === "heavyFault") return false;
  return commanded.some(
    ({ timeS: commandedS, unitNumber, command }) =>
      commandedS === timeS &&
      unitNumber === number &&
      command !== undefined &&
      /[?&]mode=/.test(command.path) &&
      !command.effect.startsWith("ignored"),
  );
}

function detailOf(unit: Readonly<UnitState>, kind: ToldEventKind): string {
  if (kind === "upsSwitch") return unit.upsMode;
  if (kind === "acCharging") return unit.acCharging ? "on" : "off";
  return kind === "mode" ? unit.converterMode : "";
}

/** Carries the unit to `timeS` and tells what came meanwhile; null where the data of that time are gone. */
function runTo(
  timeS: number,
  unit: UnitState | null,
  chapters: readonly OpenChapter[],
  tell: (unit: Readonly<UnitState>, kind: OccurrenceKind) => void,
): UnitState | null {
  const world = unit === null ? null : chapterAt(chapters, unit.timeS).world;
  if (unit === null || world === null) return null;
  const occasion = { world, byHand: false };
  if (world.powerFlowEnabled) {
    const walk = openWalk(unit, world);
    while (passNextTold(walk, unit, timeS, occasion, tell));
  }
  if (timeS > unit.timeS) commitUnit(unit, timeS, world);
  return unit;
}

/** Faults that came or went by themselves; what commands did of them is told as that. */
function findFaults(faults: ReturnType<typeof listPastFaults>, { afterS, untilS }: Span): Found[] {
  const isIn = (timeS: number) => timeS > afterS && timeS <= untilS;
  return faults.flatMap(({ id, unitNumber, fromS, untilS: endS, addedS, endsByItself }): Found[] => {
    const detail = String(id);
    const begin = { timeS: fromS, unitNumber, kind: "faultBegin" as const, detail };
    const end = { timeS: endS, unitNumber, kind: "faultEnd" as const, detail };
    return [...(fromS > addedS && isIn(fromS) ? [begin] : []), ...(endsByItself && isIn(endS) ? [end] : [])];
  });
}

/** What came of the bus, and the ends of days and of the data. */
function findOfAll({ storage, chapters }: EventSource, { afterS, untilS }: Span): Found[] {
  const found: Found[] = [];
  const note = (timeS: number, kind: ToldEventKind) => {
    if (timeS > afterS && timeS <= untilS) found.push({ timeS, unitNumber: null, kind });
  };
  const changes = storage.readBusEvents(afterS, untilS);
  let before: BusState = createBus();
  for (const [index, { timeS, bus }] of changes.entries()) {
    const { targetVoltageV, rampEndS } = bus;
    const goesOnUntilS = changes[index + 1]?.timeS ?? Number.POSITIVE_INFINITY;
    const change = changeOfBus(before.targetVoltageV, bus, timeS);
    if (change !== null) note(timeS, change);
    if (targetVoltageV > 0 && rampEndS > timeS && rampEndS <= goesOnUntilS) note(rampEndS, "busUp");
    before = bus;
  }
  if (untilS % secondsPerDay === 0 && untilS > (chapters[0]?.fromS ?? 0)) note(untilS, "dayEnd");
  const { world } = chapterAt(chapters, untilS);
  if (world !== null) note(endOfTimeS(world), "dataEnd");
  return found;
}

function describeCommand(command: CommandRecord): Found {
  const { timeS, path } = command;
  const [, id] = /^\/set\/(?:emu|home|dcdc(?:\/voltage|\/current)?)\/E0*(\d+)/.exec(path) ?? [];
  const kind = path.startsWith("/faults/") ? "fault" : "command";
  return { timeS, unitNumber: id === undefined ? null : Number(id), kind, detail: path, command };
}

function tell({ timeS, unitNumber, kind, detail = "", command }: Found, startTime: string): ToldEvent {
  return {
    timeS,
    time: formatDateTimeMs(startTime, timeS),
    unit: unitNumber === null ? null : formatUnitId(unitNumber),
    kind,
    detail,
    effect: command?.effect ?? "",
    source: command?.source ?? "",
  };
}

/** A moment before `timeS` after which nothing came before it. */
function secondBefore(timeS: number): number {
  return timeS - 1e-6;
}

const commandsAtOnce = 100;

/** The commands of a span, taken piece by piece: their times rise with their ids. */
class CommandsInTime {
  readonly #storage: RecordStorage;
  readonly #untilS: number;
  #read: CommandRecord[] = [];
  #lastId: number;
  #isDone = false;

  constructor(storage: RecordStorage, fromS: number, untilS: number) {
    this.#storage = storage;
    this.#untilS = untilS;
    this.#lastId = storage.lastCommandBefore(fromS)?.id ?? 0;
  }

  takeUntil(timeS: number): CommandRecord[] {
    const isBefore = (command: CommandRecord | undefined) => command !== undefined && command.timeS <= timeS;
    while (!this.#isDone && (this.#read.length === 0 || isBefore(this.#read.at(-1)))) this.#readMore();
    const count = this.#read.findIndex((command) => !isBefore(command));
    return this.#read.splice(0, count === -1 ? this.#read.length : count);
  }

  #readMore(): void {
    const more = this.#storage.readCommands(this.#lastId, commandsAtOnce);
    this.#lastId = more.at(-1)?.id ?? this.#lastId;
    this.#read.push(...more);
    this.#isDone = more.length < commandsAtOnce || (more.at(-1) as CommandRecord).timeS > this.#untilS;
  }
}
