import { advanceUnit } from "../../simulation/advance.ts";
import { createLedger } from "../../simulation/ledger.ts";
import { copyUnit, type UnitState } from "../../simulation/unit.ts";
import { secondsPerDay, type World } from "../../simulation/world.ts";
import { Work } from "../state/catch-up.ts";
import type { StoredChange } from "../storage/storage.ts";
import type { OpenChapter } from "./chapter.ts";
import { firstDayOfRun, forgetOldDays } from "./forget.ts";
import type { RecordStorage } from "./record-storage.ts";
import { EventShortener } from "./shorten-events.ts";
import { packUnit, unitRecordLength } from "./unit-record.ts";

/** What the record of a day costs beside the segments of its units, in segments a unit. */
const workOfRecord = 10;

/**
 * Keeps the records of simulated days: those that have ended are recorded before each command, and when somebody
 * reads them. It carries units of its own forward, from where the last command left each, so that reading others
 * waits for no record.
 */
export class DayRecorder {
  readonly #world: World;
  readonly #storage: RecordStorage;
  readonly #shortener: EventShortener;
  readonly #units: UnitState[];
  /** Days from the first on that are recorded. */
  #days: number;
  /** Until then days may have ended unrecorded: in releases before 0.2 none ended without power flow. */
  readonly #commandedUntilS: number;
  /** Written anew for each day: over a long absence it would be many megabytes else. */
  #record = new Float64Array(0);
  /** The day that `#record` holds. It waits there if it could not be stored. */
  #recordedDay = -1;

  /** `units` as the storage has them. */
  constructor(
    world: World,
    storage: RecordStorage,
    units: readonly UnitState[],
    chapters: () => readonly OpenChapter[],
  ) {
    this.#world = world;
    this.#shortener = new EventShortener(storage, chapters);
    this.#storage = storage;
    this.#units = units.map(copyUnit);
    const lastDay = storage.findDay(Number.MAX_SAFE_INTEGER)?.day;
    this.#days = lastDay === undefined ? firstDayOfRun(storage) : lastDay + 1;
    this.#commandedUntilS = world.powerFlowEnabled ? 0 : storage.lastEventS();
  }

  /** Days from the first on that are recorded, or of which no record is kept. */
  get days(): number {
    return this.#days;
  }

  /** The units as they were carried forward so far, none beyond these days but by a command. */
  get units(): readonly UnitState[] {
    return this.#units;
  }

  /**
   * Records the days that have ended by `untilS`, or as many as `work` goes for; returns whether all are. Of the past at least
   * `historyDays` are kept.
   */
  recordUntil(untilS: number, historyDays: number, work = new Work(Number.POSITIVE_INFINITY)): boolean {
    while ((this.#days + 1) * secondsPerDay <= untilS) {
      if (work.isDone) return false;
      if (this.#recordedDay !== this.#days) this.#passDay(this.#days, work);
      this.#storage.appendDay({ day: this.#days, units: this.#record });
      this.#days++;
      // As long as days are behind, what is recorded of them may need what the last commands left, whole.
      if (this.#days * secondsPerDay >= this.#commandedUntilS) this.#shortener.shorten(this.#days, work);
      forgetOldDays(this.#storage, this.#days, historyDays);
    }
    return true;
  }

  /** Takes over what others have computed of its units, up to the last midnight that it has come to. */
  takeOver(units: readonly UnitState[]): void {
    const lastS = this.#days * secondsPerDay;
    for (const [index, own] of this.#units.entries()) {
      const unit = units[index] as UnitState;
      if (unit.timeS > own.timeS && unit.timeS <= lastS) this.#units[index] = copyUnit(unit);
    }
  }

  /** Goes on with `day`, at whose beginning `units` are: the days before it will be too old to be kept. */
  skipTo(day: number, units: readonly UnitState[]): void {
    this.#days = day;
    this.takeOver(units);
  }

  /** Takes over what a command has left, which is kept by now. */
  follow({ timeS, units = [], unitCount, restart }: StoredChange): void {
    this.#shortener.note(timeS);
    for (const { state } of units) this.#units[state.number - 1] = copyUnit(state);
    if (unitCount !== undefined) this.#units.length = unitCount;
    if (!restart) return;
    this.#days = Math.floor(timeS / secondsPerDay);
    this.#recordedDay = -1;
  }

  #passDay(day: number, work: Work): void {
    const endS = (day + 1) * secondsPerDay;
    const units = endS < this.#commandedUntilS ? this.#recallUnits(endS) : this.#units;
    const length = units.length * unitRecordLength;
    if (this.#record.length !== length) this.#record = new Float64Array(length);
    units.forEach((unit, index) => {
      let energies = createLedger();
      advanceUnit(unit, endS, this.#world, {
        onDayEnd: ({ today }) => {
          energies = { ...today };
        },
        onAdvanced: (segments) => work.spend(segments),
      });
      packUnit(unit, energies, this.#record, index * unitRecordLength);
    });
    work.spend(units.length * workOfRecord);
    this.#recordedDay = day;
  }

  /** Units as the last command before `timeS` left them. */
  #recallUnits(timeS: number): UnitState[] {
    const numbers = Array.from({ length: this.#storage.highestUnitNumber() }, (_, index) => index + 1);
    const events = numbers.map((number) => this.#storage.readEvents(number, timeS, timeS)[0]);
    return events.map((event) => (event?.isWhole ? event.state : null)).filter((state) => state !== null);
  }
}
