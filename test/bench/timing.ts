export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The value that `percent` of all values do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}

/** Milliseconds that `work` takes. */
export async function timeMs(work: () => unknown): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

/** The times of `count` runs of both, in turn, so that what else the machine does falls on either [ms]. */
export async function timeInTurn(
  count: number,
  one: () => unknown,
  other: () => unknown,
): Promise<[oneMs: number[], otherMs: number[]]> {
  const [oneMs, otherMs]: [number[], number[]] = [[], []];
  for (let run = 0; run < count; run++) {
    oneMs.push(await timeMs(one));
    otherMs.push(await timeMs(other));
  }
  return [oneMs, otherMs];
}

/** The times of `count` runs of `work`, one after the other [ms]. */
export async function timeRuns(count: number, work: () => unknown): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < count; run++) times.push(await timeMs(work));
  return times;
}
