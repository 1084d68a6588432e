import * as v from "valibot";
import { quote, quoteValue } from "../../notation/parameters.ts";
import { findHomesFaults } from "../homes/check-homes.ts";
import { findUrlFault } from "./database-url.ts";
import {
  type Config,
  type ConfigName,
  configEntries,
  configNames,
  defaultOf,
  isConfigName,
  notesOf,
} from "./entries.ts";
import { placeOf } from "./place.ts";

/** Names every parameter that is wrong, what was given and what is allowed. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/**
 * Reads a configuration from parameters as text or as JSON values; what is not given has its default.
 * Names that are not in the register are none of our business (bindings) unless `strict`.
 * @throws ConfigError
 */
export function readConfig(given: Readonly<Record<string, unknown>>, strict = false): Config {
  const problems: string[] = [];
  const read = configNames.map((name) => [name, readValue(name, given[name], problems)]);
  const config = Object.fromEntries(read) as Config;
  if (strict) {
    for (const name of Object.keys(given)) {
      if (!isConfigName(name)) problems.push(`${name} is no parameter of the configuration`);
    }
  }
  checkPairs(config, problems);
  problems.push(...findHomesFaults(config));
  checkOutputs(config, problems);
  checkDatabase(config, strict || placeOf(given) === "local", problems);
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  return config;
}

function readValue(name: ConfigName, given: unknown, problems: string[]): unknown {
  if (given === undefined) return defaultOf(name);
  const { success, output, issues } = v.safeParse(configEntries[name], given);
  if (success) return output;
  const { explains } = notesOf(name);
  if (explains) for (const { message } of issues) problems.push(message);
  else problems.push(`${name} is ${quoteValue(given)}; allowed: ${notesOf(name).allowed}`);
  return defaultOf(name);
}

/** Parameters of which one must not exceed the other. */
function checkPairs(config: Config, problems: string[]): void {
  for (const [low, high] of [
    ["UPS_TRIGGER_BATT_OFF", "UPS_TRIGGER_BATT_ON"],
    ["UPS_TRIGGER_AC_ON", "UPS_TRIGGER_AC_OFF"],
    ["units", "maximumUnits"],
  ] as const) {
    if (config[low] > config[high])
      problems.push(`${low} is ${config[low]}; allowed: up to ${high}, ${config[high]}`);
  }
}

/** What is written into one folder must not be written over one another. */
function checkOutputs(config: Config, problems: string[]): void {
  const names = ["summaryPath", "indivLogPath", "logFile"] as const;
  names.forEach((name, index) => {
    const other = names.slice(0, index).find((each) => normalize(config[each]) === normalize(config[name]));
    if (other !== undefined)
      problems.push(`${name} is ${quote(config[name])}; allowed: another path than ${other}`);
  });
}

function normalize(path: string): string {
  return path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

function checkDatabase({ dburl }: Config, isLocal: boolean, problems: string[]): void {
  // No address means the database that is bound.
  const fault = dburl === "" ? null : findUrlFault(dburl, isLocal);
  if (fault !== null) problems.push(`dburl is ${quote(dburl)}; allowed: ${fault}`);
}
