import type { Save } from "../../input/units/save.ts";

/** What a community began with, or began anew with when its clock was set back to the start of the data. */
export interface Run {
  readonly beganWallMs: number;
  readonly accelerationFactor: number;
  /** What Load Last takes up until Save All is used; null is what the file says. */
  readonly lastSave: Save | null;
}
