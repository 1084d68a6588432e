import resetJson from "../../../jsontmp/fakeResponse.json" with { type: "json" };
import lastSaveJson from "../../../jsontmp/lastSave.json" with { type: "json" };
import standardJson from "../../../jsontmp/standard.json" with { type: "json" };
import { readUnitFile, readUnitsFile, type UnitDescription } from "./read-unit-file.ts";
import type { Save } from "./save.ts";

/** The units that the files of `jsontmp` describe. */
export interface UnitFiles {
  /** Defaults of a unit that is added. */
  readonly standard: UnitDescription;
  /** The units of Reset. */
  readonly reset: readonly UnitDescription[];
  /** What Load Last takes up before anything was saved. */
  readonly lastSave: Save;
}

/** The files of `jsontmp` as they are at build time, parsed, by their names. */
const builtIn = {
  "standard.json": standardJson,
  "fakeResponse.json": resetJson,
  "lastSave.json": lastSaveJson,
};

type UnitFileName = keyof typeof builtIn;
export const unitFileNames = Object.keys(builtIn) as UnitFileName[];
export type UnitFileJson = Readonly<Partial<Record<UnitFileName, unknown>>>;

/** Reads the files that are given, which lie in `folder`, and for those that are not the ones of build time. @throws UnitFileError */
export function readUnitFiles(given: UnitFileJson = {}, folder = "jsontmp"): UnitFiles {
  const files = { ...builtIn, ...given };
  const read = <T>(reader: (file: string, json: unknown) => T, name: UnitFileName) =>
    reader(`${folder}/${name}`, files[name]);
  return {
    standard: read(readUnitFile, "standard.json"),
    reset: read(readUnitsFile, "fakeResponse.json"),
    lastSave: { units: read(readUnitsFile, "lastSave.json"), snapshot: null },
  };
}
