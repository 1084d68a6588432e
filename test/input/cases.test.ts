import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compileInput } from "../../src/cli/build/compile-input.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { dateStart } from "../../src/input/config/start-time.ts";
import { warnOfInput } from "../../src/input/series/warn-of-input.ts";
import { refusalOf } from "./csv-text.ts";

/** Files as people bring them: `cases/README.md` says what each is. */
const folderOf = (name: string) => fileURLToPath(new URL(`cases/${name}`, import.meta.url));
const wantedDemand =
  "a header, then for each home a row a day of row number, home, year, month, day, weekday and its kW, 48 or as many as the header has";

let target: string;
beforeEach(async () => {
  target = await mkdtemp(join(tmpdir(), "apis-cases-"));
});
afterEach(() => rm(target, { recursive: true }));

const compile = async (name: string) => (await compileInput(folderOf(name), join(target, "input"))).manifest;

test.each([
  [
    "01-solar-pandas-header",
    { solarDays: 3 },
    ["my_solar_data.csv, row 1: a header that counts its columns, not read as data"],
  ],
  ["03-load-dates-vs-start", { solarDays: 3, demandDays: 3 }, []],
  [
    "04-load-in-watts",
    { homes: 2 },
    [
      "my_load_data.csv, row 2, column 11: home 1 (and 1 more home like it) has a mean demand of 400 kW, " +
        "at most 450 kW; is the file in W, not kW?",
    ],
  ],
  [
    "06-solar-in-kW",
    { solarDays: 3 },
    [
      "my_solar_data.csv, row 1, column 13: the highest irradiance is 0.9 W/m², never above 20; is the file in kW/m² or MJ/m²?",
    ],
  ],
  ["13-hourly-8784", { solarDays: 2, demandDays: 2 }, []],
  ["14-load-15min", { demandSteps: { pointsPerDay: 96, isMeans: false } }, []],
  ["17-home-ids-not-from-1", { homes: 2, demandDays: 3 }, []],
])("I31: %s is read, and what is odd is said", async (name, manifest, warnings) => {
  const found = await compile(name);
  expect(found).toMatchObject(manifest);
  expect(warnOfInput(found, "W/m2")).toEqual(warnings);
});

test("I30: time begins with the data of 03-load-dates-vs-start", async () => {
  const manifest = await compile("03-load-dates-vs-start");
  expect(dateStart(readConfig({}), {}, manifest).startTime).toBe("2013-07-01T00:00:00");
});

test.each([
  [
    "02-homes-other-dates",
    "load",
    5,
    3,
    "home 2 begins on 2021-06-01, home 1 on 2020-01-01; the days of all homes are the same, since one sun shines on them",
  ],
  [
    "08-german-excel",
    "solar",
    1,
    null,
    "the separator is ; but this file needs , and decimal points, not decimal commas",
  ],
  ["09-utf16", "solar", null, null, "the file is UTF-16 (little-endian), not UTF-8; save it as UTF-8"],
  [
    "10-wide",
    "load",
    1,
    null,
    `the layout is a row a moment and a column a home or quantity (wide), which apis-emulator import reads; wanted: ${wantedDemand}`,
  ],
  [
    "12-ausgrid",
    "load",
    1,
    null,
    `the layout is that of Ausgrid's solar homes, which apis-emulator import reads; wanted: ${wantedDemand}`,
  ],
] as const)("I27: %s is refused by its name", async (name, file, row, column, reason) => {
  const path = join(folderOf(name), `my_${file}_data.csv`);
  expect(await refusalOf(compile(name))).toEqual([path, row, column, reason]);
});
