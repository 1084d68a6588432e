import type { CalendarDay } from "./calendar.ts";
import { generateDemand } from "./demand.ts";
import { generateIrradiance } from "./irradiance.ts";

/** The seed, homes and days of the files under data/input/Sample. */
export const sampleSeed = 2020;
export const sampleHomes = 100;
export const sampleDays = 365;

const halfHourLabels = Array.from({ length: 48 }, (_, halfHour) => {
  return `${String(halfHour >> 1).padStart(2, "0")}:${halfHour % 2 === 0 ? "00" : "30"}`;
});

/** Lines of the solar file, a day each: 24 hourly values [W/m²]. */
export function* solarLines(seed: number, days: number): Generator<string> {
  for (const irradiance of generateIrradiance(seed, days)) yield `${irradiance.join(",")}\n`;
}

/** Lines of the demand file: a header, then for each home its days: 48 half-hourly values [kW]. */
export function* demandLines(seed: number, homes: number, days: number): Generator<string> {
  yield homeHeader;
  let number = 0;
  for (const { home, day, valuesW } of generateDemand(seed, homes, days)) {
    number += 1;
    yield homeLine(number, home, day, valuesW);
  }
}

/** The header of a file of homes' half-hourly values. */
export const homeHeader = `no,id,year,month,day,wday,${halfHourLabels.join(",")}\n`;

/** A home's values of a day [W] as a line in kW. */
export function homeLine(row: number, home: number, day: CalendarDay, valuesW: readonly number[]): string {
  const valuesKW = valuesW.map((valueW) => valueW / 1000);
  return `${[row, home, day.year, day.month, day.day, day.weekday, ...valuesKW].join(",")}\n`;
}
