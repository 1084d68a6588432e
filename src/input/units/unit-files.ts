import resetJson from "../../../jsontmp/fakeResponse.json" with { type: "json" };
import lastSaveJson from "../../../jsontmp/lastSave.json" with { type: "json" };
import standardJson from "../../../jsontmp/standard.json" with { type: "json" };
import type { UnitFiles } from "../../community/state/surroundings.ts";
import { readUnitFile, readUnitsFile } from "./read-unit-file.ts";

/** Reads the files of `jsontmp` as they were at build time. @throws UnitFileError */
export function readUnitFiles(): UnitFiles {
  return {
    standard: readUnitFile("jsontmp/standard.json", standardJson),
    reset: readUnitsFile("jsontmp/fakeResponse.json", resetJson),
    lastSave: readUnitsFile("jsontmp/lastSave.json", lastSaveJson),
  };
}
