import { findUrlFault } from "./database-url.ts";
import { type Config, configEntries, type Entry } from "./entries.ts";

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
  const config: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries<Entry>(configEntries)) {
    config[name] = given[name] === undefined ? entry.default : readValue(name, entry, given[name], problems);
  }
  if (strict) {
    for (const name of Object.keys(given)) {
      if (!(name in configEntries)) problems.push(`${name} is no parameter of the configuration`);
    }
  }
  checkPairs(config as unknown as Config, problems);
  checkStartTime(config as unknown as Config, problems);
  checkDatabase(config as unknown as Config, strict || given.SINGLE_PROCESS === true, problems);
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  return config as unknown as Config;
}

function readValue(name: string, entry: Entry, given: unknown, problems: string[]): unknown {
  const value = entry.kind === "text" || entry.kind === "choice" ? asText(given) : asValue(given);
  if (isAllowed(entry, value))
    return entry.kind === "perUnit" && typeof value === "number" ? { default: value } : value;
  problems.push(`${name} is ${JSON.stringify(given)}; allowed: ${describeAllowed(entry)}`);
  return entry.default;
}

function asText(given: unknown): unknown {
  return typeof given === "number" ? String(given) : given;
}

function asValue(given: unknown): unknown {
  if (typeof given !== "string") return given;
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}

function isAllowed(entry: Entry, value: unknown): boolean {
  switch (entry.kind) {
    case "number":
      return isInRange(entry, value) && (!entry.integer || Number.isInteger(value));
    case "flag":
      return typeof value === "boolean";
    case "choice":
      return entry.allowed.includes(value as string);
    case "text":
      return typeof value === "string";
    case "perUnit":
      return (
        isInRange(entry, value) ||
        (isRecord(value) && Object.entries(value).every((pair) => isSize(entry, pair)))
      );
    case "words":
      return (
        isRecord(value) &&
        Object.keys(entry.default).every((key) => typeof value[key] === "string") &&
        Object.keys(value).every((key) => key in entry.default)
      );
  }
}

function isSize(range: { min: number; max: number }, [key, value]: [string, unknown]): boolean {
  return (key === "default" || /^E\d{3,4}$/.test(key)) && isInRange(range, value);
}

function isInRange(range: { min: number; max: number }, value: unknown): boolean {
  return typeof value === "number" && value >= range.min && value <= range.max;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a parameter accepts, in words, as it stands in error messages and in the README. */
export function describeAllowed(entry: Entry): string {
  switch (entry.kind) {
    case "number":
      return `${entry.integer ? "whole numbers " : ""}${entry.min} to ${entry.max}`;
    case "flag":
      return "true, false";
    case "choice":
      return entry.allowed.join(", ");
    case "text":
      return "text";
    case "perUnit":
      return `${entry.min} to ${entry.max}, or {"E001": …, "default": …} of them`;
    case "words":
      return `an object with a text for each of ${Object.keys(entry.default).join(", ")}`;
  }
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

function checkStartTime(config: Config, problems: string[]): void {
  const { startTime } = config;
  const parsed = new Date(/^\d{4}-\d\d-\d\dT00:00:00$/.test(startTime) ? `${startTime}Z` : Number.NaN);
  // What parses may still be no day: 30 February is read as 2 March.
  if (!Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(startTime)) return;
  problems.push(
    `startTime is ${JSON.stringify(startTime)}; allowed: midnight of a day, such as 2020-01-01T00:00:00`,
  );
}

function checkDatabase({ saveIndividualToDB, dburl }: Config, isLocal: boolean, problems: string[]): void {
  // Elsewhere no address means the database that is bound.
  const needsUrl = saveIndividualToDB && isLocal;
  const fault = dburl === "" && !needsUrl ? null : findUrlFault(dburl, isLocal);
  if (fault !== null) problems.push(`dburl is ${JSON.stringify(dburl)}; allowed: ${fault}`);
}
