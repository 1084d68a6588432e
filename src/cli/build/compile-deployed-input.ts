import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { warnOfInput } from "../../input/series/warn-of-input.ts";
import { keepHomes, readHomesBeside } from "../read-homes.ts";
import { compileInput } from "./compile-input.ts";

/** `solarUnit` of some deployment, not in a comment. */
const saysPower = /^[^#\r\n]*\bsolarUnit\s*=\s*["']W["']/m;

/**
 * Compiles the data that deployments of a project serve, and says in lines whether it did and what can hardly be
 * meant. Where the deployments of wrangler.toml differ in their `solarUnit`, values that are none in W/m² are left to
 * each community to tell of. @throws InputFileError
 */
export async function compileDeployedInput(folder: string): Promise<{ note: string; warnings: string[] }> {
  const deployments = await readFile(join(folder, "wrangler.toml"), "utf8");
  const solarUnit = saysPower.test(deployments) ? "W" : "W/m2";
  const source = join(folder, "data/input/Sample");
  const { manifest, compiled } = await compileInput(source, join(folder, "public/input"), { solarUnit });
  await keepHomes(join(folder, "public/input"), await readHomesBeside(source));
  return {
    note: compiled ? "Compiled data/input/Sample" : "data/input/Sample has not changed",
    warnings: warnOfInput(manifest, solarUnit),
  };
}
