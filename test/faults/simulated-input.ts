import {
  createManifest,
  earlierFolder,
  encodeInput,
  inputHashOf,
  type Manifest,
} from "../../src/input/series/compiled-input.ts";
import { type InputData, loadInput } from "../../src/input/series/load-input.ts";

/** Two sets of data for three homes, one of four days and one of three, compiled; what is not present is kept as earlier. */
const solarOf = { varied: 4, sunny: 3 } as const;
export type DataName = keyof typeof solarOf;
export const dataNames = Object.keys(solarOf) as DataName[];

const cell = { row: 1, column: 1, value: 900 };
const compiled = Object.fromEntries(
  dataNames.map((name) => {
    const days = solarOf[name];
    const sun = (hour: number) => Math.max(0, Math.sin(((hour - 6) * Math.PI) / 12));
    const solar = {
      days,
      pointsPerDay: 24,
      isMeans: false,
      values: Float64Array.from({ length: days * 24 }, (_, i) =>
        Math.round(sun(i % 24) * (900 + 7 * i + days)),
      ),
      survey: { hasHeader: false, highest: cell, negatives: 0, lowest: null },
    };
    const homes = [1, 2, 3].map((home) =>
      Float64Array.from({ length: days * 48 }, (_, i) => 150 + ((i * (5 + days * home)) % 23) * 40),
    );
    const demand = {
      days,
      pointsPerDay: 48,
      isMeans: false,
      homes,
      survey: { firstDate: null, high: null, low: null },
    };
    const source = {
      hash: `hash-${name}`,
      solarUnit: "W",
      solarFile: `${name}.csv`,
      demandFile: `${name}.csv`,
    } as const;
    const manifest = createManifest(solar, demand, source);
    return [name, { manifest, files: new Map(encodeInput(manifest, solar, demand)) }];
  }),
) as Record<DataName, { manifest: Manifest; files: Map<string, ArrayBuffer> }>;

export const manifestOf = (name: DataName) => compiled[name].manifest;
export const hashOf = (name: DataName) => inputHashOf(manifestOf(name));

/** The content of a file of compiled input where `present` are the data, or undefined. */
export function readInputFile(present: DataName, path: string): ArrayBuffer | undefined {
  const other = present === "varied" ? "sunny" : "varied";
  const folder = earlierFolder(hashOf(other));
  const isEarlier = path.startsWith(folder);
  const { files } = compiled[isEarlier ? other : present];
  return files.get(isEarlier ? path.slice(folder.length) : path);
}

/** The data themselves, all homes loaded. */
export function openInput(name: DataName): Promise<InputData> {
  return loadInput(async (path) => compiled[name].files.get(path) as ArrayBuffer, [0, 1, 2], 30);
}
