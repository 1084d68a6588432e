import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { writeConfigRows } from "../support/config-table.ts";

test("F4: the README's table of the configuration is what the register says", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const table = readme.slice(readme.indexOf("| Parameter | Default |")).split("\n\n")[0] as string;
  expect(table.split("\n").slice(2)).toEqual(writeConfigRows());
});
