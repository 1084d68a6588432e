import type { Snapshot } from "../../simulation/snapshot.ts";
import type { UnitDescription } from "./read-unit-file.ts";

/** What Load Last takes up. */
export interface Save {
  /** The units as a file of the published form describes them. */
  readonly units: readonly UnitDescription[];
  /** All that was true of them, or null where only such a file is known: then the rest is derived from it. */
  readonly snapshot: Snapshot | null;
}

/** What was kept; releases before 0.2 kept units of the published form alone. */
export function readSave(kept: Save | readonly UnitDescription[]): Save {
  return "units" in kept ? kept : { units: kept, snapshot: null };
}
