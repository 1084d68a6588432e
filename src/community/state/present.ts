import type { Config } from "../../input/config/entries.ts";
import {
  describeFault,
  type Fault,
  type Faults,
  faultsBefore,
  heldOf,
  listConverterFaults,
  listSpans,
  noFaults,
  noteDone,
} from "../../input/faults/fault.ts";
import type { FaultMeter } from "../../input/faults/kinds.ts";
import { readMeter, tellReadings } from "../../input/faults/tell-readings.ts";
import { batteryCapacityWh, initialPercentOf } from "../../input/homes/complete-home.ts";
import { describeUnit } from "../../input/units/read-unit-file.ts";
import type { Save } from "../../input/units/save.ts";
import type { UnitJson } from "../../input/units/unit-json.ts";
import { formatCalendar, toCalendar } from "../../notation/simulated-time.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import { commitUnit } from "../../simulation/advance.ts";
import type { Moment } from "../../simulation/commands.ts";
import { advanceCommunity, readUnitAt, shareBusCurrents } from "../../simulation/community.ts";
import { moveBus } from "../../simulation/dc-bus.ts";
import { enterWorld, holdPowers } from "../../simulation/enter-world.ts";
import type { Observer } from "../../simulation/observer.ts";
import { type CommunityEvent, passTrips } from "../../simulation/protection.ts";
import type { UnitReading } from "../../simulation/reading.ts";
import { copyUnit, type UnitState } from "../../simulation/unit.ts";
import { endOfTimeS, secondsPerDay, type World } from "../../simulation/world.ts";
import type { OpenChapter } from "../records/chapter.ts";
import { DayRecorder } from "../records/day-recorder.ts";
import { readPast } from "../records/past-reading.ts";
import { recallUnits } from "../records/recall.ts";
import type { StoredChange } from "../storage/storage.ts";
import type { Chapter, Clock, Run } from "../storage/stored-shapes.ts";
import type { LogLevel } from "../watching/log.ts";
import { behindS, mostEmptiedTold, type Work } from "./catch-up.ts";
import { describeChapter, keepOwn, keepStart, listChanges, worldNow } from "./chapter-note.ts";
import { claimAfter } from "./claim.ts";
import { beginClock, simulatedTimeAt } from "./clock.ts";
import { Members } from "./members.ts";
import type { Claiming } from "./request.ts";
import type { Surroundings } from "./surroundings.ts";
import { Timekeeper } from "./timekeeper.ts";
import type { View } from "./view.ts";

/**
 * All that is true of a community now, in memory: its units and bus, its clock, its run with the chapters, and the world of the
 * last one. What commands, steps, snapshots and catching up have in common; each of them stands in a file of its own.
 */
export class Present {
  /** Segments of constant conditions that were advanced so far. */
  advancedSegments = 0;
  /** Converters that were protected so far. */
  trips = 0;
  /** As given; what begins anew begins with these. */
  given: Surroundings;
  /** The same without what is the community's own. */
  readonly deployed: Surroundings;
  /** With the start time of the run, which it keeps. */
  at: Surroundings;
  readonly observer: Observer;
  readonly members: Members;
  chapters: readonly Chapter[];
  /** That of the last chapter. */
  world: World;
  time: Timekeeper;
  recorder: DayRecorder;
  lastSave: Save;
  #faults: Faults = noFaults;
  /** Whether the storage has them as they are. */
  areFaultsKept = true;
  /** What meters told where they became stuck, by fault and unit: it is kept with the next command. */
  readonly heldReadings = new Map<string, number>();
  /** Finished days that are kept at least. */
  historyDays = Number.POSITIVE_INFINITY;
  /** Whether the last chapter is still to be carried to its end, since configuration or data are others now. */
  turns = false;
  /** Batteries that became empty in this slice; without slices they are not counted. */
  emptied = Number.NEGATIVE_INFINITY;
  /** Days that had passed when catching up began; null while there is nothing to catch up with. */
  behindSinceDay: number | null = null;
  /** The last day of each unit of which the log says what nobody protects its converter from. */
  readonly #warnedDays = new Map<number, number>();
  /** What converters that were protected have left and nobody has kept yet, in the order of time. */
  #trips: StoredChange[] = [];
  /** Up to which all converters that trip have done so, unless something was commanded since. */
  #trippedUntilS = Number.NEGATIVE_INFINITY;

  /**
   * Takes up what the storage holds, or begins a new community at `wallMs`. Where configuration or data are others than
   * before, `turns` says that the last chapter has to be carried to its end first.
   */
  constructor(surroundings: Surroundings, wallMs: number) {
    const { files, storage } = surroundings;
    this.observer = {
      onUnprotected: (unit, what, timeS) => {
        const day = Math.floor(timeS / secondsPerDay);
        if (this.#warnedDays.get(unit.number) === day) return;
        this.#warnedDays.set(unit.number, day);
        this.logAt("WARNING", unprotected[what], timeS, unit);
      },
      onBatteryEmpty: (unit, timeS) => {
        if (++this.emptied <= mostEmptiedTold) this.logAt("ERROR", "A battery is empty", timeS, unit);
      },
      onAdvanced: (segments) => {
        this.advancedSegments += segments;
      },
    };
    const stored = storage.load();
    this.members = new Members(files.standard, stored, (number) => initialPercentOf(this.at.config, number));
    this.lastSave = stored?.lastSave ?? files.lastSave;
    this.faults = stored?.faults ?? noFaults;
    this.chapters = stored === null ? [] : storage.readChapters();
    this.deployed = surroundings;
    this.given = keepOwn(surroundings, this.chapters);
    this.at = keepStart(this.given, this.chapters);
    const last = this.chapters.at(-1);
    const changes = last === undefined ? [] : listChanges(last, this.at);
    const { config, inputHash } = changes.length === 0 ? this.at : (last as Chapter);
    const world = this.at.worldOf(config, inputHash);
    this.world = world ?? worldNow(this.at);
    this.time = this.createTimekeeper(stored?.clock ?? null, wallMs, config, world);
    if (stored === null) this.#begin(wallMs);
    this.recorder = this.createRecorder();
    if (stored !== null && last === undefined) this.#nameFirstChapter(wallMs);
    if (world === null) this.#goOnFromWhatWasKept(this.time.at(wallMs), wallMs);
    else this.turns = changes.length > 0;
  }

  /** The run's chapters, the present one last. */
  readChapters(): OpenChapter[] {
    const { worldOf } = this.at;
    const present = this.chapters.length - 1;
    const presentWorld = this.world;
    // Most who ask need no world of the past.
    return this.chapters.map((chapter, index) => ({
      ...chapter,
      get world() {
        return index === present ? presentWorld : worldOf(chapter.config, chapter.inputHash);
      },
    }));
  }

  /** As `beginChapter`, and keeps it at once. */
  turnTo(surroundings: Surroundings, timeS: number, wallMs: number): void {
    this.turns = false;
    this.#keepChapter(this.beginChapter(surroundings, timeS, wallMs));
  }

  /**
   * Carries all units to the end of the present chapter, which is simulated second `timeS`, and begins the next one in
   * `surroundings`, whose data are loaded: with another configuration, other homes or other data. Charges stay the percentages
   * that they are, and nothing of the past is written anew. Gives what is to be kept of it; then there must be another recorder.
   */
  beginChapter(surroundings: Surroundings, timeS: number, wallMs: number): StoredChange {
    const before = this.chapters.at(-1) as Chapter;
    const to = keepStart(surroundings, this.chapters);
    this.time.reach(timeS);
    this.passTrips(timeS);
    this.keepTrips();
    this.recorder.recordUntil(timeS, this.historyDays);
    for (const unit of this.members.community.units) {
      commitUnit(unit, timeS, this.world, this.observer);
      if (!to.config.doUpdates) holdPowers(unit, this.world);
    }
    this.logAt("INFO", `A new chapter begins: ${listChanges(before, to).join(", ")}`, timeS);
    this.given = surroundings;
    return this.#enterChapter(to, timeS, wallMs, null);
  }

  /** The JSON of a unit for what nothing moves, also of one that was removed. */
  templateOf(unitNumber: number): UnitJson {
    return this.members.templateOf(unitNumber);
  }

  get faults(): Faults {
    return this.#faults;
  }

  set faults(faults: Faults) {
    this.#faults = faults;
    const { community } = this.members;
    community.faults = listConverterFaults(faults);
    community.faultSpans = listSpans(faults);
  }

  moment(timeS: number): Moment {
    const { accelerationFactor } = this.time.clock;
    return { timeS, world: this.world, accelerationFactor, observer: this.observer };
  }

  /** What is told of simulated second `timeS`; of the clock too, where it is of a request at `wallMs`. */
  view(timeS: number, wallMs: number | null = null): View {
    const { config, storage } = this.at;
    const { clock } = this.time;
    return {
      timeS,
      clock,
      behindS: () =>
        wallMs === null ? 0 : behindS(this.members.community.units, timeS) || this.time.lagS(wallMs),
      claim: () => (wallMs === null ? null : claimAfter(undefined, clock.claim, wallMs)),
      community: this.members.community,
      templates: this.members.templates,
      config,
      homesOfData: this.given.homesOfData ?? Number.POSITIVE_INFINITY,
      world: this.world,
      chapters: () => this.readChapters(),
      records: storage,
      resetUnits: this.at.files.reset.length,
      faults: this.faults,
      heldBy: (fault, unitNumber) => this.readHeld(fault, unitNumber, timeS),
      read: (unitNumber) => this.read(this.members.unit(unitNumber), timeS),
    };
  }

  /** Passes the trips of all converters up to `timeS`, and what comes of units on the bus before them. */
  passTrips(timeS: number, observer = this.observer): void {
    if (timeS <= this.#trippedUntilS) return;
    passTrips(this.members.community, timeS, this.world, (event) => this.noteTrips(event), observer);
    this.#trippedUntilS = timeS;
  }

  /** The same after something was commanded at `timeS`. */
  passTripsAnew(timeS: number): void {
    this.#trippedUntilS = Number.NEGATIVE_INFINITY;
    this.passTrips(timeS);
  }

  /** Notes what is to be kept of converters that tripped, and says so in the log. */
  noteTrips({ timeS, trips, touched }: CommunityEvent): void {
    const { units = [], bus, ...change } = this.members.changed(touched);
    const { faults = [] } = this.members.community;
    if (faults.length > 0) this.#faults = noteDone(this.#faults, faults);
    // What left all as it was is kept with the next command: nobody need know of it before.
    this.areFaultsKept &&= touched.length > 0 || faults.length === 0;
    if (touched.length === 0) return;
    this.#trips.push({
      timeS,
      ...change,
      ...(faults.length > 0 && { faults: this.#faults }),
      units: units.map(({ state, template }) => ({ state: copyUnit(state), template })),
      ...(bus && { bus: moveBus(bus, timeS, timeS) }),
    });
    this.trips += trips.length;
    for (const { unitNumber, cause } of trips)
      this.logAt("WARNING", `A converter was protected: ${cause}`, timeS, this.members.unit(unitNumber));
  }

  /** What converters that tripped have left and nobody has kept yet: whoever takes it keeps it. */
  takeTrips(): StoredChange[] {
    const trips = this.#trips;
    this.#trips = [];
    return trips;
  }

  /** Keeps the trips up to `untilS` with the days before each, or as many as `work` goes for; returns whether all are. */
  keepTrips(untilS = Number.POSITIVE_INFINITY, work?: Work): boolean {
    for (let trip = this.#trips[0]; trip !== undefined && trip.timeS <= untilS; trip = this.#trips[0]) {
      if (!this.recorder.recordUntil(trip.timeS, this.historyDays, work)) return false;
      this.at.storage.save(trip);
      this.recorder.follow(trip);
      this.#trips.shift();
    }
    return true;
  }

  read(unit: UnitState, timeS: number): UnitReading {
    this.passTrips(timeS);
    return readUnitAt(this.members.community, unit, timeS, this.world, this.observer);
  }

  /** What the meter of a fault told of a unit when that began, or null where it is not known. */
  readHeld(fault: Fault, unitNumber: number, timeS: number): number | null {
    if (fault.held !== undefined) return heldOf(fault, unitNumber);
    const key = `${fault.id} ${unitNumber}`;
    const known = this.heldReadings.get(key);
    if (known !== undefined) return known;
    this.passTrips(fault.fromS);
    const { writer, storage, config } = this.at;
    const reading =
      fault.fromS === timeS
        ? this.read(this.members.unit(unitNumber), timeS)
        : readPast(storage, this.readChapters(), unitNumber, fault.fromS, this.#trips);
    if (reading === null) return null;
    const truth = writer.writeUnit(reading, this.templateOf(unitNumber), config);
    const told = tellReadings(truth, faultsBefore(this.faults, fault, unitNumber), {
      unitNumber,
      timeS: fault.fromS,
      heldBy: (other) => this.readHeld(other, unitNumber, timeS),
    });
    const value = readMeter(told, fault.values.meter as FaultMeter);
    this.heldReadings.set(key, value);
    return value;
  }

  passEventsUntil(timeS: number): void {
    this.passTrips(timeS);
    advanceCommunity(this.members.community, timeS, this.world, this.observer);
  }

  commitAll(timeS: number): StoredChange {
    this.passTrips(timeS);
    for (const unit of this.members.community.units) commitUnit(unit, timeS, this.world, this.observer);
    return { timeS, ...this.members.all() };
  }

  /** What keeps the clock as it was turned, and whose it is. */
  turned({ claiming }: { readonly claiming?: Claiming }, timeS: number, wallMs: number): StoredChange {
    this.time.claim(claimAfter(claiming, this.time.clock.claim, wallMs));
    return { timeS, clock: this.time.clock };
  }

  /** The run that begins at `wallMs`, with its first chapter. */
  describeRun(wallMs: number, startS = 0): { run: Run; chapters: readonly Chapter[] } {
    const lastSave = this.lastSave === this.at.files.lastSave ? null : this.lastSave;
    this.chapters = [{ ...describeChapter(this.at, startS, wallMs, null), afterCommandId: 0 }];
    const { accelerationFactor } = this.time.clock;
    return { run: { beganWallMs: wallMs, accelerationFactor, lastSave }, chapters: this.chapters };
  }

  logAt(level: LogLevel, message: string, timeS: number, unit?: Readonly<UnitState>): void {
    const time = this.formatTime(timeS);
    this.at.log(level, message, unit === undefined ? { time } : { time, unit: formatUnitId(unit.number) });
  }

  logFault(level: LogLevel, fault: Fault, what: "begins" | "ends", timeS: number): void {
    this.logAt(level, `${describeFault(fault)} ${what}`, timeS);
  }

  formatTime(timeS: number): string {
    return formatCalendar(toCalendar(this.at.config.startTime, timeS));
  }

  /** The data of the last chapter are gone: it ends where something was last kept, and the next one begins there. */
  #goOnFromWhatWasKept(reachedS: number, wallMs: number): void {
    const { community } = this.members;
    const { units, timeS } = recallUnits(this.at.storage, community.units);
    community.units = units.map((unit) => ({ ...unit, timeS }));
    const message =
      "The data are gone of which the last hours were made: they are made anew from what was kept";
    this.at.log("WARNING", message, { fromS: timeS, untilS: reachedS });
    this.#keepChapter(this.#enterChapter(this.at, timeS, wallMs, reachedS));
  }

  #keepChapter(change: StoredChange): void {
    this.at.storage.save(change);
    this.recorder = this.createRecorder();
  }

  /** Begins a chapter at `timeS`, which all units have come to; where some was lost, time has come to `lostUntilS`. */
  #enterChapter(to: Surroundings, timeS: number, wallMs: number, lostUntilS: number | null): StoredChange {
    const before = this.chapters.at(-1) as Chapter;
    const { clockMsAt = sameMs } = to;
    const clock = {
      ...this.time.clock,
      anchorWallMs: clockMsAt(wallMs),
      anchorSimulatedS: lostUntilS ?? timeS,
    };
    this.world = worldNow(to);
    this.#trippedUntilS = Number.NEGATIVE_INFINITY;
    const { community } = this.members;
    for (const unit of community.units)
      enterWorld(unit, batteryCapacityWh(before.config, unit.number), this.world);
    // Converters may have other limits now, and the bus another model.
    if (lostUntilS === null && community.bus.autonomyOrder.length > 0)
      shareBusCurrents(community, timeS, this.world, this.observer);
    this.at = to;
    this.chapters = [...this.chapters, describeChapter(to, timeS, wallMs, lostUntilS)];
    this.time = this.createTimekeeper(clock, wallMs, to.config, this.world);
    return { timeS, ...this.members.all(), clock, chapters: this.chapters };
  }

  /** A community from before there were chapters has none: what holds now is taken for what always held. */
  #nameFirstChapter(wallMs: number): void {
    this.chapters = [describeChapter(this.at, 0, wallMs, null)];
    this.at.storage.save({ timeS: 0, chapters: this.chapters });
  }

  createRecorder(): DayRecorder {
    const { units } = this.members.community;
    return new DayRecorder(this.world, this.at.storage, units, () => this.readChapters());
  }

  createTimekeeper(kept: Clock | null, wallMs: number, config: Config, world: World | null): Timekeeper {
    const endS = world === null ? Number.POSITIVE_INFINITY : endOfTimeS(world);
    const { clockMsAt = sameMs } = this.at;
    const given = { sleepTimeS: config.sleeptime, endS, clockMsAt };
    const clockMs = clockMsAt(wallMs);
    const clock = kept ?? beginClock(config.acceleration, 0, clockMs);
    const reachedS = this.members.community.units.reduce(
      (latest, unit) => Math.max(latest, unit.timeS),
      simulatedTimeAt(clock, clockMs, given.sleepTimeS, given.endS),
    );
    return new Timekeeper(clock, reachedS, given, (afterS, untilS) => this.#logPassed(afterS, untilS));
  }

  #begin(wallMs: number): void {
    const { config, files, storage } = this.at;
    const units = Array.from({ length: config.units }, (_, index) => describeUnit(files.standard, index + 1));
    const change = this.members.begin(units, this.moment(0));
    storage.save({ timeS: 0, ...change, clock: this.time.clock, ...this.describeRun(wallMs) });
  }

  #logPassed(afterS: number, untilS: number): void {
    const isPassed = (timeS: number) => afterS < timeS && timeS <= untilS;
    const { rampEndS, targetVoltageV } = this.members.community.bus;
    if (isPassed(rampEndS) && targetVoltageV > 0)
      this.logAt("INFO", `The bus has reached ${targetVoltageV} V`, rampEndS);
    for (const fault of this.faults.list) {
      if (isPassed(fault.fromS)) this.logFault("WARNING", fault, "begins", fault.fromS);
      if (fault.untilS !== null && isPassed(fault.untilS)) this.logFault("INFO", fault, "ends", fault.untilS);
    }
    const endS = endOfTimeS(this.world);
    if (isPassed(endS)) this.logAt("INFO", "The data end here: simulated time stands still", endS);
  }
}

const unprotected = {
  sells: "An empty battery sells what AC brings: protection = on would end that",
  burns: "A full battery burns what it is sold: protection = on would end that",
};

const sameMs = (wallMs: number) => wallMs;
