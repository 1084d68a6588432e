/**
 * Seconds after which a battery whose power is `powerW + slope·τ` has gained `energyWs` ≥ 0, or Infinity;
 * if it is none, when it is none again. The smallest positive root of ½·slope·τ² + powerW·τ − energyWs = 0,
 * in the form that loses no digits (Press et al., Numerical Recipes, section 5.6).
 */
export function secondsUntilEnergy(powerW: number, slope: number, energyWs: number): number {
  if (energyWs === 0) return 2 * secondsUntilZero(powerW, slope);
  const discriminant = powerW * powerW + 2 * slope * energyWs;
  if (discriminant < 0) return Number.POSITIVE_INFINITY;
  const root = Math.sqrt(discriminant);
  if (powerW > 0) return (2 * energyWs) / (powerW + root);
  return slope > 0 ? (root - powerW) / slope : Number.POSITIVE_INFINITY;
}

/** Seconds after which `value + slope·τ` has come down (or up) to zero, or Infinity. */
export function secondsUntilZero(value: number, slope: number): number {
  return value * slope < 0 ? -value / slope : Number.POSITIVE_INFINITY;
}
