import { InputFileError } from "../series/input-file-error.ts";
import { isDayOf, minutesPerDay } from "../series/input-series.ts";
import type { Labels } from "./layout.ts";
import type { ReadingList } from "./readings.ts";

/** Places of readings in order of their moments, those of one moment as they stand; null where they stand so. */
export function sortOrder({ minutes }: ReadingList): Uint32Array | null {
  let isSorted = true;
  for (let index = 1; isSorted && index < minutes.length; index++)
    isSorted = (minutes[index] as number) >= (minutes[index - 1] as number);
  if (isSorted) return null;
  const order = Uint32Array.from(minutes, (_, index) => index);
  return order.sort((a, b) => (minutes[a] as number) - (minutes[b] as number) || a - b);
}

/** The most common time between readings that follow one another. */
export function findStep(
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
export function stepOfCount(file: string, lists: readonly ReadingList[], notes: string[]): number {
  const count = Math.max(...lists.map(({ length }) => length));
  const points = [365, 366].map((days) => count / days).find(isDayOf);
  const found = points === undefined ? undefined : minutesPerDay / points;
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
export function guessLabels(
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
