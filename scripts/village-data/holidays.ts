import type { CalendarDay } from "../sample-data/calendar.ts";

/** The year of the Village. */
export const villageYear = 2023;

/**
 * National holidays of Japan in 2023, that for a holiday on a Sunday included: Act on National Holidays (1948), dates of both
 * equinoxes as published by the National Astronomical Observatory and listed by the Cabinet Office.
 */
export const nationalHolidays = [
  "01-01",
  "01-02",
  "01-09",
  "02-11",
  "02-23",
  "03-21",
  "04-29",
  "05-03",
  "05-04",
  "05-05",
  "07-17",
  "08-11",
  "09-18",
  "09-23",
  "10-09",
  "11-03",
  "11-23",
] as const;

/** Days on which offices are closed around the New Year: Act on Holidays of Administrative Organs (1988), article 1. */
const newYear = ["01-02", "01-03", "12-29", "12-30", "12-31"];
const closed = new Set<string>([...nationalHolidays, ...newYear]);

/** Whether people are at home as on a Sunday. */
export function isHoliday(day: CalendarDay): boolean {
  return day.weekday === 0 || day.weekday === 6 || closed.has(dateOf(day).slice(5));
}

/** `2023-01-31`. */
export function dateOf({ year, month, day }: CalendarDay): string {
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}
