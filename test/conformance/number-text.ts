/** Text of a number as Java's `Float.toString` writes its nearest float, e.g. `350.0`, `1.0E-4`. */
export function floatText(value: number): string {
  const float = Math.fround(value);
  return Object.is(float, -0) ? "-0.0" : javaText(shortestFloat(float));
}

/** Text of a number as Java's `Double.toString` writes it. */
export function doubleText(value: number): string {
  return Object.is(value, -0) ? "-0.0" : javaText(value.toExponential());
}

/** apis-main sends a droop rate of nothing as the integer `0`. */
export function droopText(value: number): string {
  return value === 0 ? "0" : doubleText(value);
}

/** The fewest digits, in exponential notation, that read back as the same float. */
function shortestFloat(float: number): string {
  let decimals = 0;
  while (Math.fround(Number(float.toExponential(decimals))) !== float) decimals++;
  return float.toExponential(decimals);
}

function javaText(exponential: string): string {
  const magnitude = Math.abs(Number(exponential));
  if (magnitude === 0 || (magnitude >= 1e-3 && magnitude < 1e7)) {
    return withFraction(String(Number(exponential)));
  }
  const [digits = "", exponent] = exponential.split("e");
  return `${withFraction(digits)}E${Number(exponent)}`;
}

function withFraction(decimal: string): string {
  return decimal.includes(".") ? decimal : `${decimal}.0`;
}
