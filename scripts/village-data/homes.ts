import { householdSizes, logNormal } from "../sample-data/household.ts";
import { createNormals, createUniforms } from "../sample-data/random.ts";
import { mean } from "../sample-data/statistics.ts";
import { purposes } from "./village.ts";

/** What sets a home of the Village apart. */
export interface VillageHome {
  /** Counted from 1. */
  readonly number: number;
  /** 6 stands for six and more. */
  readonly people: number;
  /** Demand against the mean of the reference homes. */
  readonly level: number;
  /** How much later than others its day runs [h]. */
  readonly shiftH: number;
  /** Heating and cooling against those of the average home. */
  readonly response: number;
  /** Whether somebody is at home on workdays too. */
  readonly atHomeByDay: boolean;
  readonly panels: Panels;
  readonly batteryWh: number;
}

export interface Panels {
  /** Power at 1,000 W/m² and 25 °C [W]; 0 is a roof without panels. */
  readonly peakW: number;
  /** 0 lies flat. */
  readonly tiltDeg: number;
  /** Clockwise from north: 180 is south. */
  readonly azimuthDeg: number;
}

const levelDeviation = 0.3;
const shiftDeviationH = 1.2;
const responseDeviation = 0.3;
export const atHomeByDayShare = 0.3;
/** Levels are normalised over so many homes, however many are generated. */
const referenceHomes = 100;

type Shares<T> = readonly (readonly [share: number, value: T])[];

/** Hardware is set by hand: no survey stands behind it. */
const peaksW: Shares<number> = [
  [0.15, 0],
  [0.2, 3000],
  [0.2, 4000],
  [0.2, 5000],
  [0.15, 6000],
  [0.1, 8000],
];
const tiltsDeg: Shares<number> = [5, 10, 15, 20, 25, 30].map((tilt) => [1 / 6, tilt]);
const azimuthsDeg: Shares<number> = [
  [0.1, 90],
  [0.2, 135],
  [0.4, 180],
  [0.2, 225],
  [0.1, 270],
];
const batteriesWh: Shares<number> = [
  [0.3, 4800],
  [0.3, 7200],
  [0.25, 9600],
  [0.15, 14_400],
];
const households: Shares<{ people: number; factor: number }> = householdSizes.map(
  ({ share, factor }, index) => [share, { people: index + 1, factor }],
);

const sides: Readonly<Record<number, string>> = { 90: "E", 135: "SE", 180: "S", 225: "SW", 270: "W" };

/** Where panels look: E, SE, S, SW or W. */
export function sideOf({ azimuthDeg }: Panels): string {
  return sides[azimuthDeg] as string;
}

/** What is drawn evenly over the homes; each goes round by a share of its own, all of them irrational to one another. */
const rounds = {
  households: Math.SQRT2,
  panels: Math.sqrt(3),
  tilt: Math.sqrt(5),
  azimuth: Math.sqrt(7),
  battery: Math.sqrt(11),
  atHome: Math.sqrt(13),
} as const;

/** The home of a number, counted from 1; the same however many there are. */
export function createHome(seed: number, number: number): VillageHome {
  const { people } = pick(households, evenly(seed, "households", number));
  return {
    number,
    people,
    level: rawLevel(seed, number) / meanRawLevel(seed),
    shiftH: shiftDeviationH * createNormals(seed, purposes.shift, number)(),
    response: logNormal(responseDeviation, createNormals(seed, purposes.response, number)()),
    atHomeByDay: evenly(seed, "atHome", number) < atHomeByDayShare,
    panels: {
      peakW: pick(peaksW, evenly(seed, "panels", number)),
      tiltDeg: pick(tiltsDeg, evenly(seed, "tilt", number)),
      azimuthDeg: pick(azimuthsDeg, evenly(seed, "azimuth", number)),
    },
    batteryWh: pick(batteriesWh, evenly(seed, "battery", number)),
  };
}

function rawLevel(seed: number, number: number): number {
  const { factor } = pick(households, evenly(seed, "households", number));
  return factor * logNormal(levelDeviation, createNormals(seed, purposes.level, number)());
}

function meanRawLevel(seed: number): number {
  return mean(Array.from({ length: referenceHomes }, (_, index) => rawLevel(seed, index + 1)));
}

/**
 * A number in [0, 1) for a home, such that those of the first few homes lie as evenly as those of many: a rotation by an
 * irrational share (Kronecker's sequence) from a random beginning. So nineteen homes show the shares that they are drawn from.
 */
function evenly(seed: number, name: keyof typeof rounds, number: number): number {
  const value = createUniforms(seed, purposes[name])() + number * rounds[name];
  return value - Math.floor(value);
}

function pick<T>(shares: Shares<T>, uniform: number): T {
  let below = 0;
  for (const [share, value] of shares) {
    below += share;
    if (uniform < below) return value;
  }
  return (shares.at(-1) as readonly [number, T])[1];
}
