/** The stretch of simulated time that charts show: the newest `lengthS`, everything, or a chosen span. */
export type TimeRange =
  | { readonly kind: "newest"; readonly lengthS: number }
  | { readonly kind: "all" }
  | { readonly kind: "span"; readonly fromS: number; readonly toS: number };

interface Span {
  readonly fromS: number;
  readonly toS: number;
}

/** Shortest span that can be zoomed to [s]. */
const shortestS = 600;

/** The span that a range means when simulated time is `nowS`. */
export function resolveRange(range: TimeRange, nowS: number): Span {
  if (range.kind === "span") return { fromS: Math.min(range.fromS, nowS), toS: Math.min(range.toS, nowS) };
  const lengthS = range.kind === "all" ? nowS : range.lengthS;
  return { fromS: Math.max(0, nowS - lengthS), toS: nowS };
}

/** Makes the span `factor` times as long about its middle, within the time that there is. */
export function zoomRange(range: TimeRange, nowS: number, factor: number): TimeRange {
  const { fromS, toS } = resolveRange(range, nowS);
  const lengthS = Math.min(Math.max((toS - fromS) * factor, shortestS), nowS);
  return placeSpan((fromS + toS) / 2 - lengthS / 2, lengthS, nowS);
}

/** Moves the span by `share` of its length: negative is earlier. */
export function shiftRange(range: TimeRange, nowS: number, share: number): TimeRange {
  const { fromS, toS } = resolveRange(range, nowS);
  return placeSpan(fromS + (toS - fromS) * share, toS - fromS, nowS);
}

function placeSpan(wantedFromS: number, lengthS: number, nowS: number): TimeRange {
  if (lengthS >= nowS) return { kind: "all" };
  const fromS = Math.max(0, Math.min(wantedFromS, nowS - lengthS));
  return { kind: "span", fromS, toS: fromS + lengthS };
}
