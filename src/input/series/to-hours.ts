import type { Series } from "../../simulation/series.ts";

/** The values on the hour alone, and of means those of whole hours; steps that do not divide an hour stay. */
export function toHours(series: Series): Series {
  const { stepS, values, isMeans } = series;
  const every = 3600 / stepS;
  if (every === 1 || !Number.isInteger(every)) return series;
  if (isMeans !== true)
    return { ...series, stepS: 3600, values: values.filter((_, index) => index % every === 0) };
  const hours = new Float64Array(values.length / every);
  for (const [index, value] of values.entries()) {
    const hour = Math.floor(index / every);
    hours[hour] = (hours[hour] as number) + value / every;
  }
  return { stepS: 3600, values: hours, isMeans };
}
