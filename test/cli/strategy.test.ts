import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Papa from "papaparse";
import { afterAll, beforeAll, expect, test } from "vitest";
import exchange from "../../docs/examples/exchange.js";
import { readInputFiles } from "../../src/cli/build/compile-input.ts";
import { follow, prepareRun } from "../../src/cli/headless/run-headless.ts";
import { projectFolder } from "../../src/cli/project-folder.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { type InputData, loadInput } from "../../src/input/series/load-input.ts";
import { Community } from "../../src/laboratory/index.ts";
import type { WholeRun } from "../support/whole-runs.ts";
import { runProgram } from "./run-program.ts";

const golden = (name: string) => fileURLToPath(new URL(`../golden/${name}`, import.meta.url));
const exchangeFile = join(projectFolder, "docs/examples/exchange.js");
let input: InputData;
let folder: string;

beforeAll(async () => {
  input = await loadInput(
    await readInputFiles(golden("solar.csv"), golden("load.csv")),
    [0, 1, 2, 3, 4, 5],
    30,
  );
  folder = await mkdtemp(join(tmpdir(), "apis-strategy-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const files = ["--solar", golden("solar.csv"), "--demand", golden("load.csv"), "--solar-unit", "W"];
const simulate = (...more: string[]) =>
  runProgram("headless/simulate.ts", [...files, "--units", "6", "--hours", "240", ...more]);
const json = (text: string) => JSON.parse(text) as WholeRun;

test("H7: a strategy steps the package's community, and what it did comes to the same bits when it is performed again", async () => {
  const community = Community.create({
    data: {
      solar: input.solar.values,
      demand: [0, 1, 2, 3, 4, 5].map((home) => input.demandOf(home).values),
    },
    configuration: { solarUnit: "W", units: 6, acceleration: 1 },
  });
  const charges = new Map<number, number[]>();
  let exchanges = 0;
  while (community.timeS < 240 * 3600) {
    const step = exchange(community);
    exchanges += step.actions.length;
    community.step(step);
    const [...row] = community.observe(["stateOfChargePercent"]).stateOfChargePercent ?? [];
    charges.set(community.timeS, row);
  }
  expect(exchanges).toBeGreaterThan(5);
  const ran = await simulate("--strategy", exchangeFile, "--every", "1800");
  expect([ran.code, ran.stderr]).toEqual([0, ""]);
  const result = json(ran.stdout);
  expect(result.commands).toHaveLength(exchanges);
  for (const [timeS, ...row] of result.hourlyRsoc.slice(1)) expect(row).toEqual(charges.get(timeS as number));
  const commands = join(folder, "commands.json");
  await writeFile(commands, JSON.stringify(result.commands));
  expect((await simulate("--commands", commands, "--every", "1800")).stdout).toBe(ran.stdout);
});

test("H7: a strategy may look ahead on what it is given, end the run, and step up to its end alone", async () => {
  const path = join(folder, "look-ahead.js");
  await writeFile(
    path,
    `export default (community) => {
      if (community.timeS >= 36_000) return null;
      community.step({ actions: [{ unit: "E001", set: { rsoc: 1 } }], seconds: 500_000 });
      return { actions: community.timeS > 0 ? [{ unit: "E002", set: { rsoc: 70 } }] : [], seconds: 7000 };
    };`,
  );
  const { code, stdout } = await simulate("--strategy", path);
  const { commands, hourlyRsoc } = json(stdout);
  expect([code, hourlyRsoc.length, hourlyRsoc[1]?.[1]]).toEqual([0, 241, expect.any(Number)]);
  expect(hourlyRsoc[1]?.[1]).toBeGreaterThan(40);
  expect(commands.map(({ at }) => at)).toEqual([0, 7000, 14_000, 21_000, 28_000, 35_000]);
  expect(commands[0]?.get).toBe("/set/emu/E002?rsoc=70");
});

test("H7: a strategy that is none or fails ends it with code 1, nothing on its output and one line", async () => {
  const wrong: [string, RegExp][] = [
    ["export const a = 1;", /exports no function by default/],
    ["export default 5;", /exports no function by default/],
    ["export default (", /--strategy .*1\.js: /],
    ['export default () => { throw new Error("no idea"); };', /^The strategy failed at 0 s: no idea$/],
    ["export default async () => { throw 7; };", /^The strategy failed at 0 s: 7$/],
    ["export default () => 5;", /^The strategy gave 5 at 0 s; allowed: a step, or null to end$/],
    ["export default () => {};", /^The strategy gave undefined at 0 s/],
    ["export default () => ({ seconds: 0 });", /^Step at 0 s: /],
    ['export default () => ({ seconds: "x" });', /^Step at 0 s: seconds is "x"/],
    [
      'export default () => ({ actions: [{ unit: "E001", set: { rsoc: 101 } }], seconds: 60 });',
      /^Step at 0 s: actions\[0\]\.set\S* rsoc is "101"; allowed: |^Step at 0 s: actions\[0\]\.set\.rsoc is "?101"?; allowed: /,
    ],
    ["export default () => ({ untilS: {} });", /^Step at 0 s: untilS is /],
  ];
  const ended = await Promise.all(
    wrong.map(async ([text], index) => {
      const path = join(folder, `wrong-${index === 2 ? "1" : index + 10}.js`);
      await writeFile(path, text);
      return simulate("--strategy", path);
    }),
  );
  const together = await Promise.all([
    simulate("--strategy", exchangeFile, "--commands", exchangeFile),
    simulate("--strategy", exchangeFile, "--jsontmp", folder),
    simulate("--strategy", exchangeFile, "--replay", exchangeFile),
    simulate("--strategy", join(folder, "nowhere.js")),
  ]);
  const reasons = [
    ...wrong.map(([, reason]) => reason),
    /do not go/,
    /do not go/,
    /do not go/,
    /nowhere\.js/,
  ];
  for (const [index, { code, stdout, stderr }] of [...ended, ...together].entries()) {
    expect([code, stdout], stderr).toEqual([1, ""]);
    expect(stderr.trim()).toMatch(reasons[index] as RegExp);
    expect(stderr.trim().split("\n"), stderr).toHaveLength(1);
  }
});

test("H8: --out writes what the output tells, and days, readings, commands and deals as a server does", async () => {
  const out = join(folder, "out/of/it");
  const [ran, whole] = await Promise.all([
    simulate("--strategy", exchangeFile, "--out", out, "--every", "900"),
    simulate("--strategy", exchangeFile, "--every", "900"),
  ]);
  expect([ran.code, ran.stderr]).toEqual([0, ""]);
  const report = JSON.parse(ran.stdout);
  const result = json(whole.stdout);
  const names = ["rsoc.csv", "summary.csv", "indivLog.csv", "commands.csv", "deals.csv"];
  expect(report).toMatchObject({ units: result.units, untilS: 864_000, commands: result.commands.length });
  expect(report.files).toEqual(names.map((name) => join(out, name)));
  expect((await readdir(out)).sort()).toEqual(names.sort());
  const read = async (name: string) => {
    const text = await readFile(join(out, name), "utf8");
    return Papa.parse<Record<string, number | string>>(text, {
      header: true,
      dynamicTyping: true,
      skipEmptyLines: true,
    }).data;
  };
  const rows = (await read("rsoc.csv")).map(({ time, ...row }) => Object.values(row));
  expect(rows).toEqual(result.hourlyRsoc);
  const days = await read("summary.csv");
  expect(days).toHaveLength(10 + 2);
  const demandWh = result.dailyEnergyWh.map(({ demand }) => demand.reduce((sum, each) => sum + each, 0));
  expect(days.slice(0, 10).map(({ demand }) => demand)).toEqual(
    demandWh.map((each) => expect.closeTo(each, 6)),
  );
  expect(report.totals.exchangeWh).toBeCloseTo(Number(days.at(-2)?.wg), 6);
  expect(report.totals.exchangeWh).toBeGreaterThan(500);
  const deals = await read("deals.csv");
  const dealtWh = deals.reduce((sum, { transferredWh }) => sum + Number(transferredWh), 0);
  expect(dealtWh).toBeCloseTo(report.totals.exchangeWh, 6);
  const readings = await read("indivLog.csv");
  expect(readings.length).toBeGreaterThan(10 * 6 * 48);
  expect(readings[0]).toMatchObject({ id: "E001", time: "2020-01-01 00:00:00", emu_rsoc: 50 });
  const commands = await read("commands.csv");
  expect(commands.map(({ time_s, get }) => ({ at: time_s, get }))).toEqual(result.commands);
  expect(new Set(commands.map(({ source }) => source))).toEqual(new Set(["simulate"]));
});

test("H8: a run that is refused, or a folder that is none, leaves the files that were there and no others", async () => {
  const out = join(folder, "kept");
  await mkdir(out);
  await writeFile(join(out, "rsoc.csv"), "before");
  const late = join(folder, "late.json");
  await writeFile(late, '[{"at": 400000, "get": "/set/dcdc/current/E009?dig=1"}]');
  const refused = await simulate("--commands", late, "--out", out, "--every", "60");
  expect([refused.code, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr).toMatch(/^Command at 400000 s/);
  expect(await readdir(out)).toEqual(["rsoc.csv"]);
  expect(await readFile(join(out, "rsoc.csv"), "utf8")).toBe("before");
  const none = await simulate("--out", join(out, "rsoc.csv"));
  expect([none.code, none.stdout, none.stderr.trim().split("\n").length]).toEqual([1, "", 1]);
  expect(none.stderr).toMatch(/^--out .*rsoc\.csv: /);
});

test("H9: rows are told as the run goes, no faster than they are taken, and only once it is known how many units there will be", async () => {
  const config = readConfig({ solarUnit: "W", units: 3 });
  const commands = [
    { at: 7200, get: "/add/unit" },
    { at: 86_400, get: "/set/emu/E001?rsoc=50" },
    { at: 1e9, get: "/add/unit" },
  ];
  const run = await prepareRun({
    config,
    input,
    durationS: 172_800,
    everyS: 3600,
    commands,
    instantRamp: true,
  });
  const told: string[] = [];
  const last = run.steps[1];
  const steps = run.steps.with(1, {
    ...(last as NonNullable<typeof last>),
    perform: (emulator) => {
      told.push("the last command");
      return (last as NonNullable<typeof last>).perform(emulator);
    },
  });
  let isBusy = false;
  const shares: number[] = [];
  await follow(
    { ...run, steps },
    {
      begin: (units) => void told.push(units.join()),
      row: async (row) => {
        expect(isBusy).toBe(false);
        isBusy = true;
        await Promise.resolve();
        isBusy = false;
        told.push(`${row[0]}: ${row.length - 1}, ${row.filter((charge) => charge === null).length} null`);
      },
      progress: (share) => shares.push(share),
    },
  );
  expect(told.slice(0, 4)).toEqual([
    "E001,E002,E003,E004",
    "0: 4, 1 null",
    "3600: 4, 1 null",
    "7200: 4, 0 null",
  ]);
  expect(told.indexOf("the last command")).toBe(1 + 24);
  expect(told).toHaveLength(1 + 49 + 1);
  expect(shares).toEqual(Array.from({ length: 49 }, (_, k) => k / 48));
});
