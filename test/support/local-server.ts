import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface LocalServer {
  readonly url: string;
  readonly port: number;
  /** Where its state is kept; removed by `stop` unless it was given. */
  readonly folder: string;
  readonly process: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  stop(): Promise<void>;
}

export interface LocalServerOptions {
  readonly units?: number;
  readonly acceleration?: number;
  readonly args?: readonly string[];
  readonly folder?: string;
  /** Whether `npm start` starts it, as the README says, and not its program alone. */
  readonly byNpm?: boolean;
  /** A command that runs it, such as one that gives it a small disk. */
  readonly under?: readonly string[];
}

/** The process of the runtime that serves, or served last, from a state folder. */
export async function readRuntimePid(folder: string): Promise<number> {
  return JSON.parse(await readFile(join(folder, "runtime.json"), "utf8")).pid;
}

/** Whether a process runs; one that has ended and is still listed does not. */
export function isRunning(pid: number): boolean {
  const stat = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim();
  return stat !== "" && !stat.startsWith("Z");
}

const projectFolder = fileURLToPath(new URL("../..", import.meta.url));
const startProgram = fileURLToPath(new URL("../../src/cli/local/start.ts", import.meta.url));

/** Starts the emulator as a user does, on a free port, and waits for its ready line. */
export async function startLocalServer(options: LocalServerOptions = {}): Promise<LocalServer> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "apis-emulator-")));
  const program = options.byNpm ? ["npm", "start", "--"] : [process.execPath, startProgram];
  const [command, ...before] = [...(options.under ?? []), ...program];
  const child = spawn(command as string, [...before, ...listArguments(options, folder)], {
    cwd: projectFolder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      const ready = /^Ready: .* at (http:\S+)/m.exec(output);
      if (ready !== null) resolve(ready[1] as string);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    ended.then(() => reject(new Error(`The server ended: ${output}`)));
  });
  return {
    url,
    port: Number(new URL(url).port),
    folder,
    process: child,
    output: () => output,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function listArguments(
  { units, acceleration, args = [], ...rest }: LocalServerOptions,
  folder: string,
): string[] {
  const list = ["--port", "0", "--persist", rest.folder ?? folder, ...args];
  if (units !== undefined) list.unshift(String(units));
  if (acceleration !== undefined) list.push("--acc", String(acceleration));
  return list;
}
