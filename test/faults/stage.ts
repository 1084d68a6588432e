import { readConfig } from "../../src/input/config/read-config.ts";
import { databaseUrl, SimulatedDatabase } from "./simulated-database.ts";
import { SimulatedFiles } from "./simulated-files.ts";
import { type DataName, manifestOf } from "./simulated-input.ts";
import { SimulatedServer, simulatedSubtle, type WorkerModule } from "./simulated-server.ts";
import { currentProcess, SimulatedProcess, World } from "./world.ts";

/** What a local run is made of that has no place in a simulation, and what stands for it: see `faults.test.ts`. */

export const stateFolder = "/sim";

type RunLocally = typeof import("../../src/cli/local/local-run.ts").runLocally;

/** The program under test, imported where its modules are replaced. */
export interface Program {
  readonly worker: WorkerModule;
  readonly runLocally: RunLocally;
  forgetIsolate(): void;
}

/** A machine with a disk, on which a local run is started, stopped and killed. */
export class Machine {
  readonly world: World;
  readonly files: SimulatedFiles;
  readonly server: SimulatedServer;
  readonly database: SimulatedDatabase;
  readonly #program: Program;
  starter: SimulatedProcess | null = null;
  /** The process that has locked the state folder. */
  #owner: SimulatedProcess | null = null;
  parameters: Record<string, unknown>;
  data: DataName = "varied";
  /** What lets the starter's own program, and the administrator here, in. */
  operatorKey = "";
  #stop = () => {};
  #ended: Promise<void> = Promise.resolve();

  constructor(seed: number, program: Program, parameters: Record<string, unknown>) {
    this.world = new World(seed);
    this.files = new SimulatedFiles(this.world);
    this.server = new SimulatedServer(this.world, program.worker, this.files, program.forgetIsolate);
    this.database = new SimulatedDatabase(this.world);
    this.#program = program;
    this.parameters = parameters;
  }

  get isRunning(): boolean {
    return this.starter?.isAlive === true && this.server.runtime?.isAlive === true;
  }

  /** Starts the emulator, and waits until it serves. Whether it does. */
  async start(): Promise<boolean> {
    const starter = new SimulatedProcess("starter");
    this.starter = starter;
    // It is there again once the server serves.
    this.files.forget(`${stateFolder}/server.json`);
    const given = this.parameters;
    const warn = (message: string) => this.world.note(`warning: ${message}`);
    const log = { addFile() {}, begin() {}, add() {}, warn, async fail() {}, async end() {} };
    const request = {
      config: readConfig({ ...given, place: "local" }),
      given,
      units: null,
      dataFolder: undefined,
      unitFolder: undefined,
      folder: stateFolder,
      forgets: false,
      opensBrowser: false,
    };
    const asked = new Promise<void>((resolve) => {
      this.#stop = resolve;
    });
    this.world.note("the emulator is started");
    let hasEnded = false;
    this.#ended = starter
      .run(() => this.#program.runLocally(request, log as never, asked))
      .catch((error: Error) => this.world.note(`the start ends: ${error.message}`))
      .then(() => {
        hasEnded = true;
        starter.end();
      });
    while (!hasEnded && starter.isAlive && this.files.peek(`${stateFolder}/server.json`) === null)
      await this.world.sleep(20);
    return this.isRunning;
  }

  /** Stops the emulator in order. */
  async stop(): Promise<void> {
    this.#stop();
    const { starter } = this;
    if (starter?.isAlive) await starter.seen(this.#ended, () => new Error("killed")).catch(() => {});
  }

  kill(what: "starter" | "runtime" | "both" | "power"): void {
    this.world.note(`kill: ${what}`);
    const { starter } = this;
    if (what !== "starter") this.server.runtime?.end();
    if (what !== "runtime") starter?.end();
    if (what === "power") this.files.cutPower();
    // Miniflare starts another runtime in the place of one that ended by itself.
    if (what === "runtime") starter?.run(() => this.world.after(50, () => this.server.beginAgain()));
  }

  // What stands for parts of the local run:

  readonly lockFolder = () => {
    const process = currentProcess() ?? null;
    if (this.#owner?.isAlive && this.#owner !== process) throw new Error("The folder is locked");
    this.#owner = process;
    return () => {
      this.#owner = null;
    };
  };

  readonly endLeftover = async () => {
    await this.world.delay();
    this.server.runtime?.end();
  };

  readonly startLocalServer = async ({ saveFolder }: { saveFolder: string }) => {
    await this.world.delay();
    const operatorKey = `key-${this.world.choose(1e9)}`;
    this.operatorKey = operatorKey;
    this.server.begin(this.parameters, this.data, operatorKey, saveFolder);
    return {
      url: "http://127.0.0.1:4390",
      operatorKey,
      ended: new Promise<void>(() => {}),
      pid: () => 1,
      stop: async () => this.server.runtime?.end(),
    };
  };

  readonly compileInput = async () => ({ manifest: manifestOf(this.data), compiled: false });

  readonly sleep = (ms: number, value: unknown, { signal }: { signal?: AbortSignal } = {}) =>
    new Promise((resolve, reject) => {
      this.world.after(ms, () => resolve(value));
      const abort = () => reject(new Error("aborted"));
      if (signal?.aborted) abort();
      signal?.addEventListener("abort", abort);
    });

  readonly abortAfter = (ms: number): AbortSignal => {
    const controller = new AbortController();
    this.world.after(ms, () => controller.abort());
    return controller.signal;
  };
}

/** The machine that is simulated now. */
export const stage: { machine: Machine } = { machine: null as never };

const real = {
  now: Date.now,
  fetch: globalThis.fetch,
  timeout: AbortSignal.timeout,
  randomUUID: crypto.randomUUID,
  getRandomValues: crypto.getRandomValues,
  console: { ...console },
};

/** Puts what the machine has in the place of what the system has, and returns what takes it back. */
export function enterStage(machine: Machine): () => void {
  stage.machine = machine;
  const { world, server, database } = machine;
  Date.now = () => Math.floor(world.wallMs);
  const carry = async (input: string | Request, init?: RequestInit) => {
    await currentProcess()?.gate();
    const request = new Request(input, init);
    return request.url === databaseUrl ? database.fetch(request) : server.fetch(request);
  };
  globalThis.fetch = carry as typeof fetch;
  AbortSignal.timeout = machine.abortAfter;
  Object.assign(globalThis, { scheduler: { wait: (ms: number) => world.sleep(ms) } });
  Object.assign(crypto.subtle, simulatedSubtle);
  Object.assign(crypto, {
    randomUUID: () => `uuid-${world.choose(1e9)}`,
    getRandomValues: (bytes: Uint8Array) => bytes.map(() => world.choose(256)),
  });
  for (const name of ["log", "info", "warn", "error", "debug"] as const)
    console[name] = (text: unknown) => world.note(String(text).slice(0, 300));
  return () => {
    Date.now = real.now;
    globalThis.fetch = real.fetch;
    AbortSignal.timeout = real.timeout;
    Object.assign(crypto, { randomUUID: real.randomUUID, getRandomValues: real.getRandomValues });
    Object.assign(console, real.console);
  };
}
