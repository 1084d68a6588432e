import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { log, square } from "./exact-math.ts";

/** What a stream of random numbers is for; each has its own numbers. */
export const purposes = {
  dailyClearness: 1,
  hourlyClearness: 2,
  householdSize: 3,
  householdLevel: 4,
  householdShift: 5,
  dayLevel: 6,
  halfHours: 7,
} as const;

/**
 * Independent standard normal numbers, the same ones whenever the keys are the same: Marsaglia's polar method (Marsaglia and
 * Bray, SIAM Review 6 (1964) 260–264), which makes two at a time.
 */
export function createNormals(...keys: number[]): () => number {
  const uniform = createUniforms(...keys);
  let second: number | null = null;
  return () => {
    if (second !== null) {
      const normal = second;
      second = null;
      return normal;
    }
    for (;;) {
      const x = uniform() * 2 - 1;
      const y = uniform() * 2 - 1;
      const distance = x * x + y * y;
      if (distance === 0 || distance > 1) continue;
      const scale = Math.sqrt((-2 * log(distance)) / distance);
      second = x * scale;
      return y * scale;
    }
  };
}

/** Independent uniform numbers in [0, 1), the same ones whenever the keys are the same. */
export function createUniforms(...keys: number[]): () => number {
  const state = [0, 1, 2, 3].map((word) => keys.reduce(mix, word));
  const generator = xoroshiro128plusFromState(state);
  return () => uniformFloat64(generator);
}

/**
 * Stationary autoregression of first order with unit variance, one step on.
 * @param innovation standard normal number
 */
export function stepAutoregression(previous: number, correlation: number, innovation: number): number {
  return correlation * previous + Math.sqrt(1 - square(correlation)) * innovation;
}

/** Hash of two 32-bit numbers: the finalizer of MurmurHash3 (Appleby, 2011) on each in turn. */
function mix(hash: number, key: number): number {
  let bits = (hash ^ Math.imul(key + 1, 0x9e3779b1)) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
