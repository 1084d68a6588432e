/** A moment of simulated time as a calendar without a time zone shows it. */
export interface CalendarTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Calendar time `timeS` simulated seconds after `startTime` (`2020-01-01T00:00:00`), whole seconds. */
export function toCalendar(startTime: string, timeS: number): CalendarTime {
  const date = new Date(Date.parse(`${startTime}Z`) + Math.floor(timeS) * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/** `YYYY/MM/DD-HH:MM:SS`, the form that apis-main reads. */
export function formatCalendar(time: CalendarTime): string {
  const { year, month, day, hour, minute, second } = time;
  return `${year}/${pad(month)}/${pad(day)}-${pad(hour)}:${pad(minute)}:${pad(second)}`;
}

/**
 * `YYYY-MM-DD HH:MM:SS` of the moment `timeS` simulated seconds after `startTime`, whole seconds: the form of records,
 * which programs that read tables take for a date.
 */
export function formatDateTime(startTime: string, timeS: number): string {
  return formatMilliseconds(startTime, Math.floor(timeS) * 1000).slice(0, 19);
}

/** The same to the millisecond: `YYYY-MM-DD HH:MM:SS.mmm`. */
export function formatDateTimeMs(startTime: string, timeS: number): string {
  return formatMilliseconds(startTime, Math.round(timeS * 1000));
}

function formatMilliseconds(startTime: string, passedMs: number): string {
  return new Date(Date.parse(`${startTime}Z`) + passedMs).toISOString().replace("T", " ").slice(0, 23);
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
