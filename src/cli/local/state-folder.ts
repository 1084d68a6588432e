import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StartError } from "./start-error.ts";

/** Notes this process as the one that keeps its state in the folder. @throws StartError if another does */
export async function claimFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const pid = Number(await readFile(noteIn(folder), "utf8").catch(() => ""));
  if (pid > 0 && pid !== process.pid && isRunning(pid)) {
    throw new StartError(
      `${folder} holds the state of a server that is running (process ${pid}); choose another with --persist`,
    );
  }
  await writeFile(noteIn(folder), String(process.pid));
}

export async function releaseFolder(folder: string): Promise<void> {
  await rm(noteIn(folder), { force: true });
}

/** Removes what the emulator keeps in the folder, and nothing else that may be there. */
export async function forgetState(folder: string): Promise<void> {
  for (const name of ["state", "input", "run", "paused.json", "records.json"]) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

function noteIn(folder: string): string {
  return join(folder, "server.pid");
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
