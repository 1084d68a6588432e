import { commitUnit } from "../../simulation/advance.ts";
import { addLedger, createLedger, type Ledger } from "../../simulation/ledger.ts";
import type { Observer } from "../../simulation/observer.ts";
import { type PowerReading, readPowersAt, type SettingName } from "../../simulation/reading.ts";
import { copyUnit, isDark, type UnitState } from "../../simulation/unit.ts";
import { secondsPerDay, type World } from "../../simulation/world.ts";
import { chapterAt, type OpenChapter } from "./chapter.ts";
import type { RecordStorage } from "./record-storage.ts";
import { passEvent, readMeter, type UnitEvent } from "./unit-event.ts";
import { unpackUnit } from "./unit-record.ts";

/** A unit as it was at one moment, and its energies since the replay began [Wh]. */
export interface ReplayedReading {
  readonly reading: PowerReading;
  readonly energies: Ledger;
  /** What its AC meter counts since the unit began [Wh]. */
  readonly acIntakeWh: number;
  /** What it was called, or null where that was not kept. */
  readonly display: string | null;
  /** What its converter was set to. */
  readonly settings: Readonly<Pick<UnitState, SettingName>>;
}

/** A unit's past as it runs again. Moments are given in rising order. */
interface Replay {
  /** The unit at `timeS`, or null where it was not there or is not known. */
  readAt(timeS: number): ReplayedReading | null;
  /** The same as it comes to `timeS`, before what was done at that very moment; moments rise here too. */
  readComing(timeS: number): ReplayedReading | null;
  /** Energies from the beginning of the replay to `timeS`, whether the unit is there then or not [Wh]. */
  energiesAt(timeS: number): Ledger;
  /** The same up to where it has come. */
  passedEnergies(): Ledger;
  /** Ends the replay at `timeS`: the observer is told of what passed since the last event. */
  endAt(timeS: number): void;
}

/**
 * Runs a unit's past again, exactly as it was: from the last day's end or command at or before `fromS`, or before it with
 * `startsBefore`, through the state that each command left. Of a chapter whose data are gone nothing is known.
 */
export function replayUnit(
  storage: RecordStorage,
  chapters: readonly OpenChapter[],
  unitNumber: number,
  fromS: number,
  toS: number,
  observer?: Observer,
  startsBefore = false,
): Replay {
  const past = openPast(storage, chapters, unitNumber, fromS, toS, startsBefore);
  const { unit: start, later: events } = past;
  let { display } = past;
  let unit = start === null ? null : withoutEnergies(start);
  /** Since its last event: no chapter begins but with one. */
  let world = worldAt(chapters, unit);
  const passed = createLedger();
  /** What the meter counts beyond the energies since the replay began [Wh]. */
  let meterOffsetWh = start === null ? 0 : readMeter(start);

  const takeUp = (event: UnitEvent) => {
    runTo(event.timeS, unit, world, observer);
    if (unit !== null) addUp(passed, unit);
    const left = passEvent(event, world === null ? null : unit);
    passed.timesDark += countDarkened(left, unit);
    if (left !== null) meterOffsetWh = readMeter(left) - passed.acIntakeWh;
    unit = left === null ? null : withoutEnergies(left);
    display = event.display;
    world = worldAt(chapters, unit);
  };
  const readAt = (timeS: number): ReplayedReading | null => {
    while (events[0] !== undefined && events[0].timeS <= timeS) takeUp(events.shift() as UnitEvent);
    return read(timeS);
  };
  const readComing = (timeS: number): ReplayedReading | null => {
    while (events[0] !== undefined && events[0].timeS < timeS) takeUp(events.shift() as UnitEvent);
    return read(timeS);
  };
  const read = (timeS: number): ReplayedReading | null => {
    if (unit === null || world === null) return null;
    const reading = readPowersAt(unit, timeS, world, observer);
    const energies = { ...passed };
    addLedger(energies, reading.ledger);
    return { reading, display, energies, settings: unit, acIntakeWh: meterOffsetWh + energies.acIntakeWh };
  };
  return {
    readAt,
    readComing,
    energiesAt: (timeS) => readAt(timeS)?.energies ?? { ...passed },
    passedEnergies: () => ({ ...passed }),
    endAt(timeS) {
      readAt(timeS);
      if (unit !== null && world !== null) commitUnit(unit, timeS, world, observer);
    },
  };
}

function worldAt(chapters: readonly OpenChapter[], unit: UnitState | null): World | null {
  return unit === null ? null : chapterAt(chapters, unit.timeS).world;
}

/** A unit's past up to a moment, and its events after it. */
interface OpenPast {
  /** As the last event or day's end left it, or null where it was not there or is not known. */
  readonly unit: UnitState | null;
  readonly display: string | null;
  readonly later: UnitEvent[];
}

/**
 * A unit as the last day's end or event at or before `fromS` left it. What was not kept whole runs again to there. With
 * `startsBefore` what was done at `fromS` itself is still to come.
 */
export function openPast(
  storage: RecordStorage,
  chapters: readonly OpenChapter[],
  unitNumber: number,
  fromS: number,
  toS: number,
  startsBefore = false,
): OpenPast {
  const day = storage.findDay(Math.floor(fromS / secondsPerDay) - 1);
  const dayEndS = day === null ? -1 : (day.day + 1) * secondsPerDay;
  const later = storage.readEvents(unitNumber, fromS, toS);
  let display: string | null = null;
  while (later[0] !== undefined && later[0].timeS < dayEndS) ({ display } = later.shift() as UnitEvent);
  const isPast = ({ timeS }: UnitEvent) => (startsBefore ? timeS < fromS : timeS <= fromS);
  const first = later.findLastIndex((event) => event.isWhole && isPast(event));
  let unit = first >= 0 || day === null ? null : unpackUnit(unitNumber, dayEndS, day.units);
  if (first > 0) later.splice(0, first);
  while (later[0] !== undefined && isPast(later[0])) {
    const event = later.shift() as UnitEvent;
    unit = passEvent(event, comeTo(event.timeS, unit, chapters));
    ({ display } = event);
  }
  return { unit, display, later };
}

/** `unit` as it comes to `timeS` by itself, or null where that is not known. */
export function comeTo(
  timeS: number,
  unit: UnitState | null,
  chapters: readonly OpenChapter[],
): UnitState | null {
  const world = worldAt(chapters, unit);
  if (unit === null || world === null) return null;
  const later = copyUnit(unit);
  runTo(timeS, later, world);
  return later;
}

function runTo(timeS: number, unit: UnitState | null, world: World | null, observer?: Observer): void {
  if (unit !== null && world !== null && timeS > unit.timeS) commitUnit(unit, timeS, world, observer);
}

/** How often a command darkened a house at once, which is no flow and does not run again. */
function countDarkened(left: UnitState | null, came: UnitState | null): number {
  return left !== null && isDark(left) && (came === null || !isDark(came)) ? 1 : 0;
}

function withoutEnergies(state: UnitState): UnitState {
  return { ...state, today: createLedger(), finishedDays: createLedger() };
}

function addUp(sum: Ledger, unit: UnitState): void {
  addLedger(sum, unit.today);
  addLedger(sum, unit.finishedDays);
}
