import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/input/config/read-config.ts";
import { dateStart, warnOfKeptStart, warnOfStart } from "../../src/input/config/start-time.ts";
import { createManifest } from "../../src/input/series/compiled-input.ts";
import type { SolarUnit } from "../../src/input/series/input-series.ts";
import { parseDemand } from "../../src/input/series/parse-demand.ts";
import { parseSolar } from "../../src/input/series/parse-solar.ts";
import { warnOfInput } from "../../src/input/series/warn-of-input.ts";
import { demandCells, joinCells, solarText, toBytes } from "./csv-text.ts";

interface Given {
  readonly solar?: string;
  readonly demand?: string[][];
  readonly unit?: SolarUnit;
}

async function survey({ solar = solarText(3), demand = demandCells(2, 3), unit = "W/m2" }: Given = {}) {
  const files = { solarFile: "sun.csv", demandFile: "load.csv" };
  return createManifest(
    await parseSolar("/folder/sun.csv", [toBytes(solar)], unit),
    await parseDemand("/folder/load.csv", [toBytes(joinCells(demand))]),
    { hash: "", solarUnit: unit, ...files },
  );
}

const warn = async (given: Given = {}) => warnOfInput(await survey(given), given.unit ?? "W/m2");
/** One day of sun in which hour 12 has a value and all others 0. */
const noon = (value: string) =>
  `${Array.from({ length: 24 }, (_, hour) => (hour === 12 ? value : "0")).join(",")}\n`;
/** Demand of `homes` homes over two days, each value of home n being that of `powers`[n - 1] [kW]. */
const even = (...powers: string[]) =>
  demandCells(powers.length, 2).map((row, i) =>
    i === 0
      ? row
      : [...row.slice(0, 6), ...Array.from({ length: 48 }, () => powers[Number(row[1]) - 1] as string)],
  );

describe("what can hardly be meant", () => {
  test("I31: of data as they should be nothing is said", async () => {
    expect(await warn()).toEqual([]);
    for (const value of ["1500", "20.1"]) expect(await warn({ solar: noon(value) })).toEqual([]);
    for (const value of ["50000", "20.1"]) expect(await warn({ solar: noon(value), unit: "W" })).toEqual([]);
    expect(await warn({ demand: even("50", "0.001") })).toEqual([]);
  });

  test.each([
    [
      "W/m2",
      "1500.5",
      "the highest irradiance is 1500.5 W/m², more than 1500; is the unit right (solarUnit = W/m2)?",
    ],
    ["W/m2", "0.9", "the highest irradiance is 0.9 W/m², never above 20; is the file in kW/m² or MJ/m²?"],
    ["W/m2", "20", "the highest irradiance is 20 W/m², never above 20; is the file in kW/m² or MJ/m²?"],
    ["W/m2", "0", "the highest irradiance is 0 W/m², never above 20; is the file in kW/m² or MJ/m²?"],
    ["W", "3.9", "the highest PV power is 3.9 W, never above 20; is the file in kW?"],
    ["W", "50001", "the highest PV power is 50001 W, more than 50000; is the unit right (solarUnit = W)?"],
  ] as const)(
    "I31: in %s a highest value of %s is told of once, with its cell",
    async (unit, value, text) => {
      const column = value === "0" ? 1 : 13;
      expect(await warn({ solar: noon(value).repeat(3), unit })).toEqual([
        `sun.csv, row 1, column ${column}: ${text}`,
      ]);
    },
  );

  test.each([
    [["421"], "home 1 has a mean demand of 421 kW, at most 421 kW; is the file in W, not kW?", 2],
    [
      ["0.3", "50.001", "60", "51"],
      "home 2 (and 2 more homes like it) has a mean demand of 50.001 kW, at most 50.001 kW; is the file in W, not kW?",
      4,
    ],
    [["0.3", "0.0009"], "home 2 has a mean demand of 0.9 W, at most 0.9 W; is the file in kW?", 4],
    [
      ["0", "0"],
      "home 1 (and 1 more home like it) has a mean demand of 0 W, at most 0 W; is the file in kW?",
      2,
    ],
  ])("I31: homes of %j kW are told of in one line, with a cell", async (powers, text, row) => {
    expect(await warn({ demand: even(...powers) })).toEqual([`load.csv, row ${row}, column 7: ${text}`]);
  });

  test("I31: what is read otherwise than it stands is counted in one line each", async () => {
    const header = Array.from({ length: 24 }, (_, hour) => hour).join(",");
    const solar = `${header}\n${noon("900").replaceAll(/\b0,/g, "-1.5,")}${noon("900").replace("0", "-3")}`;
    expect(await warn({ solar })).toEqual([
      "sun.csv, row 1: a header that counts its columns, not read as data",
      "sun.csv, row 3, column 1: 23 negative values, -3 the lowest, read as 0",
    ]);
    expect(await warn({ solar: noon("900").replace("0", "-0.25") })).toEqual([
      "sun.csv, row 1, column 1: 1 negative value (-0.25) read as 0",
    ]);
  });

  test("I31: power that was compiled as such and is read as irradiance is told of", async () => {
    const manifest = await survey({ solar: noon("900").replace("0", "-30"), unit: "W" });
    expect(warnOfInput(manifest, "W/m2")).toEqual([
      "sun.csv, row 1, column 1: 1 negative value (-30) read as 0, though below -20 it is no sensor's zero",
    ]);
  });
});

describe("when time begins", () => {
  const config = readConfig({});
  test("I30: with the date of the demand, or with what is given", async () => {
    const manifest = await survey();
    expect(dateStart(config, {}, manifest).startTime).toBe("2020-02-27T00:00:00");
    const given = { startTime: "2019-03-01T00:00:00" };
    expect(dateStart(readConfig(given), given, manifest).startTime).toBe("2019-03-01T00:00:00");
  });

  test("I30: with the configuration's default where the demand has no dates", async () => {
    const demand = demandCells(2, 3).map((row, i) =>
      i === 0 ? row : row.with(2, "").with(3, "").with(4, ""),
    );
    const manifest = await survey({ demand });
    expect(dateStart(config, {}, manifest).startTime).toBe("2020-01-01T00:00:00");
    expect(warnOfStart(config, manifest)).toEqual([]);
  });

  test("I30: a start that is not the date of the demand is told of", async () => {
    const manifest = await survey();
    expect(warnOfStart(dateStart(config, {}, manifest), manifest)).toEqual([]);
    expect(warnOfStart(config, manifest)).toEqual([
      "load.csv, row 2: the data begin on 2020-02-27, but startTime says 2020-01-01T00:00:00, which is used",
    ]);
    expect(warnOfKeptStart("2020-01-01T00:00:00", "2020-01-01T00:00:00")).toEqual([]);
    expect(warnOfKeptStart("2020-01-01T00:00:00", "2020-02-27T00:00:00")).toHaveLength(1);
  });
});
