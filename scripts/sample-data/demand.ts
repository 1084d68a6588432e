import { type CalendarDay, calendarDay } from "./calendar.ts";
import { expectedDemand, meanExpectedDemand } from "./day-shape.ts";
import { createHousehold, type Household, logNormal, meanRawLevel } from "./household.ts";
import { createNormals, purposes, stepAutoregression } from "./random.ts";

/** Household electricity in Japan: Ministry of the Environment, survey of fiscal year 2021 [kWh a year]. */
export const meanAnnualKWh = 4175;
const meanPowerW = (meanAnnualKWh * 1000) / (365 * 24);
const dayDeviation = 0.18;
const halfHourDeviation = 0.4;
const halfHourCorrelation = 0.8;
const halfHoursPerDay = 48;

interface DemandDay {
  /** Counted from 1. */
  readonly home: number;
  readonly day: CalendarDay;
  /** 48 half-hourly values from 0:00 [W], whole. */
  readonly valuesW: readonly number[];
}

/** Demand of each home in turn, day by day. A home's values do not depend on how many there are. */
export function* generateDemand(seed: number, homes: number, days: number): Generator<DemandDay> {
  const meanLevel = meanRawLevel(seed);
  const year = Array.from({ length: 365 }, (_, day) => calendarDay(day));
  const scaleW = meanPowerW / meanExpectedDemand(year);
  for (let home = 1; home <= homes; home++)
    yield* generateHome(seed, home, days, createHousehold(seed, home, meanLevel), scaleW);
}

function* generateHome(
  seed: number,
  home: number,
  days: number,
  household: Household,
  scaleW: number,
): Generator<DemandDay> {
  let activity = createNormals(seed, purposes.halfHours, home)();
  for (let index = 0; index < days; index++) {
    const day = calendarDay(index);
    const dayLevel = logNormal(dayDeviation, createNormals(seed, purposes.dayLevel, home, index)());
    const normals = createNormals(seed, purposes.halfHours, home, index);
    const valuesW = Array.from({ length: halfHoursPerDay }, (_, halfHour) => {
      activity = stepAutoregression(activity, halfHourCorrelation, normals());
      const expected = expectedDemand(day, halfHour / 2 - household.shiftH);
      return Math.round(
        scaleW * household.level * dayLevel * expected * logNormal(halfHourDeviation, activity),
      );
    });
    yield { home, day, valuesW };
  }
}
