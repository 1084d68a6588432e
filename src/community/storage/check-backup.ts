import type * as v from "valibot";
import type { UnitState } from "../../simulation/unit.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import { readEnergies, unitRecordLength, unpackUnit } from "../records/unit-record.ts";
import { exactTimeAt } from "../state/clock.ts";
import { longestStepS } from "../state/find-target.ts";
import { BackupError, type BackupRow } from "./backup-lines.ts";
import { DataCheck } from "./check-data.ts";
import { type Bus, findBusFault, findSaveFault, readGivenSnapshot } from "./check-snapshot.ts";
import {
  check,
  expectNext,
  expectNumber,
  explain,
  FaultError,
  parseBody,
  readOrFault,
} from "./row-faults.ts";
import {
  isRun2,
  readBus,
  readChanges,
  readChapters2,
  readLeft,
  readUnits,
  upgradeChapter,
  upgradeRun,
} from "./stored-forms.ts";
import {
  bodySchemas,
  type Chapter,
  type Clock,
  fastestFactor,
  leftSchemas,
  type PartName,
  partSchemas,
  type Run,
  type TableName,
  tableSchemas,
  unitRecordSchema,
} from "./stored-shapes.ts";

const dayMs = 86_400_000;
/** Of the demand, at the most. */
const secondsPerPoint = 3600;
const longestOffMs = 3653 * dayMs;

/**
 * Checks the rows of a backup one by one and then whether they make one community: what is wrong would be found only when
 * somebody uses it, and then for ever.
 */
export class BackupCheck {
  readonly #mostUnits: number;
  readonly #nowMs: number;
  readonly #units: UnitState[] = [];
  readonly #savedStates: (UnitState | null)[] = [];
  #chapters = 0;
  #lastFromS = 0;
  /** The real seconds in which time moves by the acceleration, where it is fastest. */
  #leastSleepS = 1;
  readonly #parts: Partial<Record<PartName, unknown>> = {};
  /** The latest simulated second of each table, and where it stands. */
  readonly #latest = new Map<TableName, { readonly timeS: number; readonly line: number }>();
  #latestWallMs: number;
  /** Those that have come, each with the pieces of its text. */
  readonly #snapshots = new Map<number, { readonly version: number; text: string; pieces: number }>();

  readonly #data = new DataCheck();

  constructor(mostUnits: number, nowMs: number) {
    this.#mostUnits = mostUnits;
    this.#nowMs = nowMs;
    this.#latestWallMs = nowMs;
  }

  /** Takes the next row, which stands in `line`. @throws BackupError */
  take({ table, values }: BackupRow, line: number): void {
    try {
      check(tableSchemas[table], values);
      this.#take(table, values, line);
    } catch (error) {
      throw new BackupError(`Line ${line}, ${table}: ${explain(error)}`);
    }
  }

  /** Checks what no row shows alone. @throws BackupError */
  finish(): void {
    const {
      bus,
      clock,
      saved_bus: savedBus,
    } = this.#parts as {
      bus?: Bus;
      clock?: Clock;
      saved_bus?: { bus: Bus };
    };
    if (clock === undefined) throw new BackupError("The backup ends before its time: it has no clock");
    if (bus === undefined) throw new BackupError("The backup has no bus");
    const { length } = this.#units;
    if (length === 0) throw new BackupError("The backup has no units");
    if (length > this.#mostUnits)
      throw new BackupError(
        `The backup has ${length} units; allowed: ${this.#mostUnits} (units, maximumUnits)`,
      );
    const fault =
      findBusFault(bus, this.#units) ??
      findSaveFault(this.#savedStates, savedBus?.bus ?? null) ??
      this.#findRunFault(clock) ??
      this.#findTimeFault(clock) ??
      this.#findSnapshotFault() ??
      this.#data.findFault();
    if (fault !== null) throw new BackupError(`The backup is no community: ${fault}`);
  }

  #take(table: TableName, row: BackupRow["values"], line: number): void {
    if (table === "command") {
      this.#latestWallMs = Math.max(this.#latestWallMs, row.wall_ms as number);
      this.#note(table, row.time_s as number, line);
    } else if (table === "day") {
      checkRecords(readUnits(row.version, new Float64Array(row.units as ArrayBuffer)));
      this.#note(table, ((row.day as number) + 1) * secondsPerDay, line);
    } else if (table === "part") {
      this.#takePart(row.name as PartName, parseBody(row));
    } else if (table === "chapter") {
      this.#takeChapter(row.number as number, parseBody(row));
    } else if (table === "departed") {
      check(bodySchemas.departed, parseBody(row));
      this.#note(table, (row.day as number) * secondsPerDay, line);
    } else if (table === "bus_event") {
      check(
        leftSchemas.bus,
        readOrFault(() => readBus(row)),
      );
      this.#note(table, row.time_s as number, line);
    } else if (table === "unit_change") {
      this.#note(table, checkChanges(row), line);
    } else if (table === "unit_event") {
      this.#note(table, checkLeft(row), line);
    } else if (table === "snapshot") {
      check(bodySchemas.snapshot, parseBody(row));
      this.#snapshots.set(row.id as number, { version: row.version as number, text: "", pieces: 0 });
    } else if (table === "snapshot_piece") {
      this.#takePiece(row);
    } else if (table === "data") {
      this.#data.takeHead(row.number as number, check(bodySchemas.data, parseBody(row)));
    } else if (table === "data_week") {
      this.#data.takeWeek(row);
    } else {
      this.#note(table, this.#takeUnit(table, row), line);
    }
  }

  #takePiece({ snapshot, piece, body }: BackupRow["values"]): void {
    const kept = this.#snapshots.get(snapshot as number);
    if (kept === undefined) throw new FaultError(`there is no snapshot ${snapshot}`);
    expectNext(piece as number, kept.pieces++);
    kept.text += body;
  }

  #findSnapshotFault(): string | null {
    for (const [id, { version, text }] of this.#snapshots) {
      const read = readGivenSnapshot(version, text);
      if (typeof read === "string") return `snapshot ${id}: ${read}`;
    }
    return null;
  }

  /** Returns the latest simulated second that the row tells of. */
  #takeUnit(table: "unit" | "saved_unit", row: BackupRow["values"]): number {
    const number = row.number as number;
    const json = parseBody(row);
    if (table === "unit") {
      const { state } = check(bodySchemas.unit, json);
      expectNext(number, this.#units.push(state));
      expectNumber(state, number);
      return state.timeS;
    }
    const { state = null } = check(bodySchemas.saved_unit, json);
    expectNext(number, this.#savedStates.push(state));
    return state?.timeS ?? 0;
  }

  #takePart(name: PartName, json: unknown): void {
    if (Object.hasOwn(this.#parts, name)) throw new FaultError(`${name} is there twice`);
    if (name !== "run") {
      this.#parts[name] = check(partSchemas[name] as v.GenericSchema, json);
      return;
    }
    // Of a run of an earlier release its chapter is made, as when it is taken up.
    if (typeof json !== "object" || json === null) throw new FaultError("run: no object");
    const run = json as Run;
    this.#parts.run = check(partSchemas.run, isRun2(run) ? upgradeRun(run) : run);
    if (isRun2(run)) for (const chapter of readChapters2(run)) this.#checkChapter(chapter);
  }

  #takeChapter(number: number, json: unknown): void {
    expectNext(number, this.#chapters++);
    const { fromS } = this.#checkChapter(upgradeChapter(json as Chapter));
    if (fromS < this.#lastFromS) throw new FaultError(`fromS is ${fromS}, before the chapter before`);
    this.#lastFromS = fromS;
  }

  #checkChapter(given: unknown): Chapter {
    const chapter = check(bodySchemas.chapter, given);
    this.#latestWallMs = Math.max(this.#latestWallMs, chapter.beganWallMs);
    this.#leastSleepS = Math.min(this.#leastSleepS, chapter.config.sleeptime);
    return chapter;
  }

  #note(table: TableName, timeS: number, line: number): void {
    if (timeS > (this.#latest.get(table)?.timeS ?? -1)) this.#latest.set(table, { timeS, line });
  }

  /**
   * A clock goes no faster than its fastest since the run began, or than steps move it, or somebody would wait for ever for
   * what has passed.
   */
  #findRunFault({ anchorWallMs, anchorSimulatedS }: Clock): string | null {
    const { run } = this.#parts as { run?: Run };
    if (run === undefined) return null;
    const { beganWallMs, lastSave } = run;
    // That of a local run is behind the wall clock by all the time it was not running.
    if (anchorWallMs < beganWallMs - longestOffMs) return "its clock is older than its run";
    const latestMs = Math.max(this.#latestWallMs, anchorWallMs) + dayMs;
    const fastestS = ((latestMs - beganWallMs) / 1000) * (fastestFactor / this.#leastSleepS);
    const beginS = Math.max(this.#latest.get("command")?.timeS ?? 0, this.#lastFromS);
    const steppedS = beginS + longestStepS(this.#units.length, secondsPerPoint);
    if (anchorSimulatedS > Math.max(fastestS, steppedS))
      return `its clock stands at simulated second ${anchorSimulatedS}, which could not be reached`;
    if (lastSave?.snapshot == null) return null;
    const { units, bus } = lastSave.snapshot;
    if (units.length !== lastSave.units.length) return "its run began with a save of which units are missing";
    return findSaveFault(units, bus);
  }

  #findTimeFault(clock: Clock): string | null {
    const latestMs = Math.max(this.#latestWallMs, this.#nowMs, clock.anchorWallMs);
    // A second more, since an anchor is not rounded as times are.
    const latestS = exactTimeAt(clock, latestMs, this.#leastSleepS) + 1;
    if (!(latestS < Number.MAX_SAFE_INTEGER / 1000)) return "its clock goes beyond all time";
    for (const [table, { timeS, line }] of this.#latest) {
      if (timeS > latestS)
        return `line ${line}, ${table}: simulated second ${timeS} has not come, the clock stands at ${latestS}`;
    }
    return null;
  }
}

/** Returns the second of an event. */
function checkLeft(row: BackupRow["values"]): number {
  const eventS = row.time_s as number;
  const number = row.number as number;
  const state = check(leftSchemas.unit, readOrFault(() => readLeft(number, eventS, row)).state);
  if (state === null) return eventS;
  expectNumber(state, number);
  if (state.timeS > eventS) throw new FaultError(`timeS is ${state.timeS}, after its event`);
  return eventS;
}

/** Returns the second of the last of the events, which are of one day and in order. */
function checkChanges(row: BackupRow["values"]): number {
  let lastS = row.time_s as number;
  const endS = (Math.floor(lastS / secondsPerDay) + 1) * secondsPerDay;
  const events = readOrFault(() => readChanges(row.number as number, row));
  if (events[0]?.timeS !== lastS) throw new FaultError("events: its first is not of its time");
  events.forEach(({ isWhole, state, timeS }, index) => {
    if (!(timeS < endS && (index === 0 || timeS > lastS)))
      throw new FaultError(`events: ${timeS} is not in the order of one day`);
    check(isWhole ? leftSchemas.unit : leftSchemas.change, state);
    lastS = timeS;
  });
  return lastS;
}

function checkRecords(records: Float64Array): void {
  if (records.length % unitRecordLength !== 0) throw new FaultError("units: a record is not whole");
  for (let number = 1; number <= records.length / unitRecordLength; number++)
    check(unitRecordSchema, unpackUnit(number, 0, records));
  // A schema for each of them would take seconds for a year of many homes.
  for (const ledger of readEnergies(records)) {
    if (!Object.values(ledger).every(Number.isFinite)) throw new FaultError("units: an energy is no number");
  }
}
