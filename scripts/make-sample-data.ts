/** Writes the sample CSV files under data/input/Sample and prints the figures by which they are judged. */
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { demandLines, sampleDays, sampleHomes, sampleSeed, solarLines } from "./sample-data/csv.ts";
import { generateDemand } from "./sample-data/demand.ts";
import { generateIrradiance } from "./sample-data/irradiance.ts";
import {
  annualKWhPerM2,
  describeDemand,
  highest,
  mean,
  standardDeviation,
} from "./sample-data/statistics.ts";

const folder = fileURLToPath(new URL("../data/input/Sample/", import.meta.url));
const seedsCompared = 300;

function checkIrradiance(): Record<string, string> {
  const sample = [...generateIrradiance(sampleSeed, sampleDays)].flat();
  const seeds = Array.from({ length: seedsCompared }, (_, index) => index + 1);
  const annual = seeds.map((seed) => annualKWhPerM2([...generateIrradiance(seed, sampleDays)].flat()));
  return {
    "irradiation [kWh/m² a year], about 1280": annualKWhPerM2(sample).toFixed(0),
    [`mean of ${seedsCompared} seeds, about 1280`]: mean(annual).toFixed(0),
    "standard deviation between seeds, about 41": standardDeviation(annual).toFixed(0),
    "highest irradiance [W/m²], below 950": highest(sample).toFixed(1),
  };
}

function checkDemand(): Record<string, string> {
  const homes: number[][] = [];
  for (const { home, valuesW } of generateDemand(sampleSeed, sampleHomes, sampleDays)) {
    homes[home - 1] ??= [];
    homes[home - 1]?.push(...valuesW);
  }
  const found = describeDemand(homes);
  return {
    "demand of a home [kWh a year], about 4175": found.meanAnnualKWh.toFixed(0),
    "coefficient of variation between homes, about 0.5": found.variationBetweenHomes.toFixed(2),
    "peak over mean of one home, about 8": found.peakOverMeanOfOneHome.toFixed(1),
    "coincident peak over mean, about 2": found.coincidentPeakOverMean.toFixed(2),
  };
}

await mkdir(folder, { recursive: true });
await writeFile(`${folder}sample_solar_data.csv`, [...solarLines(sampleSeed, sampleDays)].join(""));
await writeFile(
  `${folder}sample_load_data.csv`,
  [...demandLines(sampleSeed, sampleHomes, sampleDays)].join(""),
);
for (const [check, value] of Object.entries({ ...checkIrradiance(), ...checkDemand() }))
  console.log(`${check}: ${value}`);
