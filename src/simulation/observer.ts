import type { UnitState } from "./unit.ts";
import type { World } from "./world.ts";

/** Is told of each unit's events in their order; must leave what it is handed as it is. */
export interface Observer {
  /** A simulated day of `unit` ends at `unit.timeS`; `unit.today` holds its energies until this returns. */
  onDayEnd?(unit: Readonly<UnitState>): void;
  /** So many segments, each from one event to the next, were passed at once. */
  onAdvanced?(segments: number): void;
  /** `unit` as it was at an event, after which none came until `endS`. */
  onStretch?(unit: UnitState, endS: number, world: World): void;
  /** Without protection, an empty battery sells what AC brings, or a full one burns what it is sold. May be told again. */
  onUnprotected?(unit: Readonly<UnitState>, what: "sells" | "burns", timeS: number): void;
  onBatteryEmpty?(unit: Readonly<UnitState>, timeS: number): void;
}
