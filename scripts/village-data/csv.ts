import { homeHeader, homeLine } from "../sample-data/csv.ts";
import { generateDemand } from "./demand.ts";
import { dateOf, isHoliday } from "./holidays.ts";
import { createHome } from "./homes.ts";
import { pvOfDayW } from "./pv.ts";
import { villageCalendar } from "./village.ts";
import { type DayWeather, generateWeather } from "./weather.ts";

/** Lines of the solar file, a day each: 48 half-hourly values of irradiance [W/m²]. */
export function* solarLines(seed: number): Generator<string> {
  for (const { irradianceWPerM2 } of generateWeather(seed))
    yield `${irradianceWPerM2.map((value) => Math.round(value * 10) / 10).join(",")}\n`;
}

/** Lines of the demand file: a header, then for each home its days: 48 half-hourly values [kW]. */
export function demandLines(seed: number, homes: number): Generator<string> {
  return homeLines(seed, homes, (number, weather) => generateDemand(seed, createHome(seed, number), weather));
}

/** Lines of the file of PV power, as those of demand. */
export function pvLines(seed: number, homes: number): Generator<string> {
  return homeLines(seed, homes, (number, weather) => {
    const home = createHome(seed, number);
    return weather.map((ofDay, day) => pvOfDayW(home, day, ofDay));
  });
}

function* homeLines(
  seed: number,
  homes: number,
  daysOf: (number: number, weather: readonly DayWeather[]) => Iterable<number[]>,
): Generator<string> {
  yield homeHeader;
  const weather = generateWeather(seed);
  let row = 0;
  for (let number = 1; number <= homes; number++) {
    let day = 0;
    for (const valuesW of daysOf(number, weather))
      yield homeLine(++row, number, villageCalendar[day++] as (typeof villageCalendar)[number], valuesW);
  }
}

/** Lines of the days behind the data: a header, then each day's date, whether it is a holiday (1), and its weather. */
export function* dayLines(seed: number): Generator<string> {
  yield "date,weekday,holiday,temperatureC,clearness\n";
  for (const [index, { temperatureC, clearness }] of generateWeather(seed).entries()) {
    const day = villageCalendar[index] as (typeof villageCalendar)[number];
    const cells = [
      dateOf(day),
      day.weekday,
      isHoliday(day) ? 1 : 0,
      Math.round(temperatureC * 10) / 10,
      Math.round(clearness * 1000) / 1000,
    ];
    yield `${cells.join(",")}\n`;
  }
}
