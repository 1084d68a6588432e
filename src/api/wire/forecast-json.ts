import * as v from "valibot";
import type { View } from "../../community/state/view.ts";
import { type ForecastError, forecastErrors, forecastHome } from "../../input/forecast.ts";
import { numberFrom } from "../../notation/parameters.ts";
import { type Refused, refuse } from "../../notation/refusal.ts";
import { describe } from "../../notation/rows.ts";
import { formatDateTime } from "../../notation/simulated-time.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import { endOfTimeS } from "../../simulation/world.ts";

const errorNames = Object.keys(forecastErrors) as ForecastError[];
const mostHours = 8784;
/** Most values of one forecast. */
const mostValues = 2_000_000;

const whole = (min: number, max: number, unit: string) =>
  v.pipe(
    numberFrom(min, max, unit),
    v.integer(`a whole number from ${min} to ${max} ${unit}`.trim()),
    v.metadata({ integer: true }),
  );

export const forecastParameters = v.object({
  hours: v.optional(numberFrom(0.01, mostHours, "h"), "24"),
  resolution: v.optional(whole(1, 86_400, "simulated s"), "3600"),
  error: v.optional(v.picklist(errorNames, `one of ${errorNames.join(", ")}`), "none"),
  seed: v.optional(whole(0, 2 ** 32 - 1, ""), "0"),
});

const rows = (words: string) =>
  describe(v.array(v.array(v.number())), `${words}, for each moment a value for each of units [W]`);

/** What `/forecast` tells. */
export const forecastSchema = v.object({
  issuedS: describe(v.number(), "the present moment [simulated s]"),
  issued: describe(v.string(), "the same as a date such as 2020-01-01 00:30:00"),
  resolutionS: describe(v.number(), "moments are whole multiples of it [simulated s]"),
  error: describe(
    v.object({
      level: v.picklist(errorNames),
      sigmaFirstHour: v.number(),
      sigmaCap: v.number(),
      correlationPerHour: v.number(),
    }),
    "the standard deviation of the relative error at a horizon of an hour, which grows with the horizon's square root up to its cap, and how errors an hour apart are correlated",
  ),
  seed: v.number(),
  timeS: describe(v.array(v.number()), "the moments told of, after the present [simulated s]"),
  time: describe(v.array(v.string()), "the same as dates"),
  units: v.array(v.string()),
  solarPowerW: rows("what the panels can deliver"),
  demandPowerW: rows("what the home demands"),
});

export function writeForecast(
  view: View,
  given: v.InferOutput<typeof forecastParameters>,
): v.InferOutput<typeof forecastSchema> | Refused {
  const { hours, resolution: resolutionS, error, seed } = given;
  const { timeS: issuedS, world, config, community } = view;
  const numbers = community.units.map(({ number }) => number);
  const first = Math.floor(issuedS / resolutionS) + 1;
  const lastS = Math.min(issuedS + hours * 3600, endOfTimeS(world));
  const count = Math.max(0, Math.floor(lastS / resolutionS) - first + 1);
  if (2 * count * numbers.length > mostValues) {
    const most = Math.floor(mostValues / 2 / numbers.length);
    return refuse(
      "invalid_parameter",
      `resolution is ${resolutionS}; ${hours} hours of ${numbers.length} units are ${count} moments; allowed: up to ${most}`,
      "resolution",
    );
  }
  const timesS = Array.from({ length: count }, (_, index) => (first + index) * resolutionS);
  const homes = numbers.map((number) => forecastHome(world, number, { issuedS, timesS, error, seed }));
  const dateOf = (timeS: number) => formatDateTime(config.startTime, timeS);
  return {
    issuedS,
    issued: dateOf(issuedS),
    resolutionS,
    error: { level: error, ...forecastErrors[error] },
    seed,
    timeS: timesS,
    time: timesS.map(dateOf),
    units: numbers.map(formatUnitId),
    solarPowerW: timesS.map((_, index) => homes.map((home) => home.solarPowerW[index] as number)),
    demandPowerW: timesS.map((_, index) => homes.map((home) => home.demandPowerW[index] as number)),
  };
}
