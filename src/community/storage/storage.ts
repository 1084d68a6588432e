import type { Faults } from "../../input/faults/fault.ts";
import type { Save } from "../../input/units/save.ts";
import type { BusState } from "../../simulation/dc-bus.ts";
import type { Departure } from "../../simulation/ledger.ts";
import type { RecordStorage } from "../records/record-storage.ts";
import type { CommandOrigin } from "../state/request.ts";
import type { Chapter, Clock, Progress, Run, SnapshotRow, StoredUnit } from "./stored-shapes.ts";

export interface StoredCommunity {
  readonly units: StoredUnit[];
  readonly bus: BusState;
  readonly clock: Clock;
  /** What Save All kept, or null if it never did. */
  readonly lastSave: Save | null;
  /** None in what earlier releases stored. */
  readonly faults: Faults;
}

export interface UnitsChange {
  /** Units whose state changed. */
  readonly units: readonly StoredUnit[];
  /** Number of units there are; those above are gone. */
  readonly unitCount: number;
  readonly bus: BusState;
  /** Accounts of units that went. */
  readonly departed: readonly Departure[];
}

/** What a command changed, as of `timeS` (simulated). What is left out stays as it is. */
export interface StoredChange extends Partial<UnitsChange> {
  readonly timeS: number;
  /** Whether simulated time begins anew: what was recorded of the past is forgotten. */
  readonly restart?: boolean;
  readonly clock?: Clock;
  readonly lastSave?: Save;
  readonly faults?: Faults;
  readonly run?: Run;
  /** All chapters of the run, where one begins. */
  readonly chapters?: readonly Chapter[];
  /** Kept under a name that no other has; of those taken by themselves the last ten remain. */
  readonly snapshot?: SnapshotRow;
  /** What a run begins with that does not begin as new: kept in the place of that of an earlier one. */
  readonly start?: SnapshotRow;
  /** The name of a snapshot that is not kept any more. */
  readonly withoutSnapshot?: string;
  /** The command, for the log of commands. */
  readonly command?: LoggedCommand;
}

/** What is the same after several changes whether each was written or the last of each alone. */
export type PresentChange = Pick<StoredChange, "units" | "bus" | "clock">;

/** A command as it is logged. */
export interface LoggedCommand extends CommandOrigin {
  readonly wallMs: number;
  readonly effect: string;
  /** Steps without actions make one row with those of the same source that they follow, if that has a greater id than this. */
  readonly joinsAfterId?: number;
}

/** Where one community is kept between requests, with what is recorded of its past. */
export interface CommunityStorage extends RecordStorage {
  /** What was kept, or null where nothing ever was. */
  load(): StoredCommunity | null;
  /**
   * Keeps the whole change and records it as the units' past or, if it throws, does nothing of that. Where changes are kept one
   * after the other, `present` says what is to be written of the present: nothing but with the last of them.
   */
  save(change: StoredChange, present?: PresentChange): void;
  /** Keeps all that `act` does or, if it throws, nothing of that. */
  atOnce(act: () => void): void;
  /** Keeps how far units have come by themselves, which is no past of theirs. */
  keepUnits(units: readonly StoredUnit[]): void;
  /**
   * Goes back to the snapshot `row.name`: forgets what came after, makes its units and bus what is at its moment, and keeps
   * `change` besides. What is in memory of the community is stale afterwards.
   */
  goBack(row: SnapshotRow, change: StoredChange): void;
  /** How far a database has been told, or null if it never was. */
  readProgress(): Progress | null;
  keepProgress(progress: Progress): void;
}
