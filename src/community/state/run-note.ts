import { describeWorld } from "../../input/config/create-world.ts";
import type { Save } from "../../input/units/save.ts";
import type { Run } from "../records/run.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a run that begins now begins with. */
export function describeRun(
  { config, files, inputHash }: Surroundings,
  beganWallMs: number,
  accelerationFactor: number,
  saved: Save,
): Run {
  const lastSave = saved === files.lastSave ? null : saved;
  // Whoever reads the log of commands need not know the database.
  const shown = { ...config, dburl: "" };
  return { beganWallMs, accelerationFactor, config: shown, inputHash, lastSave, alteredAtS: null };
}

/**
 * Notes where what decides the future is not what it was: then the run cannot be performed again. What came after
 * simulated second `timeS` was not kept, and is computed as if all had been as it is now.
 */
export function noteAlteration(
  { config, inputHash, storage, log }: Surroundings,
  run: Run | null,
  timeS: number,
): void {
  if (run === null || describeWorld(run.config, run.inputHash) === describeWorld(config, inputHash)) return;
  log("WARNING", "Configuration or data are not those that this community's past was made with", { timeS });
  storage.save({ timeS, run: { ...run, config, inputHash, alteredAtS: run.alteredAtS ?? timeS } });
}
