import type { Config } from "../../input/config/entries.ts";
import type { Save } from "../../input/units/save.ts";

/** What a community began with, or began anew with when its clock was set back to the start of the data. */
export interface Run {
  readonly beganWallMs: number;
  readonly accelerationFactor: number;
  readonly config: Config;
  /** Changes with the content of the data. */
  readonly inputHash: string;
  /** What Load Last takes up until Save All is used; null is what the file says. */
  readonly lastSave: Save | null;
  /** Simulated second from which on configuration or data are others than before; null if they never were. */
  readonly alteredAtS: number | null;
}
