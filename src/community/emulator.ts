import type { Config } from "../config/entries.ts";
import type { Log, LogLevel } from "../log.ts";
import { type ExportRequest, writeExport } from "../records/export.ts";
import { chooseSpan, readChargeMap, readCommunityHistory, readUnitHistory } from "../records/history.ts";
import { addUnit, changeUnit, type Moment, removeLastUnit, replaceUnits } from "../simulation/commands.ts";
import { type CommunityState, createCommunity, readUnitAt } from "../simulation/community.ts";
import { busVoltageAt, voltageReferenceOf } from "../simulation/dc-bus.ts";
import type { Observer } from "../simulation/observer.ts";
import { pickSettings, type UnitReading } from "../simulation/reading.ts";
import { createUnit, type UnitState } from "../simulation/unit.ts";
import { endOfTimeS, secondsPerDay, type World } from "../simulation/world.ts";
import { describeUnit, type UnitDescription } from "../wire/read-unit-file.ts";
import { roundToHundredths } from "../wire/rounding.ts";
import { formatCalendar, toCalendar } from "../wire/simulated-time.ts";
import { formatUnitId } from "../wire/unit-id.ts";
import type { UnitJson } from "../wire/unit-json.ts";
import { unitReplies } from "../wire/unit-replies.ts";
import { writeUnit } from "../wire/write-unit.ts";
import { type Clock, simulatedTimeAt } from "./clock.ts";
import { type CommunityJson, writeUnitState } from "./community-json.ts";
import { recordDays } from "./day-recorder.ts";
import { type Answer, refuse } from "./refusal.ts";
import { type Command, type CommunityRequest, type Echo, isQuery, type Query } from "./request.ts";
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

  /** Answers `request` as of `wallMs`. */
  answer(request: CommunityRequest, wallMs: number): Answer {
    const timeS = this.#timeAt(wallMs);
    return isQuery(request) ? this.#query(request, timeS) : this.#command(request, timeS, wallMs);
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
    const days = recordDays(units, this.#recordedDays, this.#reachedS, world, this.#observer);
    if (days.length === 0) return;
    storage.appendDays(days);
    this.#recordedDays += days.length;
  }

  #query(query: Query, timeS: number): Answer {
    switch (query.kind) {
      case "log":
        return this.#log(timeS);
      case "state":
        return answerWith(this.#describeCommunity(timeS));
      case "acceleration":
        return answerWith(this.#clock.accelerationFactor);
      case "history":
        return this.#history(query, timeS);
      case "unit": {
        const unit = this.#find(query.unitNumber);
        if (unit === undefined) return this.#unknownUnit(query.unitNumber);
        return answerWith(unitReplies[query.reply](this.#writeUnit(unit, timeS)));
      }
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
        return this.#log(timeS);
      case "loadLast":
        this.#replaceUnits(this.#lastSave, timeS);
        this.#saveAll({ timeS });
        return this.#log(timeS);
      case "reset":
        return this.#reset(command.restartClock, timeS, wallMs);
      case "setAcceleration":
        this.#setClock(timeS, wallMs, command.accelerationFactor);
        this.#at.storage.save({ timeS, clock: this.#clock });
        return answerWith(command.accelerationFactor);
    }
  }

  #changeUnit(command: Extract<Command, { kind: "changeUnit" }>, timeS: number): Answer {
    const unit = this.#find(command.unitNumber);
    if (unit === undefined) return this.#unknownUnit(command.unitNumber);
    const touched = changeUnit(this.#community, unit, command.change, this.#moment(timeS));
    this.#saveUnits(touched, { timeS });
    if (command.reply === "log") return this.#log(timeS, unit, command.echo);
    return answerWith(unitReplies[command.reply](this.#writeUnit(unit, timeS)));
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
    return this.#log(timeS);
  }

  #removeUnit(timeS: number): Answer {
    if (this.#community.units.length === 1) {
      return refuse("conflict", "E001 is the last unit; a community keeps at least one");
    }
    const touched = removeLastUnit(this.#community, this.#moment(timeS));
    this.#templates.pop();
    this.#saveUnits(touched, { timeS });
    return this.#log(timeS);
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
    return this.#log(beginS);
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

  #find(unitNumber: number): UnitState | undefined {
    return this.#community.units[unitNumber - 1];
  }

  #unknownUnit(unitNumber: number): Answer {
    const last = formatUnitId(this.#community.units.length);
    return refuse("unknown_unit", `There is no unit ${formatUnitId(unitNumber)}; there are E001 to ${last}`);
  }

  #writeUnit(unit: UnitState, timeS: number): UnitJson {
    return writeUnit(this.#read(unit, timeS), this.#templateOf(unit), this.#at.config);
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

  #history({ of, fromS, toS, resolutionS }: Extract<Query, { kind: "history" }>, timeS: number): Answer {
    const { storage, world } = this.#at;
    const span = chooseSpan(fromS, Math.min(toS, timeS), resolutionS, this.#community.units.length);
    if (of === "community") return answerWith(readCommunityHistory(storage, world, span));
    if (of === "charges") return answerWith(readChargeMap(storage, world, span));
    if (this.#find(of) === undefined) return this.#unknownUnit(of);
    return answerWith(readUnitHistory(storage, world, of, span));
  }

  #describeCommunity(timeS: number): CommunityJson {
    const { config, world } = this.#at;
    const { units, bus } = this.#community;
    const reference = voltageReferenceOf(bus);
    const dataEndS = endOfTimeS(world);
    return {
      timeS,
      time: formatCalendar(toCalendar(config.startTime, timeS)),
      acceleration: this.#clock.accelerationFactor,
      sleepTimeS: config.sleeptime,
      atEndOfData: timeS >= dataEndS,
      dataEndS: world.dataLengthS,
      busVoltageV: roundToHundredths(busVoltageAt(bus, timeS)),
      busRamping: timeS < bus.rampEndS,
      voltageReference: reference === null ? null : formatUnitId(reference),
      units: units.map((unit) =>
        writeUnitState(this.#read(unit, timeS), this.#templateOf(unit).oesunit.display),
      ),
    };
  }

  #log(timeS: number, changed?: UnitState, echo?: Echo): Answer {
    const log: Record<string, UnitJson> = {};
    for (const unit of this.#community.units) {
      const json = this.#writeUnit(unit, timeS);
      if (unit === changed) {
        Object.assign(json.emu, echo?.emu);
        Object.assign(json.dcdc.powermeter, echo?.powermeter);
      }
      log[formatUnitId(unit.number)] = json;
    }
    return answerWith(log);
  }
}

function answerWith(value: unknown): Answer {
  return { ok: true, json: JSON.stringify(value) };
}
