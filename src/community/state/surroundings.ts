import type { Config } from "../../input/config/entries.ts";
import type { UnitFiles } from "../../input/units/unit-files.ts";
import type { World } from "../../simulation/world.ts";
import type { CommunityStorage } from "../storage/storage.ts";
import type { Log } from "../watching/log.ts";
import type { AnswerWriter } from "./answer-writer.ts";

/** All that an emulator is given. */
export interface Surroundings {
  readonly config: Config;
  /** The `startTime` of the run after this one, where it is another: a run goes on with the one that it has. */
  readonly nextStartTime?: string;
  readonly world: World;
  readonly files: UnitFiles;
  readonly storage: CommunityStorage;
  readonly log: Log;
  readonly writer: AnswerWriter;
  /** Changes with the content of the data. */
  readonly inputHash: string;
}
