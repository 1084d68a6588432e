import type { Config } from "../../input/config/entries.ts";
import type { UnitDescription } from "../../input/units/read-unit-file.ts";

/** What a community began with, or began anew with when its clock was set back to the start of the data. */
export interface Run {
  readonly beganWallMs: number;
  readonly accelerationFactor: number;
  readonly config: Config;
  /** Changes with the content of the data. */
  readonly inputHash: string;
  /** What Load Last takes up until Save All is used; null is what the file says. */
  readonly lastSave: readonly UnitDescription[] | null;
  /** Simulated second from which on configuration or data are others than before; null if they never were. */
  readonly alteredAtS: number | null;
}
