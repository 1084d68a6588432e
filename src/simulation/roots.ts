/**
 * Seconds after which a battery whose power is `powerW + slope·τ` has gained `energyWs`, or Infinity.
 * The smallest positive root of ½·slope·τ² + powerW·τ − energyWs = 0, in the form that loses no digits
 * (Press et al., Numerical Recipes, section 5.6).
 */
export function secondsUntilEnergy(powerW: number, slope: number, energyWs: number): number {
  if (energyWs === 0) return 2 * secondsUntilZero(powerW, slope);
  const discriminant = powerW * powerW + 2 * slope * energyWs;
  if (discriminant < 0) return Number.POSITIVE_INFINITY;
  const root = Math.sqrt(discriminant);
  const heads = energyWs > 0 ? 1 : -1;
  if (powerW * heads > 0) return (2 * energyWs) / (powerW + heads * root);
  if (slope * heads > 0) return (heads * root - powerW) / slope;
  return Number.POSITIVE_INFINITY;
}

/** Seconds after which `value + slope·τ` has come down (or up) to zero, or Infinity. */
export function secondsUntilZero(value: number, slope: number): number {
  return value * slope < 0 ? -value / slope : Number.POSITIVE_INFINITY;
}

/**
 * Integral over `durationS` of the smaller of two linear functions.
 * Both are given by value at the start and slope per second.
 */
export function integrateMinimum(
  a: number,
  aSlope: number,
  b: number,
  bSlope: number,
  durationS: number,
): number {
  const crossing = Math.min(durationS, secondsUntilZero(a - b, aSlope - bSlope));
  const first = crossing / 2;
  const rest = durationS - crossing;
  const middle = crossing + rest / 2;
  const before = Math.min(a + aSlope * first, b + bSlope * first) * crossing;
  return before + Math.min(a + aSlope * middle, b + bSlope * middle) * rest;
}
