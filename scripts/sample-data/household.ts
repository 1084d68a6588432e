import { exp, square } from "./exact-math.ts";
import { createNormals, createUniforms, purposes } from "./random.ts";

/** Share of households with 1, 2, … 6 and more people, and their demand against the average household's. */
export const householdSizes = [
  { share: 0.345, factor: 0.6 },
  { share: 0.279, factor: 1.02 },
  { share: 0.176, factor: 1.32 },
  { share: 0.133, factor: 1.45 },
  { share: 0.045, factor: 1.68 },
  { share: 0.022, factor: 2.2 },
];
const levelDeviation = 0.3;
const shiftDeviationH = 1.2;
/** Levels are normalised over this many homes, however many are generated. */
const referenceHomes = 100;

/** What sets one household apart. */
export interface Household {
  /** Demand against the mean of the reference homes. */
  readonly level: number;
  /** How much later than others its day runs [h]. */
  readonly shiftH: number;
}

/** The household of a home, counted from 1. @param meanLevel of `meanRawLevel` */
export function createHousehold(seed: number, home: number, meanLevel: number): Household {
  return {
    level: rawLevel(seed, home) / meanLevel,
    shiftH: shiftDeviationH * createNormals(seed, purposes.householdShift, home)(),
  };
}

/** Mean level of the reference homes before it is normalised to 1. */
export function meanRawLevel(seed: number): number {
  let total = 0;
  for (let home = 1; home <= referenceHomes; home++) total += rawLevel(seed, home);
  return total / referenceHomes;
}

function rawLevel(seed: number, home: number): number {
  const size = sizeFactor(createUniforms(seed, purposes.householdSize, home)());
  return size * logNormal(levelDeviation, createNormals(seed, purposes.householdLevel, home)());
}

function sizeFactor(uniform: number): number {
  let below = 0;
  for (const { share, factor } of householdSizes) {
    below += share;
    if (uniform < below) return factor;
  }
  return householdSizes.at(-1)?.factor as number;
}

/** Lognormal number of mean 1. @param normal standard normal number */
export function logNormal(deviation: number, normal: number): number {
  return exp(deviation * normal - square(deviation) / 2);
}
