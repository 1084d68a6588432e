import type { WorldInput } from "../input/config/create-world.ts";
import type { Config } from "../input/config/entries.ts";
import {
  demandPointsPerDay,
  isDayOf,
  largestPower,
  type SolarUnit,
  solarPointsPerDay,
} from "../input/series/input-series.ts";
import { parseDemand } from "../input/series/parse-demand.ts";
import { parseSolar } from "../input/series/parse-solar.ts";
import type { ByteChunks } from "../input/series/read-rows.ts";
import { toHours } from "../input/series/to-hours.ts";
import type { Series } from "../simulation/series.ts";

/** Sun and demand of whole days; where one goes on for longer than another, the rest of it is not used. */
export interface CommunityData {
  /** Irradiance of each hour [W/m²], or PV power [W] where the configuration says `solarUnit: "W"`. */
  readonly solar: ArrayLike<number>;
  /** For each home its demand of each half hour [W]. */
  readonly demand: readonly ArrayLike<number>[];
  /** For each home the PV power of panels of its own [W], in the place of the sun that all share. */
  readonly pv?: readonly ArrayLike<number>[];
  /** Steps of the series, where they are no points of each hour, half hour and, of PV power, half hour. */
  readonly steps?: { readonly [Name in "solar" | "demand" | "pv"]?: SeriesSteps };
  /** Date of the first day, `2020-01-31`; a `startTime` of the configuration goes before it. */
  readonly firstDate?: string;
}

/** Step of a series [min], which divides a day, and whether each value is the mean of the step that it begins. */
export interface SeriesSteps {
  readonly minutes: number;
  readonly means?: boolean;
}

/** What a stream of the browser is, as far as it is read here. */
interface ByteStream {
  getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }> };
}

/** The text of a CSV file, or what it comes in: the body of a response, a stream of a file. */
export type CsvSource = string | ByteChunks | ByteStream;

/**
 * Reads the CSV files that docs/data.md describes.
 * @throws InputFileError with row and column of what is wrong
 */
export async function readData(
  files: { readonly solar: CsvSource; readonly demand: CsvSource; readonly pv?: CsvSource },
  solarUnit: SolarUnit = "W/m2",
): Promise<CommunityData> {
  const solar = await parseSolar("solar", readChunks(files.solar), solarUnit);
  const demand = await parseDemand("demand", readChunks(files.demand));
  const pv = files.pv === undefined ? null : await parseDemand("pv", readChunks(files.pv));
  const { firstDate } = demand.survey;
  return {
    solar: solar.values,
    demand: demand.homes,
    ...(pv && { pv: pv.homes }),
    steps: { solar: stepsOf(solar), demand: stepsOf(demand), ...(pv && { pv: stepsOf(pv) }) },
    ...(firstDate && { firstDate: firstDate.date }),
  };
}

function stepsOf({ pointsPerDay, isMeans }: { pointsPerDay: number; isMeans: boolean }): SeriesSteps {
  return { minutes: 1440 / pointsPerDay, means: isMeans };
}

function readChunks(source: CsvSource): ByteChunks {
  if (typeof source === "string") return [new TextEncoder().encode(source)];
  // Not every browser gives its streams piece by piece in a loop.
  return "getReader" in source ? readStream(source) : source;
}

async function* readStream(stream: ByteStream): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (value !== undefined) yield value;
    if (done) return;
  }
}

/**
 * The series that a world needs, of `data`.
 * @throws RangeError if they have no whole day, or a value that is none
 */
export function toWorldInput({ solar, demand, pv, steps = {} }: CommunityData, config: Config): WorldInput {
  if (demand.length === 0) throw new RangeError("data.demand is empty; allowed: a series for each home");
  if (pv !== undefined && pv.length !== demand.length)
    throw new RangeError(`data.pv has ${pv.length} series; allowed: one for each of ${demand.length} homes`);
  const ofSolar = readSteps(steps.solar, 1440 / solarPointsPerDay, "solar");
  const ofDemand = readSteps(steps.demand, 1440 / demandPointsPerDay, "demand");
  const ofPv = readSteps(steps.pv, 1440 / demandPointsPerDay, "pv");
  const wholeDays = (values: ArrayLike<number>, { minutes }: SeriesSteps) =>
    Math.floor((values.length * minutes) / 1440);
  const days = Math.min(
    wholeDays(solar, ofSolar),
    ...demand.map((values) => wholeDays(values, ofDemand)),
    ...(pv ?? []).map((values) => wholeDays(values, ofPv)),
  );
  if (days < 1)
    throw new RangeError("The data have no whole day: 24 values of solar, and 48 of demand for each home");
  const read = (
    values: ArrayLike<number>,
    { minutes, means = false }: SeriesSteps,
    place: string,
  ): Series => {
    const checked = checkValues(values, (days * 1440) / minutes, `data.${place}`);
    return { stepS: minutes * 60, values: checked, ...(means && { isMeans: true }) };
  };
  const homes = demand.map((values, home) => {
    const series = read(values, ofDemand, `demand[${home}]`);
    return config.demandIntervalMinutes === "60" ? toHours(series) : series;
  });
  const panels = pv?.map((values, home) => read(values, ofPv, `pv[${home}]`));
  return {
    homes: homes.length,
    days,
    solar: read(solar, ofSolar, "solar"),
    demandStepS: (homes[0] as Series).stepS,
    pvStepS: panels?.[0]?.stepS,
    demandOf: (home) => homes[home] as Series,
    pvOf: (home) => panels?.[home] ?? null,
  };
}

function readSteps(given: SeriesSteps | undefined, minutes: number, name: string): SeriesSteps {
  if (given === undefined) return { minutes };
  if (isDayOf(1440 / given.minutes) && Number.isInteger(given.minutes)) return given;
  throw new RangeError(
    `data.steps.${name}.minutes is ${given.minutes}; allowed: 1 to 60 whole minutes that divide a day`,
  );
}

function checkValues(values: ArrayLike<number>, length: number, place: string): Float64Array {
  const checked = Float64Array.from({ length }, (_, index) => Number(values[index]));
  const wrong = checked.findIndex((value) => !(value >= 0 && value <= largestPower));
  if (wrong === -1) return checked;
  throw new RangeError(`${place}[${wrong}] is ${values[wrong]}; allowed: 0 to ${largestPower}`);
}

/** A number that changes with any value of the data. */
export function fingerprint({ solar, demand, pv = [], steps = {} }: CommunityData): string {
  let hash = 0xcbf29ce484222325n;
  const add = (bytes: Uint8Array) => {
    let low = 0x811c9dc5;
    let high = 0x01000193;
    for (const byte of bytes) {
      low = Math.imul(low ^ byte, 0x01000193);
      high = Math.imul(high ^ byte, 0x5bd1e995) + low;
    }
    const folded = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
    hash = BigInt.asUintN(64, (hash ^ folded) * 0x100000001b3n);
  };
  // Steps as they are without being said leave the number that it always was.
  const usual = { solar: 60, demand: 30, pv: 30 };
  for (const [name, { minutes, means = false }] of Object.entries(steps))
    if (minutes !== usual[name as keyof typeof usual] || means)
      add(new TextEncoder().encode(`${name} ${minutes} ${means}`));
  for (const series of [solar, ...demand, ...pv]) add(new Uint8Array(Float64Array.from(series).buffer));
  return hash.toString(16).padStart(16, "0");
}
