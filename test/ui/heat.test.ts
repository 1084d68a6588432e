import { expect, test } from "vitest";
import { heatColour } from "../../src/ui/charts/heat-colours.ts";
import { cellAt, plotHeight, poolHomes } from "../../src/ui/charts/heat-plot.ts";

const frame = { left: 50, width: 400, height: 100 };

test("U27: Each point of the heat map belongs to one cell, points beside it to none", () => {
  expect(cellAt(4, 2, frame, 50, 0)).toEqual({ bin: 0, row: 0 });
  expect(cellAt(4, 2, frame, 449, 99)).toEqual({ bin: 3, row: 1 });
  expect(cellAt(4, 2, frame, 49, 10)).toBeNull();
  expect(cellAt(4, 2, frame, 100, 101)).toBeNull();
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

test("U27: Up to 200 homes have rows of their own, more are pooled so that each counts once", () => {
  for (const count of [1, 200, 201, 999, 1000]) {
    const units = Array.from({ length: count }, (_, index) => `E${String(index + 1).padStart(3, "0")}`);
    const charges = units.map((_, index) => (index * 37) % 101);
    const { rows, homesPerRow, charges: pooled } = poolHomes({ units, rsoc: [charges] });
    expect(rows.length).toBeLessThanOrEqual(200);
    expect(homesPerRow).toBe(Math.ceil(count / 200));
    expect(rows.reduce((total, row) => total + row.homes, 0)).toBe(count);
    const sum = rows.reduce((total, row, index) => total + row.homes * (pooled[0]?.[index] ?? 0), 0);
    expect(sum).toBeCloseTo(
      charges.reduce((total, charge) => total + charge, 0),
      6,
    );
  }
});

test("U27: A home that was not there takes no part in its row's mean", () => {
  const units = Array.from({ length: 400 }, (_, index) => `E${index + 1}`);
  const rsoc = [units.map((_, index) => (index === 1 ? null : 40)), units.map(() => null)];
  const { charges } = poolHomes({ units, rsoc });
  expect(charges[0]?.[0]).toBe(40);
  expect(charges[1]?.[0]).toBeNull();
});
