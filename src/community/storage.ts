import type { BusState } from "../simulation/dc-bus.ts";
import type { UnitState } from "../simulation/unit.ts";
import type { UnitDescription } from "../wire/read-unit-file.ts";
import type { UnitJson } from "../wire/unit-json.ts";
import type { Clock } from "./clock.ts";

/** A unit as it is kept: its state at its last event, and its JSON for what nothing moves. */
export interface StoredUnit {
  readonly state: UnitState;
  readonly template: UnitJson;
}

export interface StoredCommunity {
  readonly units: StoredUnit[];
  readonly bus: BusState;
  readonly clock: Clock;
  /** What Save All kept, or null if it never did. */
  readonly lastSave: UnitDescription[] | null;
}

/** What a command changed. What is left out stays as it is. */
export interface StoredChange {
  /** Units whose state changed. */
  readonly units?: readonly StoredUnit[];
  /** Number of units there are; those above are gone. */
  readonly unitCount?: number;
  readonly bus?: BusState;
  readonly clock?: Clock;
  readonly lastSave?: readonly UnitDescription[];
}

/** Where one community is kept between requests. */
export interface CommunityStorage {
  /** What was kept, or null where nothing ever was. */
  load(): StoredCommunity | null;
  /** Keeps the whole change or, if it throws, nothing of it. */
  save(change: StoredChange): void;
}
