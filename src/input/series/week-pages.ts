import { aheadOf, type Pages, pointOf, type Series } from "../../simulation/series.ts";

/** Days of a page: long enough that a year is few of them, short enough that one of each home is little. */
export const daysPerPage = 7;

const secondsPerPage = daysPerPage * 86_400;
const none = new Float32Array();

/**
 * A series of which the two weeks that were looked at last are in memory. A week is read at once, so that nothing comes
 * between acting and observing.
 */
class WeekPages implements Pages {
  readonly length: number;
  readonly #pageLength: number;
  readonly #read: (page: number) => Series["values"];
  #values: Series["values"] = none;
  #begin = 0;
  #otherValues: Series["values"] = none;
  #otherBegin = 0;

  constructor(length: number, pageLength: number, read: (page: number) => Series["values"]) {
    this.length = length;
    this.#pageLength = pageLength;
    this.#read = read;
  }

  at(index: number): number {
    const place = index - this.#begin;
    if (place >= 0 && place < this.#values.length) return this.#values[place] as number;
    return this.#turnTo(index);
  }

  #turnTo(index: number): number {
    const [values, begin] = [this.#otherValues, this.#otherBegin];
    this.#otherValues = this.#values;
    this.#otherBegin = this.#begin;
    const page = Math.floor(index / this.#pageLength);
    const isOther = begin === page * this.#pageLength && index - begin < values.length;
    this.#begin = page * this.#pageLength;
    this.#values = isOther ? values : this.#read(page);
    return this.#values[index - this.#begin] as number;
  }
}

/** A series of `days` days, each week of which `read` gives when somebody looks at it. */
export function pageByWeeks(
  { stepS, isMeans }: Pick<Series, "stepS" | "isMeans">,
  days: number,
  read: (week: number) => Series["values"],
): Series {
  const pages = new WeekPages((days * 86_400) / stepS, secondsPerPage / stepS, read);
  return isMeans === true ? { stepS, values: none, isMeans, pages } : { stepS, values: none, pages };
}

/** The same series with a value every `stepS`, which divides its step; a week is worked out when somebody looks at it. */
export function refineByWeeks(series: Series, stepS: number, repeat: boolean): Series {
  const parts = series.stepS / stepS;
  const length = series.pages?.length ?? series.values.length;
  const ahead = aheadOf(series);
  const perWeek = secondsPerPage / series.stepS;
  return pageByWeeks({ ...series, stepS }, (length * series.stepS) / 86_400, (week) => {
    const first = week * perWeek;
    const refined = new Float64Array(Math.min(perWeek, length - first) * parts);
    for (let index = first, at = 0; at < refined.length; index++) {
      const value = pointOf(series, index, repeat);
      const next = pointOf(series, index + ahead, repeat);
      for (let part = 0; part < parts; part++) refined[at++] = value + (next - value) * (part / parts);
    }
    return refined;
  });
}
