import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { createManifest, encodeInput, fileSizes } from "../../src/input/series/compiled-input.ts";
import { loadInput, type ReadFile } from "../../src/input/series/load-input.ts";
import { parseDemand } from "../../src/input/series/parse-demand.ts";
import { parseSolar } from "../../src/input/series/parse-solar.ts";
import { demandCells, joinCells, solarText, toBytes } from "./csv-text.ts";

type Files = Map<string, ArrayBuffer>;

async function compile(solarCsv: string, demandCsv: string): Promise<Files> {
  const solar = await parseSolar("sun.csv", [toBytes(solarCsv)]);
  const demand = await parseDemand("load.csv", [toBytes(demandCsv)]);
  const source = { hash: "hash", solarUnit: "W/m2", solarFile: "sun.csv", demandFile: "load.csv" } as const;
  return new Map(encodeInput(createManifest(solar, demand, source), solar, demand));
}

function readerOf(files: Files) {
  return vi.fn<ReadFile>(async (name) => files.get(name) as ArrayBuffer);
}

function manifestOf(files: Files) {
  return JSON.parse(new TextDecoder().decode(files.get("manifest.json")));
}

const twentyFiveHomes = await compile(solarText(3), joinCells(demandCells(25, 2)));

/** Demand [kW] as a file may give it: whole watts, or any number. */
const wholeWatts = fc.nat(70_000).map((powerW) => powerW / 1000);
const anyPower = fc.double({ min: 0, max: 1e6, noNaN: true });

describe("compiled input", () => {
  test("I14: what is loaded is what the CSV files say, to the last bit", async () => {
    const powers = fc.oneof(wholeWatts, fc.oneof(wholeWatts, anyPower));
    const file = fc.record({ homes: fc.integer({ min: 1, max: 23 }), days: fc.integer({ min: 1, max: 3 }) });
    await fc.assert(
      fc.asyncProperty(file, fc.array(powers, { minLength: 1, maxLength: 60 }), async (size, given) => {
        const cells = demandCells(size.homes, size.days);
        const powerOf = (index: number) => given[index % given.length] as number;
        for (const [row, of] of cells.slice(1).entries())
          of.splice(6, 48, ...Array.from({ length: 48 }, (_, point) => String(powerOf(row * 48 + point))));
        const read = readerOf(await compile(solarText(size.days), joinCells(cells)));
        const input = await loadInput(read, Array(size.homes).keys(), 30);
        const length = size.days * 48;
        for (let home = 0; home < size.homes; home++) {
          const expected = Array.from({ length }, (_, index) => wattsOf(powerOf(home * length + index)));
          expect(Array.from(input.demandOf(home).values)).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("I14: solar is exact", async () => {
    const input = await loadInput(
      readerOf(await compile(`${"0.1,".repeat(23)}1e-9`, joinCells(demandCells(1, 1)))),
      [],
      30,
    );
    expect(Array.from(input.solar.values)).toEqual([...Array(23).fill(0.1), 1e-9]);
  });

  test("I15: whole watts up to 65,535 W are kept in two bytes, all else in eight", async () => {
    const formatWith = async (power: string) => {
      const cells = demandCells(2, 1);
      (cells[2] as string[])[53] = power;
      const files = await compile(solarText(1), joinCells(cells));
      return [manifestOf(files).demandFormat, files.get("demand-0000.bin")?.byteLength];
    };
    expect(await formatWith("65.535")).toEqual(["u16", 192]);
    expect(await formatWith("65.536")).toEqual(["f64", 768]);
    expect(await formatWith("0.0005")).toEqual(["f64", 768]);
  });

  test("I15: ten homes share a file, and the manifest says what there is", () => {
    expect(manifestOf(twentyFiveHomes)).toEqual({
      formatVersion: 1,
      parserVersion: 3,
      sourceHash: "hash",
      homes: 25,
      solarDays: 3,
      demandDays: 2,
      homesPerFile: 10,
      demandFormat: "u16",
      solarUnit: "W/m2",
      solar: {
        file: "sun.csv",
        hasHeader: false,
        highest: { row: 3, column: 24, value: 71.25 },
        negatives: 0,
        lowest: null,
      },
      demand: { file: "load.csv", firstDate: { date: "2020-02-27", row: 2 }, high: null, low: null },
    });
    const sizes = [...twentyFiveHomes].map(([name, content]) => [name, content.byteLength] as const);
    expect(sizes.slice(0, -1)).toEqual([
      ["solar.f64", 576],
      ["demand-0000.bin", 1920],
      ["demand-0001.bin", 1920],
      ["demand-0002.bin", 960],
    ]);
    expect([...fileSizes(manifestOf(twentyFiveHomes))]).toEqual(sizes.slice(0, -1));
  });
});

describe("loading", () => {
  test("I16: only the files of the homes wanted are read, and none twice", async () => {
    const read = readerOf(twentyFiveHomes);
    const input = await loadInput(read, [24], 30);
    expect(read.mock.calls.flat()).toEqual(["manifest.json", "solar.f64", "demand-0002.bin"]);
    for (const home of [20, 24]) expect(input.demandOf(home).values).toHaveLength(96);
    for (const home of [3, 25]) expect(() => input.demandOf(home)).toThrow(RangeError);
    await input.loadHomes([3, 4, 24]);
    await input.loadHomes([9, 20]);
    expect(read.mock.calls.flat().slice(3)).toEqual(["demand-0000.bin"]);
    expect(input.demandOf(3).values[0]).toBe(7 * 48);
  });

  test("I16: a home that is not loaded or not there is refused", async () => {
    const input = await loadInput(readerOf(twentyFiveHomes), [], 30);
    expect(() => input.demandOf(0)).toThrow(RangeError);
    for (const home of [25, -1, 0.5, Number.NaN])
      await expect(input.loadHomes([home])).rejects.toThrow(RangeError);
  });

  test.each([
    [3, 2],
    [2, 3],
  ])("I17: of %i days of sun and %i of demand both series keep the days they share", async (sun, load) => {
    const files = await compile(solarText(sun), joinCells(demandCells(2, load)));
    const input = await loadInput(readerOf(files), [0, 1], 30);
    expect([input.homes, input.days]).toEqual([2, 2]);
    expect([input.solar.stepS, input.solar.values.length]).toEqual([3600, 48]);
    expect([input.demandOf(1).stepS, input.demandOf(1).values.length]).toEqual([1800, 96]);
    expect(input.demandOf(1).values[0]).toBe((1 + load) * 48);
  });

  test("I18: with an interval of 60 only the values on the hour are used", async () => {
    const input = await loadInput(readerOf(twentyFiveHomes), [1], 60);
    const { stepS, values } = input.demandOf(1);
    expect(stepS).toBe(3600);
    expect(Array.from(values)).toEqual(Array.from({ length: 48 }, (_, hour) => 3 * 48 + 2 * hour));
  });

  test("I19: a file that is not what the manifest promises is refused", async () => {
    const cut = new Map(twentyFiveHomes).set("demand-0000.bin", new ArrayBuffer(1918));
    await expect(loadInput(readerOf(cut), [0], 30)).rejects.toThrow(
      "demand-0000.bin has 1918 bytes, not 1920",
    );
    const newer = { ...manifestOf(twentyFiveHomes), formatVersion: 2 };
    const foreign = new Map(twentyFiveHomes).set(
      "manifest.json",
      toBytes(JSON.stringify(newer)).slice().buffer,
    );
    await expect(loadInput(readerOf(foreign), [0], 30)).rejects.toThrow("format 2, not 1");
  });

  test("I19: what another release read from the files is refused", async () => {
    const { parserVersion: _, ...earlier } = manifestOf(twentyFiveHomes);
    const foreign = new Map(twentyFiveHomes).set(
      "manifest.json",
      toBytes(JSON.stringify(earlier)).slice().buffer,
    );
    await expect(loadInput(readerOf(foreign), [0], 30)).rejects.toThrow("another release: compile it again");
  });

  test("I20: data that an earlier release read otherwise are other data", async () => {
    const header = Array.from({ length: 24 }, (_, hour) => hour).join(",");
    const hashOf = async (sun: string) =>
      (await loadInput(readerOf(await compile(sun, joinCells(demandCells(1, 1)))), [], 30)).sourceHash;
    expect(await hashOf(solarText(1))).toBe("hash");
    expect(await hashOf(`${header}\n${solarText(1)}`)).not.toBe("hash");
  });
});

/** The power in W: whole where the kW value stands for whole watts, else the nearest double. */
function wattsOf(powerKW: number): number {
  const wholeW = Math.round(powerKW * 1000);
  return Math.abs(powerKW * 1000 - wholeW) < 1e-9 ? wholeW : powerKW * 1000;
}
