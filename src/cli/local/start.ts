import { join, resolve } from "node:path";
import type { Writable } from "node:stream";
import { Command } from "commander";
import { isLoopback } from "../../hosting/directory/community-address.ts";
import { ConfigError, readConfig } from "../../input/config/read-config.ts";
import { dateStart, warnOfStart } from "../../input/config/start-time.ts";
import { InputFileError } from "../../input/series/input-file-error.ts";
import { warnOfInput } from "../../input/series/warn-of-input.ts";
import { buildDocs } from "../build/build-docs.ts";
import { buildUi } from "../build/build-ui.ts";
import { compileInput } from "../build/compile-input.ts";
import { projectFolder } from "../project-folder.ts";
import { collectParameter, dropUndefined, type GivenConfig, readConfigFile } from "../read-parameters.ts";
import { startLocalServer } from "./local-server.ts";
import { openLogFile } from "./log-file.ts";
import { keepRecordFiles } from "./record-files.ts";
import { listCommunities, matchWishes, pauseTime, resumeTime } from "./running-server.ts";
import { StartError } from "./start-error.ts";
import { claimFolder, forgetState, releaseFolder } from "./state-folder.ts";

interface StartOptions {
  port?: string;
  host?: string;
  acc?: string;
  data?: string;
  solarUnit?: string;
  demandInterval?: string;
  persist: string;
  reset?: boolean;
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
  .option("--acc <factor>", "acceleration of simulated time (default: what it was, or 10)")
  .option("--data <folder>", "folder with *solar_data.csv and *load_data.csv (default: data/input/Sample)")
  .option("--solar-unit <unit>", "what the solar file holds: W/m2 or W (default: W/m2)")
  .option("--demand-interval <minutes>", "30 uses every demand value, 60 those on the hour (default: 30)")
  .option("--persist <folder>", "folder in which the state is kept between runs", ".emulator")
  .option("--reset", "forget the state that was kept")
  .option("--config <file>", "JSON file with parameters of the configuration")
  .option("--set <name=value>", "a parameter of the configuration (may be repeated)", collectParameter)
  .action(start);

async function start(units: string | undefined, options: StartOptions): Promise<void> {
  const given = await gatherParameters(units, options);
  const config = readConfig(given, true);
  const folder = resolve(options.persist);
  await claimFolder(folder);
  if (options.reset) await forgetState(folder);
  const log = openLogFile(join(folder, "log"));
  const dataFolder = options.data ?? join(projectFolder, "data/input", config.dataSet);
  const inputFolder = join(folder, "input");
  const solarUnit = config.solarUnit;
  const [{ manifest }] = await Promise.all([
    compileInput(dataFolder, inputFolder, { solarUnit }),
    buildUi(),
    buildDocs(),
  ]).catch((error: Error) => logAndThrow(log, error));
  const warnings = [
    ...warnOfInput(manifest, solarUnit),
    ...warnOfStart(dateStart(config, given, manifest), manifest),
  ];
  for (const message of warnings) {
    console.log(`Warning: ${message}`);
    log.write(`${JSON.stringify({ level: "WARNING", message })}\n`);
  }
  const setup = {
    host: config.b_host,
    port: config.b_port,
    publicFolder: join(projectFolder, "public"),
    inputFolder,
    stateFolder: join(folder, "state"),
    saveFolder: join(folder, "jsontmp"),
    parameters: given,
  };
  const server = await startLocalServer(setup, join(folder, "run"), log);
  const communities = await listCommunities(server, config.defaultCommunity);
  await resumeTime(server, communities, folder);
  const { maximumUnits } = config;
  const wishes = {
    units: units === undefined ? null : config.units,
    acceleration: given.acceleration,
    maximumUnits,
  };
  const state = communities.includes("") ? await matchWishes(server, wishes) : null;
  if (!isLoopback(config.b_host)) console.log(warnOfNetwork(given.defaultAccess));
  const what = state === null ? `${communities.length} communities` : `${state.units} units`;
  const rate = state === null ? "none at this host itself" : `acceleration ${state.acceleration}`;
  // Listened for before anybody is told, who may send one at once.
  const stopped = signalled();
  console.log(`Ready: ${what} at ${server.url} (${rate}). Stop: Ctrl-C`);
  const stopping = new AbortController();
  const written = state === null ? null : keepRecordFiles(server, folder, config, stopping.signal);
  await Promise.race([stopped, server.ended.then(failAsEnded)]);
  await pauseTime(server, await listCommunities(server, config.defaultCommunity), folder);
  stopping.abort();
  await written;
  await server.stop();
  await endLog(log);
  await releaseFolder(folder);
}

async function gatherParameters(units: string | undefined, options: StartOptions): Promise<GivenConfig> {
  const fromFile = options.config === undefined ? {} : await readConfigFile(options.config);
  const named = dropUndefined({
    units,
    b_port: options.port,
    b_host: options.host,
    acceleration: options.acc,
    solarUnit: options.solarUnit,
    demandIntervalMinutes: options.demandInterval,
  });
  return { ...fromFile, ...options.set, ...named };
}

function warnOfNetwork(access: unknown = "open"): string {
  return access === "closed"
    ? "Warning: keys are sent over the network in the clear; put a proxy with HTTPS before this server"
    : "Warning: open to the network; anybody there may read everything" +
        `${access === "open" ? " and change it" : ""} (--set defaultAccess=closed asks for keys)`;
}

/** Leaves the last word of a start that failed in the log. */
async function logAndThrow(log: Writable, error: Error): Promise<never> {
  log.write(`${JSON.stringify({ level: "ERROR", message: error.message })}\n`);
  await endLog(log);
  throw error;
}

function endLog(log: Writable): Promise<void> {
  return new Promise((resolve) => log.end(() => resolve()));
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
  });
}

function failAsEnded(): never {
  throw new StartError("The server has ended; its messages stand above");
}

program.parseAsync().catch((error: unknown) => {
  const isExpected =
    error instanceof ConfigError || error instanceof InputFileError || error instanceof StartError;
  console.error(isExpected ? (error as Error).message : error);
  process.exit(1);
});
