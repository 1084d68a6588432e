/**
 * Functions that every engine computes to the same bits, since they use + − × ÷, floor and square roots alone, which IEEE 754
 * pins; `Math.exp` and its like may differ in the last bit. Errors are a few units of the last place.
 */

const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const halfPiHigh = 1.5707963267341256;
const halfPiLow = 6.077100506506192e-11;

export function exp(x: number): number {
  if (x < -745) return 0;
  const halvings = Math.round(x / (ln2High + ln2Low));
  const rest = x - halvings * ln2High - halvings * ln2Low;
  let sum = 1;
  for (let term = 16; term > 0; term--) sum = 1 + (rest / term) * sum;
  for (let n = halvings; n > 0; n--) sum *= 2;
  for (let n = halvings; n < 0; n++) sum /= 2;
  return sum;
}

/** Natural logarithm of a number above 0. */
export function log(x: number): number {
  let mantissa = x;
  let doublings = 0;
  for (; mantissa > Math.SQRT2; mantissa /= 2) doublings += 1;
  for (; mantissa < Math.SQRT1_2; mantissa *= 2) doublings -= 1;
  const s = (mantissa - 1) / (mantissa + 1);
  let sum = 0;
  for (let power = 25; power > 0; power -= 2) sum = sum * s * s + 1 / power;
  return doublings * ln2High + (doublings * ln2Low + 2 * s * sum);
}

/** A number above 0, or 0, to a power. */
export function power(base: number, exponent: number): number {
  if (base === 0) return exponent === 0 ? 1 : 0;
  return exp(exponent * log(base));
}

/** Hyperbolic tangent. */
export function tanh(x: number): number {
  return 1 - 2 / (exp(2 * x) + 1);
}

export function square(x: number): number {
  return x * x;
}

export function sin(x: number): number {
  return turned(x, 0);
}

export function cos(x: number): number {
  return turned(x, 1);
}

/** Sine of an angle [rad] and so many quarters of a turn more. */
function turned(x: number, quartersMore: number): number {
  const quarters = Math.round(x / (halfPiHigh + halfPiLow));
  const rest = x - quarters * halfPiHigh - quarters * halfPiLow;
  const quarter = (((quarters + quartersMore) % 4) + 4) % 4;
  const value = quarter % 2 === 0 ? series(rest, 1) : series(rest, 0);
  return quarter < 2 ? value : -value;
}

/** Power series of the sine (first power 1) or the cosine (0), up to an eighth of a turn. */
function series(x: number, firstPower: 0 | 1): number {
  let sum = 1;
  for (let n = 18 + firstPower; n > firstPower; n -= 2) sum = 1 - ((x * x) / (n * (n - 1))) * sum;
  return firstPower === 1 ? x * sum : sum;
}
