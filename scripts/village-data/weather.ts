import { monthlyMeanTemperaturesC } from "../sample-data/day-shape.ts";
import { cos } from "../sample-data/exact-math.ts";
import {
  clearnessMeans,
  clearnessOf,
  cloudDay,
  dayToDayCorrelation,
  hourToHourCorrelation,
} from "../sample-data/irradiance.ts";
import { createNormals, stepAutoregression } from "../sample-data/random.ts";
import { mean } from "../sample-data/statistics.ts";
import { clearSkyWPerM2, sineOfSunHeight } from "../sample-data/sun.ts";
import { pointsPerDay, purposes, villageCalendar } from "./village.ts";

/** A day's weather. */
export interface DayWeather {
  /** Share of the clear sky's energy. */
  readonly clearness: number;
  /** Global horizontal irradiance at each half hour from 0:00 [W/m²]. */
  readonly irradianceWPerM2: readonly number[];
  /** Mean of the day [°C]. */
  readonly temperatureC: number;
}

/** Standard deviation of a day's mean temperature about the season's, by month [K]; set by hand. */
const temperatureDeviationsK = [2.4, 2.5, 2.5, 2.2, 1.8, 1.5, 1, 0.9, 1, 1.4, 1.9, 2.3];
const temperatureCorrelation = 0.65;
/** Between what a new day brings to clearness and to temperature; set by hand. */
const clearAndWarmCorrelation = 0.3;
const halfHourCorrelation = Math.sqrt(hourToHourCorrelation);
const warmestHour = 14;

const clearSkies = villageCalendar.map(({ dayOfYear }) =>
  Array.from({ length: pointsPerDay }, (_, point) => clearSkyWPerM2(sineOfSunHeight(dayOfYear, point / 2))),
);

/** The days of an average year: each month has the mean clearness and the mean temperature of its normal. */
export function generateWeather(seed: number): DayWeather[] {
  const skies = villageCalendar.map((_, day) => createNormals(seed, purposes.clearness, day)());
  const airs = skies.map((sky, day) => {
    const own = createNormals(seed, purposes.temperature, day)();
    return stepAutoregression(sky, clearAndWarmCorrelation, own);
  });
  const clearness = byMonth(followDays(skies, dayToDayCorrelation), clearnessOfMonth);
  const temperaturesC = byMonth(followDays(airs, temperatureCorrelation), temperaturesOfMonthC);
  return villageCalendar.map((_, day) => {
    const share = clearness[day] as number;
    const normals = createNormals(seed, purposes.clouds, day);
    return {
      clearness: share,
      irradianceWPerM2: cloudDay(clearSkies[day] as number[], share, halfHourCorrelation, normals),
      temperatureC: temperaturesC[day] as number,
    };
  });
}

/** Temperature of the air at an hour of a day [°C]: on clear days the afternoon is warmer and the night cooler. */
export function temperatureAtC({ temperatureC, clearness }: DayWeather, hour: number): number {
  return temperatureC + (1.3 + 2 * clearness) * cos((2 * Math.PI * (hour - warmestHour)) / 24);
}

function followDays(innovations: readonly number[], correlation: number): number[] {
  let before = 0;
  return innovations.map((innovation, day) => {
    before = day === 0 ? innovation : stepAutoregression(before, correlation, innovation);
    return before;
  });
}

/** Values of all days, made of those of each month (1 to 12), whose first day counts from 0. */
function byMonth(
  values: readonly number[],
  make: (month: number, values: readonly number[], firstDay: number) => number[],
): number[] {
  return Array.from({ length: 12 }, (_, index) => {
    const days = villageCalendar.flatMap(({ month }, day) => (month === index + 1 ? [day] : []));
    const [first = 0] = days;
    return make(index + 1, values.slice(first, first + days.length), first);
  }).flat();
}

/** Moves the weather of a month as a whole until its energy is that of the mean clearness. */
function clearnessOfMonth(month: number, weather: readonly number[], firstDay: number): number[] {
  const clearSky = weather.map((_, day) => mean(clearSkies[firstDay + day] as number[]));
  const movedBy = (shift: number) => weather.map((score) => clearnessOf(month, score + shift));
  const meanOf = (shares: readonly number[]) =>
    mean(shares.map((share, day) => share * (clearSky[day] as number))) / mean(clearSky);
  let [low, high] = [-3, 3];
  for (let halving = 0; halving < 40; halving++) {
    const middle = (low + high) / 2;
    if (meanOf(movedBy(middle)) < (clearnessMeans[month - 1] as number)) low = middle;
    else high = middle;
  }
  return movedBy(low);
}

function temperaturesOfMonthC(month: number, anomalies: readonly number[], firstDay: number): number[] {
  const deviationK = temperatureDeviationsK[month - 1] as number;
  const drawnC = anomalies.map((anomaly, day) => seasonC(firstDay + day) + deviationK * anomaly);
  const excessK = mean(drawnC) - (monthlyMeanTemperaturesC[month - 1] as number);
  return drawnC.map((valueC) => valueC - excessK);
}

/** Monthly normals at the middle of each month, and linear in between. */
function seasonC(dayIndex: number): number {
  const months = ((dayIndex + 0.5) / villageCalendar.length) * 12 - 0.5;
  const before = Math.floor(months);
  const at = (month: number) => monthlyMeanTemperaturesC[(month + 12) % 12] as number;
  return at(before) + (months - before) * (at(before + 1) - at(before));
}
