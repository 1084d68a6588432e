import resetJson from "../../../jsontmp/fakeResponse.json" with { type: "json" };
import lastSaveJson from "../../../jsontmp/lastSave.json" with { type: "json" };
import standardJson from "../../../jsontmp/standard.json" with { type: "json" };
import { readUnitFile, readUnitsFile, type UnitDescription } from "./read-unit-file.ts";

/** The units that the files of `jsontmp` describe. */
export interface UnitFiles {
  /** Defaults of a unit that is added. */
  readonly standard: UnitDescription;
  /** The units of Reset. */
  readonly reset: readonly UnitDescription[];
  /** The units of Load Last before anything was saved. */
  readonly lastSave: readonly UnitDescription[];
}

/** Reads the files of `jsontmp` as they were at build time. @throws UnitFileError */
export function readUnitFiles(): UnitFiles {
  return {
    standard: readUnitFile("jsontmp/standard.json", standardJson),
    reset: readUnitsFile("jsontmp/fakeResponse.json", resetJson),
    lastSave: readUnitsFile("jsontmp/lastSave.json", lastSaveJson),
  };
}
