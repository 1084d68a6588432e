import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { ConfigError, readConfig } from "../config/read-config.ts";
import { InputFileError } from "../input/input-file-error.ts";
import { loadInput } from "../input/load-input.ts";
import { readInputFiles } from "./compile-input.ts";
import { dropUndefined, readConfigFile } from "./read-parameters.ts";
import { readCommands, runHeadless, SimulationError } from "./run-headless.ts";

interface SimulateOptions {
  solar: string;
  demand: string;
  solarUnit?: string;
  demandInterval?: string;
  units: string;
  hours: string;
  start?: string;
  commands?: string;
  every: string;
  config?: string;
  instantRamp?: boolean;
}

const program = new Command("apis-emulator simulate")
  .description("Runs a community without a server, as fast as it goes, and prints what came of it as JSON.")
  .requiredOption("--solar <file>", "CSV of a day's 24 hourly values in each row")
  .requiredOption("--demand <file>", "CSV of a home's 48 half-hourly values [kW] in each row")
  .option("--solar-unit <unit>", "what the solar file holds: W/m2 or W (default: W/m2)")
  .option("--demand-interval <minutes>", "30 uses every demand value, 60 those on the hour (default: 30)")
  .requiredOption("--units <n>", "number of units")
  .requiredOption("--hours <h>", "simulated hours to run")
  .option("--start <time>", "simulated time at the first row of the data (default: 2020-01-01T00:00:00)")
  .option("--commands <file>", 'JSON: [{"at": seconds, "get": "/set/dcdc/E001?…"}, …]')
  .option("--every <seconds>", "simulated time between two rows of hourlyRsoc", "3600")
  .option("--config <file>", "JSON file with parameters of the configuration")
  .option("--instant-ramp", "the bus reaches its voltage at once")
  .action(simulate);

async function simulate(options: SimulateOptions): Promise<void> {
  const fromFile = options.config === undefined ? {} : await readConfigFile(options.config);
  const named = dropUndefined({
    units: options.units,
    solarUnit: options.solarUnit,
    demandIntervalMinutes: options.demandInterval,
    startTime: options.start,
  });
  const config = readConfig({ ...fromFile, ...named }, true);
  const read = await readInputFiles(options.solar, options.demand);
  const interval = Number(config.demandIntervalMinutes) as 30 | 60;
  const input = await loadInput(read, [], interval);
  await input.loadHomes(Array.from({ length: Math.min(config.units, input.homes) }, (_, index) => index));
  const result = await runHeadless({
    config,
    input,
    durationS: readPositive("--hours", options.hours) * 3600,
    everyS: readPositive("--every", options.every),
    commands: options.commands === undefined ? [] : readCommands(await readText(options.commands)),
    instantRamp: options.instantRamp === true,
  });
  console.log(JSON.stringify(result));
}

/** @throws SimulationError */
function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: Error) => {
    throw new SimulationError(`${path}: ${error.message}`);
  });
}

/** @throws SimulationError */
function readPositive(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new SimulationError(`${option} is ${JSON.stringify(text)}; allowed: a number above 0`);
}

program.parseAsync().catch((error: unknown) => {
  const isExpected = [ConfigError, InputFileError, SimulationError].some((kind) => error instanceof kind);
  console.error(isExpected ? (error as Error).message : error);
  process.exit(1);
});
