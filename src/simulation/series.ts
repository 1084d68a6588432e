/**
 * Equally spaced values over simulated time (docs/model.md, 2.2; specification, section 9). `values[i]` holds at simulated
 * second `i * stepS`, and the series is linear in between; or, of means, it holds from there until the next.
 * Solar series hold W/m² (or W of PV power), demand series hold W.
 */
export interface Series {
  readonly stepS: number;
  /** All of them; none where they are read page by page. */
  readonly values: Uint16Array | Float32Array | Float64Array;
  readonly isMeans?: boolean;
  readonly pages?: Pages;
}

/** Values of which only those are in memory that are being looked at. Whoever asks for one waits for nobody. */
export interface Pages {
  readonly length: number;
  at(index: number): number;
}

/** The value of a series at its point `index`; past its end it repeats or keeps its last. */
export function pointOf({ values, pages }: Series, index: number, repeat: boolean): number {
  if (pages === undefined) return values[placeOf(index, values.length, repeat)] as number;
  return pages.at(placeOf(index, pages.length, repeat));
}

/** Place after a step's own value of the value that it leads to: its own where it holds a mean. */
export function aheadOf(series: Series): 0 | 1 {
  return series.isMeans === true ? 0 : 1;
}

/** Index of the step of `stepS` seconds in which `timeS` lies. A step holds its beginning, not its end. */
export function stepAt(timeS: number, stepS: number): number {
  const index = Math.floor(timeS / stepS);
  // The quotient may have been rounded up to a step that has not begun.
  return index * stepS > timeS ? index - 1 : index;
}

/** The first multiple of `stepS` after `timeS` [s]. */
export function nextPointS(timeS: number, stepS: number): number {
  return (stepAt(timeS, stepS) + 1) * stepS;
}

/** Place in a series of `length` points of its point `index`; past its end it repeats or keeps its last. */
export function placeOf(index: number, length: number, repeat: boolean): number {
  if (index < length) return index;
  return repeat ? index % length : length - 1;
}

/** The same series with a value every `stepS`, which divides the step of `series`. */
export function refineSeries(series: Series, stepS: number, repeat: boolean): Series {
  const { values, isMeans } = series;
  const parts = series.stepS / stepS;
  const refined = Float64Array.from({ length: values.length * parts }, (_, i) => {
    const index = Math.floor(i / parts);
    const value = pointOf(series, index, repeat);
    const next = pointOf(series, index + aheadOf(series), repeat);
    return value + (next - value) * ((i - index * parts) / parts);
  });
  return isMeans === true ? { stepS, values: refined, isMeans } : { stepS, values: refined };
}
