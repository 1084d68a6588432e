import { join, resolve } from "node:path";
import { isLoopback } from "../../hosting/directory/community-address.ts";
import type { Config } from "../../input/config/entries.ts";
import { ConfigError } from "../../input/config/read-config.ts";
import { dateStart, warnOfStart } from "../../input/config/start-time.ts";
import { findHomesFaults } from "../../input/homes/check-homes.ts";
import { warnOfInput } from "../../input/series/warn-of-input.ts";
import { release } from "../../notation/release.ts";
import { compileInput } from "../build/compile-input.ts";
import { showProgress } from "../progress-bar.ts";
import { projectFolder } from "../project-folder.ts";
import { keepHomes, readHomesBeside } from "../read-homes.ts";
import type { GivenConfig } from "../read-parameters.ts";
import { readUnitFolder } from "../read-unit-folder.ts";
import { checkDescriptors } from "./check-descriptors.ts";
import { ensureBuilt } from "./ensure-built.ts";
import { beginLife } from "./heartbeat.ts";
import { noteRuntime } from "./leftover-runtime.ts";
import { type LocalServer, startLocalServer } from "./local-server.ts";
import { openLogFile } from "./log-file.ts";
import { openBrowser } from "./open-browser.ts";
import { keepRecordFiles } from "./record-files.ts";
import type { RunLog } from "./run-log.ts";
import { listCommunities, matchWishes, resumeTime, type ServerState } from "./running-server.ts";
import { forgetServer, noteServer } from "./server-note.ts";
import { describeError, StartError } from "./start-error.ts";
import { claimFolder, placesIn } from "./state-folder.ts";

/** What a local run is asked for. */
interface RunRequest {
  readonly config: Config;
  /** What was given of the configuration. */
  readonly given: GivenConfig;
  /** The units that were asked for, or null. */
  readonly units: number | null;
  readonly dataFolder: string | undefined;
  /** Where files of units lie, as `jsontmp`. */
  readonly unitFolder: string | undefined;
  /** Where the state is kept. */
  readonly folder: string;
  /** Whether what was kept is forgotten first. */
  readonly forgets: boolean;
  /** Whether the screen is opened in the browser. */
  readonly opensBrowser: boolean;
}

/** Serves the emulator until `stop` settles. @throws StartError, InputFileError */
export async function runLocally(request: RunRequest, log: RunLog, stop: Promise<void>): Promise<void> {
  const { config } = request;
  checkDescriptors();
  const folder = resolve(request.folder);
  const leaveFolder = await claimFolder(folder, request.forgets, log.warn);
  openLog(config, folder, log);
  log.begin();
  const server = await startServer(request, folder, log);
  const life = await beginLife(server, folder, log.warn);
  await resumeTime(server, folder, log.warn);
  const communities = await listCommunities(server, config.defaultCommunity).catch((error) => {
    const place = join(placesIn(folder).state, "do", "apis-emulator-directory");
    throw new StartError(
      `The directory of communities, in ${place}, cannot be read: ${describeError(error)}`,
    );
  });
  const state = communities.includes("") ? await setUp(request, server, life.file, log) : null;
  await life.open();
  await noteServer(folder, server);
  describeRun(request, folder, server, { communities, state });
  if (request.opensBrowser) openBrowser(server.url, log.warn);
  const stopping = new AbortController();
  const written = state === null ? null : keepRecordFiles(server, folder, config, stopping.signal);
  await Promise.race([stop, server.ended.then(failAsEnded)]);
  await forgetServer(folder);
  await life.stop().catch((error) => log.warn(`The clock was not stopped in order: ${describeError(error)}`));
  stopping.abort();
  await written;
  await server.stop();
  await log.end();
  leaveFolder();
}

function openLog({ logFile, logFileLevel, logFormat }: Config, folder: string, log: RunLog): void {
  if (logFile === "" || logFile === "off") return;
  const settings = { least: logFileLevel, format: logFormat };
  try {
    log.addFile(openLogFile(resolve(folder, logFile), settings, log.warn));
  } catch (error) {
    log.warn(`There is no log file: ${describeError(error)}`);
  }
}

async function startServer(request: RunRequest, folder: string, log: RunLog): Promise<LocalServer> {
  const { config, given } = request;
  const places = placesIn(folder);
  const dataFolder = request.dataFolder ?? join(projectFolder, "data/input", config.dataSet);
  const { solarUnit } = config;
  const [unitFiles, built, { manifest }] = await Promise.all([
    readUnitFolder(request.unitFolder),
    ensureBuilt(places.spareBuild),
    showProgress("Compiling the data", (onProgress) =>
      compileInput(dataFolder, places.input, { solarUnit, onProgress }),
    ),
  ]);
  const homes = given.homes === undefined ? await readHomesBeside(dataFolder) : null;
  await keepHomes(places.input, homes);
  const faults = findHomesFaults(homes === null ? config : { ...config, homes }, manifest.homes);
  if (faults.length > 0) throw new ConfigError(faults.join("\n"));
  const start = dateStart(config, given, manifest);
  for (const message of [...warnOfInput(manifest, solarUnit), ...warnOfStart(start, manifest)])
    log.warn(message);
  return startLocalServer({
    host: config.b_host,
    port: config.b_port,
    workerFolder: built.worker,
    publicFolder: built.public,
    inputFolder: places.input,
    stateFolder: places.state,
    saveFolder: places.saves,
    temporaryFolder: places.temporary,
    unitFiles,
    parameters: given,
    keepsDatabase: config.saveIndividualToDB && config.dburl === "",
    onLine: log.add,
    onRuntime: (pid) =>
      noteRuntime(folder, pid).catch((error) =>
        log.warn(`The runtime's process is not noted: ${describeError(error)}`),
      ),
  });
}

/** A community that cannot be set up as it was asked is left as it is: its state may be beyond this program. */
async function setUp(
  { config, given, units }: RunRequest,
  server: LocalServer,
  file: string,
  log: RunLog,
): Promise<ServerState | null> {
  try {
    return await matchWishes(server, {
      units,
      acceleration: given.acceleration,
      maximumUnits: config.maximumUnits,
    });
  } catch (error) {
    log.warn(
      `The community of this host is left as it is, in state/do/apis-emulator/${file}: ${describeError(error)}`,
    );
    return null;
  }
}

function describeRun(
  { config, given }: RunRequest,
  folder: string,
  { url }: LocalServer,
  { communities, state }: { communities: readonly string[]; state: ServerState | null },
): void {
  const { hostname, port } = new URL(url);
  console.log(`apis-emulator ${release}`);
  if (!isLoopback(config.b_host)) console.log(warnOfNetwork(given.defaultAccess));
  if (state !== null) {
    console.log(`Screen: ${url}`);
    console.log(`apis-main: connection.emulator.host ${hostname}, connection.emulator.port ${port}`);
  }
  console.log(`Records and state: ${folder}`);
  const what = state === null ? `${communities.length} communities` : `${state.units} units`;
  const rate = state === null ? "none at this host itself" : `acceleration ${state.acceleration}`;
  console.log(`Ready: ${what} at ${url} (${rate}). Stop: Ctrl-C`);
}

function warnOfNetwork(access: unknown = "open"): string {
  return access === "closed"
    ? "Warning: keys are sent over the network in the clear; put a proxy with HTTPS before this server"
    : "Warning: open to the network; anybody there may read everything" +
        `${access === "open" ? " and change it" : ""} (--set defaultAccess=closed asks for keys)`;
}

function failAsEnded(): never {
  throw new StartError("The runtime has ended and cannot be started again; its messages stand above");
}
