import { splitMoment } from "./calendar-ticks.ts";

export const secondsPerDay = 86_400;

/** Decimals of each quantity, wherever it is written. */
const decimals = { "%": 2, W: 1, kW: 2, A: 2, V: 1 } as const;
export type QuantityUnit = keyof typeof decimals;

/** Number texts in the reader's language; a unit follows after a space that does not break. */
export interface Formats {
  /** A count or a rate: as many decimals as it has, 6 at most. */
  number(value: number): string;
  /** A quantity with its unit and its fixed decimals; powers of 1 kW and more in kW. */
  quantity(value: number, unit: QuantityUnit): string;
  /** The number alone, for columns that name the unit once. */
  bare(value: number, unit: QuantityUnit): string;
  power(watts: number): string;
  /** An energy: from 1 kWh on in kWh, from 1 MWh on in MWh. */
  energy(wattHours: number): string;
  /** What a powermeter shows: whole watts. */
  meter(watts: number): string;
  /** The values of an axis, all in one unit and with as many decimals as tell them apart. */
  axis(values: readonly number[], unit: "%" | "W"): string[];
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
  const bare = (value: number, unit: QuantityUnit) => write(value, decimals[unit], decimals[unit]);
  const withUnit = (value: number, unit: QuantityUnit) => `${bare(value, unit)}\u00a0${unit}`;
  const power = (watts: number) =>
    Math.abs(watts) < 999.95 ? withUnit(watts, "W") : withUnit(watts / 1000, "kW");
  return {
    number: (value) => write(value, 0, 6),
    bare,
    quantity: (value, unit) => (unit === "W" ? power(value) : withUnit(value, unit)),
    power,
    energy(wattHours) {
      const size = Math.abs(wattHours);
      if (size < 999.95) return `${write(wattHours, 1, 1)}\u00a0Wh`;
      const [scale, unit] = size < 999_995 ? ([1e3, "kWh"] as const) : ([1e6, "MWh"] as const);
      return `${write(wattHours / scale, 2, 2)}\u00a0${unit}`;
    },
    meter: (watts) => `${write(watts, 0, 0)}\u00a0W`,
    axis(values, unit) {
      const isKilo = unit === "W" && values.some((value) => Math.abs(value) >= 1000);
      const scaled = values.map((value) => (isKilo ? value / 1000 : value));
      const step = Math.abs((scaled[1] ?? 1) - (scaled[0] ?? 0)) || 1;
      // As many as tell ticks apart truly: at a step of 0.25, 0.3 would not be one.
      const digits = [0, 1, 2].find((count) => isWhole(step * 10 ** count)) ?? 3;
      return scaled.map((value) => `${write(value, digits, digits)}\u00a0${isKilo ? "kW" : unit}`);
    },
  };
}

function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-6 * Math.abs(value);
}

/** What an input field shows: fixed decimals, and no grouping, which would not be read back. */
export function fieldNumber(value: number, unit: QuantityUnit): string {
  return (Number(value.toFixed(decimals[unit])) + 0).toFixed(decimals[unit]);
}

/** A simulated moment as the Web API writes it, `2020/01/03-05:07:09`, in the form of ISO 8601. */
export function isoTime(time: string): string {
  return time.replaceAll("/", "-").replace(/-(\d\d:)/, " $1");
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
  const [date, time] = splitMoment(epochS + Math.floor(timeS));
  return { date, time };
}

/** Seconds as the largest unit that they are whole multiples of, such as `30 min` or `2 d`. */
export function spanText(seconds: number): string {
  for (const [size, unit] of [
    [secondsPerDay, "d"],
    [3600, "h"],
    [60, "min"],
  ] as const) {
    if (seconds >= size && seconds % size === 0) return `${seconds / size}\u00a0${unit}`;
  }
  return `${seconds}\u00a0s`;
}

/** `2020-01-03 12:00 – 12:30`, with the second date where it is another; both are Unix seconds. */
export function writeSpan(fromS: number, toS: number): string {
  const [date, time] = splitMoment(fromS);
  const [endDate, endTime] = splitMoment(toS);
  const digits = fromS % 60 === 0 && toS % 60 === 0 ? 5 : 8;
  const end = date === endDate ? "" : `${endDate} `;
  return `${date} ${time.slice(0, digits)} – ${end}${endTime.slice(0, digits)}`;
}
