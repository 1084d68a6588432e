import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { lockFolder } from "./folder-lock.ts";
import { endLeftover } from "./leftover-runtime.ts";
import { makeFolder } from "./state-file.ts";

/** Where a local run keeps things in its state folder. */
export function placesIn(folder: string) {
  return {
    input: join(folder, "input"),
    state: join(folder, "state"),
    saves: join(folder, "jsontmp"),
    spareBuild: join(folder, "build"),
    temporary: join(folder, "tmp"),
  };
}

/**
 * Takes the folder for this process, with what an earlier one left there put in order; gives it back when the function
 * is called that is returned. @throws StartError if it cannot be had
 */
export async function claimFolder(
  folder: string,
  forgets: boolean,
  warn: (message: string) => void,
): Promise<() => void> {
  await makeFolder(folder);
  const unlock = lockFolder(folder);
  await endLeftover(folder, warn);
  if (forgets) await forgetState(folder);
  const { state, saves, temporary } = placesIn(folder);
  await rm(temporary, { recursive: true, force: true });
  for (const place of [state, saves]) await makeFolder(place);
  await takeUpState(state);
  return unlock;
}

/** Puts the objects of release 0.1.0 where the runtime now looks for them. */
async function takeUpState(stateFolder: string): Promise<void> {
  for (const name of ["apis-emulator", "apis-emulator-directory"]) {
    const target = join(stateFolder, "do", name);
    if (existsSync(target) || !existsSync(join(stateFolder, name))) continue;
    await makeFolder(join(stateFolder, "do"));
    await rename(join(stateFolder, name), target);
  }
}

const kept = [
  "state",
  "input",
  "run",
  "build",
  "tmp",
  "server.json",
  "server.pid",
  "paused.json",
  "heartbeat.json",
  "records.json",
];

/** Removes what the emulator keeps in the folder, and nothing else that may be there. */
async function forgetState(folder: string): Promise<void> {
  for (const name of kept) await rm(join(folder, name), { recursive: true, force: true });
}
