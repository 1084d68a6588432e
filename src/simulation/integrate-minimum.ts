/** Integral over `durationS` of the smaller of two lines, each given by its first and last value. */
export function integrateMinimum(
  a: number,
  lastA: number,
  b: number,
  lastB: number,
  durationS: number,
): number {
  if (a <= b && lastA <= lastB) return (a + lastA) * (durationS / 2);
  if (a >= b && lastA >= lastB) return (b + lastB) * (durationS / 2);
  const share = (a - b) / (a - b - (lastA - lastB));
  const crossing = a + (lastA - a) * share;
  return (
    ((Math.min(a, b) + crossing) * share + (crossing + Math.min(lastA, lastB)) * (1 - share)) *
    (durationS / 2)
  );
}
