import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { writeHomeRows } from "../support/homes-table.ts";

test("HM5: the table of docs/homes.md is what the schema of homes says", () => {
  const page = readFileSync(new URL("../../docs/homes.md", import.meta.url), "utf8");
  const table = page.slice(page.indexOf("| Field | Allowed |")).split("\n\n")[0] as string;
  expect(table.split("\n").slice(2)).toEqual(writeHomeRows());
});
