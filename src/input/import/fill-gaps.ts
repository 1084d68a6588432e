import { InputFileError } from "../series/input-file-error.ts";
import { formatDate } from "../series/read-date.ts";
import type { ImportOptions } from "./import-options.ts";

/** Steps without a value that follow one another. */
export interface Gap {
  /** Its beginning, `2020-01-31 06:30`. */
  readonly from: string;
  readonly steps: number;
}

interface Place {
  readonly file: string;
  readonly label: string;
  readonly firstDay: number;
  readonly stepMinutes: number;
}

/** Fills what is NaN in `values` and tells where. @throws InputFileError if it is to be refused, or nothing is there */
export function fillGaps(values: Float64Array, place: Place, rule: ImportOptions["gap"]): Gap[] {
  const perDay = 1440 / place.stepMinutes;
  const gaps: Gap[] = [];
  const bounds: [start: number, end: number][] = [];
  for (let start = 0; start < values.length; start++) {
    if (!Number.isNaN(values[start])) continue;
    let end = start;
    while (end < values.length && Number.isNaN(values[end])) end += 1;
    bounds.push([start, end]);
    gaps.push({ from: momentOf(start, place), steps: end - start });
    start = end;
  }
  if (gaps.length === 0) return gaps;
  const { file, label } = place;
  if (gaps[0]?.steps === values.length) throw new InputFileError(file, null, null, `${label} has no value`);
  if (rule === "refuse") {
    const steps = gaps.reduce((sum, gap) => sum + gap.steps, 0);
    const many = `${steps} ${steps === 1 ? "value is" : "values are"} missing of ${label}, the first at ${gaps[0]?.from}`;
    throw new InputFileError(file, null, null, `${many}; --gap hold, interpolate or day-before fills them`);
  }
  for (const [start, end] of bounds) fill(values, start, end, perDay, rule);
  return gaps;
}

function fill(
  values: Float64Array,
  start: number,
  end: number,
  perDay: number,
  rule: ImportOptions["gap"],
): void {
  const before = values[start - 1];
  const after = values[end];
  for (let index = start; index < end; index++) {
    const share = (index - start + 1) / (end - start + 1);
    const near = before ?? after ?? 0;
    const otherDay = values[index - perDay] ?? values[index + perDay] ?? near;
    if (rule === "day-before") values[index] = Number.isNaN(otherDay) ? near : otherDay;
    else if (rule === "interpolate") values[index] = near + ((after ?? near) - near) * share;
    else values[index] = near;
  }
}

function momentOf(step: number, { firstDay, stepMinutes }: Place): string {
  const minute = step * stepMinutes;
  const [hours, minutes] = [Math.floor((minute % 1440) / 60), minute % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  return `${formatDate(firstDay + Math.floor(minute / 1440))} ${hours}:${minutes}`;
}
