import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createOutages, type Outage, type Outages } from "../../src/simulation/outages.ts";

const aSecond = fc.integer({ min: 0, max: 2000 });
const aList = fc.array(
  fc.record({ startS: aSecond, lengthS: fc.integer({ min: 0, max: 300 }) }).map(({ startS, lengthS }) => ({
    startS,
    endS: startS + lengthS,
  })),
  { maxLength: 8 },
);
const aRange = fc
  .tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 300 }))
  .map(([least, more]): [number, number] => [least, least + more]);
const aSeeded = fc.record({ seed: fc.nat(), gapS: aRange, durationS: aRange });

describe("outages of the AC grid", () => {
  it("S23: are those of the list and the seeded ones, joined where they overlap or touch, whoever asks in whatever order", () => {
    fc.assert(
      fc.property(aList, fc.option(aSeeded), fc.array(aSecond), (list, seeded, moments) => {
        const outages = createOutages(list, seeded);
        for (const timeS of moments) outages.endingAfter(timeS);
        const told = listUntil(outages, 2000);
        const all = [...list, ...(seeded === null ? [] : listUntil(createOutages([], seeded), 2000))];
        expect(secondsOf(told)).toEqual(secondsOf(all));
        told.forEach((outage, i) => {
          expect(outage.endS).toBeGreaterThan(outage.startS);
          if (i > 0) expect(outage.startS).toBeGreaterThan((told[i - 1] as Outage).endS);
        });
        expect(createOutages(list, seeded).endingAfter(777)).toEqual(outages.endingAfter(777));
      }),
    );
  });

  it("S23: by chance follow from the seed and their number: whole seconds, gap and duration within their ranges", () => {
    fc.assert(
      fc.property(aSeeded, (seeded) => {
        let endS = 0;
        for (const outage of listUntil(createOutages([], seeded), 5000)) {
          for (const [lengthS, [least, most]] of [
            [outage.startS - endS, seeded.gapS],
            [outage.endS - outage.startS, seeded.durationS],
          ] as const) {
            expect(Number.isInteger(lengthS)).toBe(true);
            expect(lengthS).toBeGreaterThanOrEqual(least);
            expect(lengthS).toBeLessThanOrEqual(most);
          }
          endS = outage.endS;
        }
        expect(endS).toBeGreaterThan(5000);
      }),
    );
  });

  it("S23: by chance are these of seed 7, on every engine", () => {
    const outages = createOutages([], { seed: 7, gapS: [3600, 86_400], durationS: [600, 7200] });
    expect(listUntil(outages, 200_000).slice(0, 3)).toMatchInlineSnapshot(`
      [
        {
          "endS": 49874,
          "startS": 43556,
        },
        {
          "endS": 108674,
          "startS": 107808,
        },
        {
          "endS": 153124,
          "startS": 150087,
        },
      ]
    `);
  });
});

/** Outages from the first on, one past `untilS` included. */
function listUntil(outages: Outages, untilS: number): Outage[] {
  const list: Outage[] = [];
  for (let timeS = -1; timeS <= untilS; ) {
    const outage = outages.endingAfter(timeS);
    if (outage === null) break;
    list.push(outage);
    timeS = outage.endS;
  }
  return list;
}

/** Seconds up to 2000 that lie in one of them. */
function secondsOf(outages: readonly Outage[]): number[] {
  const isIn = (timeS: number) => outages.some(({ startS, endS }) => timeS >= startS && timeS < endS);
  return Array.from({ length: 2000 }, (_, timeS) => timeS).filter(isIn);
}
