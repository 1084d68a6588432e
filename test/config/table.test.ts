import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { writeConfigRows } from "../support/config-table.ts";

test("F4: the table of docs/configuration.md is what the register says", () => {
  const page = readFileSync(new URL("../../docs/configuration.md", import.meta.url), "utf8");
  const table = page.slice(page.indexOf("| Parameter | Default |")).trimEnd().split("\n\n")[0] as string;
  expect(table.split("\n").slice(2)).toEqual(writeConfigRows());
});
