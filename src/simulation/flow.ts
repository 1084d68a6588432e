import type { BatteryCondition } from "./battery.ts";
import type { LimitedFlow } from "./limited-powers.ts";
import type { Losses } from "./losses.ts";
import type { Observer } from "./observer.ts";
import type { Parameters } from "./parameters.ts";
import type { Series } from "./series.ts";
import type { Bill } from "./tariff.ts";
import type { UnitState } from "./unit.ts";
import type { Home, World } from "./world.ts";

/*
 * Between two events of a unit all is constant but sun and demand, which are linear from one input point to the next
 * (docs/model.md, 4.1). So a flow has two parts: its segment, what is constant until the next event, and the walk along it,
 * which moves from input point to input point and adds up energies (4.2).
 *
 * Always: a segment is set when it begins and not touched after; only a walk moves. What a walk does before its next event
 * does not depend on how far somebody wanted to see.
 *
 * Rejected: one object for both, since nothing then said which of its fields move; a new object for each segment, since a year
 * of 100 homes has 227,000 of them; going on with a walk after its event, since a stored unit begins anew from its state
 * and would then differ in the last bit.
 */

/** How far a segment goes at the most: to a time, and to charges above and below. */
export interface Horizon {
  /** Where something comes for certain. */
  nextTimeS: number;
  /** … or may come before. */
  endS: number;
  upPercent: number;
  downPercent: number;
}

/** What is constant from one event of a unit to its next. */
export interface Segment extends Losses, BatteryCondition, Horizon {
  readonly home: Home;
  readonly world: World;
  /** Those of the home, or of all. */
  readonly parameters: Parameters;
  /** The sun of this home. */
  readonly sun: Series;
  /** Whether sun or demand step from value to value. */
  readonly hasMeans: boolean;
  /** As it stood at its last event, where the segment begins. */
  readonly unit: Readonly<UnitState>;
  /** From the DC grid into the unit. */
  dcGridW: number;
  /** Of a home with limits. */
  limited: LimitedFlow | null;
  /**
   * Power into the battery = steadyW + sunRatio · sun − loadRatio · demand: before its limits, with sunRatio 1; or, of a home
   * with limits, what is stored of it.
   */
  steadyW: number;
  sunRatio: number;
  loadRatio: number;
  /** Below this power, where the battery begins to give, what is stored changes `drawRatio` times as much; else −∞. */
  bendW: number;
  drawRatio: number;
  /** Whether some power may end it by coming to zero. */
  mayCross: boolean;
  /** Whether its powers are those of the data, and all that may end it is what quiet steps look at. */
  hasQuietSteps: boolean;
  /** Energies that lead to the charges of the horizon; infinite while the battery stands at a limit. */
  upWs: number;
  downWs: number;
}

/** How far a segment was followed, and what has flowed until then. */
export interface Walk {
  readonly segment: Readonly<Segment>;
  timeS: number;
  solarW: number;
  demandW: number;
  batteryW: number;

  solarWs: number;
  demandWs: number;
  batteryWs: number;
  /** The part of `batteryWs` that goes into a battery. */
  chargedWs: number;
  /** The part of `batteryWs` that a full battery can hold back of the sun. */
  curtailedWs: number;
  /** The charge of the horizon that was met, else NaN. */
  metPercent: number;

  /** Of a home whose AC energy has a price. */
  readonly bill: Bill | null;

  /**
   * The step in which it goes on and the powers where that begins; its end, or where its line bends before, and the powers there;
   * all are linear until then.
   */
  step: number;
  stepSolarW: number;
  stepDemandW: number;
  pointS: number;
  pointSolarW: number;
  pointDemandW: number;
  pointBatteryW: number;
}

/** What conditions are settled with. */
export interface Occasion {
  readonly world: World;
  /** A command has set the charge, which is followed at once. */
  readonly byHand: boolean;
  readonly observer?: Observer | undefined;
}
