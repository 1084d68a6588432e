import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UnitFileError } from "../input/units/read-unit-file.ts";
import { readUnitFiles, type UnitFileJson, unitFileNames } from "../input/units/unit-files.ts";
import { projectFolder } from "./project-folder.ts";

/**
 * The files of the folder that `--jsontmp` names, parsed and checked; without it the project's own. Those that are not
 * there are left out: the release has its own. @throws UnitFileError
 */
export async function readUnitFolder(folder: string | undefined): Promise<UnitFileJson> {
  const place = folder ?? join(projectFolder, "jsontmp");
  const found: { -readonly [Name in keyof UnitFileJson]: UnitFileJson[Name] } = {};
  for (const name of unitFileNames) {
    const text = await readText(join(place, name));
    if (text !== null) found[name] = parse(join(place, name), text);
  }
  if (folder !== undefined && Object.keys(found).length === 0)
    throw new UnitFileError(`${folder}: none of ${unitFileNames.join(", ")} lies there`);
  readUnitFiles(found, place);
  return found;
}

async function readText(path: string): Promise<string | null> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw new UnitFileError(`${path}: ${error.message}`);
  });
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnitFileError(`${path}: ${(error as Error).message}`);
  }
}
