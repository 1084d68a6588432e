import { readFile } from "node:fs/promises";
import { Command } from "commander";
import type { CommandLog } from "../../community/records/command-log.ts";
import { createWorld } from "../../input/config/create-world.ts";
import type { Config } from "../../input/config/entries.ts";
import { countFirstUnits, noteHomesLeftOut } from "../../input/config/first-units.ts";
import { ConfigError, readConfig } from "../../input/config/read-config.ts";
import { dateStart, warnOfStart } from "../../input/config/start-time.ts";
import { findHomesFaults } from "../../input/homes/check-homes.ts";
import { countDataHomes } from "../../input/homes/complete-home.ts";
import { InputFileError } from "../../input/series/input-file-error.ts";
import { type CompiledData, loadInput } from "../../input/series/load-input.ts";
import { warnOfInput } from "../../input/series/warn-of-input.ts";
import { UnitFileError } from "../../input/units/read-unit-file.ts";
import { readUnitFiles } from "../../input/units/unit-files.ts";
import { readInputFiles } from "../build/compile-input.ts";
import { showProgress } from "../progress-bar.ts";
import { readHomes } from "../read-homes.ts";
import { dropUndefined, type GivenConfig, readConfigFile } from "../read-parameters.ts";
import { readUnitFolder } from "../read-unit-folder.ts";
import { prepareRepeat, readCommandLog } from "./repeat-run.ts";
import {
  accelerationOf,
  type PreparedRun,
  prepareRun,
  readCommands,
  SimulationError,
  type TimedCommand,
} from "./run-headless.ts";
import { loadStrategy, runStrategy } from "./run-strategy.ts";
import { writeFiles, writeJson } from "./write-result.ts";

interface SimulateOptions {
  solar: string;
  demand: string;
  pv?: string;
  homes?: string;
  jsontmp?: string;
  solarUnit?: string;
  demandInterval?: string;
  units?: string;
  hours?: string;
  start?: string;
  commands?: string;
  every: string;
  config?: string;
  instantRamp?: boolean;
  replay?: string;
  strategy?: string;
  out?: string;
}

const program = new Command("apis-emulator simulate")
  .description("Runs a community without a server, as fast as it goes, and prints what came of it as JSON.")
  .requiredOption("--solar <file>", "CSV of a day's values in each row, 24 hourly ones or others")
  .requiredOption(
    "--demand <file>",
    "CSV of a home's values of a day [kW] in each row, 48 half-hourly ones or others",
  )
  .option("--pv <file>", "CSV of the PV power of homes of their own, as that of demand")
  .option("--homes <file>", "JSON or CSV with the hardware of homes")
  .option(
    "--jsontmp <folder>",
    "folder with standard.json, fakeResponse.json, lastSave.json (default: jsontmp)",
  )
  .option("--solar-unit <unit>", "what the solar file holds: W/m2 or W (default: W/m2)")
  .option("--demand-interval <minutes>", "30 uses every demand value, 60 those on the hour (default: 30)")
  .option("--units <n>", "number of units; 0 is one for each home of the data, at most maximumUnits")
  .option("--hours <h>", "simulated hours to run")
  .option(
    "--start <time>",
    "simulated time at the first row of the data (default: the date in the demand file)",
  )
  .option("--commands <file>", 'JSON: [{"at": simulated seconds, "get": "/set/dcdc/E001?…"}, …]')
  .option("--every <seconds>", "simulated time between two rows of hourlyRsoc", "3600")
  .option(
    "--strategy <file>",
    "module whose default export gives each step of what is done (docs/running.md)",
  )
  .option(
    "--out <folder>",
    "writes CSV files there: rsoc, summary, indivLog, commands; prints totals instead of rows",
  )
  .option("--config <file>", "JSON file with parameters of the configuration")
  .option("--instant-ramp", "the bus reaches its voltage at once")
  .option("--replay <file>", "the log of commands that /commands gave: performs that run again, to the bit")
  .action(simulate);

async function simulate(options: SimulateOptions): Promise<void> {
  const { out } = options;
  const everyS = readPositive("--every", options.every);
  refuseTogether(options, ["replay", "strategy", "commands"]);
  refuseTogether(options, ["strategy", "jsontmp"]);
  const run =
    options.replay === undefined
      ? await prepareAnew(options, everyS)
      : await prepareReplay(options, readCommandLog(await readText(options.replay)), everyS);
  if (out === undefined)
    return withProgress("Simulating", (progress) => writeJson(run, process.stdout, progress));
  const report = await withProgress("Simulating", (progress) => writeFiles(run, out, progress));
  console.log(JSON.stringify(report));
}

/** Shows each percent once. */
function withProgress<T>(what: string, work: (progress: (share: number) => void) => Promise<T>): Promise<T> {
  return showProgress(what, (show) => {
    let shown = -1;
    return work((share) => {
      const percent = Math.floor(100 * share);
      if (percent > shown) show(share);
      shown = percent;
    });
  });
}

/** @throws SimulationError */
function refuseTogether(options: SimulateOptions, names: readonly (keyof SimulateOptions)[]): void {
  const given = names.filter((name) => options[name] !== undefined);
  if (given.length < 2) return;
  throw new SimulationError(`--${given[0]} and --${given[1]} do not go together; allowed: one of them`);
}

async function prepareAnew(options: SimulateOptions, everyS: number): Promise<PreparedRun> {
  const given = await gatherParameters(options);
  const asked = readConfig(given, true);
  const input = await openInput(options, asked);
  const config = dateStart(asked, given, input.manifest);
  warnOf(input, config);
  const faults = findHomesFaults(config, input.homes);
  if (faults.length > 0) throw new ConfigError(faults.join("\n"));
  await loadUnits(input, config, countFirstUnits(config, input.homes));
  const note = noteHomesLeftOut(config, input.homes);
  if (note !== null) console.error(note);
  const durationS = readPositive("--hours", readGiven("--hours", options.hours)) * 3600;
  const instantRamp = options.instantRamp === true;
  const files = readUnitFiles(await readUnitFolder(options.jsontmp));
  const run = { config, input, durationS, everyS, commands: [], instantRamp, files };
  // What is wrong with these is said before a strategy is asked.
  const prepared = await prepareRun(run);
  const commands = await gatherCommands(options, config, prepared);
  // What they give homes may be of any home of the data.
  if (commands.some(({ get }) => /^\/(homes|set\/home)\b/.test(get)))
    await loadUnits(input, config, input.homes);
  return commands.length === 0 ? prepared : prepareRun({ ...run, commands });
}

async function gatherCommands(
  options: SimulateOptions,
  config: Config,
  { durationS }: PreparedRun,
): Promise<TimedCommand[]> {
  if (options.commands !== undefined) return readCommands(await readText(options.commands));
  if (options.strategy === undefined) return [];
  const strategy = await loadStrategy(options.strategy);
  const input = await openInput(options, { ...config, demandIntervalMinutes: "30" });
  const units = countFirstUnits(config, input.homes);
  await loadUnits(input, config, units);
  const homes = Array.from({ length: countDataHomes(config, units, input.homes) }, (_, home) => home);
  const pv = input.manifest.pv && { pv: homes.map((home) => input.pvOf(home)?.values ?? []) };
  const demand = homes.map((home) => input.demandOf(home).values);
  const data = { solar: input.solar.values, demand, ...pv, steps: stepsOf(input) };
  const acceleration = accelerationOf({ instantRamp: options.instantRamp === true });
  const configuration = { ...config, units, acceleration };
  return withProgress("Deciding", (progress) =>
    runStrategy(strategy, { data, configuration, durationS }, progress),
  );
}

async function prepareReplay(
  options: SimulateOptions,
  log: CommandLog,
  everyS: number,
): Promise<PreparedRun> {
  const inputs = new Map<string, CompiledData>();
  const keyOf = ({ demandIntervalMinutes, solarUnit }: Config) => `${demandIntervalMinutes} ${solarUnit}`;
  for (const { config } of log.run.chapters) {
    const input = inputs.get(keyOf(config)) ?? (await openInput(options, config));
    inputs.set(keyOf(config), input);
    await loadUnits(input, config, Math.max(config.units, config.maximumUnits));
  }
  const inputOf = (config: Config) => inputs.get(keyOf(config)) as CompiledData;
  const first = log.run.chapters[0]?.config as Config;
  warnOf(inputOf(first), first);
  const worldOf = (config: Config) => createWorld(config, inputOf(config));
  const chapters = log.run.chapters.map((chapter) => {
    const units = countFirstUnits(chapter.config, inputOf(chapter.config).homes);
    return { ...chapter, config: { ...chapter.config, units } };
  });
  const again = { ...log, run: { ...log.run, chapters } };
  const files = readUnitFiles(await readUnitFolder(options.jsontmp));
  return prepareRepeat(again, worldOf, inputOf(first).sourceHash, everyS, files);
}

async function openInput(options: SimulateOptions, config: Config): Promise<CompiledData> {
  const read = await readInputFiles(options.solar, options.demand, config.solarUnit, options.pv ?? null);
  return loadInput(read, [], Number(config.demandIntervalMinutes) as 30 | 60);
}

function stepsOf({ manifest: { solarSteps, demandSteps, pv } }: CompiledData) {
  const toSteps = (steps: { pointsPerDay: number; isMeans: boolean } | undefined, usual: number) => {
    return { minutes: 1440 / (steps?.pointsPerDay ?? usual), means: steps?.isMeans ?? false };
  };
  return { solar: toSteps(solarSteps, 24), demand: toSteps(demandSteps, 48), pv: toSteps(pv, 48) };
}

function loadUnits(input: CompiledData, config: Config, units: number): Promise<void> {
  const homes = countDataHomes(config, units, input.homes);
  return input.loadHomes(Array.from({ length: homes }, (_, index) => index));
}

function warnOf({ manifest }: CompiledData, config: Config): void {
  const ofInput = warnOfInput(manifest, config.solarUnit);
  for (const line of [...ofInput, ...warnOfStart(config, manifest)]) console.error(`Warning: ${line}`);
}

async function gatherParameters(options: SimulateOptions): Promise<GivenConfig> {
  const fromFile = options.config === undefined ? {} : await readConfigFile(options.config);
  const named = dropUndefined({
    units: readGiven("--units", options.units),
    solarUnit: options.solarUnit,
    demandIntervalMinutes: options.demandInterval,
    startTime: options.start,
    homes: options.homes === undefined ? undefined : await readHomes(options.homes),
  });
  return { ...fromFile, ...named };
}

/** @throws SimulationError */
function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: Error) => {
    throw new SimulationError(`${path}: ${error.message}`);
  });
}

/** @throws SimulationError */
function readGiven(option: string, text: string | undefined): string {
  if (text !== undefined) return text;
  throw new SimulationError(`${option} is missing; only with --replay it may be left out`);
}

/** @throws SimulationError */
function readPositive(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new SimulationError(`${option} is ${JSON.stringify(text)}; allowed: a number above 0`);
}

program.parseAsync().catch((error: unknown) => {
  const isExpected = [ConfigError, InputFileError, SimulationError, UnitFileError].some(
    (kind) => error instanceof kind,
  );
  console.error(isExpected ? (error as Error).message : error);
  process.exit(1);
});
