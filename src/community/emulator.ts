import type { Config } from "../config/entries.ts";
import type { Log, LogLevel } from "../log.ts";
import { type ExportRequest, writeExport } from "../records/export.ts";
import { forgetOldDays } from "../records/forget.ts";
import { addUnit, changeUnit, type Moment, removeLastUnit, replaceUnits } from "../simulation/commands.ts";
import { type CommunityState, createCommunity, readUnitAt } from "../simulation/community.ts";
import type { Observer } from "../simulation/observer.ts";
import { pickSettings, type UnitReading } from "../simulation/reading.ts";
import { createUnit, type UnitState } from "../simulation/unit.ts";
import { endOfTimeS, secondsPerDay, type World } from "../simulation/world.ts";
import { describeUnit, type UnitDescription } from "../wire/read-unit-file.ts";
import { formatCalendar, toCalendar } from "../wire/simulated-time.ts";
import { formatUnitId } from "../wire/unit-id.ts";
import type { UnitJson } from "../wire/unit-json.ts";
import { answerLog, answerQuery, answerUnit, answerWith, hasUnit, refuseUnit, type View } from "./answers.ts";
import { type Clock, simulatedTimeAt } from "./clock.ts";
import { recordDays } from "./day-recorder.ts";
import { type Answer, refuse } from "./refusal.ts";
import { type Command, type CommunityRequest, isQuery } from "./request.ts";
import type { CommunityStorage, StoredChange } from "./storage.ts";

/** The units that the files of `jsontmp` describe. */
export interface UnitFiles {
  /** Defaults of a unit that is added. */
  readonly standard: UnitDescription;
  /** The units of Reset. */
  readonly reset: readonly UnitDescription[];
  /** The units of Load Last before anything was saved. */
  readonly lastSave: readonly UnitDescription[];
}

export interface Surroundings {
  readonly config: Config;
  readonly world: World;
  readonly files: UnitFiles;
  readonly storage: CommunityStorage;
  readonly log: Log;
}

/**
 * One community of units on its clock. The wall clock is handed in with each request; simulated time
 * follows from it. A command is in the storage when its answer is returned, a query writes nothing.
 */
export class Emulator {
  readonly #at: Surroundings;
  readonly #observer: Observer;
  readonly #community: CommunityState;
  readonly #templates: UnitJson[];
  #lastSave: readonly UnitDescription[];
  #clock: Clock;
  /** Simulated days from the first on whose records are kept. */
  #recordedDays: number;
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
    const lastDay = storage.findDay(Number.MAX_SAFE_INTEGER);
    this.#recordedDays = lastDay === null ? 0 : lastDay.day + 1;
    if (stored === null) this.#begin(surroundings);
  }

  /** Whether answering at `wallMs` would write the record of a finished simulated day. */
  passesDayEnd(wallMs: number): boolean {
    const { config, world } = this.#at;
    const timeS = simulatedTimeAt(this.#clock, wallMs, config.sleeptime, endOfTimeS(world));
    return world.powerFlowEnabled && Math.floor(timeS / secondsPerDay) > this.#recordedDays;
  }

  /** Units there are once `request` is answered; their homes must be loaded before. */
  unitCountAfter(request: CommunityRequest): number {
    const present = this.#community.units.length;
    if (request.kind === "addUnit") return present + 1;
    if (request.kind === "reset") return this.#at.files.reset.length;
    return request.kind === "loadLast" ? this.#lastSave.length : present;
  }

  /** Reads every unit as of `wallMs`. */
  readUnits(wallMs: number): UnitReading[] {
    const timeS = this.#timeAt(wallMs);
    return this.#community.units.map((unit) => this.#read(unit, timeS));
  }

  /** Writes what is recorded, piece by piece, as of `wallMs`. */
  writeExport(request: ExportRequest, wallMs: number): Generator<string> {
    const { storage, world, config } = this.#at;
    const untilS = this.#timeAt(wallMs);
    const intervalS = config.individualIntervalMinutes * 60;
    return writeExport({ storage, world, startTime: config.startTime, intervalS, untilS }, request);
  }

  /** Answers `request` as of `wallMs`; of the past at least `historyDays` are kept from then on. */
  answer(request: CommunityRequest, wallMs: number, historyDays = this.#historyDays): Answer {
    this.#historyDays = historyDays;
    const timeS = this.#timeAt(wallMs);
    return isQuery(request) ? answerQuery(request, this.#view(timeS)) : this.#command(request, timeS, wallMs);
  }

  #begin({ config, files }: Surroundings): void {
    const numbers = Array.from({ length: config.units }, (_, index) => index + 1);
    this.#replaceUnits(
      numbers.map((number) => describeUnit(files.standard, number)),
      0,
    );
    this.#saveAll({ timeS: 0, clock: this.#clock });
  }

  #timeAt(wallMs: number): number {
    const { config, world } = this.#at;
    const endS = endOfTimeS(world);
    const beforeS = this.#reachedS;
    this.#reachedS = Math.max(beforeS, simulatedTimeAt(this.#clock, wallMs, config.sleeptime, endS));
    this.#recordDays();
    const isPassed = (timeS: number) => beforeS < timeS && timeS <= this.#reachedS;
    const { rampEndS, targetVoltageV } = this.#community.bus;
    if (isPassed(rampEndS)) this.#logAt("INFO", `The bus has reached ${targetVoltageV} V`, rampEndS);
    if (isPassed(endS)) this.#logAt("INFO", "The data end here: simulated time stands still", endS);
    return this.#reachedS;
  }

  /** Appends the records of the days that have ended, before anything else of this request happens. */
  #recordDays(): void {
    const { world, storage } = this.#at;
    if (!world.powerFlowEnabled) return;
    const { units } = this.#community;
    for (const day of recordDays(units, this.#recordedDays, this.#reachedS, world, this.#observer)) {
      storage.appendDay(day);
      this.#recordedDays++;
      forgetOldDays(storage, this.#recordedDays, this.#historyDays);
    }
  }

  #command(command: Command, timeS: number, wallMs: number): Answer {
    switch (command.kind) {
      case "changeUnit":
        return this.#changeUnit(command, timeS);
      case "addUnit":
        return this.#addUnit(timeS);
      case "removeUnit":
        return this.#removeUnit(timeS);
      case "save":
        this.#lastSave = this.#community.units.map((unit) => this.#describe(unit, timeS));
        this.#at.storage.save({ timeS, lastSave: this.#lastSave });
        return answerLog(this.#view(timeS));
      case "loadLast":
        this.#replaceUnits(this.#lastSave, timeS);
        this.#saveAll({ timeS });
        return answerLog(this.#view(timeS));
      case "reset":
        return this.#reset(command.restartClock, timeS, wallMs);
      case "setAcceleration":
        this.#setClock(timeS, wallMs, command.accelerationFactor);
        this.#at.storage.save({ timeS, clock: this.#clock });
        return answerWith(command.accelerationFactor);
    }
  }

  #changeUnit(command: Extract<Command, { kind: "changeUnit" }>, timeS: number): Answer {
    const { unitNumber, change, reply, echo } = command;
    const view = this.#view(timeS);
    if (!hasUnit(view, unitNumber)) return refuseUnit(view, unitNumber);
    const unit = this.#community.units[unitNumber - 1] as UnitState;
    const touched = changeUnit(this.#community, unit, change, this.#moment(timeS));
    this.#saveUnits(touched, { timeS });
    return reply === "log" ? answerLog(view, unitNumber, echo) : answerUnit(view, unitNumber, reply);
  }

  #addUnit(timeS: number): Answer {
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
    this.#saveUnits(touched, { timeS });
    return answerLog(this.#view(timeS));
  }

  #removeUnit(timeS: number): Answer {
    if (this.#community.units.length === 1) {
      return refuse("conflict", "E001 is the last unit; a community keeps at least one");
    }
    const touched = removeLastUnit(this.#community, this.#moment(timeS));
    this.#templates.pop();
    this.#saveUnits(touched, { timeS });
    return answerLog(this.#view(timeS));
  }

  #reset(restartClock: boolean, timeS: number, wallMs: number): Answer {
    const beginS = restartClock ? 0 : timeS;
    if (restartClock) {
      this.#setClock(0, wallMs, this.#clock.accelerationFactor);
      this.#reachedS = 0;
      this.#recordedDays = 0;
    }
    this.#replaceUnits(this.#at.files.reset, beginS);
    this.#saveAll({ timeS: beginS, clock: this.#clock, restart: restartClock });
    return answerLog(this.#view(beginS));
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

  #saveAll(change: StoredChange): void {
    const numbers = this.#community.units.map((unit) => unit.number);
    this.#saveUnits(numbers, change);
  }

  #saveUnits(numbers: readonly number[], change: StoredChange): void {
    const { units, bus } = this.#community;
    const touched = numbers.map((number) => {
      const state = units[number - 1] as UnitState;
      return { state, template: this.#templateOf(state) };
    });
    this.#at.storage.save({ ...change, units: touched, unitCount: units.length, bus });
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
