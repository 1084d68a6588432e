import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { CoreHeaders, convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import type { UnitFileJson } from "../../input/units/unit-files.ts";
import { workerFiles } from "../build/worker-files.ts";
import { urlHost } from "../url-host.ts";
import { makeTables } from "./local-database.ts";
import { watchRuntime } from "./runtime-process.ts";
import { describeListenError, StartError } from "./start-error.ts";
import { makeFolder } from "./state-file.ts";

/** Where the local server finds what it needs. All paths are absolute. */
interface LocalSetup {
  readonly host: string;
  readonly port: number;
  readonly workerFolder: string;
  readonly publicFolder: string;
  readonly inputFolder: string;
  readonly stateFolder: string;
  /** Where what Save All keeps is written as a file too. */
  readonly saveFolder: string;
  /** Where the runtime may leave things while it runs. */
  readonly temporaryFolder: string;
  /** Files of units that take the place of those of build time. */
  readonly unitFiles?: UnitFileJson;
  /** Parameters of the configuration that differ from their defaults. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Takes each line that the worker or the runtime writes. */
  onLine(line: string): void;
  /** Is told of the runtime's process, and of each that takes its place. */
  onRuntime?(pid: number): void;
  /** Whether the database that is bound needs its tables. */
  readonly keepsDatabase?: boolean;
  /** Whether an inspector listens on the worker, on a port of its own. */
  readonly inspects?: boolean;
}

export interface LocalServer {
  readonly url: string;
  /** Opens every door of this server to the program that started it. */
  readonly operatorKey: string;
  /** Settles when the runtime has ended and does not come again. */
  readonly ended: Promise<void>;
  /** The runtime's process as it is now. */
  pid(): number;
  inspectorPort(): Promise<number>;
  stop(): Promise<void>;
}

/** How this user's programs reach a server, and let themselves in. */
export type OwnServer = Pick<LocalServer, "url" | "operatorKey">;

/**
 * Names by which saved objects are found again: they belong to each release's storage and never change.
 */
const objectKeys = { Community: "apis-emulator", Directory: "apis-emulator-directory" } as const;

/**
 * Room for young objects. With it a recorded year of 1,000 homes peaks 33 MiB lower than with the engine's own
 * choice, at the same rate of requests.
 */
const v8Flags = "--max-semi-space-size=4";

const workerName = "apis-emulator";

/** Serves the worker that was built, with Miniflare. @throws StartError */
export async function startLocalServer(setup: LocalSetup): Promise<LocalServer> {
  await checkPort(setup.host, setup.port);
  for (const folder of [setup.stateFolder, setup.saveFolder, setup.temporaryFolder]) await makeFolder(folder);
  const operatorKey = randomBytes(32).toString("hex");
  let runtimePid = 0;
  let isStopping = false;
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  process.env.MINIFLARE_WORKERD_V8_FLAGS = v8Flags;
  // Nothing is written outside the state folder: the rest of the disk may be read-only.
  for (const name of ["TMPDIR", "TEMP", "TMP"]) process.env[name] = setup.temporaryFolder;
  const leaveRuntime = watchRuntime(setup.stateFolder, (runtime) => {
    runtimePid = runtime.pid ?? 0;
    setup.onRuntime?.(runtimePid);
    // Miniflare starts another in its place, and is not ready if it cannot.
    runtime.once("exit", () => {
      if (!isStopping) miniflare.ready.catch(end);
    });
  });
  letRuntimeNameClients();
  let databaseError: string | null = null;
  const onLine = (line: string) => {
    databaseError ??= /= ([^=]*): SQLITE_[A-Z]+/.exec(line)?.[1] ?? null;
    setup.onLine(line);
  };
  const options = await describeWorker({ ...setup, onLine }, operatorKey);
  const miniflare = new Miniflare(convertV4MiniflareOptions(options as never));
  leaveSignals();
  try {
    await miniflare.ready;
    if (setup.keepsDatabase) await makeTables(await miniflare.getD1Database("RECORDS", workerName));
  } catch (error) {
    await miniflare.dispose().catch(() => {});
    const reason = databaseError ?? firstLine(error);
    throw new StartError(`The runtime did not start${hintOfSystem()}: ${reason}`);
  }
  const { port } = await miniflare.unsafeGetDirectURL(workerName);
  return {
    url: `http://${urlHost(setup.host)}:${port}`,
    operatorKey,
    ended,
    pid: () => runtimePid,
    inspectorPort: async () => Number((await miniflare.getInspectorURL()).port),
    async stop() {
      isStopping = true;
      await miniflare.dispose();
      leaveRuntime();
    },
  };
}

/** The worker in Miniflare's form: what `wrangler.toml` binds, the folders of this run, and its parameters. */
async function describeWorker(setup: LocalSetup, operatorKey: string): Promise<object> {
  const read = (name: string) => readFile(join(setup.workerFolder, name), "utf8");
  const [script, bindings] = await Promise.all([read(workerFiles.script), read(workerFiles.bindings)]);
  const bound = JSON.parse(bindings);
  const { ADMIN_SECRET = null } = process.env;
  return {
    ...bound,
    name: workerName,
    modules: true,
    script,
    bindings: {
      defaultAccess: "open",
      ...setup.parameters,
      place: "local",
      OPERATOR_KEY: operatorKey,
      ADMIN_SECRET,
      MACHINE_NAME: hostname(),
      UNIT_FILES: setup.unitFiles ?? {},
    },
    durableObjects: nameObjects(bound.durableObjects),
    serviceBindings: {
      ...bound.serviceBindings,
      PUBLIC: { disk: { path: setup.publicFolder, writable: false } },
      SAVE_FOLDER: { disk: { path: setup.saveFolder, writable: true } },
      INPUT: { disk: { path: setup.inputFolder, writable: false } },
    },
    cacheAPI: false,
    stripCfConnectingIp: false,
    unsafeRegisterWorker: false,
    unsafeDirectSockets: [{ host: setup.host, port: setup.port }],
    // Of the whole server.
    resourcePersistencePath: setup.stateFolder,
    handleStructuredLogs: ({ message }: { message: string }) => setup.onLine(message),
    log: new RuntimeLog(setup.onLine),
    logRequests: false,
    ...(setup.inspects ? { inspectorPort: 0 } : {}),
    cf: false,
  };
}

type BoundObjects = Readonly<Record<string, { className: keyof typeof objectKeys }>>;

function nameObjects(objects: BoundObjects): object {
  const named = Object.entries(objects).map(([binding, object]) => [
    binding,
    { ...object, unsafeUniqueKey: objectKeys[object.className] },
  ]);
  return Object.fromEntries(named);
}

/** What Miniflare itself has to say. */
class RuntimeLog extends Log {
  readonly #onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    super(LogLevel.WARN);
    this.#onLine = onLine;
  }

  protected override log(message: string): void {
    this.#onLine(message);
  }
}

/**
 * The runtime tells the worker who its client is only where no header may: with the header that Miniflare's own
 * proxy sends, which nobody needs here, any client could name another address as its own.
 */
function letRuntimeNameClients(): void {
  Object.assign(CoreHeaders, { CF_BLOB: undefined });
}

/** Miniflare ends the process at once when it is asked to end; here it is stopped in order. */
function leaveSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    for (const listener of process.listeners(signal))
      if (/^onSignal/.test(listener.name)) process.off(signal, listener);
}

/** What keeps the runtime from starting on the one kind of system of those served of which that is known. */
function hintOfSystem(): string {
  const isPerhapsRaspberryPi = process.platform === "linux" && process.arch === "arm64";
  return isPerhapsRaspberryPi ? " (it cannot where addresses have 39 bits, as under Raspberry Pi OS)" : "";
}

function firstLine(error: unknown): string {
  return ((error as Error).message ?? String(error)).split("\n")[0] as string;
}

/** @throws StartError if the port cannot be listened on; it names one that can */
async function checkPort(host: string, port: number): Promise<void> {
  const error = await tryPort(host, port);
  if (error === null) return;
  const free = error.code === "EADDRINUSE" ? await findFreePort(host, port) : null;
  const wayOut = free === null ? "" : ` (${free} is free)`;
  throw new StartError(`${describeListenError(error, host, port)}${wayOut}`);
}

const portsTried = 100;

async function findFreePort(host: string, usedPort: number): Promise<number | null> {
  for (let port = usedPort + 1; port <= Math.min(65_535, usedPort + portsTried); port++)
    if ((await tryPort(host, port)) === null) return port;
  return null;
}

async function tryPort(host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once("error", resolve);
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}
