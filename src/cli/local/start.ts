import { Command } from "commander";
import { findSecretFault } from "../../input/config/admin-secret.ts";
import { ConfigError, readConfig } from "../../input/config/read-config.ts";
import { readHomes } from "../read-homes.ts";
import {
  collectParameter,
  dropUndefined,
  type GivenConfig,
  readConfigFile,
  readParametersBeside,
} from "../read-parameters.ts";
import { askedToEnd } from "./asked-to-end.ts";
import { runLocally } from "./local-run.ts";
import { RunLog } from "./run-log.ts";
import { describeError } from "./start-error.ts";

interface StartOptions {
  port?: string;
  host?: string;
  allowHost?: string[];
  acc?: string;
  data?: string;
  homes?: string;
  jsontmp?: string;
  solarUnit?: string;
  demandInterval?: string;
  persist: string;
  reset?: boolean;
  open?: boolean;
  config?: string;
  set?: GivenConfig;
}

const program = new Command("apis-emulator start")
  .description(
    "Serves the emulator on this machine until Ctrl-C. Simulated time stands still while it is off.",
  )
  .argument("[units]", "number of units (default: those it had, or one for each home of the data)")
  .option("--port <port>", "port to listen on (default: 4390)")
  .option("--host <address>", "address to listen on (default: 127.0.0.1; 0.0.0.0 opens it to the network)")
  .option(
    "--allow-host <name>",
    "name by which browsers may reach it, such as emulator.example (may be repeated)",
    collectHost,
  )
  .option("--acc <factor>", "acceleration of simulated time (default: what it was, or 10)")
  .option("--data <folder>", "folder with *solar_data.csv and *load_data.csv (default: data/input/Sample)")
  .option(
    "--homes <file>",
    "JSON or CSV with the hardware of homes (default: homes.json or homes.csv beside the data)",
  )
  .option(
    "--jsontmp <folder>",
    "folder with standard.json, fakeResponse.json, lastSave.json (default: jsontmp)",
  )
  .option("--solar-unit <unit>", "what the solar file holds: W/m2 or W (default: W/m2)")
  .option("--demand-interval <minutes>", "30 uses every demand value, 60 those on the hour (default: 30)")
  .option("--persist <folder>", "folder in which the state is kept between runs", ".emulator")
  .option("--reset", "forget the state that was kept")
  .option("--open", "open the screen in the browser")
  .option("--config <file>", "JSON file with parameters of the configuration")
  .option("--set <name=value>", "a parameter of the configuration (may be repeated)", collectParameter)
  .action(start);

const log = new RunLog();

async function start(units: string | undefined, options: StartOptions): Promise<void> {
  const stop = askedToEnd();
  const given = await gatherParameters(units, options);
  const config = readConfig(given, true);
  const fault = findSecretFault(process.env.ADMIN_SECRET);
  if (fault !== null) throw new ConfigError(fault);
  const request = {
    config,
    given,
    units: units === undefined ? null : config.units,
    dataFolder: options.data,
    unitFolder: options.jsontmp,
    folder: options.persist,
    forgets: options.reset === true,
    opensBrowser: options.open === true,
  };
  await runLocally(request, log, stop);
}

async function gatherParameters(units: string | undefined, options: StartOptions): Promise<GivenConfig> {
  const fromFile = options.config === undefined ? {} : await readConfigFile(options.config);
  const beside = options.data === undefined ? {} : await readParametersBeside(options.data);
  const named = dropUndefined({
    units,
    b_port: options.port,
    b_host: options.host,
    allowedHosts: options.allowHost,
    acceleration: options.acc,
    homes: options.homes === undefined ? undefined : await readHomes(options.homes),
    solarUnit: options.solarUnit,
    demandIntervalMinutes: options.demandInterval,
  });
  return { ...beside, ...fromFile, ...options.set, ...named };
}

function collectHost(name: string, before: string[] = []): string[] {
  return [...before, name];
}

/** Says in a line, and in the log, why it cannot go on. What is a fault of this program has its traces in the log. */
async function fail(error: unknown): Promise<never> {
  const isExpected = error instanceof ConfigError;
  const message = isExpected ? (error as Error).message : describeError(error);
  console.error(message);
  await log.fail(message).catch(() => {});
  process.exit(1);
}

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
program.parseAsync().then(() => process.exit(0), fail);
