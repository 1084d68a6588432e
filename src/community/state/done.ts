import type { Answer } from "../../notation/refusal.ts";
import type { StoredChange } from "../storage/storage.ts";
import type { SnapshotRow } from "../storage/stored-shapes.ts";

/** What a command did, not kept yet, and its answer once it is. */
export interface Done {
  readonly change: StoredChange;
  /** What the log of commands says of it besides. */
  readonly note?: string;
  /** Where the community goes back to a snapshot. */
  readonly goesBackTo?: SnapshotRow;
  /** Whether nothing in memory is of the community any more once the change is kept. */
  readonly leavesMemory?: boolean;
  answer(): Answer;
}
