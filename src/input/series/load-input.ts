import type { Series } from "../../simulation/series.ts";
import {
  type DaySteps,
  demandFileOf,
  demandStepsOf,
  fileSizes,
  formatVersion,
  inputHashOf,
  type Manifest,
  manifestFile,
  type NumberFormat,
  parserVersion,
  pvFileOf,
  readNumbers,
  solarFile,
  solarStepsOf,
} from "./compiled-input.ts";
import { toHours } from "./to-hours.ts";
import { pageByWeeks } from "./week-pages.ts";
import { cutWeeks, type WeekStore } from "./week-store.ts";

/** Gives the content of a file of compiled input. */
export type ReadFile = (name: string) => Promise<ArrayBuffer>;

/** The series of a community's data over the days that all of them have. Homes count from 0. */
export interface InputData {
  readonly homes: number;
  readonly days: number;
  /** Changes with what is read of the sources. */
  readonly sourceHash: string;
  /** Whether weeks are looked up where the community is stored, which whoever is elsewhere cannot do. */
  readonly readsStorage: boolean;
  readonly solar: Series;
  /** Steps of demand and of PV power of the homes' own, which may be none [s]. */
  readonly demandStepS: number;
  readonly pvStepS: number | undefined;
  /** Demand [W] of a home. @throws RangeError if it is not loaded */
  demandOf(home: number): Series;
  /** PV power [W] of a home's own panels, or null where homes have none. @throws RangeError if it is not loaded */
  pvOf(home: number): Series | null;
  /** Reads the files of these homes that are not loaded yet. @throws RangeError if the data lack one */
  loadHomes(homes: Iterable<number>): Promise<void>;
}

/** Those of compiled input. */
export interface CompiledData extends InputData {
  readonly manifest: Manifest;
}

/**
 * Opens compiled input and loads the demand files of some homes; the other homes of a file that was read
 * are loaded with it. With an interval of 60 only the demand values on the hour are used. What an earlier release has
 * compiled is only read where it is asked for. Of data that are large the weeks are put into `store`, where there is one, and
 * read from there.
 * @throws Error if a file is not what the manifest promises
 */
export async function loadInput(
  read: ReadFile,
  homeIndices: Iterable<number>,
  demandIntervalMinutes: 30 | 60,
  ofAnyRelease = false,
  store: WeekStore | null = null,
  mostHeldBytes = heldBytes,
): Promise<CompiledData> {
  const manifest = await readManifest(read, ofAnyRelease);
  const solar = new Float64Array(await readChecked(read, solarFile, manifest));
  const input = new CompiledInput(
    read,
    manifest,
    solar,
    demandIntervalMinutes,
    countHomeBytes(manifest) > mostHeldBytes ? store : null,
  );
  await input.loadHomes(homeIndices);
  return input;
}

/** Files on their way at one time: each of them is in memory twice until it is read. */
const filesAtOnce = 8;

/** Series of homes are held in memory as a whole up to so many bytes together: 100 homes for a year every 15 minutes take 14 MB. */
const heldBytes = 48_000_000;

class CompiledInput implements CompiledData {
  readonly homes: number;
  readonly days: number;
  readonly sourceHash: string;
  readonly readsStorage: boolean;
  readonly solar: Series;
  readonly demandStepS: number;
  readonly pvStepS: number | undefined;
  readonly manifest: Manifest;
  readonly #read: ReadFile;
  readonly #intervalMinutes: 30 | 60;
  /** The homes of each file of demand or PV power that was read. */
  readonly #homesOf = new Map<string, Series[]>();
  /** Null where all is held in memory. */
  readonly #store: WeekStore | null;
  readonly #storedAs: string;

  constructor(
    read: ReadFile,
    manifest: Manifest,
    solar: Float64Array,
    intervalMinutes: 30 | 60,
    store: WeekStore | null,
  ) {
    const { homes, solarDays, demandDays, pv } = manifest;
    this.homes = homes;
    this.sourceHash = inputHashOf(manifest);
    this.days = Math.min(solarDays, demandDays, pv?.days ?? demandDays);
    const steps = solarStepsOf(manifest);
    this.solar = toSeries(solar.subarray(0, this.days * steps.pointsPerDay), steps);
    this.#read = read;
    this.manifest = manifest;
    this.#intervalMinutes = intervalMinutes;
    this.#store = store;
    this.readsStorage = store !== null;
    this.#storedAs = storedAs(manifest);
    const ownStepS = 86_400 / demandStepsOf(manifest).pointsPerDay;
    this.demandStepS = intervalMinutes === 60 && 3600 % ownStepS === 0 ? 3600 : ownStepS;
    this.pvStepS = pv === undefined ? undefined : 86_400 / pv.pointsPerDay;
  }

  demandOf(home: number): Series {
    return this.#seriesOf(home, demandFileOf);
  }

  pvOf(home: number): Series | null {
    return this.manifest.pv === undefined ? null : this.#seriesOf(home, pvFileOf);
  }

  #seriesOf(home: number, fileOf: typeof demandFileOf): Series {
    const homes = this.#homesOf.get(fileOf(home, this.manifest));
    const series = homes?.[home % this.manifest.homesPerFile];
    if (series === undefined) throw new RangeError(`Demand of home ${home} is not loaded`);
    return series;
  }

  async loadHomes(homes: Iterable<number>): Promise<void> {
    const files = new Set(Array.from(homes, (home) => this.#filesOf(home)).flat());
    const missing = [...files].filter((file) => !this.#homesOf.has(file));
    const atOnce = this.#store === null ? filesAtOnce : 1;
    while (missing.length > 0)
      await Promise.all(missing.splice(0, atOnce).map((file) => this.#loadFile(file)));
  }

  #filesOf(home: number): string[] {
    const { manifest } = this;
    if (!(Number.isInteger(home) && home >= 0 && home < this.homes))
      throw new RangeError(`Home ${home} is not among the ${this.homes} homes of the data`);
    const file = demandFileOf(home, manifest);
    return manifest.pv === undefined ? [file] : [file, pvFileOf(home, manifest)];
  }

  async #loadFile(name: string): Promise<void> {
    const { manifest, days } = this;
    const isPv = name.startsWith("pv");
    const { pv } = manifest;
    const steps = isPv && pv !== undefined ? pv : demandStepsOf(manifest);
    const ofFile =
      isPv && pv !== undefined ? pv : { days: manifest.demandDays, format: manifest.demandFormat };
    const homeLength = ofFile.days * steps.pointsPerDay;
    const read = async () => readNumbers(await readChecked(this.#read, name, manifest), ofFile.format);
    if (this.#store !== null) {
      if (!this.#store.has(this.#storedAs, name))
        this.#store.keep(this.#storedAs, name, cutWeeks(await read(), homeLength, steps.pointsPerDay));
      this.#homesOf.set(name, this.#pageHomes(this.#store, name, steps, ofFile.format, isPv));
      return;
    }
    const values = await read();
    const homes: Series[] = [];
    for (let start = 0; start < values.length; start += homeLength) {
      const series = toSeries(values.subarray(start, start + days * steps.pointsPerDay), steps);
      homes.push(isPv || this.#intervalMinutes === 30 ? series : toHours(series));
    }
    this.#homesOf.set(name, homes);
  }

  #pageHomes(store: WeekStore, name: string, steps: DaySteps, format: NumberFormat, isPv: boolean): Series[] {
    const { homesPerFile } = this.manifest;
    const { pointsPerDay, isMeans } = steps;
    const stepS = 86_400 / pointsPerDay;
    const isHourly = !isPv && this.#intervalMinutes === 60 && 3600 % stepS === 0;
    return Array.from({ length: homesPerFile }, (_, home) => {
      const read = (week: number) => readNumbers(store.read(this.#storedAs, name, home, week), format);
      if (!isHourly) return pageByWeeks({ stepS, isMeans }, this.days, read);
      return pageByWeeks(
        { stepS: 3600, isMeans },
        this.days,
        (week) => toHours({ stepS, isMeans, values: read(week) }).values,
      );
    });
  }
}

/** Bytes of the series of all homes. */
function countHomeBytes(manifest: Manifest): number {
  let bytes = 0;
  for (const [name, size] of fileSizes(manifest)) if (name !== solarFile) bytes += size;
  return bytes;
}

/** Under which name weeks of these data are kept. */
export function storedAs({ parserVersion, ...manifest }: Manifest): string {
  return `${inputHashOf({ parserVersion, ...manifest })} ${parserVersion}`;
}

function toSeries(values: Series["values"], { pointsPerDay, isMeans }: DaySteps): Series {
  const stepS = 86_400 / pointsPerDay;
  return isMeans ? { stepS, values, isMeans } : { stepS, values };
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
