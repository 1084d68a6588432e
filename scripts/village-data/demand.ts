import { courseAt, heatingAndCooling, holiday, workday } from "../sample-data/day-shape.ts";
import { meanAnnualKWh } from "../sample-data/demand.ts";
import { logNormal } from "../sample-data/household.ts";
import { createNormals, stepAutoregression } from "../sample-data/random.ts";
import { mean } from "../sample-data/statistics.ts";
import { isHoliday } from "./holidays.ts";
import { atHomeByDayShare, type VillageHome } from "./homes.ts";
import { pointsPerDay, purposes, villageCalendar } from "./village.ts";
import type { DayWeather } from "./weather.ts";

const dayDeviation = 0.18;
const halfHourDeviation = 0.4;
const halfHourCorrelation = 0.8;
const halfHours = Array.from({ length: pointsPerDay }, (_, point) => point / 2);

/** Gives a home's demand at each half hour of each day from 0:00 [W], whole, day by day. */
export function* generateDemand(
  seed: number,
  home: VillageHome,
  weather: readonly DayWeather[],
): Generator<number[]> {
  const scaleW = ((meanAnnualKWh * 1000) / (365 * 24) / meanExpected(weather)) * home.level;
  let activity = createNormals(seed, purposes.halfHours, home.number)();
  for (const [day, { temperatureC }] of weather.entries()) {
    const dayLevel = logNormal(dayDeviation, createNormals(seed, purposes.dayLevel, home.number, day)());
    const normals = createNormals(seed, purposes.halfHours, home.number, day);
    const seasonal = 1 + home.response * heatingAndCooling(temperatureC);
    const isAtHome = home.atHomeByDay || isHolidayAt(day);
    yield halfHours.map((hour) => {
      activity = stepAutoregression(activity, halfHourCorrelation, normals());
      const course = courseAt(isAtHome ? holiday : workday, hour - home.shiftH);
      return Math.round(scaleW * dayLevel * seasonal * course * logNormal(halfHourDeviation, activity));
    });
  }
}

/** Mean of what an average home is expected to use, before it is brought to kWh. */
function meanExpected(weather: readonly DayWeather[]): number {
  const atHome = mean(halfHours.map((hour) => courseAt(holiday, hour)));
  const away = mean(halfHours.map((hour) => courseAt(workday, hour)));
  return mean(
    weather.map(({ temperatureC }, day) => {
      const course = isHolidayAt(day) ? atHome : atHomeByDayShare * atHome + (1 - atHomeByDayShare) * away;
      return (1 + heatingAndCooling(temperatureC)) * course;
    }),
  );
}

function isHolidayAt(day: number): boolean {
  return isHoliday(villageCalendar[day] as (typeof villageCalendar)[number]);
}
