import { createHash } from "node:crypto";
import type { SimulatedFiles } from "./simulated-files.ts";
import type { DataName } from "./simulated-input.ts";
import { readInputFile } from "./simulated-input.ts";
import { SimulatedNamespace } from "./simulated-platform.ts";
import { SimulatedProcess, type World } from "./world.ts";

/** The worker as it is built, and what its isolate keeps in memory. */
export interface WorkerModule {
  readonly default: { fetch(request: Request, env: object, ctx: object): Promise<Response> };
  readonly Community: never;
  readonly Directory: never;
}

export const origin = "http://127.0.0.1:4390";

/**
 * The local server: the runtime with the worker and its objects, in a process of its own, on the platform that it keeps in
 * the state folder. It can be started again and again.
 */
export class SimulatedServer {
  readonly communities: SimulatedNamespace;
  readonly directories: SimulatedNamespace;
  readonly #world: World;
  readonly #worker: WorkerModule;
  readonly #files: SimulatedFiles;
  readonly #forgetIsolate: () => void;
  #env: object = {};
  runtime: SimulatedProcess | null = null;

  constructor(world: World, worker: WorkerModule, files: SimulatedFiles, forgetIsolate: () => void) {
    this.#world = world;
    this.#worker = worker;
    this.#files = files;
    this.#forgetIsolate = forgetIsolate;
    this.communities = new SimulatedNamespace(world, worker.Community, () => this.#env);
    this.directories = new SimulatedNamespace(world, worker.Directory, () => this.#env);
  }

  /** Begins a runtime with these parameters and data. */
  begin(parameters: object, data: DataName, operatorKey: string, saveFolder: string): void {
    this.#env = {
      defaultAccess: "open",
      ...parameters,
      place: "local",
      OPERATOR_KEY: operatorKey,
      ADMIN_SECRET: null,
      UNIT_FILES: {},
      COMMUNITY: this.communities,
      DIRECTORY: this.directories,
      PUBLIC: { fetch: async () => new Response(null, { status: 404 }) },
      INPUT: { fetch: (url: string) => this.#readInput(data, url) },
      SAVE_FOLDER: { fetch: (url: string, init: RequestInit) => this.#writeSave(saveFolder, url, init) },
    };
    this.beginAgain();
  }

  /** The runtime begins, as Miniflare begins it also after it has ended by itself. */
  beginAgain(): void {
    this.runtime?.end();
    this.#forgetIsolate();
    this.runtime = new SimulatedProcess("runtime");
    this.#world.note("the runtime begins");
    this.directories.begin(this.runtime);
    this.communities.begin(this.runtime);
  }

  /** Sends a request over the network: it or its answer may be lost on the way. */
  async fetch(request: Request): Promise<Response> {
    await this.#travel();
    const { runtime } = this;
    if (runtime === null || !runtime.isAlive) throw new TypeError("fetch failed: connection refused");
    const end = () => new TypeError("fetch failed: the connection was closed");
    const ctx = { waitUntil: (promise: Promise<unknown>) => void promise.catch(() => {}) };
    const perform = () => this.#worker.default.fetch(request, this.#env, ctx);
    const response = await runtime.seen(runtime.run(perform), end);
    await this.#travel();
    const { status, statusText, headers } = response;
    const body = response.body === null ? null : this.#carry(response.body, runtime, end);
    return new Response(body, { status, statusText, headers });
  }

  async #travel(): Promise<void> {
    await this.#world.delay();
    await this.#world.passWaiting("message");
  }

  /** A body on its way: piece by piece, as its reader takes it. */
  #carry(body: ReadableStream<Uint8Array>, runtime: SimulatedProcess, end: () => Error): ReadableStream {
    const reader = body.getReader();
    return new ReadableStream(
      {
        pull: async (controller) => {
          if (this.#world.chance(30)) await this.#travel();
          const { done, value } = await runtime.seen(
            runtime.run(() => reader.read()),
            end,
          );
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: () => reader.cancel(),
      },
      { highWaterMark: 0 },
    );
  }

  async #readInput(data: DataName, url: string): Promise<Response> {
    await this.#world.delay();
    const content = readInputFile(data, new URL(url).pathname.slice(1));
    return content === undefined ? new Response(null, { status: 404 }) : new Response(content);
  }

  async #writeSave(folder: string, url: string, init: RequestInit): Promise<Response> {
    try {
      await this.#files.promises.writeFile(folder + new URL(url).pathname, init.body as string);
      return new Response(null, { status: 204 });
    } catch {
      return new Response(null, { status: 500 });
    }
  }
}

/** Digests and comparisons of the platform's, at once: the system's take real time. */
export const simulatedSubtle = {
  digest: async (_: string, bytes: Uint8Array) => {
    const digest = createHash("sha256").update(bytes).digest();
    return digest.buffer.slice(digest.byteOffset, digest.byteOffset + digest.length);
  },
  timingSafeEqual: (a: Uint8Array, b: Uint8Array) => Buffer.from(a).equals(Buffer.from(b)),
};
