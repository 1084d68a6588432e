import type { WorldInput } from "../input/config/create-world.ts";
import type { Config } from "../input/config/entries.ts";
import {
  demandPointsPerDay,
  largestPower,
  type SolarUnit,
  solarPointsPerDay,
} from "../input/series/input-series.ts";
import { parseDemand } from "../input/series/parse-demand.ts";
import { parseSolar } from "../input/series/parse-solar.ts";
import type { ByteChunks } from "../input/series/read-rows.ts";

/** Sun and demand of whole days; where one goes on for longer than another, the rest of it is not used. */
export interface CommunityData {
  /** Irradiance of each hour [W/m²], or PV power [W] where the configuration says `solarUnit: "W"`. */
  readonly solar: ArrayLike<number>;
  /** For each home its demand of each half hour [W]. */
  readonly demand: readonly ArrayLike<number>[];
  /** Date of the first day, `2020-01-31`; a `startTime` of the configuration goes before it. */
  readonly firstDate?: string;
}

/** What a stream of the browser is, as far as it is read here. */
interface ByteStream {
  getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }> };
}

/** The text of a CSV file, or what it comes in: the body of a response, a stream of a file. */
export type CsvSource = string | ByteChunks | ByteStream;

/**
 * Reads the two CSV files that docs/data.md describes.
 * @throws InputFileError with row and column of what is wrong
 */
export async function readData(
  files: { readonly solar: CsvSource; readonly demand: CsvSource },
  solarUnit: SolarUnit = "W/m2",
): Promise<CommunityData> {
  const solar = await parseSolar("solar", readChunks(files.solar), solarUnit);
  const { homes, survey } = await parseDemand("demand", readChunks(files.demand));
  const { firstDate } = survey;
  return { solar: solar.values, demand: homes, ...(firstDate && { firstDate: firstDate.date }) };
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
export function toWorldInput({ solar, demand }: CommunityData, config: Config): WorldInput {
  const wholeDays = (values: ArrayLike<number>, pointsPerDay: number) =>
    Math.floor(values.length / pointsPerDay);
  const demandDays = demand.map((values) => wholeDays(values, demandPointsPerDay));
  const days = Math.min(wholeDays(solar, solarPointsPerDay), ...demandDays);
  if (demand.length === 0) throw new RangeError("data.demand is empty; allowed: a series for each home");
  if (days < 1)
    throw new RangeError("The data have no whole day: 24 values of solar, and 48 of demand for each home");
  const every = config.demandIntervalMinutes === "60" ? 2 : 1;
  const homes = demand.map((values, home) => {
    const checked = checkValues(values, days * demandPointsPerDay, `data.demand[${home}]`);
    return { stepS: 1800 * every, values: every === 1 ? checked : checked.filter((_, i) => i % every === 0) };
  });
  return {
    homes: homes.length,
    days,
    solar: { stepS: 3600, values: checkValues(solar, days * solarPointsPerDay, "data.solar") },
    demandOf: (home) => homes[home] as (typeof homes)[number],
  };
}

function checkValues(values: ArrayLike<number>, length: number, place: string): Float64Array {
  const checked = Float64Array.from({ length }, (_, index) => Number(values[index]));
  const wrong = checked.findIndex((value) => !(value >= 0 && value <= largestPower));
  if (wrong === -1) return checked;
  throw new RangeError(`${place}[${wrong}] is ${values[wrong]}; allowed: 0 to ${largestPower}`);
}

/** A number that changes with any value of the data. */
export function fingerprint({ solar, demand }: CommunityData): string {
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
  for (const series of [solar, ...demand]) add(new Uint8Array(Float64Array.from(series).buffer));
  return hash.toString(16).padStart(16, "0");
}
