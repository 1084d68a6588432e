import type { LogLevel } from "../log/log.ts";
import { type ExportRequest, writeExport } from "../records/export.ts";
import type { Run } from "../records/run.ts";
import { addUnit, changeUnit, type Moment, removeLastUnit, replaceUnits } from "../simulation/commands.ts";
import { type CommunityState, createCommunity, readUnitAt } from "../simulation/community.ts";
import type { Observer } from "../simulation/observer.ts";
import { pickSettings, type UnitReading } from "../simulation/reading.ts";
import { createUnit, type UnitState } from "../simulation/unit.ts";
import { endOfTimeS } from "../simulation/world.ts";
import type { Pace } from "../sinks/outbox.ts";
import { describeUnit, type UnitDescription } from "../wire/read-unit-file.ts";
import { formatCalendar, toCalendar } from "../wire/simulated-time.ts";
import { formatUnitId } from "../wire/unit-id.ts";
import type { UnitJson } from "../wire/unit-json.ts";
import { answerLog, answerQuery, answerUnit, answerWith, hasUnit, refuseUnit, type View } from "./answers.ts";
import { type Clock, simulatedTimeAt } from "./clock.ts";
import { DayRecorder } from "./day-recorder.ts";
import { describeEffect } from "./describe-effect.ts";
import { type Answer, type Refused, refuse } from "./refusal.ts";
import {
  type Command,
  type CommandOrigin,
  type EmulatorRequest,
  isQuery,
  readsRecords,
  unknownOrigin,
} from "./request.ts";
import { describeRun, noteAlteration } from "./run-note.ts";
import type { StoredChange, UnitsChange } from "./storage.ts";
import type { Surroundings } from "./surroundings.ts";

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
  readonly #at: Surroundings;
  readonly #observer: Observer;
  readonly #community: CommunityState;
  readonly #templates: UnitJson[];
  #lastSave: readonly UnitDescription[];
  #clock: Clock;
  readonly #recorder: DayRecorder;
  /** Finished days that are kept at least. */
  #historyDays = Number.POSITIVE_INFINITY;
  /** Simulated time never goes back, whatever the wall clock does. */
  #reachedS: number;

  /** Takes up what the storage holds, or begins a new community at `wallMs`. */
  constructor(surroundings: Surroundings, wallMs: number) {
    this.#at = surroundings;
    const { config, files, storage } = surroundings;
    this.#observer = {
      onBatteryEmpty: (unit, timeS) => this.#logAt("ERROR", "A battery is empty", timeS, unit),
      onAdvanced: (segments) => {
        this.advancedSegments += segments;
      },
    };
    const stored = storage.load();
    this.#community =
      stored === null ? createCommunity() : { units: stored.units.map((u) => u.state), bus: stored.bus };
    this.#templates = stored === null ? [] : stored.units.map((unit) => unit.template);
    this.#lastSave = stored?.lastSave ?? files.lastSave;
    this.#clock = stored?.clock ?? {
      anchorWallMs: wallMs,
      anchorSimulatedS: 0,
      accelerationFactor: config.acceleration,
    };
    this.#reachedS = this.#community.units.reduce(
      (latest, unit) => Math.max(latest, unit.timeS),
      simulatedTimeAt(this.#clock, wallMs, config.sleeptime, endOfTimeS(surroundings.world)),
    );
    if (stored === null) this.#begin(surroundings);
    else noteAlteration(surroundings, storage.readRun(), this.#reachedS);
    this.#recorder = new DayRecorder(surroundings.world, storage, this.#community.units);
  }

  /** Simulated time at `wallMs` that has not been computed yet [s]. */
  lagS(wallMs: number): number {
    const { config, world } = this.#at;
    const dueS = simulatedTimeAt(this.#clock, wallMs, config.sleeptime, endOfTimeS(world));
    return Math.max(0, dueS - this.#reachedS);
  }

  /** Units there are once `request` is answered; their homes must be loaded before. */
  unitCountAfter(request: EmulatorRequest): number {
    const present = this.#community.units.length;
    if (request.kind === "addUnit") return present + 1;
    if (request.kind === "reset") return this.#at.files.reset.length;
    return request.kind === "loadLast" ? this.#lastSave.length : present;
  }

  /** Reads every unit at simulated second `timeS`, or at the latest one that was reached. */
  readUnitsAt(timeS: number): UnitReading[] {
    const reachedS = this.#reach(timeS);
    return this.#community.units.map((unit) => this.#read(unit, reachedS));
  }

  /** Reads every unit as of `wallMs`. */
  readUnits(wallMs: number): UnitReading[] {
    return this.readUnitsAt(this.#timeAt(wallMs));
  }

  /** Writes what is recorded, piece by piece, as of `wallMs`. */
  writeExport(request: ExportRequest, wallMs: number): Generator<string> {
    const { storage, world, config } = this.#at;
    const untilS = this.recordUntil(this.#timeAt(wallMs));
    const intervalS = config.individualIntervalMinutes * 60;
    return writeExport({ storage, world, startTime: config.startTime, intervalS, untilS }, request);
  }

  /** Records the days that have ended by simulated second `timeS`, or by the latest one that was reached; returns it. */
  recordUntil(timeS: number): number {
    const reachedS = this.#reach(timeS);
    this.#recorder.recordUntil(reachedS, this.#historyDays);
    return reachedS;
  }

  /** How simulated time moves as of `wallMs`. */
  paceAt(wallMs: number): Pace {
    const { config, world } = this.#at;
    const { accelerationFactor } = this.#clock;
    const perMs = accelerationFactor / (1000 * config.sleeptime);
    return { nowS: this.#timeAt(wallMs), accelerationFactor, perMs, endS: endOfTimeS(world) };
  }

  /** The JSON of a unit for what nothing moves, also of one that was removed. */
  templateOf(unitNumber: number): UnitJson {
    return this.#templates[unitNumber - 1] ?? describeUnit(this.#at.files.standard, unitNumber).template;
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
    const timeS = this.#timeAt(wallMs);
    if (!isQuery(request)) return this.#command(request, timeS, wallMs, origin);
    if (readsRecords(request)) this.recordUntil(timeS);
    return answerQuery(request, this.#view(timeS));
  }

  /** Performs a command again that was performed at simulated second `timeS`, no sooner than those before. */
  repeat(command: Command, timeS: number, wallMs: number): Answer {
    if (!(command.kind === "reset" && command.restartClock)) this.#reach(timeS);
    return this.#command(command, timeS, wallMs, unknownOrigin);
  }

  #begin({ config, files }: Surroundings): void {
    const numbers = Array.from({ length: config.units }, (_, index) => index + 1);
    this.#replaceUnits(
      numbers.map((number) => describeUnit(files.standard, number)),
      0,
    );
    const run = this.#beginRun(this.#clock.anchorWallMs);
    this.#at.storage.save({ timeS: 0, ...this.#allUnits(), clock: this.#clock, run });
  }

  #timeAt(wallMs: number): number {
    const { config, world } = this.#at;
    return this.#reach(simulatedTimeAt(this.#clock, wallMs, config.sleeptime, endOfTimeS(world)));
  }

  #reach(timeS: number): number {
    const endS = endOfTimeS(this.#at.world);
    const beforeS = this.#reachedS;
    this.#reachedS = Math.max(beforeS, timeS);
    const isPassed = (timeS: number) => beforeS < timeS && timeS <= this.#reachedS;
    const { rampEndS, targetVoltageV } = this.#community.bus;
    if (isPassed(rampEndS)) this.#logAt("INFO", `The bus has reached ${targetVoltageV} V`, rampEndS);
    if (isPassed(endS)) this.#logAt("INFO", "The data end here: simulated time stands still", endS);
    return this.#reachedS;
  }

  #command(command: Command, timeS: number, wallMs: number, origin: CommandOrigin): Answer {
    const unitsBefore = this.#community.units.length;
    const done = this.#perform(command, timeS, wallMs);
    if ("refusal" in done) return done;
    this.#recorder.recordUntil(timeS, this.#historyDays);
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
        return this.#addUnit(timeS);
      case "removeUnit":
        return this.#removeUnit(timeS);
      case "save":
        this.#lastSave = this.#community.units.map((unit) => this.#describe(unit, timeS));
        return this.#doneWithLog({ timeS, lastSave: this.#lastSave });
      case "loadLast":
        this.#replaceUnits(this.#lastSave, timeS);
        return this.#doneWithLog({ timeS, ...this.#allUnits() });
      case "reset":
        return this.#reset(command.restartClock, timeS, wallMs);
      case "setAcceleration": {
        const { accelerationFactor } = command;
        this.#setClock(timeS, wallMs, accelerationFactor);
        return { change: { timeS, clock: this.#clock }, answer: () => answerWith(accelerationFactor) };
      }
    }
  }

  #doneWithLog(change: StoredChange): Done {
    return { change, answer: () => answerLog(this.#view(change.timeS)) };
  }

  #changeUnit(command: Extract<Command, { kind: "changeUnit" }>, timeS: number): Done | Refused {
    const { unitNumber, change, reply, echo } = command;
    const view = this.#view(timeS);
    if (!hasUnit(view, unitNumber)) return refuseUnit(view, unitNumber);
    const unit = this.#community.units[unitNumber - 1] as UnitState;
    const touched = changeUnit(this.#community, unit, change, this.#moment(timeS));
    return {
      change: { timeS, ...this.#theseUnits(touched) },
      answer: () =>
        reply === "log" ? answerLog(view, unitNumber, echo) : answerUnit(view, unitNumber, reply),
    };
  }

  #addUnit(timeS: number): Done | Refused {
    const number = this.#community.units.length + 1;
    const { maximumUnits } = this.#at.config;
    if (number > maximumUnits) {
      return refuse("conflict", `There are ${maximumUnits} units, which is the limit (maximumUnits)`);
    }
    const description = describeUnit(this.#at.files.standard, number);
    const touched = addUnit(
      this.#community,
      this.#createUnit(description, number, timeS),
      this.#moment(timeS),
    );
    this.#templates.push(description.template);
    return this.#doneWithLog({ timeS, ...this.#theseUnits(touched) });
  }

  #removeUnit(timeS: number): Done | Refused {
    if (this.#community.units.length === 1) {
      return refuse("conflict", "E001 is the last unit; a community keeps at least one");
    }
    const touched = removeLastUnit(this.#community, this.#moment(timeS));
    this.#templates.pop();
    return this.#doneWithLog({ timeS, ...this.#theseUnits(touched) });
  }

  #reset(restartClock: boolean, timeS: number, wallMs: number): Done {
    const beginS = restartClock ? 0 : timeS;
    if (restartClock) {
      this.#setClock(0, wallMs, this.#clock.accelerationFactor);
      this.#reachedS = 0;
    }
    this.#replaceUnits(this.#at.files.reset, beginS);
    return this.#doneWithLog({
      timeS: beginS,
      ...this.#allUnits(),
      ...(restartClock ? { restart: true, clock: this.#clock, run: this.#beginRun(wallMs) } : {}),
    });
  }

  #setClock(anchorSimulatedS: number, anchorWallMs: number, accelerationFactor: number): void {
    this.#clock = { anchorWallMs, anchorSimulatedS, accelerationFactor };
  }

  #replaceUnits(descriptions: readonly UnitDescription[], timeS: number): void {
    const units = descriptions.map((description, index) => this.#createUnit(description, index + 1, timeS));
    this.#templates.splice(0, Number.POSITIVE_INFINITY, ...descriptions.map(({ template }) => template));
    replaceUnits(this.#community, units, this.#moment(timeS));
  }

  #createUnit({ settings }: UnitDescription, number: number, timeS: number): UnitState {
    const unit = createUnit(number, timeS, settings);
    if (this.#at.world.powerFlowEnabled) return unit;
    unit.heldSolarPowerW = settings.solarPowerW;
    unit.heldDemandPowerW = settings.demandPowerW;
    return unit;
  }

  #moment(timeS: number): Moment {
    const { accelerationFactor } = this.#clock;
    return { timeS, world: this.#at.world, accelerationFactor, observer: this.#observer };
  }

  #allUnits(): UnitsChange {
    return this.#theseUnits(this.#community.units.map((unit) => unit.number));
  }

  /** The part of a change that keeps these units as they are now, and how many there are. */
  #theseUnits(numbers: readonly number[]): UnitsChange {
    const { units, bus } = this.#community;
    const touched = numbers.map((number) => {
      const state = units[number - 1] as UnitState;
      return { state, template: this.#templateOf(state) };
    });
    return { units: touched, unitCount: units.length, bus };
  }

  #beginRun(wallMs: number): Run {
    return describeRun(this.#at, wallMs, this.#clock.accelerationFactor, this.#lastSave);
  }

  #logAt(level: LogLevel, message: string, timeS: number, unit?: Readonly<UnitState>): void {
    const time = formatCalendar(toCalendar(this.#at.config.startTime, timeS));
    this.#at.log(level, message, unit === undefined ? { time } : { time, unit: formatUnitId(unit.number) });
  }

  #view(timeS: number): View {
    const { config, world, storage } = this.#at;
    return {
      timeS,
      accelerationFactor: this.#clock.accelerationFactor,
      community: this.#community,
      templates: this.#templates,
      config,
      world,
      records: storage,
      read: (unitNumber) => this.#read(this.#community.units[unitNumber - 1] as UnitState, timeS),
    };
  }

  #read(unit: UnitState, timeS: number): UnitReading {
    return readUnitAt(this.#community, unit, timeS, this.#at.world, this.#observer);
  }

  #templateOf(unit: UnitState): UnitJson {
    return this.#templates[unit.number - 1] as UnitJson;
  }

  #describe(unit: UnitState, timeS: number): UnitDescription {
    return { settings: pickSettings(this.#read(unit, timeS)), template: this.#templateOf(unit) };
  }
}
