import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readInputFiles } from "../../src/cli/build/compile-input.ts";
import {
  type HeadlessRun,
  readCommands,
  SimulationError,
  type TimedCommand,
} from "../../src/cli/headless/run-headless.ts";
import { projectFolder } from "../../src/cli/project-folder.ts";
import type { CommandLog } from "../../src/community/records/command-log.ts";
import type { Chapter } from "../../src/community/storage/stored-shapes.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { type InputData, loadInput } from "../../src/input/series/load-input.ts";
import { createTestEmulator } from "../support/emulators.ts";
import { runWhole } from "../support/whole-runs.ts";
import { runProgram } from "./run-program.ts";

const golden = (name: string) => fileURLToPath(new URL(`../golden/${name}`, import.meta.url));
let input: InputData;
let folder: string;

beforeAll(async () => {
  input = await loadInput(await readInputFiles(golden("solar.csv"), golden("load.csv")), [0, 1, 2], 30);
  folder = await mkdtemp(join(tmpdir(), "apis-simulate-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(changes: Partial<HeadlessRun> = {}, parameters: Record<string, unknown> = {}) {
  const config = readConfig({ solarUnit: "W", units: 3, ...parameters });
  const defaults = { durationS: 86_400, everyS: 3600, commands: [], instantRamp: true };
  return runWhole({ config, input, ...defaults, ...changes });
}

/** Charge of unit `number` [%] in the row of second `atS`. */
const chargeAt = (rows: readonly (number | null)[][], atS: number, number = 1) =>
  rows.find(([second]) => second === atS)?.[number];

const exchange: TimedCommand[] = [
  { at: 1800, get: "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2&drg=0" },
  { at: 1800, get: "/set/dcdc/E002?mode=0x0041&dvg=350&dig=2&drg=0" },
  { at: 5400, get: "/set/dcdc/current/E002?dig=0" },
];

describe("output", () => {
  test("H1: it has the keys of the golden trajectories and the balance's residual", async () => {
    const result = await run({ durationS: 2.5 * 86_400, commands: exchange });
    const wanted = JSON.parse(await readFile(golden("trajectory-deals.json"), "utf8"));
    for (const key of ["units", "stepSeconds", "commands", "hourlyRsoc", "dailyEnergyWh"])
      expect(wanted).toHaveProperty(key);
    expect(Object.keys(result)).toEqual([
      "units",
      "stepSeconds",
      "commands",
      "hourlyRsoc",
      "dailyEnergyWh",
      "balanceResidualWh",
    ]);
    expect(result.units).toEqual(["E001", "E002", "E003"]);
    expect(result.stepSeconds).toBeNull();
    expect(result.commands).toEqual(exchange);
    expect(result.balanceResidualWh).toBeLessThan(1e-6);
    expect(result.dailyEnergyWh.map(({ day }) => day)).toEqual([0, 1]);
    for (const day of result.dailyEnergyWh) {
      expect(Object.keys(day)).toEqual([...Object.keys(wanted.dailyEnergyWh[0]), "wastedImport"]);
      for (const [key, values] of Object.entries(day)) if (key !== "day") expect(values, key).toHaveLength(3);
    }
    expect(result.dailyEnergyWh[0]?.exported[0]).toBeCloseTo(700, 6);
    expect(result.dailyEnergyWh[0]?.imported[1]).toBeCloseTo(700, 6);
  });

  test("H1: a row of charges stands at every interval from 0 to the end, at full precision", async () => {
    const { hourlyRsoc } = await run({ durationS: 7200, everyS: 900 });
    expect(hourlyRsoc.map(([second]) => second)).toEqual([0, 900, 1800, 2700, 3600, 4500, 5400, 6300, 7200]);
    for (const row of hourlyRsoc) expect(row).toHaveLength(4);
    expect(hourlyRsoc[0]?.slice(1)).toEqual([50, 50, 50]);
    const precise = hourlyRsoc.slice(1).filter((row) => Math.round((row[1] ?? 0) * 100) / 100 !== row[1]);
    expect(precise.length).toBeGreaterThan(6);
  });

  test("H1: rows have a charge for each of the units, null where one was not there", async () => {
    const commands = [
      { at: 3600, get: "/remove/unit" },
      { at: 7200, get: "/add/unit?count=2" },
    ];
    const { units, hourlyRsoc } = await run({ durationS: 10_800, commands });
    expect(units).toEqual(["E001", "E002", "E003", "E004"]);
    const absent = hourlyRsoc.map((row) => row.map((charge) => (charge === null ? "-" : "+")).join(""));
    expect(absent).toEqual(["++++-", "+++--", "+++++", "+++++"]);
  });

  test("H1: rows at any interval hold the same charges", async () => {
    const coarse = await run({ commands: exchange });
    const fine = await run({ everyS: 600, commands: exchange });
    const shared = fine.hourlyRsoc.filter(([second]) => (second as number) % 3600 === 0);
    expect(shared).toEqual(coarse.hourlyRsoc);
    expect(fine.dailyEnergyWh).toEqual(coarse.dailyEnergyWh);
  });
});

describe("units that come and go", () => {
  const lateCommands: Readonly<Record<string, string[]>> = {
    "nothing at all": [],
    "Save and Load Last": ["/save", "/get/last"],
    "Remove and Add": ["/remove/unit", "/add/unit"],
    Reset: ["/restart"],
  };

  for (const [name, paths] of Object.entries(lateCommands)) {
    test(`H6: ${name} at 23:00 leave a day of the sample data as it was`, async () => {
      const sample = join(projectFolder, "data/input/Sample");
      const files = [join(sample, "sample_solar_data.csv"), join(sample, "sample_load_data.csv")] as const;
      const homes = await loadInput(await readInputFiles(...files), [0, 1, 2, 3, 4, 5], 30);
      const commands = paths.map((get) => ({ at: 82_800, get }));
      const result = await run({ input: homes, commands }, { solarUnit: "W/m2", units: 2 });
      const day = result.dailyEnergyWh[0];
      expect(day?.demand.slice(0, 2)).toEqual([5657.5, 2536.5]);
      expect(day?.pv.slice(0, 2).map(Math.round)).toEqual([7492, 5544]);
      expect(result.balanceResidualWh).toBeLessThan(1e-6);
      expect(result.units).toHaveLength(name === "Reset" ? 6 : 2);
      for (const [key, values] of Object.entries(day ?? {}))
        if (key !== "day") expect(values, key).toHaveLength(result.units.length);
    });
  }

  test("H6: the balance of a run counts from what its units had when it began", async () => {
    const commands = ["/set/emu/E001?rsoc=90", "/restart?clock=start", "/set/emu/E002?rsoc=20"].map(
      (get) => ({
        at: 0,
        get,
      }),
    );
    expect((await run({ commands, durationS: 3 * 3600 })).balanceResidualWh).toBeLessThan(1e-6);
  });
});

describe("refusals", () => {
  test("H2: a refused command ends the run and is named with its second and the reason", async () => {
    const wrong: [string, RegExp][] = [
      ["/set/dcdc/E099?mode=0x0000&dvg=350&dig=1", /no unit E099/],
      ["/set/dcdc/E001?mode=0x0099&dvg=350&dig=1", /mode is "0x0099"; allowed: one of 0x0000/],
      ["/set/dcdc/current/E001?dig=-1", /dig is "-1"; allowed: a number from 0/],
      ["/nowhere", /nothing at this path/],
    ];
    for (const [get, reason] of wrong) {
      const refused = run({ commands: [{ at: 4321, get }] });
      await expect(refused, get).rejects.toThrow(SimulationError);
      await expect(refused, get).rejects.toThrow(`Command at 4321 s, ${get}: `);
      await expect(refused, get).rejects.toThrow(reason);
    }
  });

  test("H2: more hours than the data last are refused with the hours allowed", async () => {
    const tooLong = (parameters = {}) => run({ durationS: 365 * 86_400, everyS: 86_400 }, parameters);
    await expect(tooLong()).rejects.toThrow(`The data last ${input.days * 24} hours; allowed: up to that`);
    const lasted = await run({ durationS: input.days * 86_400, everyS: 86_400 });
    expect(lasted.hourlyRsoc).toHaveLength(input.days + 1);
    expect((await tooLong({ atEndOfData: "repeat" })).hourlyRsoc).toHaveLength(366);
  });

  test("H2: a text that is no list of timed commands is refused", () => {
    const texts = [
      "",
      "{}",
      "[1]",
      '[{"at":"1","get":"/save"}]',
      '[{"at":-1,"get":"/save"}]',
      '[{"at":1,"get":"save"}]',
    ];
    for (const text of texts) expect(() => readCommands(text), text).toThrow(SimulationError);
    expect(readCommands('[{"at":1.5,"get":"/save"}]')).toEqual([{ at: 1.5, get: "/save" }]);
  });
});

describe("commands", () => {
  test("H3: a command between two rows is performed at its second", async () => {
    const at = (second: number) => run({ commands: [{ at: second, get: "/set/emu/E001?rsoc=80" }] });
    const [early, late] = [await at(1800), await at(3500)];
    const idle = (await run()).hourlyRsoc;
    const lossPerSecond = ((chargeAt(idle, 0) as number) - (chargeAt(idle, 3600) as number)) / 3600;
    expect(lossPerSecond).toBeGreaterThan(0);
    const difference =
      (chargeAt(late.hourlyRsoc, 3600) as number) - (chargeAt(early.hourlyRsoc, 3600) as number);
    expect(difference).toBeGreaterThan(1700 * lossPerSecond * 0.5);
    expect(chargeAt(late.hourlyRsoc, 3600)).toBeGreaterThan(80 - 100 * lossPerSecond * 2);
    expect(chargeAt(late.hourlyRsoc, 3600)).toBeLessThan(80);
  });

  test("H3: a row is taken after the commands of its second, in their order", async () => {
    const commands = [
      { at: 3600, get: "/set/emu/E001?rsoc=80" },
      { at: 3600, get: "/set/emu/E001?rsoc=81.25" },
      { at: 0, get: "/set/emu/E002?rsoc=66" },
    ];
    const { hourlyRsoc } = await run({ commands });
    expect(chargeAt(hourlyRsoc, 3600)).toBe(81.25);
    expect(chargeAt(hourlyRsoc, 0, 2)).toBe(66);
    expect(chargeAt(hourlyRsoc, 0)).toBe(50);
  });

  test("H3: an exchange moves the energy of its time: 2 A at 350 V for an hour", async () => {
    const { dailyEnergyWh } = await run({ commands: exchange });
    expect(dailyEnergyWh[0]?.exported).toEqual([expect.closeTo(700, 9), 0, 0]);
    expect(dailyEnergyWh[0]?.imported).toEqual([0, expect.closeTo(700, 9), 0]);
  });

  test("H3: without an instant ramp the bus takes 120 s before energy flows", async () => {
    const { dailyEnergyWh } = await run({ commands: exchange, instantRamp: false });
    expect(dailyEnergyWh[0]?.imported[1]).toBeCloseTo((700 * 3480) / 3600, 9);
  });

  test("H3: a command at a fraction of a second or after the end of the run is taken as it stands", async () => {
    const commands = [
      ...exchange.map((command) => ({ ...command, at: command.at + 0.125 })),
      { at: 1e9, get: "/nowhere" },
    ];
    const { dailyEnergyWh } = await run({ commands });
    expect(dailyEnergyWh[0]?.imported[1]).toBeCloseTo(700, 9);
  });
});

describe("time", () => {
  const slowly = [...exchange, { at: 20_000, get: "/set/dcdc/E001?mode=0x0000&dvg=350&dig=0" }];

  test("H3: seconds are simulated ones, whatever rates the commands set", async () => {
    const rates = [0, 100, 0.5, 1].map((rate, index) => ({ at: 1000 * index, get: `/set/acc/${rate}` }));
    const plain = await run({ commands: slowly, instantRamp: false });
    const paced = await run({ commands: [...slowly, ...rates], instantRamp: false });
    expect({ ...paced, commands: null }).toEqual({ ...plain, commands: null });
    const fast = await run({ commands: slowly });
    const rising = await run({ commands: [{ at: 5, get: "/set/acc/121" }, ...slowly], instantRamp: false });
    expect({ ...rising, commands: null }).toEqual({ ...fast, commands: null });
  });

  test("H3: a clock that begins anew would make seconds ambiguous, and is refused but at 0", async () => {
    const get = "/restart?clock=start";
    await expect(run({ commands: [{ at: 7200, get }] })).rejects.toThrow(
      "Command at 7200 s, /restart?clock=start: Simulated seconds would begin anew; allowed: clock=start at 0 s",
    );
    const anew = await run({ commands: [{ at: 0, get }, ...slowly] });
    const reset = await run({ commands: [{ at: 0, get: "/restart" }, ...slowly] });
    expect(anew.hourlyRsoc).toEqual(reset.hourlyRsoc);
    expect(anew.units).toHaveLength(6);
    const later = await run({ commands: [{ at: 7200, get: "/restart" }] });
    expect(later.hourlyRsoc.map((row) => row.filter((value) => value !== null).length)).toEqual([
      4,
      4,
      ...Array(23).fill(7),
    ]);
  });
});

describe("homes", () => {
  test("H5: 0 units are one for each home of the data, at most maximumUnits", async () => {
    const homes = input.homes;
    await input.loadHomes(Array(homes).keys());
    const unitsOf = async (parameters: object) =>
      (await run({ durationS: 3600 }, { units: 0, ...parameters })).units;
    expect(await unitsOf({})).toHaveLength(homes);
    expect(await unitsOf({ maximumUnits: homes - 1 })).toHaveLength(homes - 1);
    expect(await unitsOf({ maximumUnits: homes + 1 })).toHaveLength(homes);
  });
});

describe("the program", () => {
  const args = (...more: string[]) => [
    ...["--solar", golden("solar.csv"), "--demand", golden("load.csv"), "--solar-unit", "W"],
    ...["--units", "3", "--hours", "48", ...more],
  ];

  test("H4: two runs print the same JSON, the one of the library", async () => {
    const commands = join(folder, "commands.json");
    await writeFile(commands, JSON.stringify(exchange));
    const more = args("--commands", commands, "--instant-ramp", "--every", "1800");
    const [first, second] = await Promise.all([
      runProgram("headless/simulate.ts", more),
      runProgram("headless/simulate.ts", more),
    ]);
    expect([first.code, first.stderr]).toEqual([0, ""]);
    expect(second.stdout).toBe(first.stdout);
    const library = await run({ durationS: 48 * 3600, everyS: 1800, commands: exchange });
    expect(JSON.parse(first.stdout)).toEqual(JSON.parse(JSON.stringify(library)));
  });

  test("I31: what data can hardly mean is said on its standard error, and nowhere else", async () => {
    const solar = join(folder, "kilowatts.csv");
    await writeFile(solar, `${"0,".repeat(12)}0.9${",0".repeat(11)}\n`.repeat(2));
    const files = ["--solar", solar, "--demand", golden("load.csv")];
    const rest = ["--units", "1", "--hours", "24", "--start", "2019-01-01T00:00:00"];
    const { code, stdout, stderr } = await runProgram("headless/simulate.ts", [...files, ...rest]);
    expect(stderr.trim().split("\n")).toEqual([
      "Warning: kilowatts.csv, row 1, column 13: the highest irradiance is 0.9 W/m², never above 20; is the file in kW/m² or MJ/m²?",
      "Warning: load.csv, row 2: the data begin on 2020-01-01, but startTime says 2019-01-01T00:00:00, which is used",
    ]);
    expect([code, JSON.parse(stdout).units]).toEqual([0, ["E001"]]);
  });

  test("I6: sun below what a sensor shows at night is refused by its unit", async () => {
    const solar = join(folder, "negative.csv");
    await writeFile(solar, `${"0,".repeat(12)}900${",-30".repeat(11)}\n`);
    const rest = ["--solar", solar, "--demand", golden("load.csv"), "--units", "1", "--hours", "24"];
    const irradiance = await runProgram("headless/simulate.ts", rest);
    expect([irradiance.code, irradiance.stdout]).toEqual([1, ""]);
    expect(irradiance.stderr.trim()).toBe(`${solar}, row 1, column 14: -30 W/m² is negative, below -20 W/m²`);
    const power = await runProgram("headless/simulate.ts", [...rest, "--solar-unit", "W"]);
    expect([power.code, power.stderr.trim()]).toEqual([
      0,
      "Warning: negative.csv, row 1, column 14: 11 negative values, -30 the lowest, read as 0",
    ]);
  });

  test("H4: what it refuses ends it with code 1, nothing on its output and one line that says why", async () => {
    const commands = join(folder, "wrong.json");
    await writeFile(commands, '[{"at": 5, "get": "/set/dcdc/current/E009?dig=1"}]');
    const wrong: [string[], RegExp][] = [
      [args("--hours", "0"), /^--hours is "0"; allowed: a number above 0$/],
      [args("--every", "abc"), /^--every is "abc"; allowed: a number above 0$/],
      [args("--hours", "1e6"), /^The data last \d+ hours/],
      [args("--units", "x"), /^units is "x"; allowed: /],
      [args("--start", "yesterday"), /^startTime is "yesterday"; allowed: /],
      [args("--start", "2021-02-30T00:00:00"), /^startTime is "2021-02-30T00:00:00"; allowed: midnight/],
      [args("--commands", commands), /^Command at 5 s, \/set\/dcdc\/current\/E009\?dig=1: /],
      [args("--commands", join(folder, "nowhere.json")), /nowhere\.json/],
      [args("--solar", "/nowhere.csv"), /^\/nowhere\.csv: /],
    ];
    const ended = await Promise.all(wrong.map(([given]) => runProgram("headless/simulate.ts", given)));
    for (const [index, { code, stdout, stderr }] of ended.entries()) {
      expect([code, stdout], stderr).toEqual([1, ""]);
      expect(stderr.trim()).toMatch(wrong[index]?.[1] as RegExp);
      expect(stderr.trim().split("\n"), stderr).toHaveLength(1);
    }
  });
  test("H5: a log that does not say how many units there were is of one for each home", async () => {
    const log = (await (await createTestEmulator().get("/commands")).json()) as CommandLog;
    const [chapter] = log.run.chapters as [Chapter];
    const config = { ...chapter.config, units: undefined };
    const chapters = [{ ...chapter, inputHash: input.sourceHash, config }];
    const path = join(folder, "without-units.json");
    await writeFile(path, JSON.stringify({ ...log, run: { ...log.run, chapters } }));
    const files = args().slice(0, 4);
    const { code, stdout } = await runProgram("headless/simulate.ts", [...files, "--replay", path]);
    expect([code, JSON.parse(stdout).units.length]).toEqual([0, input.homes]);
  });

  test("H5: --units 0 runs all homes; those beyond maximumUnits are said to be left out", async () => {
    const config = join(folder, "few.json");
    await writeFile(config, '{"maximumUnits": 2}');
    const [all, few] = await Promise.all([
      runProgram("headless/simulate.ts", args("--units", "0", "--hours", "1")),
      runProgram("headless/simulate.ts", args("--units", "0", "--hours", "1", "--config", config)),
    ]);
    expect([all.code, all.stderr, JSON.parse(all.stdout).units.length]).toEqual([0, "", input.homes]);
    expect([few.code, JSON.parse(few.stdout).units]).toEqual([0, ["E001", "E002"]]);
    expect(few.stderr.trim()).toBe(
      `The data have ${input.homes} homes; the community begins with 2 units, which is the limit (maximumUnits)`,
    );
  });
});
