import { configEntries, type Entry } from "../../src/input/config/entries.ts";
import { describeAllowed } from "../../src/input/config/read-config.ts";

/** The rows of the README's configuration table, from the register of parameters. */
export function writeConfigRows(): string[] {
  return Object.entries<Entry>(configEntries).map(([name, entry]) => {
    const unit = "unit" in entry && entry.unit !== "" && entry.unit !== "1" ? ` ${entry.unit}` : "";
    return `| \`${name}\` | ${writeDefault(entry)}${unit} | ${writeAllowed(entry)} | ${entry.about} |`;
  });
}

function writeDefault(entry: Entry): string {
  if (entry.kind === "words") return "as published";
  return entry.kind === "perUnit" ? JSON.stringify(entry.default) : String(entry.default);
}

function writeAllowed(entry: Entry): string {
  return entry.kind === "words" ? "a text for each code" : describeAllowed(entry);
}
