import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import * as v from "valibot";
import { StartError } from "./start-error.ts";
import { readNote, writeWhole } from "./state-file.ts";

const schema = v.object({ pid: v.pipe(v.number(), v.integer(), v.minValue(1)), begun: v.string() });
const run = promisify(execFile);
const pauseMs = 20;
const mostMs = 5000;

/** Notes the runtime's process, to be found again should it outlive this one. */
export async function noteRuntime(folder: string, pid: number): Promise<void> {
  const begun = await describeBeginning(pid);
  if (begun !== null) await writeWhole(noteIn(folder), JSON.stringify({ pid, begun }));
}

/** Ends the runtime of an earlier start if its starter was killed and it goes on. @throws StartError if it cannot */
export async function endLeftover(folder: string, warn: (message: string) => void): Promise<void> {
  const note = await readNote(noteIn(folder), schema, warn);
  if (note === null) return;
  const isThere = async () => (await describeBeginning(note.pid)) === note.begun;
  if (!(await isThere())) return;
  warn(`The runtime of an earlier start was still running (process ${note.pid}) and has been ended`);
  process.kill(note.pid, "SIGKILL");
  for (let waitedMs = 0; await isThere(); waitedMs += pauseMs) {
    if (waitedMs > mostMs)
      throw new StartError(`Process ${note.pid} still holds the state in ${folder} and cannot be ended`);
    await setTimeout(pauseMs);
  }
}

/** Tells a process from any other that had or will have its number; null where there is none. */
async function describeBeginning(pid: number): Promise<string | null> {
  try {
    if (process.platform === "linux") return await readBeginning(pid);
    const [command, args] =
      process.platform === "win32"
        ? ["powershell", ["-NoProfile", "-Command", `(Get-Process -Id ${pid}).StartTime.Ticks`]]
        : ["ps", ["-o", "lstart=", "-p", String(pid)]];
    const { stdout } = await run(command as string, args as string[], { windowsHide: true });
    return stdout.trim() || null;
  } catch {
    return null;
  }
}

/** Clock ticks since the system began at which the process did; a process that has ended may still be listed. */
async function readBeginning(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  return state === "Z" || state === "X" ? null : `${fields[19]} ${boot.trim()}`;
}

function noteIn(folder: string): string {
  return join(folder, "runtime.json");
}
