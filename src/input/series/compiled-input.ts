import { InputFileError } from "./input-file-error.ts";
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
 * `solar.f64` and a demand file [W] for every ten homes, or fewer where these have many values, one home after the other.
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
  readonly demandFormat: NumberFormat;
  /** Values a day and whether they are means, where these differ from 24 and 48 points. */
  readonly solarSteps?: DaySteps;
  readonly demandSteps?: DaySteps;
  /** PV power of homes of their own [W], as many as homes. */
  readonly pv?: DaySteps & { readonly file: string; readonly days: number; readonly format: NumberFormat };
  /** What the solar file was taken to hold: it decides which negative values were refused. */
  readonly solarUnit: SolarUnit;
  /** What was seen of the files, for warnings, under their names without folders. */
  readonly solar: SolarSurvey & { readonly file: string };
  readonly demand: DemandSurvey & { readonly file: string };
}

export type NumberFormat = "u16" | "f32" | "f64";

/** Values a day, and whether each is the mean of the step that it begins. */
export interface DaySteps {
  readonly pointsPerDay: number;
  readonly isMeans: boolean;
}

export const formatVersion = 1;
export const parserVersion = 3;
export const manifestFile = "manifest.json";
/** Beside the input: what the homes have, where that is known. */
export const homesFile = "homes.json";
export const solarFile = "solar.f64";
/** In it stand folders of compiled input that was replaced by what stands beside it. */
export const earlierInput = "earlier";
/** Homes of a file at the most, and about as many bytes, since a file is read as a whole. */
const mostHomesPerFile = 10;
const fileBytes = 4_000_000;
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
  return fileOf("demand", home, manifest);
}

/** Name of the file of PV power that holds a home, counted from 0. */
export function pvFileOf(home: number, manifest: Manifest): string {
  return fileOf("pv", home, manifest);
}

function fileOf(kind: string, home: number, { homesPerFile }: Manifest): string {
  return `${kind}-${String(Math.floor(home / homesPerFile)).padStart(4, "0")}.bin`;
}

export function solarStepsOf({ solarSteps }: Manifest): DaySteps {
  return solarSteps ?? { pointsPerDay: solarPointsPerDay, isMeans: false };
}

export function demandStepsOf({ demandSteps }: Manifest): DaySteps {
  return demandSteps ?? { pointsPerDay: demandPointsPerDay, isMeans: false };
}

const formats = { u16: Uint16Array, f32: Float32Array, f64: Float64Array } as const;

/** The numbers of a file. */
export function readNumbers(
  content: ArrayBuffer,
  format: NumberFormat,
): Uint16Array | Float32Array | Float64Array {
  return new formats[format](content);
}

/** Name and size [byte] of every binary file that a manifest promises. */
export function fileSizes(manifest: Manifest): Map<string, number> {
  const { homes, solarDays, demandDays, demandFormat, pv } = manifest;
  const sizes = new Map([[solarFile, solarDays * solarStepsOf(manifest).pointsPerDay * 8]]);
  const add = (fileOfHome: typeof demandFileOf, bytes: number) => {
    for (let home = 0; home < homes; home++) {
      const file = fileOfHome(home, manifest);
      sizes.set(file, (sizes.get(file) ?? 0) + bytes);
    }
  };
  add(
    demandFileOf,
    demandDays * demandStepsOf(manifest).pointsPerDay * formats[demandFormat].BYTES_PER_ELEMENT,
  );
  if (pv !== undefined) add(pvFileOf, pv.days * pv.pointsPerDay * formats[pv.format].BYTES_PER_ELEMENT);
  return sizes;
}

/** Where the series come from. */
interface Source {
  readonly hash: string;
  readonly solarUnit: SolarUnit;
  readonly solarFile: string;
  readonly demandFile: string;
  readonly pvFile?: string;
}

/** @throws InputFileError if there are not as many homes of PV power as of demand */
export function createManifest(
  solar: Solar,
  demand: Demand,
  source: Source,
  pv: Demand | null = null,
): Manifest {
  const { pvFile = "pv" } = source;
  if (pv !== null && pv.homes.length !== demand.homes.length)
    throw new InputFileError(
      pvFile,
      null,
      null,
      `PV power of ${pv.homes.length} homes; the demand file has ${demand.homes.length}`,
    );
  const stepsOf = ({ pointsPerDay, isMeans }: DaySteps, usual: number) =>
    pointsPerDay === usual && !isMeans ? null : { pointsPerDay, isMeans };
  const solarSteps = stepsOf(solar, solarPointsPerDay);
  const demandSteps = stepsOf(demand, demandPointsPerDay);
  return {
    formatVersion,
    parserVersion,
    sourceHash: source.hash,
    homes: demand.homes.length,
    solarDays: solar.days,
    demandDays: demand.days,
    homesPerFile: homesPerFileOf([demand, ...(pv === null ? [] : [pv])]),
    demandFormat: formatOf(demand),
    ...(solarSteps && { solarSteps }),
    ...(demandSteps && { demandSteps }),
    ...(pv && {
      pv: {
        file: pvFile,
        days: pv.days,
        pointsPerDay: pv.pointsPerDay,
        isMeans: pv.isMeans,
        format: formatOf(pv),
      },
    }),
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
  pv: Demand | null = null,
): Generator<[name: string, content: ArrayBuffer]> {
  const { homes, homesPerFile, demandFormat } = manifest;
  yield [solarFile, Float64Array.from(solar.values).buffer];
  for (let home = 0; home < homes; home += homesPerFile)
    yield [
      demandFileOf(home, manifest),
      encodeHomes(demand.homes.slice(home, home + homesPerFile), demandFormat),
    ];
  for (let home = 0; pv !== null && home < homes; home += homesPerFile)
    yield [pvFileOf(home, manifest), encodeHomes(pv.homes.slice(home, home + homesPerFile), formatOf(pv))];
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  yield [manifestFile, new TextEncoder().encode(text).slice().buffer];
}

function homesPerFileOf(all: readonly Demand[]): number {
  const bytes = Math.max(
    ...all.map((one) => one.days * one.pointsPerDay * formats[formatOf(one)].BYTES_PER_ELEMENT),
  );
  return Math.max(1, Math.min(mostHomesPerFile, Math.floor(fileBytes / bytes)));
}

function encodeHomes(homes: readonly Float64Array[], format: NumberFormat): ArrayBuffer {
  const homeLength = homes[0]?.length ?? 0;
  const values = new formats[format](homes.length * homeLength);
  for (const [index, home] of homes.entries()) values.set(home, index * homeLength);
  return values.buffer;
}

/** Half-hourly values keep all their bits, as in every release; of finer steps seven digits are enough. */
function formatOf({ homes, pointsPerDay }: Demand): NumberFormat {
  if (homes.every(fitsU16)) return "u16";
  return pointsPerDay > demandPointsPerDay ? "f32" : "f64";
}

function fitsU16(values: Float64Array): boolean {
  return values.every((value) => Number.isInteger(value) && value <= largestU16);
}
