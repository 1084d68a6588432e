import { type Config, type ConfigName, configNames, defaultOf, notesOf } from "./entries.ts";

/**
 * The configuration of a run as some release stored it. A parameter of a later release takes its neutral value, with
 * which the run is as it was; one that there is no more is left out.
 */
export function completeConfig(stored: Readonly<Record<string, unknown>>): Config {
  const config = configNames.map((name) => [name, stored[name] ?? notesOf(name).neutral ?? defaultOf(name)]);
  return Object.fromEntries(config) as Config;
}

/** Names of the parameters in which two configurations differ so that what is told of a run is not the same. */
export function listDecidingChanges(before: Config, after: Config): ConfigName[] {
  return configNames.filter((name) => !notesOf(name).aside && toText(before[name]) !== toText(after[name]));
}

/** Sizes of units are the same in any order. */
function toText(value: Config[keyof Config]): string {
  return JSON.stringify(typeof value === "object" ? Object.entries(value).sort() : value);
}
