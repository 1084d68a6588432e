import { batteryCapacityWh } from "../../input/config/create-world.ts";
import type { Config } from "../../input/config/entries.ts";
import { describeUnit, type UnitDescription } from "../../input/units/read-unit-file.ts";
import type { Save } from "../../input/units/save.ts";
import type { UnitJson } from "../../input/units/unit-json.ts";
import { refusePlans, refuseSteps, rollOut } from "../../laboratory/step-request.ts";
import { Stepper } from "../../laboratory/stepper.ts";
import { atOnce, type InParts } from "../../notation/in-parts.ts";
import { type Answer, answerWith, type Refused, refuse } from "../../notation/refusal.ts";
import { formatCalendar, toCalendar } from "../../notation/simulated-time.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import { commitUnit } from "../../simulation/advance.ts";
import type { Moment } from "../../simulation/commands.ts";
import { advanceCommunity, readUnitAt } from "../../simulation/community.ts";
import { moveBus } from "../../simulation/dc-bus.ts";
import { enterWorld, holdPowers } from "../../simulation/enter-world.ts";
import type { Ledger } from "../../simulation/ledger.ts";
import type { Observer } from "../../simulation/observer.ts";
import { pickSettings, readTodayAt, type UnitReading } from "../../simulation/reading.ts";
import { moveSnapshot, takeSnapshot } from "../../simulation/snapshot.ts";
import { copyUnit, type UnitState } from "../../simulation/unit.ts";
import { endOfTimeS, secondsPerDay, type World } from "../../simulation/world.ts";
import type { OpenChapter } from "../records/chapter.ts";
import { DayRecorder } from "../records/day-recorder.ts";
import { type ExportRequest, writeExport } from "../records/export.ts";
import { firstKeptDay } from "../records/forget.ts";
import { recallUnits } from "../records/recall.ts";
import { describeMove } from "../records/step-moves.ts";
import type { Pace } from "../sinks/outbox.ts";
import { startName } from "../storage/snapshot-rows.ts";
import type { LoggedCommand, StoredChange } from "../storage/storage.ts";
import type {
  Chapter,
  Clock,
  KeptSnapshot,
  Run,
  SnapshotHead,
  SnapshotRow,
} from "../storage/stored-shapes.ts";
import type { LogLevel } from "../watching/log.ts";
import { countPassedDays, daysAtOnce, passDays, Work } from "./catch-up.ts";
import { describeChapter, keepStart, listChanges, worldNow } from "./chapter-note.ts";
import { claimAfter, refuseClaimed } from "./claim.ts";
import { beginClock, simulatedTimeAt } from "./clock.ts";
import { refuseUnits } from "./command-limits.ts";
import { describeEffect } from "./describe-effect.ts";
import { findTarget } from "./find-target.ts";
import { Members } from "./members.ts";
import {
  type Claiming,
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
import {
  describeSnapshot,
  nameOwn,
  reasonOf,
  refuseMissing,
  refuseName,
  refuseRestore,
} from "./snapshots.ts";
import type { Surroundings } from "./surroundings.ts";
import { pathOfMove, takeSteps } from "./take-steps.ts";
import { Timekeeper } from "./timekeeper.ts";
import { hasUnit, refuseUnit, type View } from "./view.ts";

/** How many empty batteries the log names in each slice of a long catching up: the others are counted. */
const mostEmptiedTold = 10;

/** What a command did, not kept yet, and its answer once it is. */
interface Done {
  readonly change: StoredChange;
  /** Where the community goes back to a snapshot. */
  readonly goesBackTo?: SnapshotRow;
  answer(): Answer;
}

/**
 * One community of units on its clock. The wall clock is handed in with each request; simulated time
 * follows from it. A command is in the storage when its answer is returned, a query writes nothing.
 */
export class Emulator {
  /** Segments of constant conditions that were advanced so far. */
  advancedSegments = 0;
  /** As given; what begins anew begins with these. */
  #given: Surroundings;
  /** Whether the storage has gone back, and what is in memory is of what came after: then it must be taken up anew. */
  isStale = false;
  /** With the start time of the run, which it keeps. */
  #at: Surroundings;
  readonly #observer: Observer;
  readonly #members: Members;
  #chapters: readonly Chapter[];
  /** That of the last chapter. */
  #world: World;
  #time: Timekeeper;
  #recorder: DayRecorder;
  #lastSave: Save;
  /** What steps were taken by, as long as no other command came. */
  #stepper: Stepper | null = null;
  /** Whether what is done now is kept later, and what was. */
  #waits = false;
  #waiting: StoredChange[] = [];
  /** Finished days that are kept at least. */
  #historyDays = Number.POSITIVE_INFINITY;
  /** Whether the last chapter is still to be carried to its end, since configuration or data are others now. */
  #turns = false;
  /** Batteries that became empty in this slice; without slices they are not counted. */
  #emptied = Number.NEGATIVE_INFINITY;
  /** Days that had passed when catching up began; null while there is nothing to catch up with. */
  #behindSinceDay: number | null = null;

  /**
   * Takes up what the storage holds, or begins a new community at `wallMs`. Where configuration or data are others than
   * before, the last chapter is carried to its end first.
   */
  constructor(surroundings: Surroundings, wallMs: number) {
    const { files, storage } = surroundings;
    this.#observer = {
      onBatteryEmpty: (unit, timeS) => {
        if (++this.#emptied <= mostEmptiedTold) this.#logAt("ERROR", "A battery is empty", timeS, unit);
      },
      onAdvanced: (segments) => {
        this.advancedSegments += segments;
      },
    };
    const stored = storage.load();
    this.#members = new Members(files.standard, stored);
    this.#lastSave = stored?.lastSave ?? files.lastSave;
    this.#chapters = stored === null ? [] : storage.readChapters();
    this.#given = surroundings;
    this.#at = keepStart(surroundings, this.#chapters);
    const last = this.#chapters.at(-1);
    const changes = last === undefined ? [] : listChanges(last, this.#at);
    const { config, inputHash } = changes.length === 0 ? this.#at : (last as Chapter);
    const world = this.#at.worldOf(config, inputHash);
    this.#world = world ?? worldNow(this.#at);
    this.#time = this.#createTimekeeper(stored?.clock ?? null, wallMs, config, world);
    if (stored === null) this.#begin(wallMs);
    this.#recorder = this.#createRecorder();
    if (stored !== null && last === undefined) this.#nameFirstChapter(wallMs);
    if (world === null) this.#goOnFromWhatWasKept(this.#time.at(wallMs), wallMs);
    else if (changes.length > 0) {
      this.#turns = true;
      this.carryOn(wallMs, true);
    }
  }

  /** The configuration, with the simulated time at which the present run began. */
  get config(): Config {
    return this.#at.config;
  }

  /** Simulated time at `wallMs` that has not been computed yet [s]. */
  lagS(wallMs: number): number {
    const lagS = this.#time.lagS(wallMs);
    return this.#behindS(this.#time.at(wallMs)) || lagS;
  }

  /**
   * Carries all units one slice on towards `wallMs`, with the records of the days that have ended if `withRecords`; returns
   * whether they have come there. What one slice cannot do is committed at a midnight: the records of days first, then the
   * units at the end of the last of them. Of the past at least `historyDays` are kept; what will be older is not recorded.
   */
  carryOn(
    wallMs: number,
    withRecords: boolean,
    historyDays = this.#historyDays,
    workOfSlice?: number,
  ): boolean {
    this.#historyDays = historyDays;
    const untilS = this.#time.at(wallMs);
    const recorder = this.#recorder;
    this.#behindSinceDay ??= this.#computedDays;
    const dueDays = Math.floor(untilS / secondsPerDay);
    let days = this.#passDays(untilS, new Work(workOfSlice));
    const isThere = days >= dueDays;
    if (isThere && !withRecords && !this.#turns) return this.#arrive(wallMs);
    this.keepWaiting();
    const { units } = this.#members.community;
    const skips = !isThere && recorder.days < days && days < firstKeptDay(dueDays, historyDays);
    if (skips) {
      recorder.skipTo(days, units);
      // The day before what is kept is where the past begins when it runs again.
      days++;
      this.#passEventsUntil(days * secondsPerDay);
    }
    const isRecorded = recorder.recordUntil(days * secondsPerDay, historyDays, new Work(workOfSlice));
    if (isThere && isRecorded) return this.#arrive(wallMs);
    recorder.takeOver(units);
    this.#at.storage.keepUnits(
      recorder.units.map((state) => ({ state, template: this.templateOf(state.number) })),
    );
    if (skips) this.#at.storage.forgetBefore(days - 1);
    return false;
  }

  /** Why there is no answer yet: how far catching up has come at `wallMs`. */
  refuseAsBehind(wallMs: number): Refused {
    const reachedS = this.#computedDays * secondsPerDay;
    const fromS = (this.#behindSinceDay ?? this.#computedDays) * secondsPerDay;
    const toS = this.#time.at(wallMs);
    const share = Math.floor((1000 * (reachedS - fromS)) / Math.max(1, toS - fromS)) / 1000;
    const [from, to] = [fromS, toS].map((timeS) => this.#formatTime(timeS));
    const message = `Catching up from ${from} to ${to}: ${(100 * share).toFixed(1)} %; it goes on by itself`;
    return {
      ok: false,
      refusal: { code: "catching_up", message, progress: { fromS, reachedS, toS, share } },
    };
  }

  /** How simulated time moves as of `wallMs`. */
  paceAt(wallMs: number): Pace {
    return this.#time.paceAt(wallMs);
  }

  get unitCount(): number {
    return this.#members.count;
  }

  /** Whether so much time has passed that a slice is needed to compute it, or to record its days if `withRecords`. */
  isBehind(wallMs: number, withRecords = false): boolean {
    return this.#behindS(this.#time.at(wallMs), withRecords ? this.#computedDays : undefined) > 0;
  }

  /** The highest unit number that ever was in this run. */
  get highestUnitNumber(): number {
    return this.#at.storage.highestUnitNumber();
  }

  /** Units there are once `request` is answered; their homes must be loaded before. */
  unitCountAfter(request: EmulatorRequest): number {
    const present = this.#members.count;
    if (request.kind === "addUnit") return present + (request.count ?? 1);
    if (request.kind === "reset") return request.units ?? this.#at.files.reset.length;
    if (request.kind === "restoreSnapshot")
      return this.#at.storage.listSnapshots().find(({ name }) => name === request.name)?.unitCount ?? present;
    return request.kind === "loadLast" ? this.#lastSave.units.length : present;
  }

  /** Reads every unit at simulated second `timeS`, or at the latest one that was reached. */
  readUnitsAt(timeS: number): UnitReading[] {
    const reachedS = this.#time.reach(timeS);
    return this.#members.community.units.map((unit) => this.#read(unit, reachedS));
  }

  /** Reads the energies of every unit since midnight [Wh] at simulated second `timeS`, as above. */
  readTodayAt(timeS: number): Ledger[] {
    const reachedS = this.#time.reach(timeS);
    this.#passEventsUntil(reachedS);
    return this.#members.community.units.map((unit) => readTodayAt(unit, reachedS, this.#world));
  }

  /** Writes what is recorded, piece by piece, as of `wallMs`. */
  writeExport(request: ExportRequest, wallMs: number): Generator<string> {
    const { storage, config } = this.#at;
    const untilS = this.recordUntil(this.#time.at(wallMs));
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
    return this.#chapters[0];
  }

  /** The run's chapters, the present one last. */
  readChapters(): OpenChapter[] {
    const { worldOf } = this.#at;
    const present = this.#chapters.length - 1;
    const presentWorld = this.#world;
    // Most who ask need no world of the past.
    return this.#chapters.map((chapter, index) => ({
      ...chapter,
      get world() {
        return index === present ? presentWorld : worldOf(chapter.config, chapter.inputHash);
      },
    }));
  }

  /**
   * Carries all units to the end of the present chapter, which is simulated second `timeS`, and begins the next one in
   * `surroundings`.
   */
  turnTo(surroundings: Surroundings, timeS: number, wallMs: number): void {
    const before = this.#chapters.at(-1) as Chapter;
    const to = keepStart(surroundings, this.#chapters);
    this.#time.reach(timeS);
    this.#recorder.recordUntil(timeS, this.#historyDays);
    for (const unit of this.#members.community.units) {
      commitUnit(unit, timeS, this.#world, this.#observer);
      if (!to.config.doUpdates) holdPowers(unit, this.#world);
    }
    this.#logAt("INFO", `A new chapter begins: ${listChanges(before, to).join(", ")}`, timeS);
    this.#given = surroundings;
    this.#turns = false;
    this.#beginChapter(to, timeS, wallMs, null);
  }

  /** Notes that from `wallMs` on this community is a branch of another. */
  noteBranch(community: string, wallMs: number): void {
    const timeS = this.#time.at(wallMs);
    const { storage } = this.#at;
    const branchOf = { community, timeS, wallMs };
    storage.save({ timeS, run: { ...(storage.readRun() as Run), branchOf } });
    this.#logAt("INFO", `This community is a branch of ${community} from here on`, timeS);
  }

  /** Passes the events of all units up to `wallMs`, so that the log tells of them. */
  passEvents(wallMs: number): void {
    this.#passEventsUntil(this.#time.at(wallMs));
  }

  /** Records the days that have ended by simulated second `timeS`, or by the latest one that was reached; returns it. */
  recordUntil(timeS: number): number {
    this.keepWaiting();
    const reachedS = this.#time.reach(timeS);
    this.#passEventsUntil(reachedS);
    this.#recorder.recordUntil(reachedS, this.#historyDays);
    return reachedS;
  }

  /** The JSON of a unit for what nothing moves, also of one that was removed. */
  templateOf(unitNumber: number): UnitJson {
    return this.#members.templateOf(unitNumber);
  }

  /**
   * Answers `request` as of `wallMs`; `origin` says of a command where it came from. Of the past at least
   * `historyDays` are kept from then on.
   */
  answer(
    request: EmulatorRequest,
    wallMs: number,
    origin = unknownOrigin,
    historyDays = this.#historyDays,
  ): Answer {
    this.#historyDays = historyDays;
    return this.answerAt(request, this.#time.at(wallMs), wallMs, origin);
  }

  /** The same, but what it changes waits in memory until `keepWaiting`, which any other request calls first. */
  answerAndWait(
    request: EmulatorRequest,
    wallMs: number,
    origin: CommandOrigin,
    historyDays: number,
  ): Answer {
    this.#historyDays = historyDays;
    this.#waits = true;
    try {
      return this.#answerAt(request, this.#time.at(wallMs), wallMs, origin);
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
    this.#waiting = [];
    for (const change of waiting) this.#keep(change);
  }

  /** Answers `request` as of simulated second `timeS`, or of the latest one that was reached, whatever `wallMs` is. */
  answerAt(request: EmulatorRequest, timeS: number, wallMs: number, origin = unknownOrigin): Answer {
    this.keepWaiting();
    return this.#answerAt(request, timeS, wallMs, origin);
  }

  #answerAt(request: EmulatorRequest, timeS: number, wallMs: number, origin: CommandOrigin): Answer {
    if (this.#turns && needsPresent(request)) while (!this.carryOn(wallMs, true));
    const reachedS = this.#time.reach(timeS);
    if (!isQuery(request)) return this.#command(request, reachedS, wallMs, origin);
    if (request.kind === "rollout") return this.#rollOut(request, reachedS);
    return atOnce(this.#answerQuery(request, reachedS, wallMs));
  }

  /**
   * Answers a query that takes long as of `wallMs`, in parts: all of that moment, whatever is commanded between them. Nothing
   * that is recorded may be deleted meanwhile.
   */
  answerInParts(query: LongQuery, wallMs: number, historyDays: number): InParts<Answer> {
    this.keepWaiting();
    this.#historyDays = historyDays;
    return this.#answerQuery(query, this.#time.at(wallMs), wallMs);
  }

  #answerQuery(query: Exclude<Query, { kind: "rollout" }>, timeS: number, wallMs: number): InParts<Answer> {
    if (readsRecords(query)) this.recordUntil(timeS);
    return this.#at.writer.answerQuery(query, this.#view(timeS, wallMs));
  }

  /** All that has passed is computed. */
  #arrive(wallMs: number): true {
    this.#behindSinceDay = null;
    if (this.#turns) this.turnTo(this.#given, this.#time.at(wallMs), wallMs);
    return true;
  }

  /** Days of which all is computed, records too. */
  get #computedDays(): number {
    return Math.min(countPassedDays(this.#members.community.units), this.#recorder.days);
  }

  /** Simulated time from the end of `days` up to `untilS`, if that is more than anybody would compute at once [s]; else 0. */
  #behindS(untilS: number, days = countPassedDays(this.#members.community.units)): number {
    const isNear = (Math.floor(untilS / secondsPerDay) - days) * this.#members.count <= daysAtOnce;
    return isNear ? 0 : untilS - days * secondsPerDay;
  }

  /** Carries all units to the last midnight before `untilS`, or as far as one slice can; returns the days that have passed. */
  #passDays(untilS: number, work: Work): number {
    if (this.#behindS(untilS) === 0) return Math.floor(untilS / secondsPerDay);
    this.#emptied = 0;
    const days = passDays(this.#members.community.units, untilS, this.#world, this.#observer, work);
    const untold = this.#emptied - mostEmptiedTold;
    this.#emptied = Number.NEGATIVE_INFINITY;
    if (untold > 0) this.#logAt("ERROR", `Batteries became empty ${untold} more times`, days * secondsPerDay);
    return days;
  }

  /** The data of the last chapter are gone: it ends where something was last kept, and the next one begins there. */
  #goOnFromWhatWasKept(reachedS: number, wallMs: number): void {
    const { community } = this.#members;
    const { units, timeS } = recallUnits(this.#at.storage, community.units);
    community.units = units.map((unit) => ({ ...unit, timeS }));
    const message =
      "The data are gone of which the last hours were made: they are made anew from what was kept";
    this.#at.log("WARNING", message, { fromS: timeS, untilS: reachedS });
    this.#beginChapter(this.#at, timeS, wallMs, reachedS);
  }

  /** Begins a chapter at `timeS`, which all units have come to; where some was lost, time has come to `lostUntilS`. */
  #beginChapter(to: Surroundings, timeS: number, wallMs: number, lostUntilS: number | null): void {
    const before = this.#chapters.at(-1) as Chapter;
    const { clockMsAt = sameMs } = to;
    const clock = {
      ...this.#time.clock,
      anchorWallMs: clockMsAt(wallMs),
      anchorSimulatedS: lostUntilS ?? timeS,
    };
    this.#world = worldNow(to);
    this.#stepper = null;
    for (const unit of this.#members.community.units)
      enterWorld(unit, batteryCapacityWh(before.config, unit.number), this.#world);
    this.#at = to;
    this.#chapters = [...this.#chapters, describeChapter(to, timeS, wallMs, lostUntilS)];
    this.#time = this.#createTimekeeper(clock, wallMs, to.config, this.#world);
    to.storage.save({ timeS, ...this.#members.all(), clock, chapters: this.#chapters });
    this.#recorder = this.#createRecorder();
  }

  /** A community from before there were chapters has none: what holds now is taken for what always held. */
  #nameFirstChapter(wallMs: number): void {
    this.#chapters = [describeChapter(this.#at, 0, wallMs, null)];
    this.#at.storage.save({ timeS: 0, chapters: this.#chapters });
  }

  #createRecorder(): DayRecorder {
    const { units } = this.#members.community;
    return new DayRecorder(this.#world, this.#at.storage, units, () => this.readChapters());
  }

  #createTimekeeper(kept: Clock | null, wallMs: number, config: Config, world: World | null): Timekeeper {
    const endS = world === null ? Number.POSITIVE_INFINITY : endOfTimeS(world);
    const { clockMsAt = sameMs } = this.#at;
    const given = { sleepTimeS: config.sleeptime, endS, clockMsAt };
    const clockMs = clockMsAt(wallMs);
    const clock = kept ?? beginClock(config.acceleration, 0, clockMs);
    const reachedS = this.#members.community.units.reduce(
      (latest, unit) => Math.max(latest, unit.timeS),
      simulatedTimeAt(clock, clockMs, given.sleepTimeS, given.endS),
    );
    return new Timekeeper(clock, reachedS, given, (afterS, untilS) => this.#logPassed(afterS, untilS));
  }

  #begin(wallMs: number): void {
    const { config, files, storage } = this.#at;
    const units = Array.from({ length: config.units }, (_, index) => describeUnit(files.standard, index + 1));
    const change = this.#members.begin(units, this.#moment(0));
    storage.save({ timeS: 0, ...change, clock: this.#time.clock, ...this.#describeRun(wallMs) });
  }

  #logPassed(afterS: number, untilS: number): void {
    const isPassed = (timeS: number) => afterS < timeS && timeS <= untilS;
    const { rampEndS, targetVoltageV } = this.#members.community.bus;
    if (isPassed(rampEndS)) this.#logAt("INFO", `The bus has reached ${targetVoltageV} V`, rampEndS);
    const endS = endOfTimeS(this.#world);
    if (isPassed(endS)) this.#logAt("INFO", "The data end here: simulated time stands still", endS);
  }

  #command(command: Command, timeS: number, wallMs: number, origin: CommandOrigin): Answer {
    const unitsBefore = this.#members.count;
    const { maximumUnits } = this.#at.config;
    const refusal = refuseUnits(command, this.unitCountAfter(command), maximumUnits, "maximumUnits");
    if (refusal !== null) return { ok: false, refusal };
    const claimed = refuseClaimed(command, this.#time.clock.claim, wallMs);
    if (claimed !== null) return claimed;
    if (command.kind === "step") return this.#takeSteps(command, timeS, wallMs, origin);
    this.#stepper = null;
    const before = this.#takeBefore(command, timeS, wallMs);
    const done = this.#perform(command, timeS, wallMs);
    if ("refusal" in done) return done;
    const effect = describeEffect(done.change, unitsBefore, done.goesBackTo);
    if (done.goesBackTo !== undefined) {
      const change = { ...done.change, ...before, command: { ...origin, wallMs, effect } };
      return this.#goBack(done.goesBackTo, change);
    }
    // What changes no unit waits for no record.
    const work = needsPresent(command) ? undefined : new Work();
    const logged =
      command.kind === "stepTime"
        ? this.#describeMoves(1, effect, command, origin.source, wallMs)
        : { ...origin, wallMs, effect };
    this.#keep({ ...done.change, ...before, command: logged }, work);
    return done.answer();
  }

  #keep(change: StoredChange, work?: Work): void {
    if (this.#waits) {
      this.#waiting.push(copyChange(change));
      return;
    }
    if (!change.restart) this.#recorder.recordUntil(change.timeS, this.#historyDays, work);
    this.#at.storage.save(change);
    this.#recorder.follow(change);
  }

  /** Takes steps from simulated second `timeS` on, at which the clock is held. */
  #takeSteps(
    command: Extract<Command, { kind: "step" }>,
    timeS: number,
    wallMs: number,
    { source }: CommandOrigin,
  ): Answer {
    const world = this.#world;
    const refusal = refuseSteps(command, { timeS, world, unitCount: this.#members.count });
    if (refusal !== null) return refusal;
    const heldByThisStep = !this.#time.clock.held;
    const stepper = this.#stepperAt(timeS);
    const { startTime } = this.#at.config;
    let [movedFromS, moves] = [timeS, 0];
    const told = takeSteps(command, stepper, startTime, {
      onAct: (path, touched) => {
        const change = { timeS: stepper.timeS, ...this.#members.changed(touched) };
        this.#keep({ ...change, command: { path, source, wallMs, effect: describeEffect(change, 0) } });
        [movedFromS, moves] = [stepper.timeS, 0];
      },
      onStepped: () => {
        moves++;
        this.#time.reach(stepper.timeS);
      },
    });
    this.#time.holdAt(stepper.timeS, wallMs);
    const change = { ...this.#turned(command, movedFromS, wallMs) };
    const logged = this.#describeMoves(moves, describeEffect(change, 0), command, source, wallMs);
    this.#keep({ ...change, command: logged });
    return answerWith({ ...told, heldByThisStep });
  }

  /** Steps without actions up to where the clock is held now, as they are logged. */
  #describeMoves(
    steps: number,
    effect: string,
    { claiming }: { readonly claiming?: Claiming },
    source: string,
    wallMs: number,
  ): LoggedCommand {
    const path = pathOfMove(this.#time.clock.anchorSimulatedS, claiming);
    const joinsAfterId = this.#chapters.at(-1)?.afterCommandId ?? 0;
    return { path, source, wallMs, effect: describeMove(steps, effect), joinsAfterId };
  }

  /** One that stands at simulated second `timeS`: the last one, if nothing but steps came since. */
  #stepperAt(timeS: number): Stepper {
    const { accelerationFactor } = this.#time.clock;
    const { community } = this.#members;
    if (this.#stepper?.timeS !== timeS || this.#stepper.world !== this.#world)
      this.#stepper = new Stepper(community, this.#world, timeS, accelerationFactor, this.#observer);
    this.#stepper.accelerationFactor = accelerationFactor;
    return this.#stepper;
  }

  /** What plans would lead to from simulated second `timeS` on, on copies. */
  #rollOut(query: Extract<Query, { kind: "rollout" }>, timeS: number): Answer {
    const world = this.#world;
    const refusal = refusePlans(query, { timeS, world, unitCount: this.#members.count });
    if (refusal !== null) return refusal;
    const { units, bus } = this.#members.community;
    const state = { units: units.map(copyUnit), bus: moveBus(bus, timeS, timeS) };
    const copy = new Stepper(state, world, timeS, this.#time.clock.accelerationFactor);
    return answerWith(rollOut(query, copy, this.#at.config.startTime));
  }

  #perform(command: Exclude<Command, { kind: "step" }>, timeS: number, wallMs: number): Done | Refused {
    switch (command.kind) {
      case "changeUnit":
        return this.#changeUnit(command, timeS);
      case "addUnit":
        return this.#addUnits(command.count ?? 1, timeS);
      case "removeUnit":
        return this.#removeUnit(timeS);
      case "save":
        return this.#save(command.asFile, timeS);
      case "loadLast":
        this.#passEventsUntil(timeS);
        return this.#doneWithLog({
          timeS,
          ...this.#members.load(this.#lastSave, this.#moment(timeS)),
        });
      case "reset":
        return this.#reset(command, timeS, wallMs);
      case "setAcceleration": {
        const held = command.accelerationFactor === 0;
        const accelerationFactor = held ? this.#time.clock.accelerationFactor : command.accelerationFactor;
        this.#time.setRate({ accelerationFactor, held }, timeS, wallMs);
        const change = this.#turned(command, timeS, wallMs);
        return { change, answer: () => answerWith(command.accelerationFactor) };
      }
      case "holdTime":
      case "runTime": {
        const { accelerationFactor } = this.#time.clock;
        const held = command.kind === "holdTime";
        this.#time.setRate({ accelerationFactor, held }, timeS, wallMs);
        const change = this.#turned(command, timeS, wallMs);
        return { change, answer: () => this.#at.writer.answerTime(this.#view(timeS, wallMs)) };
      }
      case "stepTime":
      case "untilTime":
        return this.#step(command, timeS, wallMs);
      case "uploadSnapshot":
        return this.#keepUploaded(command, timeS, wallMs);
      case "startRun":
        return this.#startRun(command, timeS, wallMs);
      case "keepSnapshot":
      case "deleteSnapshot":
      case "restoreSnapshot":
        return this.#handleSnapshot(command, timeS, wallMs);
      case "commitAll": {
        const change = this.#commitAll(timeS);
        return { change, answer: () => this.#at.writer.answerTime(this.#view(timeS, wallMs)) };
      }
    }
  }

  #handleSnapshot(
    {
      kind,
      name,
      claiming,
    }: Extract<Command, { kind: "keepSnapshot" | "deleteSnapshot" | "restoreSnapshot" }>,
    timeS: number,
    wallMs: number,
  ): Done | Refused {
    const { storage, writer } = this.#at;
    const refusal = kind === "keepSnapshot" ? refuseName(name, storage) : refuseMissing(name, storage);
    if (refusal !== null) return refusal;
    const list = {
      kind: "told",
      path: "/snapshots",
      parameters: {},
      readsRecords: false,
      readsUnits: false,
    } as const;
    const answer = () => atOnce(writer.answerQuery(list, this.#view(timeS, wallMs)));
    if (kind === "deleteSnapshot") return { change: { timeS, withoutSnapshot: name }, answer };
    if (kind === "keepSnapshot") {
      // As when it is restored.
      const change = this.#commitAll(timeS);
      return {
        change: { ...change, snapshot: { name, content: this.#take("kept", timeS, wallMs) } },
        answer,
      };
    }
    const content = storage.readSnapshot(name) as KeptSnapshot;
    const refused = refuseRestore(content.head, { storage, chapters: this.#chapters });
    if (refused !== null) return refused;
    const { accelerationFactor } = content;
    this.#time.holdAt(content.head.timeS, wallMs);
    const { clock } = this.#turned({ ...(claiming && { claiming }) }, timeS, wallMs);
    return {
      change: { timeS, clock: { ...(clock as Clock), accelerationFactor } },
      goesBackTo: { name, content },
      answer,
    };
  }

  /** Nothing in memory is of the community any more: whoever asked takes it up anew. */
  #goBack(row: SnapshotRow, change: StoredChange): Answer {
    this.#at.storage.goBack(row, change);
    this.isStale = true;
    return { ok: true, json: "{}" };
  }

  /** All that is true now moves to a midnight of the data, and another run begins there with one chapter. */
  #startRun(command: Extract<Command, { kind: "startRun" }>, timeS: number, wallMs: number): Done | Refused {
    const { config } = this.#at;
    const world = this.#world;
    const startS = (command.atMs - Date.parse(`${config.startTime}Z`)) / 1000;
    const lastS = world.atEndOfData === "stop" ? world.dataLengthS - secondsPerDay : Number.POSITIVE_INFINITY;
    if (startS % secondsPerDay !== 0 || startS < 0 || startS > lastS) {
      const day = (momentS: number) => formatCalendar(toCalendar(config.startTime, momentS)).slice(0, 10);
      const last = lastS === Number.POSITIVE_INFINITY ? "any later" : day(lastS);
      return refuse(
        "invalid_parameter",
        `at is no midnight of the data; allowed: ${day(0)} to ${last}`,
        "at",
      );
    }
    const { community } = this.#members;
    const { units, bus } = moveSnapshot(takeSnapshot(community, timeS, world), startS);
    community.units = units;
    community.bus = bus;
    this.#time.restart(wallMs, startS);
    const { clock } = this.#turned(command, startS, wallMs);
    const run = this.#describeRun(wallMs, startS);
    const change = { timeS: startS, ...this.#members.all(), ...run, clock: clock as Clock, restart: true };
    const parts = {
      members: this.#members,
      storage: this.#at.storage,
      chapters: this.#chapters,
      config,
      world,
    };
    const { lastSave } = run.run;
    const scene = { ...parts, clock: this.#time.clock, lastSave };
    const content = { ...describeSnapshot(scene, "start", startS, wallMs), departed: [] };
    return {
      change: { ...change, start: { name: startName, content } },
      answer: () => this.#at.writer.answerTime(this.#view(startS, wallMs)),
    };
  }

  /** Of what led to an uploaded snapshot nothing is known here: it can begin a branch. */
  #keepUploaded(
    { name, content }: Extract<Command, { kind: "uploadSnapshot" }>,
    timeS: number,
    wallMs: number,
  ): Done | Refused {
    const { storage, writer } = this.#at;
    const refusal = refuseName(name, storage);
    if (refusal !== null) return refusal;
    const head = { ...content.head, reason: "uploaded" as const, isForgotten: true };
    const list = {
      kind: "told",
      path: "/snapshots",
      parameters: {},
      readsRecords: false,
      readsUnits: false,
    } as const;
    return {
      change: { timeS, snapshot: { name, content: { ...content, head } } },
      answer: () => atOnce(writer.answerQuery(list, this.#view(timeS, wallMs))),
    };
  }

  #commitAll(timeS: number): StoredChange {
    for (const unit of this.#members.community.units) commitUnit(unit, timeS, this.#world, this.#observer);
    return { timeS, ...this.#members.all() };
  }

  #take(reason: SnapshotHead["reason"], timeS: number, wallMs: number): KeptSnapshot {
    const { config, storage, files } = this.#at;
    this.#passEventsUntil(timeS);
    this.#recorder.recordUntil(timeS, this.#historyDays);
    const lastSave = this.#lastSave === files.lastSave ? null : this.#lastSave;
    const { clock } = this.#time;
    const parts = { members: this.#members, storage, chapters: this.#chapters, config, clock, lastSave };
    return describeSnapshot({ ...parts, world: this.#world }, reason, timeS, wallMs);
  }

  /** The snapshot that is kept of what a command is about to lose. */
  #takeBefore(command: Command, timeS: number, wallMs: number): Pick<StoredChange, "snapshot"> {
    const reason = reasonOf(command);
    // To begin anew nobody waits for what lies far behind.
    if (reason === null || this.#behindS(timeS, this.#computedDays) > 0) return {};
    const content = this.#take(reason, timeS, wallMs);
    // To what lies behind the moment that is gone back to nobody goes back.
    const head = { ...content.head, isForgotten: reason === "restore" };
    return { snapshot: { name: nameOwn(head), content: { ...content, head } } };
  }

  /** What keeps the clock as it was turned, and whose it is. */
  #turned({ claiming }: { readonly claiming?: Claiming }, timeS: number, wallMs: number): StoredChange {
    this.#time.claim(claimAfter(claiming, this.#time.clock.claim, wallMs));
    return { timeS, clock: this.#time.clock };
  }

  /** Holds the clock at simulated second `timeS` and moves it to where the command leads: that is passed before the answer. */
  #step(
    command: Extract<Command, { kind: "stepTime" | "untilTime" }>,
    timeS: number,
    wallMs: number,
  ): Done | Refused {
    const { community } = this.#members;
    const { startTime } = this.#at.config;
    this.#passEventsUntil(timeS);
    const target = findTarget(command, { community, timeS, world: this.#world, startTime });
    if (!target.ok) return target;
    const { ok: _, timeS: targetS, ...event } = target;
    const taken = { heldByThisStep: !this.#time.clock.held, ...event };
    this.#time.holdAt(targetS, wallMs);
    return {
      change: this.#turned(command, timeS, wallMs),
      answer: () => {
        this.#passEventsUntil(this.#time.reach(targetS));
        return this.#at.writer.answerTime(this.#view(targetS, wallMs), taken);
      },
    };
  }

  #doneWithLog(change: StoredChange): Done {
    return { change, answer: () => this.#at.writer.answerLog(this.#view(change.timeS)) };
  }

  #changeUnit(command: Extract<Command, { kind: "changeUnit" }>, timeS: number): Done | Refused {
    const { unitNumber, change, reply, echo } = command;
    const { writer } = this.#at;
    const view = this.#view(timeS);
    if (!hasUnit(view, unitNumber)) return refuseUnit(view, unitNumber);
    return {
      change: { timeS, ...this.#members.change(unitNumber, change, this.#moment(timeS)) },
      answer: () =>
        reply === "log"
          ? writer.answerLog(view, unitNumber, echo)
          : writer.answerUnit(view, unitNumber, reply),
    };
  }

  #addUnits(count: number, timeS: number): Done {
    return this.#doneWithLog({ timeS, ...this.#members.add(count, this.#moment(timeS)) });
  }

  #removeUnit(timeS: number): Done | Refused {
    if (this.#members.count === 1)
      return refuse("conflict", "E001 is the last unit; a community keeps at least one");
    this.#passEventsUntil(timeS);
    return this.#doneWithLog({ timeS, ...this.#members.removeLast(this.#moment(timeS)) });
  }

  #reset(
    { restartClock, units, claiming }: Extract<Command, { kind: "reset" }>,
    timeS: number,
    wallMs: number,
  ): Done {
    const { reset } = this.#at.files;
    if (!restartClock) {
      this.#passEventsUntil(timeS);
      return this.#doneWithLog({ timeS, ...this.#members.replace(reset, this.#moment(timeS), units) });
    }
    // What is about to be forgotten is told of if nobody has to wait for it.
    if (this.#behindS(timeS) === 0) this.#passEventsUntil(timeS);
    this.#behindSinceDay = null;
    this.#at = this.#given;
    if (this.#turns) this.#world = worldNow(this.#at);
    const change = this.#members.begin(reset, this.#moment(0), units);
    this.#time.restart(wallMs);
    this.#time.claim(claimAfter(claiming, this.#time.clock.claim, wallMs));
    if (this.#turns) {
      this.#time = this.#createTimekeeper(this.#time.clock, wallMs, this.#at.config, this.#world);
      this.#recorder = this.#createRecorder();
      this.#turns = false;
    }
    const { clock } = this.#time;
    return this.#doneWithLog({ timeS: 0, ...change, restart: true, clock, ...this.#describeRun(wallMs) });
  }

  #moment(timeS: number): Moment {
    const { accelerationFactor } = this.#time.clock;
    return { timeS, world: this.#world, accelerationFactor, observer: this.#observer };
  }

  /** The run that begins at `wallMs`, with its first chapter. */
  #describeRun(wallMs: number, startS = 0): { run: Run; chapters: readonly Chapter[] } {
    const lastSave = this.#lastSave === this.#at.files.lastSave ? null : this.#lastSave;
    this.#chapters = [{ ...describeChapter(this.#at, startS, wallMs, null), afterCommandId: 0 }];
    const { accelerationFactor } = this.#time.clock;
    return { run: { beganWallMs: wallMs, accelerationFactor, lastSave }, chapters: this.#chapters };
  }

  #logAt(level: LogLevel, message: string, timeS: number, unit?: Readonly<UnitState>): void {
    const time = this.#formatTime(timeS);
    this.#at.log(level, message, unit === undefined ? { time } : { time, unit: formatUnitId(unit.number) });
  }

  #formatTime(timeS: number): string {
    return formatCalendar(toCalendar(this.#at.config.startTime, timeS));
  }

  /** What is told of simulated second `timeS`; of the clock too, where it is of a request at `wallMs`. */
  #view(timeS: number, wallMs: number | null = null): View {
    const { config, storage } = this.#at;
    const { clock } = this.#time;
    return {
      timeS,
      clock,
      behindS: wallMs === null ? 0 : this.#behindS(timeS) || this.#time.lagS(wallMs),
      claim: wallMs === null ? null : claimAfter(undefined, clock.claim, wallMs),
      community: this.#members.community,
      templates: this.#members.templates,
      config,
      world: this.#world,
      chapters: () => this.readChapters(),
      records: storage,
      resetUnits: this.#at.files.reset.length,
      read: (unitNumber) => this.#read(this.#members.unit(unitNumber), timeS),
    };
  }

  #read(unit: UnitState, timeS: number): UnitReading {
    return readUnitAt(this.#members.community, unit, timeS, this.#world, this.#observer);
  }

  #passEventsUntil(timeS: number): void {
    advanceCommunity(this.#members.community, timeS, this.#world, this.#observer);
  }

  #save(asFile: boolean, timeS: number): Done {
    const { community } = this.#members;
    const units = community.units.map((unit) => this.#describe(unit, timeS));
    this.#lastSave = { units, snapshot: takeSnapshot(community, timeS, this.#world) };
    const { change, answer } = this.#doneWithLog({ timeS, lastSave: this.#lastSave });
    return { change, answer: () => (asFile ? { ...answer(), fileName: "lastSave.json" } : answer()) };
  }

  #describe(unit: UnitState, timeS: number): UnitDescription {
    return { settings: pickSettings(this.#read(unit, timeS)), template: this.templateOf(unit.number) };
  }
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

const sameMs = (wallMs: number) => wallMs;
