import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { demandLines, sampleDays, sampleSeed, solarLines } from "../../scripts/sample-data/csv.ts";
import { generateIrradiance } from "../../scripts/sample-data/irradiance.ts";
import {
  annualKWhPerM2,
  describeDemand,
  highest,
  mean,
  standardDeviation,
} from "../../scripts/sample-data/statistics.ts";
import { clearSkyWPerM2, sineOfSunHeight } from "../../scripts/sample-data/sun.ts";
import { parseDemand } from "../../src/input/series/parse-demand.ts";
import { parseSolar } from "../../src/input/series/parse-solar.ts";

const solarFile = "data/input/Sample/sample_solar_data.csv";
const demandFile = "data/input/Sample/sample_load_data.csv";
const solarText = await readFile(solarFile, "utf8");
const demandText = await readFile(demandFile, "utf8");
const solar = await parseSolar(solarFile, [await readFile(solarFile)]);
const demand = await parseDemand(demandFile, [await readFile(demandFile)]);

describe("the sample files", () => {
  test("I23: a year of sun, and of 100 homes in whole watts", () => {
    expect([solar.days, demand.days, demand.homes.length]).toEqual([365, 365, 100]);
    expect(demand.homes.every((values) => values.every(Number.isInteger))).toBe(true);
    expect(demandText.split("\n")[1]).toMatch(/^1,1,2020,1,1,3,/);
    expect(demandText.split("\n").at(-2)).toMatch(/^36500,100,2020,12,30,3,/);
  });

  test("I23: irradiation and its peak are those of northern Okinawa", () => {
    expect(Math.abs(annualKWhPerM2(solar.values) - 1280)).toBeLessThan(41);
    expect(highest(solar.values)).toBeLessThan(950);
    expect(highest(solar.values)).toBeGreaterThan(850);
  });

  test("I23: irradiance never exceeds the clear sky's", () => {
    const clearSky = Array.from({ length: 365 * 24 }, (_, hour) =>
      clearSkyWPerM2(sineOfSunHeight(Math.floor(hour / 24) + 1, hour % 24)),
    );
    expect(highest(clearSky.map((value, hour) => (solar.values[hour] as number) - value))).toBeLessThan(0.06);
  });

  test("I23: the sun stands where it does over northern Okinawa", () => {
    const noonOnSolsticeAt = 12 + 27.2 / 60 + 1.8 / 60;
    expect(sineOfSunHeight(173, noonOnSolsticeAt)).toBeCloseTo(Math.cos(((26.7 - 23.44) * Math.PI) / 180), 4);
    expect(sineOfSunHeight(80, 12.6)).toBeCloseTo(Math.cos((26.7 * Math.PI) / 180), 2);
    expect(clearSkyWPerM2(1)).toBeCloseTo(1035.1, 1);
    expect(clearSkyWPerM2(-0.1)).toBe(0);
  });

  test("I23: demand is that of Japanese households", () => {
    const found = describeDemand(demand.homes);
    expect(Math.abs(found.meanAnnualKWh - 4175)).toBeLessThan(20);
    expect(Math.abs(found.variationBetweenHomes - 0.5)).toBeLessThan(0.05);
    expect(Math.abs(found.peakOverMeanOfOneHome - 8)).toBeLessThan(0.8);
    expect(Math.abs(found.coincidentPeakOverMean - 2)).toBeLessThan(0.3);
  });
});

describe("the script that makes them", () => {
  test("I24: it makes the solar file again, bit for bit", () => {
    expect([...solarLines(sampleSeed, sampleDays)].join("")).toBe(solarText);
  });

  test("I24: it makes the first two homes again, bit for bit", () => {
    const lines = [...demandLines(sampleSeed, 2, sampleDays)].join("");
    expect(demandText.startsWith(lines)).toBe(true);
  });

  test("I25: more days change nothing before them", () => {
    const short = [...solarLines(7, 20)];
    expect([...solarLines(7, 400)].slice(0, 20)).toEqual(short);
    const valuesOf = (line: string) => line.split(",").slice(1).join(",");
    const daysOfHome2 = (days: number) => [...demandLines(7, 2, days)].slice(1 + days).map(valuesOf);
    expect(daysOfHome2(370).slice(0, 20)).toEqual(daysOfHome2(20));
  });

  test("I25: more homes change nothing before them", () => {
    expect([...demandLines(7, 130, 2)].slice(0, 5)).toEqual([...demandLines(7, 2, 2)]);
  });

  test("I25: another seed makes other data", () => {
    expect([...solarLines(1, 1)]).not.toEqual([...solarLines(2, 1)]);
    expect([...demandLines(1, 1, 1)]).not.toEqual([...demandLines(2, 1, 1)]);
  });

  test("I26: over many seeds irradiation is 1,280 kWh/m² with a standard deviation of 41", () => {
    const annual = Array.from({ length: 60 }, (_, seed) =>
      annualKWhPerM2([...generateIrradiance(seed, 365)].flat()),
    );
    expect(Math.abs(mean(annual) - 1280)).toBeLessThan(20);
    expect(Math.abs(standardDeviation(annual) - 41)).toBeLessThan(12);
  });
});
