import { expect, test } from "vitest";
import { timeLabel } from "../../src/ui/charts/chart-options.ts";
import { resolveRange, shiftRange, zoomRange } from "../../src/ui/charts/time-range.ts";
import { calendarOf, createFormats, dayOf, epochOf, plainNumber } from "../../src/ui/frame/formatting.ts";

const dayS = 86_400;

test("U27: A moment's two forms give the calendar of every other moment", () => {
  const epochS = epochOf("2020/02/28-23:59:59", 100.7);
  expect(calendarOf(epochS, 101)).toEqual({ date: "2020-02-29", time: "00:00:00" });
  expect(dayOf(0)).toBe(1);
  expect(dayOf(dayS)).toBe(2);
  expect(timeLabel(epochS + 101)).toBe("02-29");
  expect(timeLabel(epochS + 161)).toBe("00:01");
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

test("U27: Powers change to kW where W get long, and there is no minus zero", () => {
  const { power, fixed } = createFormats("en");
  expect([power(0), power(4.54), power(438.2), power(1049), power(-2500), power(828_600)]).toEqual([
    "0\u00a0W",
    "4.5\u00a0W",
    "438\u00a0W",
    "1.05\u00a0kW",
    "-2.5\u00a0kW",
    "828.6\u00a0kW",
  ]);
  expect(fixed(-0.001, 1)).toBe("0.0");
  expect(plainNumber(-0.001)).toBe("0");
});
