import type { Config } from "../../input/config/entries.ts";
import type { UnitFiles } from "../../input/units/unit-files.ts";
import type { World } from "../../simulation/world.ts";
import type { CommunityStorage } from "../storage/storage.ts";
import type { OwnPart } from "../storage/stored-shapes.ts";
import type { Log } from "../watching/log.ts";
import type { AnswerWriter } from "./answer-writer.ts";

/** All that an emulator is given. */
export interface Surroundings {
  readonly config: Config;
  /** Changes with the content of the data. */
  readonly inputHash: string;
  /** How many homes the data have. */
  readonly homesOfData?: number;
  /** What the files of the data are called. */
  readonly inputName: string;
  /** What of these is the community's own; nothing, if not given. */
  readonly own?: readonly OwnPart[];
  /**
   * The world that a configuration makes of the data with a hash, or null where these are gone; those with `inputHash`
   * never are. The same object each time.
   */
  worldOf(config: Config, inputHash: string | null): World | null;
  readonly files: UnitFiles;
  readonly storage: CommunityStorage;
  readonly log: Log;
  readonly writer: AnswerWriter;
  /** The clock that simulated time follows, at a wall time; without it the wall clock. */
  readonly clockMsAt?: (wallMs: number) => number;
}
