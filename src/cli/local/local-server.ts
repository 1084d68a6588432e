import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { build } from "esbuild";
import { projectFolder } from "../project-folder.ts";
import { describeListenError, StartError } from "./start-error.ts";
import { type WorkerdSetup, writeWorkerdConfig } from "./workerd-config.ts";

export interface LocalServer {
  readonly url: string;
  /** Opens every door of this server to the program that started it. */
  readonly operatorKey: string;
  /** Settles when the server's process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Bundles the workers into `runFolder` and serves them with workerd, whose lines go to `log` too.
 * @throws StartError
 */
export async function startLocalServer(
  setup: WorkerdSetup,
  runFolder: string,
  log: Writable,
): Promise<LocalServer> {
  await checkPort(setup.host, setup.port);
  for (const folder of [setup.stateFolder, setup.saveFolder]) await mkdir(folder, { recursive: true });
  await bundleWorkers(runFolder);
  const configFile = join(runFolder, "workerd.capnp");
  await writeFile(configFile, writeWorkerdConfig(setup));
  const operatorKey = randomBytes(32).toString("hex");
  const child = spawnWorkerd(["serve", configFile, "--control-fd=3"], operatorKey);
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    from?.pipe(to, { end: false });
    from?.pipe(log, { end: false });
  }
  const control = child.stdio[3] as Readable;
  const ended = new Promise<void>((resolve) => control.once("close", resolve));
  const port = await Promise.race([readPort(control), ended]);
  if (port === undefined)
    throw new StartError("The server ended before it answered; its messages stand above");
  const stop = async () => {
    child.stdin?.end();
    await ended;
  };
  return { url: `http://${urlHost(setup.host)}:${port}`, operatorKey, ended, stop };
}

async function bundleWorkers(runFolder: string): Promise<void> {
  await build({
    entryPoints: {
      worker: join(projectFolder, "src/worker.ts"),
      "local-assets": join(projectFolder, "src/cli/local/local-assets.ts"),
    },
    outdir: runFolder,
    bundle: true,
    format: "esm",
    target: "es2024",
    external: ["cloudflare:workers"],
    logLevel: "error",
  });
}

/**
 * workerd runs in a process group of its own, so that Ctrl-C does not end it before its time is paused. A
 * shell stands between, so that it ends with us however we end: when our end of the pipe closes. Asked to end,
 * workerd waits for open screens; nothing that was acknowledged is lost by not waiting with it.
 */
const guardScript =
  '"$@" & child=$!; exec 3>&-; cat >/dev/null; kill $child; (sleep 1; kill -9 $child 2>/dev/null) & wait $child';

const workerdPath = createRequire(import.meta.url).resolve("workerd/bin/workerd");

function spawnWorkerd(args: readonly string[], operatorKey: string): ChildProcess {
  return spawn("sh", ["-c", guardScript, "sh", workerdPath, ...args], {
    detached: true,
    env: { ...process.env, OPERATOR_KEY: operatorKey },
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
}

/** Reads the port on which the server listens from its control messages. */
async function readPort(control: Readable): Promise<number | undefined> {
  for await (const line of createInterface({ input: control })) {
    const message = JSON.parse(line);
    if (message.event === "listen" && message.socket === "http") return message.port;
  }
  return undefined;
}

/** @throws StartError if the port cannot be listened on. */
async function checkPort(host: string, port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", (error: NodeJS.ErrnoException) =>
      reject(new StartError(describeListenError(error, host, port))),
    );
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
