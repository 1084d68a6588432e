import { createRandom } from "./random.ts";

/** A time without AC grid: from `startS` on, which belongs to it, until `endS`, which does not [simulated s]. */
export interface Outage {
  readonly startS: number;
  readonly endS: number;
}

/** All outages of one home, in their order; none touches another. */
export interface Outages {
  /** The first that ends after `timeS`, or null where none does. */
  endingAfter(timeS: number): Outage | null;
}

/**
 * How outages come by chance, one after the other, without end. Gap and duration of each follow from the seed and its number
 * alone, and are uniform between two numbers of whole seconds.
 */
interface SeededOutages {
  /** A whole number, ≥ 0. */
  readonly seed: number;
  /** From simulated second 0 to the first, and from the end of each to the start of the next [s], ≥ 1. */
  readonly gapS: readonly [least: number, most: number];
  /** [s], ≥ 1. */
  readonly durationS: readonly [least: number, most: number];
}

/**
 * Outages of `list`, in any order, and those of `seeded`; where some overlap or touch they are one, and one without length is
 * none. They are told as far as somebody asks.
 */
export function createOutages(list: readonly Outage[], seeded: SeededOutages | null = null): Outages {
  const listed = list.filter(({ startS, endS }) => endS > startS).sort((a, b) => a.startS - b.startS);
  let taken = 0;
  let number = 0;
  let next = seeded && seedOutage(seeded, number, 0);
  const known: Outage[] = [];
  const takeFirst = (): Outage | null => {
    const ofList = listed[taken] ?? null;
    if (next === null || (ofList !== null && ofList.startS <= next.startS)) {
      taken++;
      return ofList;
    }
    const first = next;
    next = seedOutage(seeded as SeededOutages, ++number, first.endS);
    return first;
  };
  return {
    endingAfter(timeS) {
      // The last one may still be prolonged by another; the one before may not.
      while (!((known.at(-2)?.endS ?? Number.NEGATIVE_INFINITY) > timeS)) {
        const outage = takeFirst();
        if (outage === null) break;
        const last = known.at(-1);
        if (last === undefined || outage.startS > last.endS) known.push(outage);
        else known[known.length - 1] = { ...last, endS: Math.max(last.endS, outage.endS) };
      }
      return known[findEndingAfter(known, timeS)] ?? null;
    },
  };
}

function seedOutage({ seed, gapS, durationS }: SeededOutages, number: number, afterS: number): Outage {
  const random = createRandom([seed, number]);
  const startS = afterS + chooseS(random(), gapS);
  return { startS, endS: startS + chooseS(random(), durationS) };
}

function chooseS(share: number, [least, most]: readonly [number, number]): number {
  return least + Math.floor(share * (most - least + 1));
}

function findEndingAfter(outages: readonly Outage[], timeS: number): number {
  let low = 0;
  for (let high = outages.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((outages[middle] as Outage).endS > timeS) high = middle;
    else low = middle + 1;
  }
  return low;
}
