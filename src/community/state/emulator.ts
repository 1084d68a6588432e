import type { Config } from "../../input/config/entries.ts";
import { describeUnit, type UnitDescription } from "../../input/units/read-unit-file.ts";
import type { Save } from "../../input/units/save.ts";
import type { UnitJson } from "../../input/units/unit-json.ts";
import { type Answer, answerWith, type Refused, refuse } from "../../notation/refusal.ts";
import { formatCalendar, toCalendar } from "../../notation/simulated-time.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import type { Moment } from "../../simulation/commands.ts";
import { advanceCommunity, readUnitAt } from "../../simulation/community.ts";
import type { Ledger } from "../../simulation/ledger.ts";
import type { Observer } from "../../simulation/observer.ts";
import { pickSettings, readTodayAt, type UnitReading } from "../../simulation/reading.ts";
import { takeSnapshot } from "../../simulation/snapshot.ts";
import type { UnitState } from "../../simulation/unit.ts";
import { endOfTimeS } from "../../simulation/world.ts";
import { DayRecorder } from "../records/day-recorder.ts";
import { type ExportRequest, writeExport } from "../records/export.ts";
import type { Run } from "../records/run.ts";
import type { Pace } from "../sinks/outbox.ts";
import type { StoredChange, StoredCommunity } from "../storage/storage.ts";
import type { LogLevel } from "../watching/log.ts";
import { simulatedTimeAt } from "./clock.ts";
import { refuseUnits } from "./command-limits.ts";
import { describeEffect } from "./describe-effect.ts";
import { Members } from "./members.ts";
import {
  type Command,
  type CommandOrigin,
  type EmulatorRequest,
  isQuery,
  readsRecords,
  unknownOrigin,
} from "./request.ts";
import { describeRun, noteAlteration } from "./run-note.ts";
import type { Surroundings } from "./surroundings.ts";
import { Timekeeper } from "./timekeeper.ts";
import { hasUnit, refuseUnit, type View } from "./view.ts";

/** What a command did, not kept yet, and its answer once it is. */
interface Done {
  readonly change: StoredChange;
  answer(): Answer;
}

/**
 * One community of units on its clock. The wall clock is handed in with each request; simulated time
 * follows from it. A command is in the storage when its answer is returned, a query writes nothing.
 */
export class Emulator {
  /** Segments of constant conditions that were advanced so far. */
  advancedSegments = 0;
  #at: Surroundings;
  readonly #observer: Observer;
  readonly #members: Members;
  readonly #time: Timekeeper;
  readonly #recorder: DayRecorder;
  #lastSave: Save;
  /** Finished days that are kept at least. */
  #historyDays = Number.POSITIVE_INFINITY;

  /** Takes up what the storage holds, or begins a new community at `wallMs`. */
  constructor(surroundings: Surroundings, wallMs: number) {
    this.#at = surroundings;
    const { world, files, storage } = surroundings;
    this.#observer = {
      onBatteryEmpty: (unit, timeS) => this.#logAt("ERROR", "A battery is empty", timeS, unit),
      onAdvanced: (segments) => {
        this.advancedSegments += segments;
      },
    };
    const stored = storage.load();
    this.#members = new Members(world, files.standard, stored);
    this.#lastSave = stored?.lastSave ?? files.lastSave;
    this.#time = this.#createTimekeeper(stored, wallMs);
    if (stored === null) this.#begin(wallMs);
    this.#recorder = new DayRecorder(world, storage, this.#members.community.units);
    if (stored !== null) noteAlteration(surroundings, storage.readRun(), this.#recorder.keptUntilS);
  }

  /** The configuration, with the simulated time at which the present run began. */
  get config(): Config {
    return this.#at.config;
  }

  /** Simulated time at `wallMs` that has not been computed yet [s]. */
  lagS(wallMs: number): number {
    return this.#time.lagS(wallMs);
  }

  /** How simulated time moves as of `wallMs`. */
  paceAt(wallMs: number): Pace {
    return this.#time.paceAt(wallMs);
  }

  /** Units there are once `request` is answered; their homes must be loaded before. */
  unitCountAfter(request: EmulatorRequest): number {
    const present = this.#members.count;
    if (request.kind === "addUnit") return present + (request.count ?? 1);
    if (request.kind === "reset") return request.units ?? this.#at.files.reset.length;
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
    return this.#members.community.units.map((unit) => readTodayAt(unit, reachedS, this.#at.world));
  }

  /** Writes what is recorded, piece by piece, as of `wallMs`. */
  writeExport(request: ExportRequest, wallMs: number): Generator<string> {
    const { storage, world, config } = this.#at;
    const untilS = this.recordUntil(this.#time.at(wallMs));
    const intervalS = config.individualIntervalMinutes * 60;
    const { startTime } = config;
    const displayOf = (unitNumber: number) => this.templateOf(unitNumber).oesunit.display;
    return writeExport({ storage, world, startTime, intervalS, untilS, displayOf }, request);
  }

  /** Passes the events of all units up to `wallMs`, so that the log tells of them. */
  passEvents(wallMs: number): void {
    this.#passEventsUntil(this.#time.at(wallMs));
  }

  /** Records the days that have ended by simulated second `timeS`, or by the latest one that was reached; returns it. */
  recordUntil(timeS: number): number {
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

  /** Answers `request` as of simulated second `timeS`, or of the latest one that was reached, whatever `wallMs` is. */
  answerAt(request: EmulatorRequest, timeS: number, wallMs: number, origin = unknownOrigin): Answer {
    const reachedS = this.#time.reach(timeS);
    if (!isQuery(request)) return this.#command(request, reachedS, wallMs, origin);
    if (readsRecords(request)) this.recordUntil(reachedS);
    return this.#at.writer.answerQuery(request, this.#view(reachedS));
  }

  #createTimekeeper(stored: StoredCommunity | null, wallMs: number): Timekeeper {
    const { config, world } = this.#at;
    const given = { sleepTimeS: config.sleeptime, endS: endOfTimeS(world) };
    const begun = { anchorWallMs: wallMs, anchorSimulatedS: 0, accelerationFactor: config.acceleration };
    const clock = stored?.clock ?? begun;
    const reachedS = this.#members.community.units.reduce(
      (latest, unit) => Math.max(latest, unit.timeS),
      simulatedTimeAt(clock, wallMs, given.sleepTimeS, given.endS),
    );
    return new Timekeeper(clock, reachedS, given, (afterS, untilS) => this.#logPassed(afterS, untilS));
  }

  #begin(wallMs: number): void {
    const { config, files, storage } = this.#at;
    const units = Array.from({ length: config.units }, (_, index) => describeUnit(files.standard, index + 1));
    const change = this.#members.begin(units, this.#moment(0));
    storage.save({ timeS: 0, ...change, clock: this.#time.clock, run: this.#describeRun(wallMs) });
  }

  #logPassed(afterS: number, untilS: number): void {
    const isPassed = (timeS: number) => afterS < timeS && timeS <= untilS;
    const { rampEndS, targetVoltageV } = this.#members.community.bus;
    if (isPassed(rampEndS)) this.#logAt("INFO", `The bus has reached ${targetVoltageV} V`, rampEndS);
    const endS = endOfTimeS(this.#at.world);
    if (isPassed(endS)) this.#logAt("INFO", "The data end here: simulated time stands still", endS);
  }

  #command(command: Command, timeS: number, wallMs: number, origin: CommandOrigin): Answer {
    const unitsBefore = this.#members.count;
    const { maximumUnits } = this.#at.config;
    const refusal = refuseUnits(command, this.unitCountAfter(command), maximumUnits, "maximumUnits");
    if (refusal !== null) return { ok: false, refusal };
    const done = this.#perform(command, timeS, wallMs);
    if ("refusal" in done) return done;
    if (!done.change.restart) this.#recorder.recordUntil(timeS, this.#historyDays);
    const effect = describeEffect(done.change, unitsBefore);
    this.#at.storage.save({ ...done.change, command: { ...origin, wallMs, effect } });
    this.#recorder.follow(done.change);
    return done.answer();
  }

  #perform(command: Command, timeS: number, wallMs: number): Done | Refused {
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
        const { accelerationFactor } = command;
        this.#time.setRate(accelerationFactor, timeS, wallMs);
        return { change: { timeS, clock: this.#time.clock }, answer: () => answerWith(accelerationFactor) };
      }
    }
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

  #reset({ restartClock, units }: Extract<Command, { kind: "reset" }>, timeS: number, wallMs: number): Done {
    const { reset } = this.#at.files;
    this.#passEventsUntil(timeS);
    if (!restartClock)
      return this.#doneWithLog({ timeS, ...this.#members.replace(reset, this.#moment(timeS), units) });
    this.#time.restart(wallMs);
    const { config, nextStartTime = config.startTime } = this.#at;
    this.#at = { ...this.#at, config: { ...config, startTime: nextStartTime } };
    const change = this.#members.begin(reset, this.#moment(0), units);
    const { clock } = this.#time;
    return this.#doneWithLog({ timeS: 0, ...change, restart: true, clock, run: this.#describeRun(wallMs) });
  }

  #moment(timeS: number): Moment {
    const { accelerationFactor } = this.#time.clock;
    return { timeS, world: this.#at.world, accelerationFactor, observer: this.#observer };
  }

  /** The run that begins at `wallMs`. */
  #describeRun(wallMs: number): Run {
    return describeRun(this.#at, wallMs, this.#time.clock.accelerationFactor, this.#lastSave);
  }

  #logAt(level: LogLevel, message: string, timeS: number, unit?: Readonly<UnitState>): void {
    const time = formatCalendar(toCalendar(this.#at.config.startTime, timeS));
    this.#at.log(level, message, unit === undefined ? { time } : { time, unit: formatUnitId(unit.number) });
  }

  #view(timeS: number): View {
    const { config, world, storage } = this.#at;
    return {
      timeS,
      accelerationFactor: this.#time.clock.accelerationFactor,
      community: this.#members.community,
      templates: this.#members.templates,
      config,
      world,
      records: storage,
      resetUnits: this.#at.files.reset.length,
      read: (unitNumber) => this.#read(this.#members.unit(unitNumber), timeS),
    };
  }

  #read(unit: UnitState, timeS: number): UnitReading {
    return readUnitAt(this.#members.community, unit, timeS, this.#at.world, this.#observer);
  }

  #passEventsUntil(timeS: number): void {
    advanceCommunity(this.#members.community, timeS, this.#at.world, this.#observer);
  }

  #save(asFile: boolean, timeS: number): Done {
    const { community } = this.#members;
    const units = community.units.map((unit) => this.#describe(unit, timeS));
    this.#lastSave = { units, snapshot: takeSnapshot(community, timeS, this.#at.world) };
    const { change, answer } = this.#doneWithLog({ timeS, lastSave: this.#lastSave });
    return { change, answer: () => (asFile ? { ...answer(), fileName: "lastSave.json" } : answer()) };
  }

  #describe(unit: UnitState, timeS: number): UnitDescription {
    return { settings: pickSettings(this.#read(unit, timeS)), template: this.templateOf(unit.number) };
  }
}
