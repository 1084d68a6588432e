const startMs = Date.UTC(2020, 0, 1);
const dayMs = 86_400_000;

/** A day of the sample data, counted from 0 on 2020-01-01. */
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

export function calendarDay(index: number): CalendarDay {
  const date = new Date(startMs + index * dayMs);
  const year = date.getUTCFullYear();
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    dayOfYear: (date.getTime() - Date.UTC(year, 0, 1)) / dayMs + 1,
  };
}
