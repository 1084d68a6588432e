import fc from "fast-check";
import { expect, test } from "vitest";
import { listTicks } from "../../src/ui/words/calendar-ticks.ts";

const at = (text: string) => Date.parse(`${text}Z`) / 1000;
const write = (from: string, to: string, most: number) =>
  listTicks(at(from), at(to), most).map(({ label, context }) =>
    context === "" ? label : `${label} ${context}`,
  );

test("U28: Below a day the date is told at the first tick and at each midnight", () => {
  expect(write("2020-01-03T21:10:00", "2020-01-04T04:00:00", 8)).toEqual([
    "22:00 2020-01-03",
    "23:00",
    "00:00 2020-01-04",
    "01:00",
    "02:00",
    "03:00",
    "04:00",
  ]);
  expect(write("2020-01-03T12:00:00", "2020-01-03T12:00:40", 6)[0]).toBe("12:00:00 2020-01-03");
});

test("U28: Days count within their month, and the year is told", () => {
  expect(write("2019-12-20T06:00:00", "2020-02-03T00:00:00", 8)).toEqual(
    ["12-22 2019", "12-29", "01-01 2020", "01-08", "01-15", "01-22", "01-29", "02-01"].filter(
      (each) => !each.endsWith("-29"),
    ),
  );
});

test("U28: A year has whole months, years have whole years", () => {
  expect(write("2020-01-01T00:00:00", "2021-01-01T00:00:00", 13)).toEqual([
    ...Array.from({ length: 12 }, (_, month) => `2020-${String(month + 1).padStart(2, "0")}`),
    "2021-01",
  ]);
  expect(write("2018-06-01T00:00:00", "2027-01-01T00:00:00", 5)).toEqual(["2020", "2022", "2024", "2026"]);
});

test("U28: Ticks are whole steps of the calendar, in order, within the span and not more than asked for", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4_000_000_000 }),
      fc.integer({ min: 10, max: 1_000_000_000 }),
      fc.integer({ min: 2, max: 30 }),
      (fromS, lengthS, most) => {
        const ticks = listTicks(fromS, fromS + lengthS, most);
        expect(ticks.length).toBeLessThanOrEqual(2 * most + 1);
        for (const [index, tick] of ticks.entries()) {
          expect(tick.second).toBeGreaterThanOrEqual(fromS);
          expect(tick.second).toBeLessThanOrEqual(fromS + lengthS);
          if (index > 0) expect(tick.second).toBeGreaterThan(ticks[index - 1]?.second ?? 0);
          if (!tick.label.includes(":")) expect(tick.second % 86_400).toBe(0);
        }
      },
    ),
  );
});
