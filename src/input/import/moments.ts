import { refuseCell } from "../series/read-number.ts";
import type { Row } from "../series/read-rows.ts";

/** Order of day, month and year where a date begins with its day or month. */
export type DayOrder = "day first" | "month first";

/** A date that the other order alone explains: the file is to be read again with it. */
export class OtherOrder extends Error {}

const clock = String.raw`(?:(?:T|\s+|:)(\d{1,2})(?::|h)?(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(am|pm)?)?`;
const offset = String.raw`\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?`;
const yearFirst = new RegExp(`^(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})${clock}${offset}$`, "i");
const yearLast = new RegExp(`^(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4}|\\d{2})${clock}${offset}$`, "i");
const named = new RegExp(`^(\\d{1,2})[- ]([a-z]{3})[a-z]*[- ](\\d{4}|\\d{2})${clock}${offset}$`, "i");
const packed = /^(\d{4})(\d{2})(\d{2})(?::?(\d{2})(\d{2})(\d{2})?)?$/;
const clockAlone = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(am|pm)?$/i;
const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * Reads moments as people write them, as minutes since 1970-01-01 0:00 of the clock of the file; those that have an offset
 * from UTC beside them as minutes of UTC.
 */
export class Moments {
  readonly order: DayOrder;
  /** Whether a date began with its day or month, and none of them told which. */
  hasOrder = false;
  isOrderCertain = false;
  /** Offsets from UTC [min] that stood beside moments; NaN for none. */
  readonly offsets = new Set<number>();
  #lastDate = "";
  #lastDayMinute = Number.NaN;

  constructor(order: DayOrder) {
    this.order = order;
  }

  /** The minute that a text names, or NaN. */
  parse(cell: string): number {
    const text = cell.trim();
    const cut = text.lastIndexOf(" ");
    // A table mostly repeats its dates: the commonest way of writing one is taken apart once a day.
    if (cut === 10 && text.slice(0, 10) === this.#lastDate) {
      const minute = clockMinute(text.slice(11));
      if (!Number.isNaN(minute)) return this.#lastDayMinute + minute;
    }
    const minute = this.#parseSlowly(text);
    const ofDay = cut === 10 && !Number.isNaN(minute) ? clockMinute(text.slice(11)) : Number.NaN;
    if (!Number.isNaN(ofDay)) {
      this.#lastDate = text.slice(0, 10);
      this.#lastDayMinute = minute - ofDay;
    }
    return minute;
  }

  /** @throws InputFileError if the cell at `index` names no moment */
  read(row: Row, index: number): number {
    const minute = this.parse(row.cells[index] ?? "");
    if (!Number.isNaN(minute)) return minute;
    throw refuseMoment(row, index);
  }

  /** The minute of year, month, day, hour and minute in cells of their own, or NaN if there is no such day. */
  static of(year: number, month: number, day: number, hour: number, minute: number): number {
    return momentOf(year, month, day) + hour * 60 + minute;
  }

  /** Minute of the day that a clock shows in a text of its own, or NaN. */
  static ofClock(text: string): number {
    return clockMinute(text.trim());
  }

  #parseSlowly(given: string): number {
    const text = /[年時]/.test(given) ? fromJapanese(given) : given;
    const first = yearFirst.exec(text);
    if (first !== null)
      return this.#compose(Number(first[1]), Number(first[2]), Number(first[3]), first.slice(4));
    const last = yearLast.exec(text);
    if (last !== null) return this.#readYearLast(last);
    const byName = named.exec(text);
    if (byName !== null) {
      const month = monthNames.indexOf((byName[2] as string).toLowerCase()) + 1;
      return this.#compose(fullYear(byName[3] as string), month, Number(byName[1]), byName.slice(4));
    }
    const pack = packed.exec(text);
    if (pack !== null && Number(pack[1]) >= 1900 && Number(pack[1]) < 2200)
      return this.#compose(Number(pack[1]), Number(pack[2]), Number(pack[3]), pack.slice(4));
    if (/^[12]\d{9}$|^[12]\d{12}$/.test(text)) {
      this.offsets.add(0);
      return Math.floor(Number(text) / (text.length === 10 ? 60 : 60_000));
    }
    return Number.NaN;
  }

  #readYearLast(match: RegExpExecArray): number {
    const [a, b] = [Number(match[1]), Number(match[2])];
    this.hasOrder = true;
    const [day, month] = this.order === "day first" ? [a, b] : [b, a];
    if (month > 12 && day <= 12) throw new OtherOrder();
    if (day > 12) this.isOrderCertain = true;
    return this.#compose(fullYear(match[3] as string), month, day, match.slice(4));
  }

  #compose(year: number, month: number, day: number, rest: readonly (string | undefined)[]): number {
    const [hour = "0", minute = "0", , half, zone] = rest;
    const ahead = zone === undefined ? Number.NaN : offsetMinutes(zone);
    this.offsets.add(ahead);
    const moment = momentOf(year, month, day) + minuteOf(hour, minute, half);
    return zone === undefined ? moment : moment - ahead;
  }
}

function refuseMoment(row: Row, index: number) {
  const text = (row.cells[index] ?? "").slice(0, 20);
  return refuseCell(row, index, `${JSON.stringify(text)} is not a date and time`);
}

function momentOf(year: number, month: number, day: number): number {
  const ms = Date.UTC(year, month - 1, day);
  const isDay = month >= 1 && month <= 12 && day >= 1 && new Date(ms).getUTCDate() === day;
  return isDay ? ms / 60_000 : Number.NaN;
}

function minuteOf(hourText: string, minuteText: string, half: string | undefined): number {
  let hour = Number(hourText);
  const minute = Number(minuteText);
  if (half !== undefined) hour = (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  if (hour > 24 || minute > 59 || (hour === 24 && minute > 0)) return Number.NaN;
  return hour * 60 + minute;
}

function clockMinute(text: string): number {
  const match = clockAlone.exec(text);
  return match === null ? Number.NaN : minuteOf(match[1] as string, match[2] as string, match[4]);
}

function offsetMinutes(zone: string): number {
  const match = /([+-])(\d{2}):?(\d{2})/.exec(zone);
  if (match === null) return 0;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

function fullYear(text: string): number {
  if (text.length === 4) return Number(text);
  return Number(text) + (Number(text) < 70 ? 2000 : 1900);
}

function fromJapanese(text: string): string {
  return text
    .replace(/(\d+)年(\d+)月(\d+)日\s*/, "$1-$2-$3 ")
    .replace(/(\d+)時(?:(\d+)分)?.*/, (_, hour, minute = "0") => `${hour}:${minute.padStart(2, "0")}`)
    .trim();
}
