import { expect, test } from "vitest";
import { resolveRange, shiftRange, zoomRange } from "../../src/ui/charts/time-range.ts";
import {
  calendarOf,
  createFormats,
  dayOf,
  epochOf,
  fieldNumber,
  isoTime,
  spanText,
  writeSpan,
} from "../../src/ui/words/formatting.ts";

const dayS = 86_400;

test("U27: A moment's two forms give the calendar of every other moment", () => {
  const epochS = epochOf("2020/02/28-23:59:59", 100.7);
  expect(calendarOf(epochS, 101)).toEqual({ date: "2020-02-29", time: "00:00:00" });
  expect(dayOf(0)).toBe(1);
  expect(dayOf(dayS)).toBe(2);
  expect(isoTime("2020/02/28-23:59:59")).toBe("2020-02-28 23:59:59");
  expect(writeSpan(epochS + 41, epochS + 101)).toBe("2020-02-28 23:59 – 2020-02-29 00:00");
  expect(writeSpan(epochS + 101, epochS + 131)).toBe("2020-02-29 00:00:00 – 00:00:30");
});

test("U27: Ranges stay within the time that there is", () => {
  const week = { kind: "newest", lengthS: 7 * dayS } as const;
  expect(resolveRange(week, 10 * dayS)).toEqual({ fromS: 3 * dayS, toS: 10 * dayS });
  expect(resolveRange(week, dayS)).toEqual({ fromS: 0, toS: dayS });
  expect(zoomRange(week, 10 * dayS, 100)).toEqual({ kind: "all" });
  expect(zoomRange({ kind: "all" }, 10 * dayS, 0.5)).toEqual({
    kind: "span",
    fromS: 2.5 * dayS,
    toS: 7.5 * dayS,
  });
  expect(shiftRange(week, 10 * dayS, -5)).toEqual({ kind: "span", fromS: 0, toS: 7 * dayS });
  expect(shiftRange(week, 10 * dayS, 5)).toEqual({ kind: "span", fromS: 3 * dayS, toS: 10 * dayS });
});

test("U27: Quantities have fixed decimals, powers change to kW where W get long, and there is no minus zero", () => {
  const { power, bare, axis, meter } = createFormats("en");
  expect([power(0), power(4.54), power(438.2), power(999.94), power(999.96), power(-2500)]).toEqual([
    "0.0\u00a0W",
    "4.5\u00a0W",
    "438.2\u00a0W",
    "999.9\u00a0W",
    "1.00\u00a0kW",
    "-2.50\u00a0kW",
  ]);
  expect(bare(-0.001, "%")).toBe("0.00");
  expect(meter(281.6)).toBe("282\u00a0W");
  expect(fieldNumber(-0.001, "W")).toBe("0.0");
  expect(fieldNumber(12345.678, "W")).toBe("12345.7");
  expect(axis([0, 500, 1000], "W")).toEqual(["0.0\u00a0kW", "0.5\u00a0kW", "1.0\u00a0kW"]);
  expect(axis([99, 99.5, 100], "%")).toEqual(["99.0\u00a0%", "99.5\u00a0%", "100.0\u00a0%"]);
  expect(axis([0, 250, 500, 750, 1250], "W").slice(1)).toEqual(
    ["0.25", "0.50", "0.75", "1.25"].map((kilo) => `${kilo}\u00a0kW`),
  );
  expect(axis([0, 2.5, 5], "%")).toEqual(["0.0\u00a0%", "2.5\u00a0%", "5.0\u00a0%"]);
});

test("U27: The length of a bin is named in the largest unit that it is whole in", () => {
  expect([1, 90, 120, 5400, 28_800, dayS, 7 * dayS].map(spanText)).toEqual(
    ["1 s", "90 s", "2 min", "90 min", "8 h", "1 d", "7 d"].map((text) => text.replace(" ", "\u00a0")),
  );
});
