import {
  type Demand,
  type DemandSurvey,
  demandPointsPerDay,
  type Solar,
  type SolarSurvey,
  type SolarUnit,
  solarPointsPerDay,
} from "./input-series.ts";

/**
 * Compiled input is a folder of little-endian files that are read without parsing: `manifest.json`,
 * `solar.f64` and a demand file [W] for every ten homes, one home after the other.
 */
export interface Manifest {
  readonly formatVersion: number;
  /** Changes when the same CSV files are read otherwise, or more is told of them. */
  readonly parserVersion: number;
  /** Changes with the content of the CSV files. */
  readonly sourceHash: string;
  readonly homes: number;
  readonly solarDays: number;
  readonly demandDays: number;
  readonly homesPerFile: number;
  readonly demandFormat: "u16" | "f64";
  /** What the solar file was taken to hold: it decides which negative values were refused. */
  readonly solarUnit: SolarUnit;
  /** What was seen of the files, for warnings, under their names without folders. */
  readonly solar: SolarSurvey & { readonly file: string };
  readonly demand: DemandSurvey & { readonly file: string };
}

export const formatVersion = 1;
export const parserVersion = 2;
export const manifestFile = "manifest.json";
export const solarFile = "solar.f64";
/** In it stand folders of compiled input that was replaced by what stands beside it. */
export const earlierInput = "earlier";
const homesPerFile = 10;
const largestU16 = 65_535;

/** Changes with what was read from the CSV files. */
export function inputHashOf({ sourceHash, solar }: Manifest): string {
  // Releases before 0.2, which told nothing of the files, took a header for a day: their runs were made with other data.
  return solar?.hasHeader ? `${sourceHash} without header` : sourceHash;
}

/** Path of the folder, beside the present files, of input that was replaced. */
export function earlierFolder(inputHash: string): string {
  const name = inputHash.replaceAll(" ", "-");
  return `${earlierInput}/${name}/`;
}

/** Name of the demand file that holds a home, counted from 0. */
export function demandFileOf(home: number, manifest: Manifest): string {
  return `demand-${String(Math.floor(home / manifest.homesPerFile)).padStart(4, "0")}.bin`;
}

/** Name and size [byte] of every binary file that a manifest promises. */
export function fileSizes(manifest: Manifest): Map<string, number> {
  const sizes = new Map([[solarFile, manifest.solarDays * solarPointsPerDay * 8]]);
  const homeBytes = manifest.demandDays * demandPointsPerDay * (manifest.demandFormat === "u16" ? 2 : 8);
  for (let home = 0; home < manifest.homes; home++) {
    const file = demandFileOf(home, manifest);
    sizes.set(file, (sizes.get(file) ?? 0) + homeBytes);
  }
  return sizes;
}

/** Where the series come from. */
interface Source {
  readonly hash: string;
  readonly solarUnit: SolarUnit;
  readonly solarFile: string;
  readonly demandFile: string;
}

export function createManifest(solar: Solar, demand: Demand, source: Source): Manifest {
  return {
    formatVersion,
    parserVersion,
    sourceHash: source.hash,
    homes: demand.homes.length,
    solarDays: solar.days,
    demandDays: demand.days,
    homesPerFile,
    demandFormat: demand.homes.every(fitsU16) ? "u16" : "f64",
    solarUnit: source.solarUnit,
    solar: { file: source.solarFile, ...solar.survey },
    demand: { file: source.demandFile, ...demand.survey },
  };
}

/** The content of each file, the manifest last. */
export function* encodeInput(
  manifest: Manifest,
  solar: Solar,
  demand: Demand,
): Generator<[name: string, content: ArrayBuffer]> {
  yield [solarFile, Float64Array.from(solar.values).buffer];
  for (let home = 0; home < manifest.homes; home += manifest.homesPerFile) {
    const homes = demand.homes.slice(home, home + manifest.homesPerFile);
    yield [demandFileOf(home, manifest), encodeHomes(homes, manifest)];
  }
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  yield [manifestFile, new TextEncoder().encode(text).slice().buffer];
}

function encodeHomes(homes: readonly Float64Array[], manifest: Manifest): ArrayBuffer {
  const homeLength = manifest.demandDays * demandPointsPerDay;
  const ArrayType = manifest.demandFormat === "u16" ? Uint16Array : Float64Array;
  const values = new ArrayType(homes.length * homeLength);
  for (const [index, home] of homes.entries()) values.set(home, index * homeLength);
  return values.buffer;
}

function fitsU16(values: Float64Array): boolean {
  return values.every((value) => Number.isInteger(value) && value <= largestU16);
}
