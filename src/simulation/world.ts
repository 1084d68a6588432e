import type { HomeLimits } from "./home-limits.ts";
import type { Outages } from "./outages.ts";
import type { Parameters } from "./parameters.ts";
import type { Series } from "./series.ts";
import type { Tariff } from "./tariff.ts";

export const secondsPerDay = 86_400;

/** What sets one home apart from the others. */
export interface Home {
  /** Demand [W], with the step of the world's solar series. */
  readonly demand: Series;
  /** Time between the values of the demand's input, of which `demand` may have more [s]; its own step if not given. */
  readonly demandInputStepS?: number;
  /** A sun of its own in the place of the world's, with the same step. */
  readonly sun?: { readonly series: Series; readonly inputStepS: number } | undefined;
  /** PV power [W] per unit of the solar series. */
  readonly solarFactor: number;
  readonly batteryCapacityWh: number;
  /** Constants of its own hardware in the place of the world's: of these only what it loses. */
  readonly parameters?: Parameters | undefined;
  /** What its own hardware and its AC connection can do; not there: without limits. */
  readonly limits?: HomeLimits | undefined;
  /** When the AC grid fails there; not there: never. */
  readonly outages?: Outages | undefined;
}

/** What surrounds the units and never changes while they run. */
export interface World {
  readonly parameters: Parameters;
  readonly solar: Series;
  /** Time between the points of the solar input, of which `solar` may have more [s]. */
  readonly solarInputStepS: number;
  /** The home of the unit with this number. */
  homeOf(unitNumber: number): Home;
  /** Length of the data in whole days [s]. */
  readonly dataLengthS: number;
  /** Whether time stands still at the end of the data or the data begin again. */
  readonly atEndOfData: "stop" | "repeat";
  /** False makes a pure mock of the hardware: commands and bus work, no energy flows. */
  readonly powerFlowEnabled: boolean;
  /** Whether a converter ends in Waiting where its home cannot give or take what it asks; not there: no. */
  readonly protectsConverters?: boolean;
  /** Whether the bus keeps its reference's voltage or units share it by their droop; not there: ideal. */
  readonly busModel?: "ideal" | "droop";
  /** What AC energy costs and brings; not there: nothing. */
  readonly tariff?: Tariff | undefined;
}

/** The last moment that can be reached [simulated s]. */
export function endOfTimeS(world: World): number {
  return world.atEndOfData === "stop" ? world.dataLengthS : Number.POSITIVE_INFINITY;
}
