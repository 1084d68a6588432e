import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { build } from "esbuild";
import { projectFolder } from "../../src/cli/project-folder.ts";
import { compatibilityDate } from "../support/compatibility-date.ts";

/** A workerd of the benchmark's own. */
export interface Workerd {
  readonly url: string;
  readonly pid: number;
  /** Where its inspector listens. */
  readonly inspectorPort: number;
  stop(): Promise<void>;
}

const workerdPath = createRequire(import.meta.url).resolve("workerd/bin/workerd");

/** The configuration of one worker, `worker.js`, that reads the files of `inputFolder`. */
export function writeSmallConfig(inputFolder: string): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "input", disk = (path = ${JSON.stringify(inputFolder)})),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "${compatibilityDate}",
  bindings = [(name = "INPUT", service = "input")],
);
`;
}

/** Bundles workers (paths from the checkout, by name) into `folder` and serves them with `config`. */
export async function serveWorkers(
  folder: string,
  workers: Readonly<Record<string, string>>,
  config: string,
): Promise<Workerd> {
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: Object.fromEntries(
      Object.entries(workers).map(([name, path]) => [name, join(projectFolder, path)]),
    ),
    outdir: folder,
    bundle: true,
    format: "esm",
    target: "es2024",
    external: ["cloudflare:workers"],
    logLevel: "error",
  });
  const configFile = join(folder, "workerd.capnp");
  await writeFile(configFile, config);
  return serve(configFile);
}

async function serve(configFile: string): Promise<Workerd> {
  const args = ["serve", configFile, "--control-fd=3", "--inspector-addr=127.0.0.1:0"];
  const child = spawn(workerdPath, args, { stdio: ["ignore", "inherit", "inherit", "pipe"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = () => child.kill();
  process.once("exit", kill);
  const { port, inspectorPort } = await readPorts(child);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid as number,
    inspectorPort,
    async stop() {
      process.off("exit", kill);
      kill();
      await ended;
    },
  };
}

async function readPorts(child: ChildProcess): Promise<{ port: number; inspectorPort: number }> {
  let inspectorPort = 0;
  for await (const line of createInterface({ input: child.stdio[3] as Readable })) {
    const message = JSON.parse(line);
    if (message.event === "listen-inspector") inspectorPort = message.port;
    if (message.event === "listen") return { port: message.port, inspectorPort };
  }
  throw new Error("workerd ended before it listened");
}
