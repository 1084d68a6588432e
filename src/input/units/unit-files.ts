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

/** Reads the files of `jsontmp` as they were at build time. @throws UnitFileError */
export function readUnitFiles(): UnitFiles {
  return {
    standard: readUnitFile("jsontmp/standard.json", standardJson),
    reset: readUnitsFile("jsontmp/fakeResponse.json", resetJson),
    lastSave: { units: readUnitsFile("jsontmp/lastSave.json", lastSaveJson), snapshot: null },
  };
}
