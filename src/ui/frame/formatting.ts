const secondsPerDay = 86_400;

/** Number texts in the reader's language; units follow after a narrow space that does not break. */
export interface Formats {
  /** At most `digits` decimals, 2 unless told. */
  number(value: number, digits?: number): string;
  /** Exactly `digits` decimals, so that columns align. */
  fixed(value: number, digits: number): string;
  withUnit(value: number, unit: string, digits?: number): string;
  /** W below 1 kW, kW from there on. */
  power(watts: number): string;
}

export function createFormats(language: string): Formats {
  const cache = new Map<string, Intl.NumberFormat>();
  const write = (value: number, least: number, most: number): string => {
    const key = `${least}/${most}`;
    const format =
      cache.get(key) ??
      new Intl.NumberFormat(language, { minimumFractionDigits: least, maximumFractionDigits: most });
    cache.set(key, format);
    return format.format(Number(value.toFixed(most)) + 0);
  };
  const withUnit = (value: number, unit: string, digits = 2) => `${write(value, 0, digits)}\u00a0${unit}`;
  return {
    number: (value, digits = 2) => write(value, 0, digits),
    fixed: (value, digits) => write(value, digits, digits),
    withUnit,
    power(watts) {
      const size = Math.abs(watts);
      if (size < 10) return withUnit(watts, "W", 1);
      if (size < 999.5) return withUnit(watts, "W", 0);
      return withUnit(watts / 1000, "kW", size < 99_950 ? 2 : 1);
    },
  };
}

/** What an input field shows: no grouping, at most two decimals. */
export function plainNumber(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}

/** Simulated day, from 1. */
export function dayOf(timeS: number): number {
  return Math.floor(timeS / secondsPerDay) + 1;
}

/** Unix time [s] at which simulated second 0 stands, from a state's two forms of one moment. */
export function epochOf(time: string, timeS: number): number {
  const [date = "", clock = ""] = time.split("-");
  return Date.parse(`${date.replaceAll("/", "-")}T${clock}Z`) / 1000 - Math.floor(timeS);
}

/** `2020-01-03` and `05:07:09` of a simulated second. */
export function calendarOf(epochS: number, timeS: number): { date: string; time: string } {
  const text = new Date((epochS + Math.floor(timeS)) * 1000).toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 19) };
}

/** Seconds as the largest fitting unit, such as `6 h` or `2 d`. */
export function spanText(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < secondsPerDay) return `${Math.round(seconds / 360) / 10} h`;
  return `${Math.round((seconds / secondsPerDay) * 10) / 10} d`;
}
