import type { CalendarDay } from "./calendar.ts";
import { exp, square } from "./exact-math.ts";

/** A bump of the daily course. */
interface Peak {
  readonly hour: number;
  readonly widthH: number;
  readonly height: number;
}

export interface Course {
  readonly base: number;
  readonly peaks: readonly Peak[];
}

/** Shapes set by hand so that one home peaks at about eight times, all homes together at twice their mean. */
export const workday: Course = {
  base: 0.7,
  peaks: [
    { hour: 7.3, widthH: 0.9, height: 0.7 },
    { hour: 20, widthH: 0.9, height: 1.2 },
  ],
};
export const holiday: Course = {
  base: 0.75,
  peaks: [
    { hour: 9, widthH: 1.3, height: 0.6 },
    { hour: 13, widthH: 1.6, height: 0.35 },
    { hour: 19.5, widthH: 0.9, height: 1.05 },
  ],
};

/** Monthly mean temperature at Naha, normals 1991–2020 of the Japan Meteorological Agency [°C]. */
export const monthlyMeanTemperaturesC = [
  17.3, 17.5, 19.1, 21.5, 24.2, 27.2, 29.1, 29.0, 27.9, 25.5, 22.5, 19.0,
];

/** Demand expected on a day at an hour, not normalised; Saturdays and Sundays are holidays. */
export function expectedDemand(day: CalendarDay, hour: number): number {
  const isHoliday = day.weekday === 0 || day.weekday === 6;
  return seasonFactor(day.month) * courseAt(isHoliday ? holiday : workday, hour);
}

/** Mean of `expectedDemand` over the half-hours of these days. */
export function meanExpectedDemand(days: readonly CalendarDay[]): number {
  let total = 0;
  for (const day of days)
    for (let halfHour = 0; halfHour < 48; halfHour++) total += expectedDemand(day, halfHour / 2);
  return total / (days.length * 48);
}

/** Heating below 18 °C and cooling above 22 °C. */
function seasonFactor(month: number): number {
  return 1 + heatingAndCooling(monthlyMeanTemperaturesC[month - 1] as number);
}

/** Demand that a temperature [°C] adds, against that of a mild day. */
export function heatingAndCooling(temperatureC: number): number {
  return 0.065 * Math.max(0, 18 - temperatureC) + 0.058 * Math.max(0, temperatureC - 22);
}

export function courseAt(course: Course, hour: number): number {
  return course.peaks.reduce((sum, peak) => {
    const apartH = Math.abs(((((hour - peak.hour) % 24) + 36) % 24) - 12);
    return sum + peak.height * exp(-square(apartH) / (2 * square(peak.widthH)));
  }, course.base);
}
