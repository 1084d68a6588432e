import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StartError } from "./start-error.ts";

export interface ServerState {
  readonly units: number;
  readonly acceleration: number;
}

/** Asks the Web API at `url`. @throws StartError with the server's message */
async function ask(url: string, path: string): Promise<unknown> {
  const response = await fetch(url + path, { signal: AbortSignal.timeout(30_000) });
  const body = (await response.json()) as { error?: { message: string } };
  if (!response.ok) throw new StartError(`${path}: ${body.error?.message}`);
  return body;
}

/** Gives a community that was kept the units and the acceleration that the command line asks for. */
export async function matchWishes(
  url: string,
  wishes: { readonly units: number | null; readonly acceleration: unknown },
): Promise<ServerState> {
  const before = await countUnits(url);
  let units = before;
  const wanted = wishes.units === null || wishes.units === 0 ? units : wishes.units;
  for (; units < wanted; units++) await ask(url, "/add/unit");
  for (; units > wanted; units--) await ask(url, "/remove/unit");
  if (units !== before) console.log(`The community that was kept had ${before} units; now it has ${units}`);
  if (wishes.acceleration !== undefined) await ask(url, `/set/acc/${wishes.acceleration}`);
  return { units, acceleration: (await ask(url, "/get/acc")) as number };
}

async function countUnits(url: string): Promise<number> {
  return Object.keys((await ask(url, "/get/log")) as object).length;
}

/** Stops simulated time and notes its rate, so that nothing passes while the server is off. */
export async function pauseTime(url: string, folder: string): Promise<void> {
  const acceleration = await ask(url, "/get/acc");
  await writeFile(noteIn(folder), JSON.stringify({ acceleration }));
  await ask(url, "/set/acc/0");
}

/** Lets simulated time go on at the rate noted when it was paused; without a note it never stopped. */
export async function resumeTime(url: string, folder: string): Promise<void> {
  const note = await readFile(noteIn(folder), "utf8").catch(() => null);
  if (note === null) return;
  await ask(url, `/set/acc/${JSON.parse(note).acceleration}`);
  await rm(noteIn(folder));
}

function noteIn(folder: string): string {
  return join(folder, "paused.json");
}
