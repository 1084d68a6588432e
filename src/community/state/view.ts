import type { Config } from "../../input/config/entries.ts";
import type { Fault, Faults } from "../../input/faults/fault.ts";
import type { UnitJson } from "../../input/units/unit-json.ts";
import { type Refused, refuse } from "../../notation/refusal.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import type { CommunityState } from "../../simulation/community.ts";
import type { UnitReading } from "../../simulation/reading.ts";
import type { World } from "../../simulation/world.ts";
import type { OpenChapter } from "../records/chapter.ts";
import type { RecordStorage } from "../records/record-storage.ts";
import type { Claim, Clock } from "../storage/stored-shapes.ts";

/** A community at one simulated moment: all that an answer is written from. */
export interface View {
  readonly timeS: number;
  readonly clock: Clock;
  /** Simulated time at the wall time of the request that has not been computed [s]. */
  readonly behindS: () => number;
  /** Whose the clock is at that wall time, if it is anybody's. */
  readonly claim: () => Claim | null;
  readonly community: CommunityState;
  /** The JSON of each unit for what nothing moves, in the order of the units. */
  readonly templates: readonly UnitJson[];
  readonly config: Config;
  /** How many homes the data have. */
  readonly homesOfData: number;
  readonly world: World;
  /** The run's chapters. */
  readonly chapters: () => readonly OpenChapter[];
  readonly records: RecordStorage;
  /** Units that Reset leaves. */
  readonly resetUnits: number;
  readonly faults: Faults;
  /** What the meter of a fault told of a unit when that began, or null where it is not known. */
  heldBy(fault: Fault, unitNumber: number): number | null;
  /** Reads the unit with this number, which must be there. */
  read(unitNumber: number): UnitReading;
}

/** Refuses a unit that a path names, or `parameter`. */
export function refuseUnit({ community }: View, unitNumber: number, parameter?: string): Refused {
  const last = formatUnitId(community.units.length);
  const message = `There is no unit ${formatUnitId(unitNumber)}; there are E001 to ${last}`;
  return refuse("unknown_unit", message, parameter);
}

export function hasUnit({ community }: View, unitNumber: number): boolean {
  return unitNumber <= community.units.length;
}
