import { join } from "node:path";
import { createTestHarness } from "wrangler";
import { compileInput } from "../../src/cli/build/compile-input.ts";
import { projectFolder } from "../../src/cli/project-folder.ts";
import type { CommandOrigin, CommunityRequest } from "../../src/community/state/request.ts";
import { type Limits, withDefaultLimits } from "../../src/input/config/limits.ts";
import type { Answer } from "../../src/notation/refusal.ts";

/** Row of the table that a query of a Durable Object's storage gives. */
type Row = Record<string, unknown>;

interface RecordDatabase {
  prepare(sql: string): { all(): Promise<{ results: Row[] }> };
}

interface Communities {
  getByName(name: string): {
    answer(request: CommunityRequest, origin: CommandOrigin, limits: Limits): Promise<Answer>;
  };
}

/** The real build of the worker, running in workerd. */
export interface WorkerHarness {
  get(
    path: string,
    init?: { method?: string; body?: string; headers?: Record<string, string>; redirect?: "manual" },
  ): Promise<Response>;
  /** Ends the community's object as the platform does; what it kept in memory only is gone. */
  evict(): Promise<void>;
  /** Lets the object sleep as the platform does when it is idle: its WebSockets stay open. */
  hibernate(): Promise<void>;
  /** Opens a WebSocket. */
  open(path: string): Promise<WebSocket>;
  /** Makes the tables of `migrations` in the database of all communities. */
  migrate(): Promise<void>;
  /** Runs SQL in that database. */
  queryRecords(sql: string): Promise<Row[]>;
  /** Runs SQL in the storage of a community's object, by default that of the bare host. */
  query(sql: string, objectKey?: string): Promise<Row[]>;
  /** Runs SQL in the storage of the directory of communities. */
  queryDirectory(sql: string): Promise<Row[]>;
  /** Asks a community's object past all doors, as a worker does that has not heard of a change yet. */
  askObject(objectKey: string, request: CommunityRequest): Promise<Answer>;
  /** Lines that the worker has logged since the last call. */
  takeLogs(): string[];
  stop(): Promise<void>;
}

const quiet = {
  CI: "1",
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_LOG: "error",
};
const object = { name: "default" };

/** Builds the worker as wrangler does, with `vars` in place of those of wrangler.toml; open unless they say. */
export async function startWorker(vars: Record<string, string | number>): Promise<WorkerHarness> {
  Object.assign(process.env, quiet);
  await compileInput(join(projectFolder, "data/input/Sample"), join(projectFolder, "public/input"));
  const harness = createTestHarness({
    root: projectFolder,
    workers: [
      {
        configPath: join(projectFolder, "wrangler.toml"),
        vars: { defaultAccess: "open", place: "dev", ...vars },
      },
    ],
  });
  await harness.listen();
  const worker = harness.getWorker();
  const run = async (binding: string, name: string, sql: string) => {
    const storage = await worker.getDurableObjectStorage(binding, { name });
    return (await storage.exec(sql)) as unknown as Row[];
  };
  return {
    get: (path, init) => harness.fetch(path, init) as unknown as Promise<Response>,
    evict: () => worker.evictDurableObject("COMMUNITY", object),
    hibernate: () => worker.evictDurableObject("COMMUNITY", { ...object, webSockets: "hibernate" }),
    async open(path) {
      const response = await harness.fetch(path, { headers: { upgrade: "websocket" } });
      const socket = (response as unknown as { webSocket: WebSocket & { accept(): void } }).webSocket;
      socket.accept();
      return socket;
    },
    query: (sql, objectKey = object.name) => run("COMMUNITY", objectKey, sql),
    queryDirectory: (sql) => run("DIRECTORY", "directory", sql),
    migrate: () => worker.applyD1Migrations("RECORDS"),
    async queryRecords(sql) {
      const { RECORDS } = (await worker.getEnv()) as { RECORDS: RecordDatabase };
      return (await RECORDS.prepare(sql).all()).results;
    },
    async askObject(objectKey, request) {
      const { COMMUNITY } = (await worker.getEnv()) as { COMMUNITY: Communities };
      return COMMUNITY.getByName(objectKey).answer(
        request,
        { path: "", source: "test" },
        withDefaultLimits({}),
      );
    },
    takeLogs() {
      const lines = harness.getLogs().map((line) => JSON.stringify(line));
      harness.clearLogs();
      return lines;
    },
    stop: () => harness.close(),
  };
}
