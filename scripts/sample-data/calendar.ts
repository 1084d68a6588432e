const dayMs = 86_400_000;

/** A day of data. */
export interface CalendarDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 1 on 1 January. */
  readonly dayOfYear: number;
}

/** A day counted from 0 on 1 January of `firstYear`, by default that of the sample data. */
export function calendarDay(index: number, firstYear = 2020): CalendarDay {
  const date = new Date(Date.UTC(firstYear, 0, 1) + index * dayMs);
  const year = date.getUTCFullYear();
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    dayOfYear: (date.getTime() - Date.UTC(year, 0, 1)) / dayMs + 1,
  };
}
