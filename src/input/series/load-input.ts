import type { Series } from "../../simulation/series.ts";
import {
  demandFileOf,
  fileSizes,
  formatVersion,
  inputHashOf,
  type Manifest,
  manifestFile,
  parserVersion,
  solarFile,
} from "./compiled-input.ts";
import { demandPointsPerDay, solarPointsPerDay } from "./input-series.ts";

/** Gives the content of a file of compiled input. */
export type ReadFile = (name: string) => Promise<ArrayBuffer>;

/** The series of compiled input over the days that both solar and demand have. Homes count from 0. */
export interface InputData {
  readonly homes: number;
  readonly days: number;
  /** Changes with what is read from the CSV files. */
  readonly sourceHash: string;
  readonly manifest: Manifest;
  readonly solar: Series;
  /** Demand [W] of a home. @throws RangeError if it is not loaded */
  demandOf(home: number): Series;
  /** Reads the files of these homes that are not loaded yet. @throws RangeError if the data lack one */
  loadHomes(homes: Iterable<number>): Promise<void>;
}

/**
 * Opens compiled input and loads the demand files of some homes; the other homes of a file that was read
 * are loaded with it. With an interval of 60 only the demand values on the hour are used. What an earlier release has
 * compiled is only read where it is asked for.
 * @throws Error if a file is not what the manifest promises
 */
export async function loadInput(
  read: ReadFile,
  homeIndices: Iterable<number>,
  demandIntervalMinutes: 30 | 60,
  ofAnyRelease = false,
): Promise<InputData> {
  const manifest = await readManifest(read, ofAnyRelease);
  const solar = new Float64Array(await readChecked(read, solarFile, manifest));
  const input = new CompiledInput(read, manifest, solar, demandIntervalMinutes);
  await input.loadHomes(homeIndices);
  return input;
}

/** Files on their way at one time: each of them is in memory twice until it is read. */
const filesAtOnce = 8;

class CompiledInput implements InputData {
  readonly homes: number;
  readonly days: number;
  readonly sourceHash: string;
  readonly solar: Series;
  readonly manifest: Manifest;
  readonly #read: ReadFile;
  readonly #intervalMinutes: 30 | 60;
  /** The homes of each demand file that was read. */
  readonly #demand = new Map<string, Series[]>();

  constructor(read: ReadFile, manifest: Manifest, solar: Float64Array, intervalMinutes: 30 | 60) {
    this.homes = manifest.homes;
    this.sourceHash = inputHashOf(manifest);
    this.days = Math.min(manifest.solarDays, manifest.demandDays);
    this.solar = { stepS: 3600, values: solar.subarray(0, this.days * solarPointsPerDay) };
    this.#read = read;
    this.manifest = manifest;
    this.#intervalMinutes = intervalMinutes;
  }

  demandOf(home: number): Series {
    const homes = this.#demand.get(demandFileOf(home, this.manifest));
    const series = homes?.[home % this.manifest.homesPerFile];
    if (series === undefined) throw new RangeError(`Demand of home ${home} is not loaded`);
    return series;
  }

  async loadHomes(homes: Iterable<number>): Promise<void> {
    const files = new Set(Array.from(homes, (home) => this.#fileOf(home)));
    const missing = [...files].filter((file) => !this.#demand.has(file));
    while (missing.length > 0)
      await Promise.all(missing.splice(0, filesAtOnce).map((file) => this.#loadFile(file)));
  }

  #fileOf(home: number): string {
    if (Number.isInteger(home) && home >= 0 && home < this.homes) return demandFileOf(home, this.manifest);
    throw new RangeError(`Home ${home} is not among the ${this.homes} homes of the data`);
  }

  async #loadFile(name: string): Promise<void> {
    const content = await readChecked(this.#read, name, this.manifest);
    const values =
      this.manifest.demandFormat === "u16" ? new Uint16Array(content) : new Float64Array(content);
    const homeLength = this.manifest.demandDays * demandPointsPerDay;
    const homes: Series[] = [];
    for (let start = 0; start < values.length; start += homeLength)
      homes.push(this.#toSeries(values.subarray(start, start + this.days * demandPointsPerDay)));
    this.#demand.set(name, homes);
  }

  #toSeries(values: Uint16Array | Float64Array): Series {
    if (this.#intervalMinutes === 30) return { stepS: 1800, values };
    return { stepS: 3600, values: values.filter((_, index) => index % 2 === 0) };
  }
}

async function readManifest(read: ReadFile, ofAnyRelease: boolean): Promise<Manifest> {
  const manifest = JSON.parse(new TextDecoder().decode(await read(manifestFile))) as Manifest;
  if (manifest.formatVersion !== formatVersion)
    throw new Error(
      `Compiled input has format ${manifest.formatVersion}, not ${formatVersion}: compile it again`,
    );
  if (ofAnyRelease || manifest.parserVersion === parserVersion) return manifest;
  throw new Error("Compiled input was made by another release: compile it again");
}

async function readChecked(read: ReadFile, name: string, manifest: Manifest): Promise<ArrayBuffer> {
  const content = await read(name);
  const bytes = fileSizes(manifest).get(name);
  if (content.byteLength === bytes) return content;
  throw new Error(`Compiled input ${name} has ${content.byteLength} bytes, not ${bytes}: compile it again`);
}
