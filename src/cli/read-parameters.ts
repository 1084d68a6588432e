import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isConfigName } from "../input/config/entries.ts";
import { ConfigError } from "../input/config/read-config.ts";

export type GivenConfig = Record<string, unknown>;

/** The parameters of a configuration file: a JSON object. @throws ConfigError */
export async function readConfigFile(path: string): Promise<GivenConfig> {
  const content: unknown = await readFile(path, "utf8")
    .then(JSON.parse)
    .catch((error: Error) => {
      throw new ConfigError(`Configuration file ${path}: ${error.message}`);
    });
  if (typeof content === "object" && content !== null && !Array.isArray(content))
    return content as GivenConfig;
  throw new ConfigError(`Configuration file ${path}: expected a JSON object of parameters`);
}

/** The parameters of `parameters.json` in a folder of data; none where there is no such file. @throws ConfigError */
export async function readParametersBeside(folder: string): Promise<GivenConfig> {
  const path = join(folder, "parameters.json");
  return existsSync(path) ? readConfigFile(path) : {};
}

/** Adds one `name=value` of the command line to those before it. @throws ConfigError */
export function collectParameter(text: string, before: GivenConfig = {}): GivenConfig {
  const at = text.indexOf("=");
  const name = text.slice(0, Math.max(0, at));
  if (!isConfigName(name)) throw new ConfigError(`--set ${text}: expected NAME=VALUE of the configuration`);
  return { ...before, [name]: text.slice(at + 1) };
}

/** `given` without what is undefined, so that it hides nothing when merged. */
export function dropUndefined(given: GivenConfig): GivenConfig {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
