import type { Series } from "../simulation/series.ts";
import {
  demandFileOf,
  fileSizes,
  formatVersion,
  type Manifest,
  manifestFile,
  solarFile,
} from "./compiled-input.ts";
import { demandPointsPerDay, solarPointsPerDay } from "./input-series.ts";

/** Gives the content of a file of compiled input. */
export type ReadFile = (name: string) => Promise<ArrayBuffer>;

/** The series of compiled input over the days that both solar and demand have. Homes count from 0. */
export interface InputData {
  readonly homes: number;
  readonly days: number;
  readonly solar: Series;
  /** Demand [W] of a home. @throws RangeError if it is not loaded */
  demandOf(home: number): Series;
  hasHome(home: number): boolean;
  /** Reads the files of these homes that are not loaded yet. @throws RangeError if the data lack one */
  loadHomes(homes: Iterable<number>): Promise<void>;
}

/**
 * Opens compiled input and loads the demand files of some homes; the other homes of a file that was read
 * are loaded with it. With an interval of 60 only the demand values on the hour are used.
 * @throws Error if a file is not what the manifest promises
 */
export async function loadInput(
  read: ReadFile,
  homeIndices: Iterable<number>,
  demandIntervalMinutes: 30 | 60,
): Promise<InputData> {
  const manifest = await readManifest(read);
  const days = Math.min(manifest.solarDays, manifest.demandDays);
  const sizes = fileSizes(manifest);
  const solar = new Float64Array(await readChecked(read, solarFile, sizes));
  const demandFiles = new Map<string, Series[]>();
  const input: InputData = {
    homes: manifest.homes,
    days,
    solar: { stepS: 3600, values: solar.subarray(0, days * solarPointsPerDay) },
    demandOf(home) {
      const series = demandFiles.get(demandFileOf(home, manifest))?.[home % manifest.homesPerFile];
      if (series === undefined) throw new RangeError(`Demand of home ${home} is not loaded`);
      return series;
    },
    hasHome: (home) =>
      demandFiles.get(demandFileOf(home, manifest))?.[home % manifest.homesPerFile] !== undefined,
    async loadHomes(homes) {
      await Promise.all(
        [...missingFiles(homes, manifest, demandFiles)].map(async (file) => {
          const content = await readChecked(read, file, sizes);
          demandFiles.set(file, splitHomes(content, manifest, days, demandIntervalMinutes));
        }),
      );
    },
  };
  await input.loadHomes(homeIndices);
  return input;
}

async function readManifest(read: ReadFile): Promise<Manifest> {
  const manifest = JSON.parse(new TextDecoder().decode(await read(manifestFile))) as Manifest;
  if (manifest.formatVersion === formatVersion) return manifest;
  throw new Error(
    `Compiled input has format ${manifest.formatVersion}, not ${formatVersion}: compile it again`,
  );
}

async function readChecked(read: ReadFile, name: string, sizes: Map<string, number>): Promise<ArrayBuffer> {
  const content = await read(name);
  if (content.byteLength === sizes.get(name)) return content;
  throw new Error(`Compiled input ${name} has ${content.byteLength} bytes, not ${sizes.get(name)}`);
}

function missingFiles(
  homes: Iterable<number>,
  manifest: Manifest,
  loaded: ReadonlyMap<string, unknown>,
): Set<string> {
  const missing = new Set<string>();
  for (const home of homes) {
    if (!Number.isInteger(home) || home < 0 || home >= manifest.homes)
      throw new RangeError(`Home ${home} is not among the ${manifest.homes} homes of the data`);
    const file = demandFileOf(home, manifest);
    if (!loaded.has(file)) missing.add(file);
  }
  return missing;
}

/** The series of each home in a demand file. */
function splitHomes(
  content: ArrayBuffer,
  manifest: Manifest,
  days: number,
  intervalMinutes: 30 | 60,
): Series[] {
  const values = manifest.demandFormat === "u16" ? new Uint16Array(content) : new Float64Array(content);
  const homeLength = manifest.demandDays * demandPointsPerDay;
  const homes: Series[] = [];
  for (let start = 0; start < values.length; start += homeLength) {
    const used = values.subarray(start, start + days * demandPointsPerDay);
    homes.push(
      intervalMinutes === 30 ? { stepS: 1800, values: used } : { stepS: 3600, values: keepHours(used) },
    );
  }
  return homes;
}

/** Every second of half-hourly values, from the first on. */
function keepHours(values: Uint16Array | Float64Array): Uint16Array | Float64Array {
  return values.filter((_, index) => index % 2 === 0);
}
