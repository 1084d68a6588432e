import { homeFields } from "../../src/input/homes/home-schema.ts";

/** The rows of the table of docs/homes.md, from the schema of homes. */
export function writeHomeRows(): string[] {
  return homeFields.map(
    ({ path, allowed, otherwise, about }) => `| \`${path}\` | ${allowed} | ${otherwise} | ${about} |`,
  );
}
