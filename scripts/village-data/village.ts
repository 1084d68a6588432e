import { calendarDay } from "../sample-data/calendar.ts";
import { villageYear } from "./holidays.ts";

/** The seed, homes and days of the files under data/input/Village. */
export const villageSeed = 19;
export const villageHomes = 19;
export const villageDays = 365;
export const pointsPerDay = 48;

export const villageCalendar = Array.from({ length: villageDays }, (_, index) =>
  calendarDay(index, villageYear),
);

/** What a stream of random numbers is for, apart from those of the sample. */
export const purposes = {
  clearness: 101,
  clouds: 102,
  temperature: 103,
  households: 104,
  level: 105,
  shift: 106,
  response: 107,
  dayLevel: 108,
  halfHours: 109,
  panels: 110,
  tilt: 111,
  azimuth: 112,
  battery: 113,
  atHome: 114,
} as const;
