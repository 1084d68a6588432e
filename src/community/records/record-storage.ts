import type { ReadWeek } from "../../input/series/own-data.ts";
import type { BusState } from "../../simulation/dc-bus.ts";
import type { Departure } from "../../simulation/ledger.ts";
import type { Chapter, KeptData, KeptSnapshot, Run, SnapshotHead } from "../storage/stored-shapes.ts";
import type { UnitEvent } from "./unit-event.ts";

/** A finished simulated day: a record of each unit at its end, one behind the other. */
export interface DayRecord {
  /** 0 is the first day of the data. */
  readonly day: number;
  readonly units: Float64Array;
}

/** A finished day with the accounts of units that went on it: by number, those with the same number together. */
export interface FinishedDay extends DayRecord {
  readonly departed: readonly Departure[];
}

/** What a command left of the bus. */
interface BusEvent {
  readonly timeS: number;
  readonly bus: BusState;
}

/** A command that was performed. Ids rise, also over a clock that was set back. */
export interface CommandRecord {
  readonly id: number;
  readonly wallMs: number;
  readonly timeS: number;
  /** Its path with all parameters in the query. */
  readonly path: string;
  readonly source: string;
  readonly effect: string;
}

/** What is kept of the past: enough to run any part of it again. Reading and writing are synchronous. */
export interface RecordStorage {
  /** Keeps a copy of a day. */
  appendDay(record: DayRecord): void;
  /** The last day at or before `day` that is kept. */
  findDay(day: number): DayRecord | null;
  /** Days `from` to `to`, in order, one at a time. */
  readDays(from: number, to: number): Iterable<FinishedDay>;
  /** The accounts of units that went on `day`, which may not have ended. */
  readDeparted(day: number): Departure[];
  /**
   * Events of one unit in the order of time up to `toS`: from the last one at or before `fromS`, or, where that is not kept
   * whole, at least from the last that is or from the midnight before `fromS`.
   */
  readEvents(unitNumber: number, fromS: number, toS: number): UnitEvent[];
  /** Units and days of which events are kept whole but the last event of each unit, in the order of days. */
  listWholeEvents(): { readonly unitNumber: number; readonly day: number }[];
  /**
   * Keeps `events`, which are all of a unit's whole ones of a day but its last, in the place of these as they are given; or does
   * nothing and gives false while somebody reads what is stored.
   */
  replaceEvents(unitNumber: number, events: readonly UnitEvent[]): boolean;
  /** Events of the bus in the order of time, from the last one at or before `fromS` up to `toS`. */
  readBusEvents(fromS: number, toS: number): BusEvent[];
  /** The run that the community is in, or null before it began. */
  readRun(): Run | null;
  /** The chapters of that run in order; none before it began, and none of a community from before there were runs. */
  readChapters(): Chapter[];
  /** The simulated second at which that run began; 0 before it did. */
  runFromS(): number;
  /** The next commands of this run after the one with id `afterId`, at most `limit`. */
  readCommands(afterId: number, limit: number): CommandRecord[];
  /** The commands of this run that added or ended faults, in their order. */
  readFaultCommands(): Pick<CommandRecord, "timeS" | "effect">[];
  /** When something was last recorded of a unit, one that went included, or of the bus. */
  lastEventS(): number;
  /** The id of the last command of this run, or 0. */
  lastCommandId(): number;
  /** The last command of this run before simulated second `timeS`, or null. */
  lastCommandBefore(timeS: number): Pick<CommandRecord, "id" | "wallMs"> | null;
  /** The first day that is kept; 0 while none is forgotten. */
  firstDay(): number;
  /** Forgets the days before `day`, and of each unit what was recorded before that day ended, but the last. */
  forgetBefore(day: number): void;
  /** Snapshots that are kept, the oldest first. */
  listSnapshots(): (SnapshotHead & { readonly name: string })[];
  readSnapshot(name: string): KeptSnapshot | null;
  /** Data of its own that the community keeps, the oldest first. */
  listData(): KeptData[];
  /** Gives the weeks of data that are kept, or null where there are none with this id. */
  openData(id: string): { readonly own: KeptData; readonly readWeek: ReadWeek } | null;
  /** What was reported of them when they came, as JSON; null where there are none. */
  readDataReport(id: string): string | null;
  /** The highest unit number that ever was. */
  highestUnitNumber(): number;
}
