import type { Config } from "../../input/config/entries.ts";
import { mustBeHeld } from "../../input/faults/fault.ts";
import { countDataHomes } from "../../input/homes/complete-home.ts";
import type { UnitJson } from "../../input/units/unit-json.ts";
import { atOnce, type InParts } from "../../notation/in-parts.ts";
import type { Answer, Refused } from "../../notation/refusal.ts";
import { moveBus } from "../../simulation/dc-bus.ts";
import type { Ledger } from "../../simulation/ledger.ts";
import { readTodayAt, type UnitReading } from "../../simulation/reading.ts";
import { copyUnit } from "../../simulation/unit.ts";
import type { OpenChapter } from "../records/chapter.ts";
import { type ExportRequest, writeExport } from "../records/export.ts";
import type { Pace } from "../sinks/outbox.ts";
import type { PresentChange, StoredChange } from "../storage/storage.ts";
import type { Chapter, Run, SnapshotRow, StoredUnit } from "../storage/stored-shapes.ts";
import { carryOn, computedDays, refuseAsBehind } from "./carry-on.ts";
import { behindS, Work } from "./catch-up.ts";
import { refuseClaimed } from "./claim.ts";
import { refuseUnits } from "./command-limits.ts";
import { describeEffect } from "./describe-effect.ts";
import { dropFaults, keepHeld } from "./faults.ts";
import { homesAfter } from "./own-homes.ts";
import { performCommand } from "./perform-command.ts";
import { Present } from "./present.ts";
import {
  type Command,
  type CommandOrigin,
  type EmulatorRequest,
  isQuery,
  type LongQuery,
  needsPresent,
  type Query,
  readsRecords,
  unknownOrigin,
} from "./request.ts";
import { takeBefore } from "./snapshot-commands.ts";
import { StepTaker } from "./step-taker.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * One community of units on its clock. The wall clock is handed in with each request; simulated time
 * follows from it. A command is in the storage when its answer is returned, a query writes nothing.
 */
export class Emulator {
  readonly #present: Present;
  readonly #steps: StepTaker;
  /** Whether the storage has gone back, and what is in memory is of what came after: then it must be taken up anew. */
  isStale = false;
  /** Whether what is done now is kept later, and what was. */
  #waits = false;
  #waiting: StoredChange[] = [];

  /**
   * Takes up what the storage holds, or begins a new community at `wallMs`. Where configuration or data are others than
   * before, the last chapter is carried to its end first.
   */
  constructor(surroundings: Surroundings, wallMs: number) {
    this.#present = new Present(surroundings, wallMs);
    this.#steps = new StepTaker(this.#present, (change) => this.#keep(change));
    if (this.#present.turns) this.carryOn(wallMs, true);
  }

  /** Segments of constant conditions that were advanced so far. */
  get advancedSegments(): number {
    return this.#present.advancedSegments;
  }

  /** Converters that were protected so far. */
  get trips(): number {
    return this.#present.trips;
  }

  /** Whether what a meter told that is stuck, or will be, may have to be found in the records first. */
  get mustHoldMeters(): boolean {
    return this.#present.faults.list.some((fault) => mustBeHeld(fault, Number.POSITIVE_INFINITY));
  }

  /** The configuration, with the simulated time at which the present run began. */
  get config(): Config {
    return this.#present.at.config;
  }

  /** The present chapter, as it was when it began. */
  get chapter(): Chapter {
    return this.#present.chapters.at(-1) as Chapter;
  }

  /** Simulated time at `wallMs` that has not been computed yet [s]. */
  lagS(wallMs: number): number {
    const lagS = this.#present.time.lagS(wallMs);
    return behindS(this.#present.members.community.units, this.#present.time.at(wallMs)) || lagS;
  }

  /**
   * Carries all units one slice on towards `wallMs`, with the records of the days that have ended if `withRecords`; returns
   * whether they have come there.
   */
  carryOn(
    wallMs: number,
    withRecords: boolean,
    historyDays = this.#present.historyDays,
    workOfSlice?: number,
  ): boolean {
    return carryOn(this.#present, wallMs, withRecords, historyDays, () => this.keepWaiting(), workOfSlice);
  }

  /** Why there is no answer yet: how far catching up has come at `wallMs`. */
  refuseAsBehind(wallMs: number): Refused {
    return refuseAsBehind(this.#present, wallMs);
  }

  /** How simulated time moves as of `wallMs`. */
  paceAt(wallMs: number): Pace {
    return this.#present.time.paceAt(wallMs);
  }

  get unitCount(): number {
    return this.#present.members.count;
  }

  /** Whether so much time has passed that a slice is needed to compute it, or to record its days if `withRecords`. */
  isBehind(wallMs: number, withRecords = false): boolean {
    return (
      behindS(
        this.#present.members.community.units,
        this.#present.time.at(wallMs),
        withRecords ? computedDays(this.#present) : undefined,
      ) > 0
    );
  }

  /** The highest unit number that ever was in this run. */
  get highestUnitNumber(): number {
    return this.#present.at.storage.highestUnitNumber();
  }

  /** Units there are once `request` is answered; their homes must be loaded before. */
  unitCountAfter(request: EmulatorRequest): number {
    const present = this.#present.members.count;
    if (request.kind === "addUnit") return present + (request.count ?? 1);
    if (request.kind === "reset") return request.units ?? this.#present.at.files.reset.length;
    if (request.kind === "restoreSnapshot" || request.kind === "beginSnapshot")
      return (
        this.#present.at.storage.listSnapshots().find(({ name }) => name === request.name)?.unitCount ??
        present
      );
    return request.kind === "loadLast" ? this.#present.lastSave.units.length : present;
  }

  /** Homes of the data, from the first on, that must be loaded before `request` is answered, of so many. */
  dataHomesAfter(request: EmulatorRequest, homesOfData: number): number {
    // Those of the units that there are have been loaded when they came.
    if (isQuery(request) || ["step", "changeUnit"].includes(request.kind)) return 0;
    const { config } = this.#present.at;
    const homes = homesAfter(request, config.homes);
    return countDataHomes({ ...config, homes }, this.unitCountAfter(request), homesOfData);
  }

  /** Reads every unit at simulated second `timeS`, or at the latest one that was reached. */
  readUnitsAt(timeS: number): UnitReading[] {
    const reachedS = this.#present.time.reach(timeS);
    return this.#present.members.community.units.map((unit) => this.#present.read(unit, reachedS));
  }

  /** Reads the energies of every unit since midnight [Wh] at simulated second `timeS`, as above. */
  readTodayAt(timeS: number): Ledger[] {
    const reachedS = this.#present.time.reach(timeS);
    this.#present.passEventsUntil(reachedS);
    return this.#present.members.community.units.map((unit) =>
      readTodayAt(unit, reachedS, this.#present.world),
    );
  }

  /** Writes what is recorded, piece by piece, as of `wallMs`. */
  writeExport(request: ExportRequest, wallMs: number): Generator<string> {
    const { storage, config } = this.#present.at;
    const untilS = this.recordUntil(this.#present.time.at(wallMs));
    const { startTime } = config;
    const displayOf = (unitNumber: number) => this.templateOf(unitNumber).oesunit.display;
    const source = {
      storage,
      chapters: this.readChapters(),
      startTime,
      displayOf,
      // What comes while it is written is not told of.
      untilS,
      units: storage.highestUnitNumber(),
      lastCommandId: storage.lastCommandId(),
    };
    return writeExport(source, request);
  }

  /** The present run: another object once simulated time has begun anew. */
  get run(): unknown {
    return this.#present.chapters[0];
  }

  /** The run's chapters, the present one last. */
  readChapters(): OpenChapter[] {
    return this.#present.readChapters();
  }

  /**
   * Carries all units to the end of the present chapter, which is simulated second `timeS`, and begins the next one in
   * `surroundings`.
   */
  turnTo(surroundings: Surroundings, timeS: number, wallMs: number): void {
    this.#present.turnTo(surroundings, timeS, wallMs);
  }

  /** Notes that from `wallMs` on this community is a branch of another. */
  noteBranch(community: string, wallMs: number): void {
    const timeS = this.#present.time.at(wallMs);
    const { storage } = this.#present.at;
    const branchOf = { community, timeS, wallMs };
    storage.save({ timeS, run: { ...(storage.readRun() as Run), branchOf } });
    this.#present.logAt("INFO", `This community is a branch of ${community} from here on`, timeS);
  }

  /** Passes the events of all units up to `wallMs`, so that the log tells of them. */
  passEvents(wallMs: number): void {
    this.#present.passEventsUntil(this.#present.time.at(wallMs));
  }

  /** Records the days that have ended by simulated second `timeS`, or by the latest one that was reached; returns it. */
  recordUntil(timeS: number): number {
    this.keepWaiting();
    const reachedS = this.#present.time.reach(timeS);
    this.#present.passEventsUntil(reachedS);
    this.#present.keepTrips();
    this.#present.recorder.recordUntil(reachedS, this.#present.historyDays);
    return reachedS;
  }

  /** The JSON of a unit for what nothing moves, also of one that was removed. */
  templateOf(unitNumber: number): UnitJson {
    return this.#present.templateOf(unitNumber);
  }

  /**
   * Answers `request` as of `wallMs`; `origin` says of a command where it came from. Of the past at least
   * `historyDays` are kept from then on.
   */
  answer(
    request: EmulatorRequest,
    wallMs: number,
    origin = unknownOrigin,
    historyDays = this.#present.historyDays,
  ): Answer {
    this.#present.historyDays = historyDays;
    return this.answerAt(request, this.#present.time.at(wallMs), wallMs, origin);
  }

  /** The same, but what it changes waits in memory until `keepWaiting`, which any other request calls first. */
  answerAndWait(
    request: EmulatorRequest,
    wallMs: number,
    origin: CommandOrigin,
    historyDays: number,
  ): Answer {
    this.#present.historyDays = historyDays;
    this.#waits = true;
    try {
      return this.#answerAt(request, this.#present.time.at(wallMs), wallMs, origin);
    } finally {
      this.#waits = false;
    }
  }

  /** Whether something was done that is not kept yet. */
  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Keeps what waits, in its order. */
  keepWaiting(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    const present = joinPresent(waiting);
    this.#present.at.storage.atOnce(() => {
      for (const [index, change] of waiting.entries())
        this.#store(change, true, undefined, index === waiting.length - 1 ? present : {});
    });
  }

  /** Answers `request` as of simulated second `timeS`, or of the latest one that was reached, whatever `wallMs` is. */
  answerAt(request: EmulatorRequest, timeS: number, wallMs: number, origin = unknownOrigin): Answer {
    this.keepWaiting();
    return this.#answerAt(request, timeS, wallMs, origin);
  }

  #answerAt(request: EmulatorRequest, timeS: number, wallMs: number, origin: CommandOrigin): Answer {
    if (this.#present.turns && needsPresent(request)) while (!this.carryOn(wallMs, true));
    const reachedS = this.#present.time.reach(timeS);
    if (needsPresent(request)) this.#present.passTrips(reachedS);
    if (!isQuery(request)) return this.#command(request, reachedS, wallMs, origin);
    return atOnce(this.#answerQuery(request, reachedS, wallMs));
  }

  /**
   * Answers a query that takes long as of `wallMs`, in parts: all of that moment, whatever is commanded between them. Nothing
   * that is recorded may be deleted meanwhile.
   */
  answerInParts(query: LongQuery, wallMs: number, historyDays: number): InParts<Answer> {
    this.keepWaiting();
    this.#present.historyDays = historyDays;
    return this.#answerQuery(query, this.#present.time.at(wallMs), wallMs);
  }

  #answerQuery(query: Query, timeS: number, wallMs: number): InParts<Answer> {
    if (query.kind === "rollout") return this.#steps.rollOut(query, timeS);
    if (readsRecords(query)) this.recordUntil(timeS);
    return this.#present.at.writer.answerQuery(query, this.#present.view(timeS, wallMs));
  }

  #command(command: Command, timeS: number, wallMs: number, origin: CommandOrigin): Answer {
    const unitsBefore = this.#present.members.count;
    const { maximumUnits } = this.#present.at.config;
    const refusal = refuseUnits(command, this.unitCountAfter(command), maximumUnits, "maximumUnits");
    if (refusal !== null) return { ok: false, refusal };
    const claimed = refuseClaimed(command, this.#present.time.clock.claim, wallMs);
    if (claimed !== null) return claimed;
    if (command.kind === "step") return this.#steps.take(command, timeS, wallMs, origin);
    this.#steps.forget();
    const held = keepHeld(this.#present, timeS);
    const before = takeBefore(this.#present, command, timeS, wallMs);
    const done = performCommand(this.#present, command, timeS, wallMs);
    if ("refusal" in done) return done;
    if (done.leavesMemory) {
      const effect = describeEffect(done.change, unitsBefore, done);
      this.#present.at.storage.save({ ...done.change, ...before, command: { ...origin, wallMs, effect } });
      return this.#leave();
    }
    if (done.change.restart) this.#present.takeTrips();
    if (needsPresent(command)) this.#present.passTripsAnew(done.change.timeS);
    const gone = done.change.unitCount === undefined ? null : dropFaults(this.#present);
    const effect = describeEffect(done.change, unitsBefore, { ...done, ...(gone && { note: gone }) });
    if (done.goesBackTo !== undefined) {
      const change = { ...done.change, ...before, command: { ...origin, wallMs, effect } };
      return this.#goBack(done.goesBackTo, change);
    }
    // What changes no unit waits for no record.
    const work = needsPresent(command) ? undefined : new Work();
    const logged =
      command.kind === "stepTime"
        ? this.#steps.describeMoves(1, effect, command, origin.source, wallMs)
        : { ...origin, wallMs, effect };
    const isOfFaults = gone !== null || [held, done.change].some((change) => change.faults !== undefined);
    const faults = isOfFaults ? { faults: this.#present.faults } : {};
    this.#keep({ ...done.change, ...faults, ...before, command: logged }, work);
    return done.answer();
  }

  /** Keeps what tripped before, as far as `work` goes, which what changes no unit has, and then `change`. */
  #keep(change: StoredChange, work?: Work): void {
    const areTripsKept = this.#keepTripsBefore(change, work);
    const { areFaultsKept, faults } = this.#present;
    // That all has come of a fault is kept with what came of it, not before.
    const withFaults = areFaultsKept || !areTripsKept ? change : { ...change, faults };
    this.#keepOne(withFaults, areTripsKept, work);
    if (areTripsKept) this.#present.areFaultsKept = true;
  }

  /** Returns whether all trips before `change` are known and kept; far behind it waits for none. */
  #keepTripsBefore({ timeS, restart }: StoredChange, work?: Work): boolean {
    if (work === undefined) {
      for (const trip of this.#present.takeTrips()) this.#keepOne(trip, true);
      return true;
    }
    if (restart) return true;
    if (this.#waits || behindS(this.#present.members.community.units, timeS) > 0) return false;
    this.#present.passTrips(timeS);
    return this.#present.keepTrips(timeS, work);
  }

  #keepOne(change: StoredChange, records: boolean, work?: Work): void {
    if (this.#waits) this.#waiting.push(copyChange(change));
    else this.#store(change, records, work);
  }

  /** Before `change` the days are recorded that have ended by then, unless a trip in them may still be unknown. */
  #store(change: StoredChange, records: boolean, work?: Work, present?: PresentChange): void {
    if (records && !change.restart)
      this.#present.recorder.recordUntil(change.timeS, this.#present.historyDays, work);
    this.#present.at.storage.save(change, present);
    if (change.chapters !== undefined && !change.restart)
      this.#present.recorder = this.#present.createRecorder();
    else this.#present.recorder.follow(change);
  }

  #goBack(row: SnapshotRow, change: StoredChange): Answer {
    this.#present.at.storage.goBack(row, change);
    return this.#leave();
  }

  /** Nothing in memory is of the community any more: whoever asked takes it up anew. */
  #leave(): Answer {
    this.isStale = true;
    return { ok: true, json: "{}" };
  }
}

/** What is the present after all of these. */
function joinPresent(changes: readonly StoredChange[]): PresentChange {
  const units = new Map<number, StoredUnit>();
  let present: PresentChange = {};
  for (const change of changes) {
    for (const unit of change.units ?? []) units.set(unit.state.number, unit);
    present = {
      ...present,
      ...(change.bus && { bus: change.bus }),
      ...(change.clock && { clock: change.clock }),
    };
  }
  return { ...present, units: [...units.values()] };
}

/** A change as it is now: units and bus go on. */
function copyChange(change: StoredChange): StoredChange {
  const { units, bus, timeS } = change;
  return {
    ...change,
    ...(units && { units: units.map(({ state, template }) => ({ state: copyUnit(state), template })) }),
    ...(bus && { bus: moveBus(bus, timeS, timeS) }),
  };
}
