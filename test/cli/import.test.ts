import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProgram } from "./run-program.ts";

const cases = fileURLToPath(new URL("../input/cases/", import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "apis-import-"));
});
afterEach(() => rm(folder, { recursive: true }));

const run = (...args: string[]) => runProgram("import/import.ts", args);

test("L32: import reports what it understood, and writes data with what was done", async () => {
  const out = join(folder, "mine");
  const { code, stdout } = await run(
    `${cases}10-wide/my_load_data.csv`,
    `${cases}10-wide/my_solar_data.csv`,
    "--out",
    out,
    "--homes",
    "2",
  );
  expect(code).toBe(0);
  expect(stdout).toContain("my_load_data.csv: layout wide (");
  const written = [
    "README.md",
    "imported_load_data.csv",
    "imported_solar_data.csv",
    "report.html",
    "report.json",
    "report.txt",
  ];
  expect((await readdir(out)).toSorted()).toEqual(written.toSorted());
  expect(await readFile(join(out, "README.md"), "utf8")).toContain("| 1 | home_2 | 28.8 |");
  expect(await readFile(join(out, "report.txt"), "utf8")).toBe(stdout);
});

test("L32: import without a folder writes none, and its JSON is the report", async () => {
  const { code, stdout } = await run(`${cases}14-load-15min/my_load_data.csv`, "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    files: [{ layout: "days", stepMinutes: 15 }],
    data: { days: 3 },
  });
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  [["missing.csv"], /^missing\.csv: the file cannot be read: /],
  [[`${cases}README.md`], /^README\.md, row 1: the layout is none that is known: /],
  [["x.csv", "--unit", "furlong"], /'--unit <unit>' argument 'furlong' is invalid\. Allowed are W, kW/],
  [["x.csv", "--homes", "3-1"], /'--homes <numbers>' argument '3-1' is invalid/],
  [["x.csv", "--gap", "guess"], /'--gap <rule>' argument 'guess' is invalid/],
  [["x.csv", "--dst", "Mars/Base"], /'--dst <zone>' argument 'Mars\/Base' is invalid/],
])("L32: import refuses %j in a line", async (args, reason) => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr.replace(/^error: option /, "")).toMatch(reason);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

test("L32: import writes into no folder that holds something", async () => {
  await writeFile(join(folder, "mine.txt"), "mine");
  const { code, stderr } = await run(`${cases}10-wide/my_load_data.csv`, "--out", folder);
  expect([code, await readdir(folder)]).toEqual([1, ["mine.txt"]]);
  expect(stderr).toMatch(/--out wants a new or an empty folder; it holds mine\.txt\n$/);
});
