import * as v from "valibot";
import {
  type ConfigName,
  configEntries,
  configNames,
  defaultOf,
  notesOf,
} from "../../src/input/config/entries.ts";

/** The rows of the table of docs/configuration.md, from the register of parameters. */
export function writeConfigRows(): string[] {
  return configNames.map((name) => {
    const { allowed, unit = "" } = notesOf(name);
    const preset = `${writeDefault(name)} ${unit}`.trim();
    return `| \`${name}\` | ${preset} | ${allowed} | ${v.getDescription(configEntries[name])} |`;
  });
}

function writeDefault(name: ConfigName): string {
  const preset = defaultOf(name);
  if (typeof preset !== "object" || preset === null) return String(preset);
  return Object.values(preset).some((value) => typeof value === "string")
    ? "as published"
    : JSON.stringify(preset);
}
