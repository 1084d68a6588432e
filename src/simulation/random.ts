/** Uniform numbers from 0 up to, not including, 1 that follow from `seeds` (mulberry32, T. Ettinger, on their mixed hash). */
export function createRandom(seeds: readonly number[]): () => number {
  let state = 0x9e3779b9;
  for (const seed of seeds)
    for (const part of [seed % 2 ** 32, Math.floor(seed / 2 ** 32)]) {
      state = Math.imul(state ^ part, 0x85ebca6b);
      state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
      state ^= state >>> 16;
    }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Of mean 0 and variance 1, nearly normal: the sum of twelve uniform numbers less 6, which every engine adds alike. */
export function normal(random: () => number): number {
  let sum = -6;
  for (let k = 0; k < 12; k++) sum += random();
  return sum;
}
