import type { Config } from "../config/entries.ts";
import type { Log } from "../log/log.ts";
import type { World } from "../simulation/world.ts";
import type { UnitDescription } from "../wire/read-unit-file.ts";
import type { CommunityStorage } from "./storage.ts";

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
