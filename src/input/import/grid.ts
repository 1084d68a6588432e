import { InputFileError } from "../series/input-file-error.ts";
import { largestPower, minutesPerDay } from "../series/input-series.ts";
import { formatDate } from "../series/read-date.ts";
import { fillGaps } from "./fill-gaps.ts";
import type { ImportOptions } from "./import-options.ts";
import type { Labels, Understanding } from "./layout.ts";
import type { Quantity } from "./quantity.ts";
import type { ReadingList } from "./readings.ts";
import { emptyAccount, type SettledSeries } from "./settled-series.ts";
import { SummerTime } from "./summer-time.ts";
import { isEnergy, type UnitName } from "./units.ts";

/** Months of different years are laid one after the other in this year, which has no 29 February. */
const typicalYear = 2021;

/** Readings with the steps, counted from 1970, in which they belong; −1 for those that belong in none. */
interface Laid {
  readonly list: ReadingList;
  readonly slots: Int32Array;
  readonly account: SettledSeries["account"];
}

interface DayRange {
  readonly firstDay: number;
  readonly days: number;
}

/** The steps of whole days on which the readings of a file are laid. */
export class Grid {
  readonly #file: string;
  readonly #step: number;
  readonly #labels: Labels;
  readonly #understood: Understanding;
  readonly #options: ImportOptions;
  readonly #notes: string[];
  readonly #summerTime: SummerTime | null;
  /** Minutes to add to moments that were read as UTC, since they had offsets beside them. */
  readonly #offset: number;

  constructor(
    file: string,
    step: number,
    labels: Labels,
    understood: Understanding,
    offsets: ReadonlySet<number>,
    options: ImportOptions,
    notes: string[],
  ) {
    this.#file = file;
    this.#step = step;
    this.#labels = labels;
    this.#understood = understood;
    this.#options = options;
    this.#notes = notes;
    const known = [...offsets].filter((offset) => !Number.isNaN(offset));
    this.#offset = known.length === 0 ? 0 : Math.min(...known);
    if (known.length > 0) this.#noteOffsets(known, known.length < offsets.size);
    // A clock in UTC, at an offset or of weather data has no summer time.
    const isLocal = known.length === 0 && !understood.isStandardTime && understood.isDated;
    this.#summerTime = options.dst === null || !isLocal ? null : new SummerTime(options.dst);
    if (this.#summerTime !== null)
      notes.push(`summer time of ${options.dst} was taken out: all days are of its standard time`);
  }

  #noteOffsets(known: readonly number[], isMixed: boolean): void {
    const shown = `${this.#offset < 0 ? "−" : "+"}${Math.abs(this.#offset) / 60} h`;
    if (isMixed)
      throw new InputFileError(
        this.#file,
        null,
        null,
        "some moments have an offset from UTC and some have none",
      );
    if (known.length > 1)
      this.#notes.push(`moments have offsets from UTC; all were taken to the least, ${shown}`);
    else if (this.#offset !== 0) this.#notes.push(`moments are at UTC ${shown}, and kept so`);
    else {
      this.#understood.isUtc = true;
      this.#understood.zone = "UTC, as it stands beside the moments";
    }
  }

  lay(list: ReadingList): Laid {
    const { minutes } = list;
    const step = this.#step;
    const early = this.#labels === "end" ? step : 0;
    // They take the place of the moments, which nobody looks at again.
    const slots = minutes;
    const clock = this.#understood.isCounted ? step : 1;
    const typical = this.#understood.mayBeTypical && isOfSeveralYears(minutes, step);
    const seen = new Set<number>();
    for (let index = 0; index < minutes.length; index++) {
      let minute = (minutes[index] as number) * clock + this.#offset - early;
      if (this.#summerTime !== null) minute -= this.#summerAhead(minute, seen);
      slots[index] = typical ? toTypicalYear(minute, step) : Math.floor(minute / step);
    }
    if (typical) {
      const note = `months are of different years: they are laid one after the other in ${typicalYear}`;
      if (!this.#notes.includes(note)) this.#notes.push(note);
    }
    return { list, slots, account: emptyAccount() };
  }

  #summerAhead(minute: number, seen: Set<number>): number {
    const summer = this.#summerTime as SummerTime;
    const ahead = summer.aheadAt(minute);
    if (!Number.isNaN(ahead)) return ahead;
    if (seen.has(minute)) return 0;
    seen.add(minute);
    return summer.ahead;
  }

  finish(
    { list, slots, account }: Laid,
    range: DayRange,
    quantity: Quantity,
    watts: number,
    unit: UnitName,
  ): SettledSeries {
    const perDay = minutesPerDay / this.#step;
    const laid = new Float64Array(range.days * perDay).fill(Number.NaN);
    this.#place({ list, slots, account }, laid, range.firstDay * perDay, watts, quantity);
    list.release();
    const turned = this.#toStandardTime(laid, quantity);
    const isLeapDay = (day: number) => formatDate(range.firstDay + day).endsWith("-02-29");
    const drops = this.#options.leapDay === "drop" && this.#understood.isDated;
    const kept = drops ? turned.filter((_, index) => !isLeapDay(Math.floor(index / perDay))) : turned;
    const place = { file: this.#file, label: list.label, firstDay: range.firstDay, stepMinutes: this.#step };
    account.gaps.push(...fillGaps(kept, place, this.#options.gap));
    account.filled = account.gaps.reduce((sum, { steps }) => sum + steps, 0);
    account.energyWh = (kept.reduce((sum, value) => sum + value, 0) * this.#step) / 60;
    return {
      quantity,
      label: list.label,
      stepMinutes: this.#step,
      kind: this.#understood.isOfMeans || isEnergy(unit) || this.#labels === "end" ? "means" : "points",
      firstDay: range.firstDay,
      days: kept.length / perDay,
      isDated: this.#understood.isDated,
      values: kept,
      account,
    };
  }

  #place(
    { list, slots, account }: Laid,
    laid: Float64Array,
    firstSlot: number,
    watts: number,
    quantity: Quantity,
  ): void {
    const { values, rows } = list;
    const hoursOfStep = this.#step / 60;
    for (let index = 0; index < values.length; index++) {
      const given = values[index] as number;
      if (Number.isNaN(given)) {
        account.missing += 1;
        continue;
      }
      account.readings += 1;
      const at = (slots[index] as number) - firstSlot;
      const row = rows[index] as number;
      const value = given * watts;
      const known = laid[at];
      if (known !== undefined && !Number.isNaN(known)) {
        if (known === Math.max(0, value)) account.repeated += 1;
        else account.contradicting += 1;
        continue;
      }
      account.fileEnergyWh += value * hoursOfStep;
      if (known === undefined) {
        account.outside += 1;
        continue;
      }
      if (value > largestPower)
        throw new InputFileError(this.#file, row, null, `${given} is above ${largestPower} W`);
      if (value > account.highest.value) account.highest = { value, row };
      if (value < 0) {
        account.negatives += 1;
        if (value < (account.lowest?.value ?? 0)) account.lowest = { value, row };
      }
      laid[at] = Math.max(0, value);
    }
    if (account.lowest === null || this.#options.negative === "zero") return;
    // Sensors of irradiance show a little less than nothing at night.
    if (quantity === "irradiance" && account.lowest.value >= -20) return;
    const many = account.negatives === 1 ? "1 value is negative" : `${account.negatives} values are negative`;
    throw new InputFileError(
      this.#file,
      account.lowest.row,
      null,
      `${many}, the lowest ${Number(account.lowest.value.toPrecision(6))} W; --negative zero reads them as 0`,
    );
  }

  /** The sun in UTC, turned by whole steps to the place's standard time. */
  #toStandardTime(values: Float64Array, quantity: Quantity): Float64Array {
    const { isUtc, standardOffsetHours } = this.#understood;
    if (!isUtc || quantity === "demand") return values;
    const hours = this.#options.zone ?? standardOffsetHours;
    const note =
      hours === null
        ? "the file is in UTC and its place is not known: it stays in UTC; --zone HOURS moves it"
        : `moved from UTC by ${hours} h to the place's standard time; what leaves the data at one end enters at the other`;
    if (!this.#notes.includes(note)) this.#notes.push(note);
    const turn = Math.round(((hours ?? 0) * 60) / this.#step);
    const { length } = values;
    return values.map((_, index) => values[(((index - turn) % length) + length) % length] as number);
  }
}

/** Whether readings leave out so much between their first and last that they are months of different years. */
function isOfSeveralYears(minutes: Int32Array, step: number): boolean {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const minute of minutes) {
    first = Math.min(first, minute);
    last = Math.max(last, minute);
  }
  return last - first > 1.5 * minutes.length * step;
}

function toTypicalYear(minute: number, step: number): number {
  const date = new Date(minute * 60_000);
  if (date.getUTCMonth() === 1 && date.getUTCDate() === 29) return -1;
  date.setUTCFullYear(typicalYear);
  return Math.floor(date.getTime() / 60_000 / step);
}

/** The days that all series have. A day at an end belongs to them if half of its steps are there. */
export function commonDays(
  file: string,
  quantity: Quantity,
  laid: readonly Laid[],
  perDay: number,
): DayRange {
  const ranges = laid.map(({ list, slots }) => ({ list, ...daysOf(slots, perDay) }));
  const late = ranges.reduce((a, b) => (b.first > a.first ? b : a));
  const early = ranges.reduce((a, b) => (b.last < a.last ? b : a));
  if (early.last >= late.first) return { firstDay: late.first, days: early.last - late.first + 1 };
  const name = quantity === "irradiance" ? "the sun" : `home ${late.list.label}`;
  if (late === early || late.list.label === early.list.label)
    throw new InputFileError(file, late.list.rows[0] ?? null, null, `${name} has no whole day`);
  throw new InputFileError(
    file,
    late.list.rows[0] ?? null,
    null,
    `home ${late.list.label} begins on ${formatDate(late.first)}, after home ${early.list.label} ends on ${formatDate(early.last)}: they share no day; --homes chooses some`,
  );
}

function daysOf(slots: Int32Array, perDay: number): { first: number; last: number } {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const slot of slots) {
    if (slot === -1) continue;
    least = Math.min(least, slot);
    greatest = Math.max(greatest, slot);
  }
  const [first, last] = [Math.floor(least / perDay), Math.floor(greatest / perDay)];
  let [ofFirst, ofLast] = [0, 0];
  for (const slot of slots) {
    if (slot < (first + 1) * perDay && slot !== -1) ofFirst += 1;
    if (slot >= last * perDay) ofLast += 1;
  }
  return { first: ofFirst * 2 >= perDay ? first : first + 1, last: ofLast * 2 >= perDay ? last : last - 1 };
}
