import { InputFileError } from "../series/input-file-error.ts";
import { largestPower } from "../series/input-series.ts";
import { formatDate } from "../series/read-date.ts";
import { fillGaps, type Gap } from "./fill-gaps.ts";
import type { ImportOptions } from "./import-options.ts";
import type { Labels, Understanding } from "./layout.ts";
import type { Quantity } from "./quantity.ts";
import type { ReadingList } from "./readings.ts";
import { SummerTime } from "./summer-time.ts";
import { isEnergy, isIrradiance, type UnitName, wattsPer } from "./units.ts";

const minutesPerDay = 1440;
/** Months of different years are laid one after the other in this year, which has no 29 February. */
const typicalYear = 2021;

/** What became of the readings of one series. Energies are in Wh, or Wh/m² of irradiance. */
export interface SeriesAccount {
  /** Values that the file holds, and cells that say that one is missing. */
  readings: number;
  missing: number;
  /** Readings at a moment that had one before: equal to it, or not. The first counts. */
  repeated: number;
  contradicting: number;
  /** Readings on days that are not kept. */
  outside: number;
  filled: number;
  readonly gaps: Gap[];
  negatives: number;
  lowest: { readonly value: number; readonly row: number } | null;
  highest: { readonly value: number; readonly row: number };
  /** Sum of what the file holds, and of what came of it. */
  fileEnergyWh: number;
  energyWh: number;
}

/** A series on its grid: whole days, no gap, W or W/m². */
export interface SettledSeries {
  readonly quantity: Quantity;
  readonly label: string;
  readonly stepMinutes: number;
  readonly kind: "points" | "means";
  /** Days since 1970-01-01; counted from 0 where the file has no dates. */
  readonly firstDay: number;
  readonly days: number;
  readonly isDated: boolean;
  readonly values: Float64Array;
  readonly account: SeriesAccount;
}

/** How a whole file was understood in the end. */
export interface SettledFile {
  readonly unit: UnitName;
  readonly isUnitAssumed: boolean;
  readonly labels: Labels;
  readonly stepMinutes: number;
  readonly series: readonly SettledSeries[];
  /** What was done or assumed, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Lays the readings of a file on a grid of whole days. @throws InputFileError if they have no step that divides a day, no
 * common day, or what the options refuse
 */
export function settle(
  file: string,
  lists: readonly ReadingList[],
  understood: Understanding,
  offsets: ReadonlySet<number>,
  options: ImportOptions,
): SettledFile {
  if (lists.length === 0) throw new InputFileError(file, null, null, "no readings of the homes wanted");
  const notes = [...understood.notes];
  const orders = lists.map(sortOrder);
  const stepMinutes = understood.isCounted ? stepOfCount(file, lists, notes) : findStep(file, lists, orders);
  const labels = options.labels ?? understood.labels ?? guessLabels(lists, orders, stepMinutes);
  const { unit, isUnitAssumed } = findUnit(lists, understood, options);
  const grid = new Grid(file, stepMinutes, labels, understood, offsets, options, notes);
  const isMixed = new Set(lists.map((list) => list.quantity === "irradiance")).size > 1;
  const groups = new Map<Quantity, ReadingList[]>();
  for (const list of lists) {
    const quantity = isMixed ? list.quantity : quantityOf(list, unit);
    groups.set(quantity, [...(groups.get(quantity) ?? []), list]);
  }
  const series: SettledSeries[] = [];
  for (const [quantity, group] of groups) {
    const unitOfGroup = isIrradiance(unit) === (quantity === "irradiance") ? unit : usualUnit(quantity);
    const laid = group.map((list) => grid.lay(list));
    const range = commonDays(file, quantity, laid, minutesPerDay / stepMinutes);
    const settled = laid.map((one) =>
      grid.finish(one, range, quantity, wattsPer(unitOfGroup, stepMinutes), unitOfGroup),
    );
    series.push(...addParts(settled));
  }
  return { unit, isUnitAssumed, labels, stepMinutes, series, notes };
}

function findUnit(lists: readonly ReadingList[], understood: Understanding, options: ImportOptions) {
  const isSun = lists.every(({ quantity }) => quantity === "irradiance");
  const said = options.unit ?? understood.unit;
  return { unit: said ?? (isSun ? "W/m2" : "kW"), isUnitAssumed: said === null } as const;
}

function usualUnit(quantity: Quantity): UnitName {
  return quantity === "irradiance" ? "W/m2" : "kW";
}

/** The unit has the last word on whether the series of a file are irradiance, where they are not of both kinds. */
function quantityOf({ quantity }: ReadingList, unit: UnitName): Quantity {
  if (isIrradiance(unit)) return "irradiance";
  return quantity === "irradiance" ? "pv" : quantity;
}

/** Places of readings in order of their moments, those of one moment as they stand; null where they stand so. */
function sortOrder({ minutes }: ReadingList): Uint32Array | null {
  let isSorted = true;
  for (let index = 1; isSorted && index < minutes.length; index++)
    isSorted = (minutes[index] as number) >= (minutes[index - 1] as number);
  if (isSorted) return null;
  const order = Uint32Array.from(minutes, (_, index) => index);
  return order.sort((a, b) => (minutes[a] as number) - (minutes[b] as number) || a - b);
}

/** The most common time between readings that follow one another. */
function findStep(
  file: string,
  lists: readonly ReadingList[],
  orders: readonly (Uint32Array | null)[],
): number {
  const times = new Map<number, number>();
  let repeats = 0;
  let readings = 0;
  for (const [at, { minutes }] of lists.entries()) {
    const order = orders[at];
    readings += minutes.length;
    let before = Number.NaN;
    for (let index = 0; index < minutes.length; index++) {
      const minute = minutes[order == null ? index : (order[index] as number)] as number;
      const step = minute - before;
      if (step > 0) times.set(step, (times.get(step) ?? 0) + 1);
      else if (step === 0) repeats += 1;
      before = minute;
    }
  }
  const row = lists[0]?.rows[0] ?? null;
  if (times.size === 0)
    throw new InputFileError(file, row, null, "no two moments follow one another: no step is known");
  const [step] = [...times].reduce((a, b) => (b[1] > a[1] ? b : a));
  if (repeats > readings / 2)
    throw new InputFileError(
      file,
      row,
      null,
      "most moments stand there more than once; steps are 1 minute or more, and homes have to be told apart",
    );
  if (step <= 60 && minutesPerDay % step === 0) return step;
  throw new InputFileError(
    file,
    row,
    null,
    `values stand ${step} minutes apart; allowed: steps of 1 to 60 minutes that divide a day`,
  );
}

/** The step of values without moments: that which makes them a year, else an hour. */
function stepOfCount(file: string, lists: readonly ReadingList[], notes: string[]): number {
  const count = Math.max(...lists.map(({ length }) => length));
  const ofYear = [365, 366].map((days) => (minutesPerDay * days) / count);
  const found = ofYear.find(
    (step) => Number.isInteger(step) && step >= 1 && step <= 60 && minutesPerDay % step === 0,
  );
  if (found === undefined && count < 24)
    throw new InputFileError(
      file,
      null,
      null,
      `${count} values are no day; a value a row stands for an hour, or less if they make a year`,
    );
  notes.push(
    found === undefined
      ? "a value a row is taken for an hour"
      : `${count} values are a year of steps of ${found} minutes`,
  );
  return found ?? 60;
}

/** Values end at their labels where days begin a step late and end at midnight. */
function guessLabels(
  lists: readonly ReadingList[],
  orders: readonly (Uint32Array | null)[],
  step: number,
): Labels {
  const isEnd = lists.every(({ minutes, length }, at) => {
    const order = orders[at];
    const first = minutes[order == null ? 0 : (order[0] as number)] as number;
    const last = minutes[order == null ? length - 1 : (order[length - 1] as number)] as number;
    return first % minutesPerDay === step && last % minutesPerDay === 0;
  });
  return isEnd ? "end" : "begin";
}

/** Readings with the steps, counted from 1970, in which they belong; −1 for those that belong in none. */
interface Laid {
  readonly list: ReadingList;
  readonly slots: Int32Array;
  readonly account: SeriesAccount;
}

interface DayRange {
  readonly firstDay: number;
  readonly days: number;
}

class Grid {
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
    const slots = new Int32Array(minutes.length);
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

function emptyAccount(): SeriesAccount {
  return {
    readings: 0,
    missing: 0,
    repeated: 0,
    contradicting: 0,
    outside: 0,
    filled: 0,
    gaps: [],
    negatives: 0,
    lowest: null,
    highest: { value: 0, row: 0 },
    fileEnergyWh: 0,
    energyWh: 0,
  };
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
function commonDays(file: string, quantity: Quantity, laid: readonly Laid[], perDay: number): DayRange {
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

/** Adds up the parts of each series. */
function addParts(series: readonly SettledSeries[]): SettledSeries[] {
  const byLabel = new Map<string, SettledSeries>();
  for (const part of series) {
    const known = byLabel.get(part.label);
    if (known === undefined) byLabel.set(part.label, part);
    else byLabel.set(part.label, addSeries(known, part));
  }
  return [...byLabel.values()];
}

function addSeries(a: SettledSeries, b: SettledSeries): SettledSeries {
  const values = a.values.map((value, index) => value + (b.values[index] as number));
  const [one, two] = [a.account, b.account];
  const account: SeriesAccount = {
    readings: one.readings + two.readings,
    missing: one.missing + two.missing,
    repeated: one.repeated + two.repeated,
    contradicting: one.contradicting + two.contradicting,
    outside: one.outside + two.outside,
    filled: one.filled + two.filled,
    gaps: [...one.gaps, ...two.gaps],
    negatives: one.negatives + two.negatives,
    lowest: (one.lowest?.value ?? 0) <= (two.lowest?.value ?? 0) ? one.lowest : two.lowest,
    highest: one.highest.value >= two.highest.value ? one.highest : two.highest,
    fileEnergyWh: one.fileEnergyWh + two.fileEnergyWh,
    energyWh: one.energyWh + two.energyWh,
  };
  return { ...a, values, account };
}
