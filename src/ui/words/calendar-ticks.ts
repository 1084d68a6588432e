/**
 * Ticks of a time axis, by the emulator's own calendar: whole minutes, hours, days, months or years of
 * simulated time, wherever the browser stands. Times are Unix seconds that stand for the simulated calendar, so
 * every date is read and made in UTC, which knows no other zone and no summer time.
 */

type Unit = "second" | "day" | "month" | "year";
type Step = readonly [count: number, unit: Unit];

const lengthsS: Readonly<Record<Unit, number>> = {
  second: 1,
  day: 86_400,
  month: 30.4 * 86_400,
  year: 365.25 * 86_400,
};

/** Steps that an axis may have; days count within their month, months within their year. */
const steps: readonly Step[] = [
  ...[1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 10_800, 21_600, 43_200].map(
    (count): Step => [count, "second"],
  ),
  ...[1, 2, 7, 14].map((count): Step => [count, "day"]),
  ...[1, 2, 3, 6].map((count): Step => [count, "month"]),
  ...[1, 2, 5, 10, 20, 50, 100].map((count): Step => [count, "year"]),
];

interface Tick {
  readonly second: number;
  /** What changes from tick to tick. */
  readonly label: string;
  /** What the label leaves out, at the first tick and wherever it changes: the date below a day, else the year. */
  readonly context: string;
}

/** At most `most` ticks, and at least one where the calendar has one, from `fromS` to `toS`. */
export function listTicks(fromS: number, toS: number, most: number): Tick[] {
  const least = (toS - fromS) / Math.max(1, most);
  const step = steps.find(([count, unit]) => count * lengthsS[unit] >= least) ?? ([1000, "year"] as const);
  let told = "";
  return listMoments(fromS, toS, step).map((second) => {
    const [date, time] = splitMoment(second);
    const [label, context] = writeTick(step, date, time);
    const isNew = context !== told;
    told = context;
    return { second, label, context: isNew ? context : "" };
  });
}

function writeTick([count, unit]: Step, date: string, time: string): readonly [string, string] {
  if (unit === "second") return [count < 60 ? time : time.slice(0, 5), date];
  if (unit === "day") return [date.slice(5), date.slice(0, 4)];
  return unit === "month" ? [date.slice(0, 7), ""] : [date.slice(0, 4), ""];
}

function listMoments(fromS: number, toS: number, step: Step): number[] {
  const [count, unit] = step;
  if (unit === "second") {
    const first = Math.ceil(fromS / count);
    const length = Math.max(0, Math.floor(toS / count) - first + 1);
    return Array.from({ length }, (_, index) => (first + index) * count);
  }
  const begin = new Date(fromS * 1000);
  const moments: number[] = [];
  let year = begin.getUTCFullYear();
  let month = unit === "year" ? 0 : begin.getUTCMonth();
  if (unit === "year") year -= year % count;
  if (unit === "month") month -= month % count;
  for (;;) {
    for (const day of unit === "day" ? daysOf(year, month, count) : [1]) {
      const second = Date.UTC(year, month, day) / 1000;
      if (second > toS) return moments;
      if (second >= fromS) moments.push(second);
    }
    if (unit === "year") year += count;
    else month += unit === "month" ? count : 1;
  }
}

/** Every `count`-th day of a month from its first; the last is left out where the next month is nearer than half a step. */
function daysOf(year: number, month: number, count: number): number[] {
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const days: number[] = [];
  for (let day = 1; day <= length; day += count) {
    if (count === 1 || length + 1 - day > count / 2) days.push(day);
  }
  return days;
}

/** `2020-01-03` and `05:07:09` of a Unix second. */
export function splitMoment(second: number): readonly [date: string, time: string] {
  const text = new Date(Math.floor(second) * 1000).toISOString();
  return [text.slice(0, -14), text.slice(-13, -5)];
}
