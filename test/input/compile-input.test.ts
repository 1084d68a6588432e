import { mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compileDeployedInput } from "../../src/cli/build/compile-deployed-input.ts";
import { compileInput, readInputFiles } from "../../src/cli/build/compile-input.ts";
import { earlierFolder, inputHashOf } from "../../src/input/series/compiled-input.ts";
import { loadInput, type ReadFile } from "../../src/input/series/load-input.ts";
import { maximumFileBytes } from "../../src/input/series/read-rows.ts";
import { demandCells, joinCells, refusalOf, solarText } from "./csv-text.ts";

let folder: string;
let source: string;
let target: string;
let solarPath: string;
let demandPath: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "compile-input-"));
  source = join(folder, "source");
  target = join(folder, "deep/target");
  solarPath = join(source, "sample_solar_data.csv");
  demandPath = join(source, "sample_load_data.csv");
  await mkdir(source);
  await writeFile(solarPath, solarText(2));
  await writeFile(demandPath, joinCells(demandCells(12, 2)));
});

afterEach(() => rm(folder, { recursive: true }));

const readTarget: ReadFile = async (name) => (await readFile(join(target, name))).slice().buffer;

async function readAll(read: ReadFile): Promise<unknown> {
  const input = await loadInput(read, Array(12).keys(), 30);
  return [input.days, input.solar, Array.from(Array(12).keys(), (home) => input.demandOf(home))];
}

describe("compiling a folder", () => {
  test("I14: what is compiled to disk and in memory is the same", async () => {
    const { manifest, compiled } = await compileInput(source, target);
    expect([compiled, manifest.homes, manifest.solarDays]).toEqual([true, 12, 2]);
    expect(await readAll(readTarget)).toEqual(await readAll(await readInputFiles(solarPath, demandPath)));
  });

  test("I20: what is compiled is kept while the sources have the same content", async () => {
    const first = await compileInput(source, target);
    await utimes(solarPath, 1, 1);
    expect(await compileInput(source, target)).toEqual({ manifest: first.manifest, compiled: false });
  });

  test("I20: a source that was replaced is compiled again, and the four before it are kept", async () => {
    const { manifest } = await compileInput(source, target);
    const before = await readAll(readTarget);
    await writeFile(demandPath, joinCells(demandCells(3, 2)));
    expect((await compileInput(source, target)).manifest.homes).toBe(3);
    const names = ["demand-0000.bin", "earlier", "manifest.json", "solar.f64"];
    expect((await readdir(target)).toSorted()).toEqual(names);
    const readEarlier: ReadFile = (name) => readTarget(earlierFolder(inputHashOf(manifest)) + name);
    for (const homes of [4, 5, 6]) {
      expect(await readAll(readEarlier)).toEqual(before);
      await writeFile(demandPath, joinCells(demandCells(homes, 2)));
      await compileInput(source, target);
    }
    expect(await readdir(join(target, "earlier"))).toHaveLength(4);
    await writeFile(demandPath, joinCells(demandCells(7, 2)));
    await compileInput(source, target);
    expect(await readdir(join(target, "earlier"))).toHaveLength(4);
    await expect(readEarlier("manifest.json")).rejects.toThrow();
  });

  test("I20: a change of one digit is compiled again", async () => {
    await compileInput(source, target);
    const text = await readFile(solarPath, "utf8");
    await writeFile(solarPath, text.replace("0.25", "0.75"));
    expect((await compileInput(source, target)).compiled).toBe(true);
  });

  test.each(["solar.f64", "demand-0001.bin", "manifest.json"])(
    "I20: without its %s or with a cut one it is compiled again",
    async (name) => {
      await compileInput(source, target);
      await rm(join(target, name));
      expect((await compileInput(source, target)).compiled).toBe(true);
      await truncate(join(target, name), 3);
      expect((await compileInput(source, target)).compiled).toBe(true);
    },
  );

  test("I20: another format is compiled again", async () => {
    const { manifest } = await compileInput(source, target);
    await writeFile(join(target, "manifest.json"), JSON.stringify({ ...manifest, formatVersion: 0 }));
    expect((await compileInput(source, target)).compiled).toBe(true);
  });

  test("I20: what an earlier release read from the same files is compiled again", async () => {
    const { manifest } = await compileInput(source, target);
    for (const parserVersion of [undefined, 1]) {
      await writeFile(join(target, "manifest.json"), JSON.stringify({ ...manifest, parserVersion }));
      expect(await compileInput(source, target)).toEqual({ manifest, compiled: true });
    }
  });

  test("I6: what was compiled as power is looked at again as irradiance", async () => {
    await writeFile(solarPath, (await readFile(solarPath, "utf8")).replace("0.25", "-30"));
    expect((await compileInput(source, target, { solarUnit: "W" })).compiled).toBe(true);
    expect((await compileInput(source, target, { solarUnit: "W" })).compiled).toBe(false);
    expect(await refusalOf(compileInput(source, target))).toEqual([
      solarPath,
      1,
      1,
      "-30 W/m² is negative, below -20 W/m²",
    ]);
  });

  test("I21: a source that is refused leaves what was compiled before, and nothing beside it", async () => {
    await compileInput(source, target);
    const before = await readAll(readTarget);
    await writeFile(demandPath, "no,id\n");
    expect(await refusalOf(compileInput(source, target))).toEqual([
      demandPath,
      2,
      null,
      "no rows after the header",
    ]);
    expect(await readAll(readTarget)).toEqual(before);
    expect(await readdir(join(folder, "deep"))).toEqual(["target"]);
  });
});

describe("what deployments serve", () => {
  let project: string;
  const writeProject = async (wrangler: string, solar: string) => {
    project = join(folder, "project");
    const sample = join(project, "data/input/Sample");
    await mkdir(sample, { recursive: true });
    await writeFile(join(project, "wrangler.toml"), wrangler);
    await writeFile(join(sample, "sample_solar_data.csv"), solar);
    await writeFile(join(sample, "sample_load_data.csv"), joinCells(demandCells(1, 1)));
    return join(sample, "sample_solar_data.csv");
  };
  const day = (value: string) => `${"0,".repeat(23)}${value}\n`;

  test("I31: what can hardly be meant is said at each build, compiled or not", async () => {
    await writeProject("[vars]\nunits = 4\n", day("0.9"));
    const warnings = [
      "sample_solar_data.csv, row 1, column 24: the highest irradiance is 0.9 W/m², never above 20; " +
        "is the file in kW/m² or MJ/m²?",
    ];
    expect(await compileDeployedInput(project)).toEqual({ note: "Compiled data/input/Sample", warnings });
    expect(await compileDeployedInput(project)).toEqual({
      note: "data/input/Sample has not changed",
      warnings,
    });
  });

  test.each([
    ['[vars]\nsolarUnit = "W"\n', true],
    ["[env.production.vars]\nunits = 4\n solarUnit='W'\n", true],
    ['vars = { solarUnit = "W" }\n', true],
    ['[vars]\nsolarUnit = "W/m2"\n', false],
    ['[vars]\n# solarUnit = "W"\n', false],
    ["[vars]\nunits = 4\n", false],
  ])("I6: values are refused by the unit that the deployments say (%j)", async (wrangler, isPower) => {
    const path = await writeProject(wrangler, day("-30"));
    if (isPower) expect((await compileDeployedInput(project)).warnings[0]).toContain("(-30) read as 0");
    else expect((await refusalOf(compileDeployedInput(project))).slice(0, 3)).toEqual([path, 1, 24]);
  });
});

describe("finding the sources", () => {
  test("I22: any one file with each ending is found", async () => {
    await rm(solarPath);
    await writeFile(join(source, "Tokyo_SOLAR_data.csv"), solarText(1));
    await writeFile(join(source, "README.md"), "");
    await writeFile(join(source, "._sample_load_data.csv"), "");
    expect((await compileInput(source, target)).manifest.solarDays).toBe(1);
  });

  test("I22: a missing source is refused with what was found", async () => {
    await rm(demandPath);
    expect(await refusalOf(compileInput(source, target))).toEqual([
      source,
      null,
      null,
      "one file *load_data.csv belongs here; found: sample_solar_data.csv",
    ]);
    await rm(solarPath);
    expect((await refusalOf(compileInput(source, target)))[3]).toBe(
      "one file *solar_data.csv belongs here; found: nothing",
    );
  });

  test("I22: a choice of sources is refused unless one is named", async () => {
    await writeFile(join(source, "other_solar_data.csv"), solarText(1));
    expect((await refusalOf(compileInput(source, target)))[3]).toBe(
      "one file *solar_data.csv belongs here; found: other_solar_data.csv, sample_solar_data.csv",
    );
    const { manifest } = await compileInput(source, target, { solarFile: "other_solar_data.csv" });
    expect(manifest.solarDays).toBe(1);
  });

  test("I22: a folder or a file that cannot be read is refused", async () => {
    const nowhere = join(folder, "nowhere");
    expect((await refusalOf(compileInput(nowhere, target)))[0]).toBe(nowhere);
    const refused = await refusalOf(compileInput(source, target, { demandFile: "none.csv" }));
    expect(refused[0]).toBe(join(source, "none.csv"));
    expect(refused[3]).toContain("cannot be read");
    expect((await refusalOf(readInputFiles(source, demandPath)))[0]).toBe(source);
  });

  test("I9: a source over the size limit is refused before it is read", async () => {
    await truncate(solarPath, maximumFileBytes + 1);
    const refused = [solarPath, null, null, "larger than 1024 MiB"];
    expect(await refusalOf(compileInput(source, target))).toEqual(refused);
    expect(await refusalOf(readInputFiles(solarPath, demandPath))).toEqual(refused);
  });
});
