import { createRandom, normal } from "../simulation/random.ts";
import { aheadOf, pointOf, type Series, stepAt } from "../simulation/series.ts";
import type { World } from "../simulation/world.ts";

/*
 * What somebody who plans may know of sun and demand to come: the data themselves, or these with an error that grows with the
 * horizon and goes on as weather does. At horizon h [h] a value is multiplied by 1 + σ(h)·z; σ(h) = min(cap, σ₁·√h), and z
 * has mean 0, variance 1 and, Δ hours later, the correlation φ^Δ (a process AR(1)).
 *
 * The same seed, home and moment of issue give the same forecast, on any engine.
 */

/** Errors of a forecast by their names: σ₁, cap and φ. */
export const forecastErrors = {
  none: { sigmaFirstHour: 0, sigmaCap: 0, correlationPerHour: 0 },
  low: { sigmaFirstHour: 0.05, sigmaCap: 0.15, correlationPerHour: 0.9 },
  medium: { sigmaFirstHour: 0.1, sigmaCap: 0.3, correlationPerHour: 0.9 },
  high: { sigmaFirstHour: 0.2, sigmaCap: 0.6, correlationPerHour: 0.9 },
} as const;

export type ForecastError = keyof typeof forecastErrors;

interface ForecastRequest {
  /** When it is issued [simulated s]. */
  readonly issuedS: number;
  /** The moments that it tells of, rising and after that [simulated s]. */
  readonly timesS: readonly number[];
  readonly error: ForecastError;
  readonly seed: number;
}

/** What the panels of a home can deliver, and what it demands [W]: a value for each moment. */
interface HomeForecast {
  readonly solarPowerW: number[];
  readonly demandPowerW: number[];
}

/** Powers to come of the home of unit `unitNumber`: those of the data, whatever is set by hand. */
export function forecastHome(world: World, unitNumber: number, request: ForecastRequest): HomeForecast {
  const { timesS, issuedS, seed } = request;
  const { demand, solarFactor, sun } = world.homeOf(unitNumber);
  const repeat = world.atEndOfData === "repeat";
  const random = createRandom([seed, unitNumber, Math.round(issuedS * 1000)]);
  const solarW = timesS.map((timeS) => valueAt(sun?.series ?? world.solar, timeS, repeat) * solarFactor);
  const demandW = timesS.map((timeS) => valueAt(demand, timeS, repeat));
  return {
    solarPowerW: disturb(solarW, request, random),
    demandPowerW: disturb(demandW, request, random),
  };
}

/** The value of `series` at `timeS`. */
function valueAt(series: Series, timeS: number, repeat: boolean): number {
  const { stepS } = series;
  const step = stepAt(timeS, stepS);
  const value = pointOf(series, step, repeat);
  const next = pointOf(series, step + aheadOf(series), repeat);
  return value + (next - value) * ((timeS - step * stepS) / stepS);
}

function disturb(values: readonly number[], request: ForecastRequest, random: () => number): number[] {
  const { error, issuedS, timesS } = request;
  if (error === "none") return [...values];
  const { sigmaFirstHour, sigmaCap, correlationPerHour } = forecastErrors[error];
  let z = normal(random);
  let beforeS = timesS[0] ?? 0;
  return values.map((value, index) => {
    const timeS = timesS[index] as number;
    const correlation = correlationPerHour ** ((timeS - beforeS) / 3600);
    if (index > 0) z = correlation * z + Math.sqrt(1 - correlation * correlation) * normal(random);
    beforeS = timeS;
    const sigma = Math.min(sigmaCap, sigmaFirstHour * Math.sqrt((timeS - issuedS) / 3600));
    return Math.max(0, Math.round(value * (1 + sigma * z)));
  });
}
