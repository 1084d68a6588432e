import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../input/config/read-config.ts";
import type { Homes } from "../input/homes/home-schema.ts";
import { homesFaultOf, readHomesFile } from "../input/homes/read-homes-file.ts";
import { homesFile } from "../input/series/compiled-input.ts";

/** Reads a file of homes. @throws ConfigError */
export async function readHomes(path: string): Promise<Homes> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new ConfigError(`${path}: ${error.message}`);
  });
  try {
    return await readHomesFile(path, bytes);
  } catch (error) {
    const fault = homesFaultOf(error);
    if (fault === null) throw error;
    throw new ConfigError(fault.includes(path) ? fault : `${path}: ${fault}`);
  }
}

/** The homes of the file that lies beside the data of a folder, or null where none does. @throws ConfigError */
export async function readHomesBeside(folder: string): Promise<Homes | null> {
  const names = (await readdir(folder)).filter((name) => /^homes\.(json|csv)$/i.test(name));
  const [name] = names;
  if (names.length > 1)
    throw new ConfigError(`${folder}: one file of homes belongs here; found: ${names.join(", ")}`);
  return name === undefined ? null : readHomes(join(folder, name));
}

/** Puts homes among the compiled input, where a community that begins finds them; null takes away those that lie there. */
export async function keepHomes(folder: string, homes: Homes | null): Promise<void> {
  if (homes === null) return rm(join(folder, homesFile), { force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, homesFile), JSON.stringify(homes));
}
