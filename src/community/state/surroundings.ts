import type { Config } from "../../input/config/entries.ts";
import type { UnitDescription } from "../../input/units/read-unit-file.ts";
import type { World } from "../../simulation/world.ts";
import type { CommunityStorage } from "../storage/storage.ts";
import type { Log } from "../watching/log.ts";

/** The units that the files of `jsontmp` describe. */
export interface UnitFiles {
  /** Defaults of a unit that is added. */
  readonly standard: UnitDescription;
  /** The units of Reset. */
  readonly reset: readonly UnitDescription[];
  /** The units of Load Last before anything was saved. */
  readonly lastSave: readonly UnitDescription[];
}

/** All that an emulator is given. */
export interface Surroundings {
  readonly config: Config;
  readonly world: World;
  readonly files: UnitFiles;
  readonly storage: CommunityStorage;
  readonly log: Log;
  /** Changes with the content of the data. */
  readonly inputHash: string;
}
