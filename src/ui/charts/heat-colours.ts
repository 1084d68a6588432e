type Colour = readonly [red: number, green: number, blue: number];

/** From empty to full; even in lightness, so that it reads in grey and for the colour-blind too. */
const stops: readonly Colour[] = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];

/** The colour of a state of charge [%]. */
export function heatColour(percent: number): Colour {
  const at = (Math.max(0, Math.min(100, percent)) / 100) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(at));
  const [low, high] = [stops[index] as Colour, stops[index + 1] as Colour];
  const mix = (k: 0 | 1 | 2) => Math.round(low[k] + (high[k] - low[k]) * (at - index));
  return [mix(0), mix(1), mix(2)];
}

/** The same scale as a CSS gradient. */
export function heatGradient(): string {
  return `linear-gradient(to right, ${stops.map((stop) => `rgb(${stop.join(" ")})`).join(", ")})`;
}
