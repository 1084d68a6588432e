import { expect, test } from "vitest";
import { heatColour } from "../../src/ui/charts/heat-colours.ts";
import { cellAt, plotHeight } from "../../src/ui/charts/heat-plot.ts";

const map = {
  fromS: 0,
  toS: 180,
  resolutionS: 60,
  timeS: [0, 60, 120, 180],
  time: [],
  lengthS: [],
  units: ["E001", "E002"],
  rsocMin: [],
  rsoc: [],
  rsocMax: [],
};
const frame = { left: 50, width: 400, height: 100 };

test("U27: Each point of the heat map belongs to one cell, points beside it to none", () => {
  expect(cellAt(map, frame, 50, 0)).toEqual({ moment: 0, unit: 0 });
  expect(cellAt(map, frame, 449, 99)).toEqual({ moment: 3, unit: 1 });
  expect(cellAt(map, frame, 49, 10)).toBeNull();
  expect(cellAt(map, frame, 100, 101)).toBeNull();
});

test("U27: Colours get lighter with the charge", () => {
  const lightness = (percent: number) => {
    const [red, green, blue] = heatColour(percent);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  for (let percent = 5; percent <= 100; percent += 5)
    expect(lightness(percent)).toBeGreaterThan(lightness(percent - 5));
  expect(heatColour(-5)).toEqual(heatColour(0));
  expect(heatColour(105)).toEqual(heatColour(100));
});

test("U27: The plot grows with few homes and not beyond a window with many", () => {
  expect(plotHeight(10)).toBe(160);
  expect(plotHeight(1000)).toBe(420);
});
