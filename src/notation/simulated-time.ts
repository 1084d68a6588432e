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

/** `YYYY-MM-DD HH:MM:SS`, the form of records: programs that read tables take it for a date. */
export function formatDateTime(time: CalendarTime): string {
  const { year, month, day, hour, minute, second } = time;
  return `${year}-${pad(month)}-${pad(day)} ${pad(hour)}:${pad(minute)}:${pad(second)}`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
