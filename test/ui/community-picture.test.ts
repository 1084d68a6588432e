import fc from "fast-check";
import { expect, test } from "vitest";
import type { UnitStateJson } from "../../src/api/wire/community-json.ts";
import { listPairFlows } from "../../src/ui/homes/pair-flows.ts";
import { layOutTiles, placeTile } from "../../src/ui/homes/tile-layout.ts";

test("U74: Every home is in one tile, tiles lie within the picture and not over each other", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 300, max: 2500 }), (count, width) => {
      const layout = layOutTiles(count, width);
      const tiles = Math.ceil(count / layout.homes);
      expect(layout.homes === 1 || count > 120).toBe(true);
      expect(tiles).toBeLessThanOrEqual(120);
      const places = Array.from({ length: tiles }, (_, index) => placeTile(layout, index));
      for (const { x, y } of places) {
        expect(x + layout.tileWidth).toBeLessThanOrEqual(width + 1e-6);
        expect(y + layout.tileHeight).toBeLessThan(layout.height);
      }
      const byRow = Map.groupBy(places, ({ y }) => y);
      for (const row of byRow.values())
        for (const [index, { x }] of row.entries()) expect(x).toBeCloseTo(index * (layout.tileWidth + 10), 6);
    }),
  );
});

test("U74: What flows from home to home now is what each gives and takes", () => {
  const home = (id: string, gridPowerW: number) => ({ id, gridPowerW }) as UnitStateJson;
  const flows = listPairFlows([
    home("E001", -700),
    home("E002", 700),
    home("E003", 0),
    home("E004", -350),
    home("E005", 350),
  ]);
  expect(flows.map(({ giver, taker, powerW }) => [giver, taker, Math.round(powerW)])).toEqual([
    ["E001", "E002", 467],
    ["E001", "E005", 233],
    ["E004", "E002", 233],
    ["E004", "E005", 117],
  ]);
  expect(listPairFlows([home("E001", 0)])).toEqual([]);
});
