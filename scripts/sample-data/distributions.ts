import { exp, power, square } from "./exact-math.ts";

/**
 * Probability that a standard normal number is smaller; error below 7.5e-8 (Abramowitz and Stegun, Handbook
 * of Mathematical Functions, 1964, formula 26.2.17).
 */
export function normalProbability(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
  return x > 0 ? 1 - tail : tail;
}

const tableSteps = 2000;

/**
 * Quantile function of the Beta distribution on [low, high] with this mean and standard deviation, from a
 * table of its integrated density; both shape parameters must be 1 or more.
 */
export function createBetaQuantile(
  low: number,
  high: number,
  mean: number,
  standardDeviation: number,
): (probability: number) => number {
  const m = (mean - low) / (high - low);
  const v = square(standardDeviation / (high - low));
  const total = (m * (1 - m)) / v - 1;
  const cumulative = integrateBeta(m * total, (1 - m) * total);
  return (probability) => low + (high - low) * invert(cumulative, probability);
}

/** The unnormalised integral of the density at `tableSteps + 1` points of [0, 1], by midpoints. */
function integrateBeta(alpha: number, beta: number): Float64Array {
  const cumulative = new Float64Array(tableSteps + 1);
  for (let step = 0; step < tableSteps; step++) {
    const x = (step + 0.5) / tableSteps;
    const density = power(x, alpha - 1) * power(1 - x, beta - 1);
    cumulative[step + 1] = (cumulative[step] as number) + density;
  }
  return cumulative;
}

/** Where a rising table over [0, 1] reaches this share of its last value. */
function invert(cumulative: Float64Array, share: number): number {
  const target = share * (cumulative[tableSteps] as number);
  const above = Math.max(
    1,
    cumulative.findIndex((value) => value >= target),
  );
  const before = cumulative[above - 1] as number;
  const fraction = (target - before) / ((cumulative[above] as number) - before);
  return (above - 1 + fraction) / tableSteps;
}
