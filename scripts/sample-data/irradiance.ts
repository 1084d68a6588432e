import { calendarDay } from "./calendar.ts";
import { createBetaQuantile, normalProbability } from "./distributions.ts";
import { exp, square, tanh } from "./exact-math.ts";
import { createNormals, purposes, stepAutoregression } from "./random.ts";
import { clearSkyWPerM2, sineOfSunHeight } from "./sun.ts";

/**
 * Daily clearness (share of the clear sky's energy) of each month, northern Okinawa: mean and standard
 * deviation, calibrated on the hourly data of the Japanese building-energy code.
 */
export const clearnessMeans = [0.41, 0.44, 0.52, 0.49, 0.45, 0.52, 0.64, 0.62, 0.58, 0.58, 0.51, 0.51];
const clearnessDeviations = [0.22, 0.21, 0.23, 0.23, 0.22, 0.24, 0.2, 0.24, 0.24, 0.2, 0.26, 0.24];
const lowestClearness = 0.08;
const highestClearness = 1.02;
export const dayToDayCorrelation = 0.3;
export const hourToHourCorrelation = 0.48;

const clearnessQuantiles = clearnessMeans.map((mean, month) =>
  createBetaQuantile(lowestClearness, highestClearness, mean, clearnessDeviations[month] as number),
);

/** Global horizontal irradiance [W/m²] of each day, 24 values from 0:00, to a tenth. */
export function* generateIrradiance(seed: number, days: number): Generator<number[]> {
  let weather = 0;
  for (let day = 0; day < days; day++) {
    const innovation = createNormals(seed, purposes.dailyClearness, day)();
    weather = day === 0 ? innovation : stepAutoregression(weather, dayToDayCorrelation, innovation);
    const { month, dayOfYear } = calendarDay(day);
    const clearSky = Array.from({ length: 24 }, (_, hour) =>
      clearSkyWPerM2(sineOfSunHeight(dayOfYear, hour)),
    );
    const normals = createNormals(seed, purposes.hourlyClearness, day);
    const clouded = cloudDay(clearSky, clearnessOf(month, weather), hourToHourCorrelation, normals);
    yield clouded.map((value) => roundTenth(limitPeak(value)));
  }
}

/** Clearness of a day in a month (1 to 12) whose weather is `weather`, a standard normal number. */
export function clearnessOf(month: number, weather: number): number {
  return clearnessQuantiles[month - 1]?.(normalProbability(weather)) as number;
}

/**
 * A day under clouds: values of `clearSky` less what these take, at or below it, with `clearness` as the day's share.
 * @param correlation of the share at one value and the next
 */
export function cloudDay(
  clearSky: readonly number[],
  clearness: number,
  correlation: number,
  normals: () => number,
): number[] {
  const deviation = hourlyDeviation(clearness);
  let cloud = 0;
  const clouded = clearSky.map((irradiance, index) => {
    cloud = index === 0 ? normals() : stepAutoregression(cloud, correlation, normals());
    return irradiance * Math.max(0, clearness + deviation * cloud);
  });
  const scale = (clearness * sum(clearSky)) / sum(clouded);
  return clouded.map((value, index) => Math.min(value * scale, clearSky[index] as number));
}

/** Standard deviation of hourly about daily clearness: largest on days half clear. */
function hourlyDeviation(clearness: number): number {
  return 0.19 * exp(-square(clearness - 0.58) / (2 * square(0.22)));
}

/**
 * Bends irradiance above 850 W/m² so that it stays below 950, a check of the data's README; without it
 * the clearest summer noons reach 1,027 W/m². A choice of ours, from no publication.
 */
function limitPeak(irradiance: number): number {
  return irradiance <= 850 ? irradiance : 850 + 100 * tanh((irradiance - 850) / 100);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function roundTenth(value: number): number {
  return Math.round(value * 10) / 10;
}
