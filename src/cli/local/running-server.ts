import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LocalServer } from "./local-server.ts";
import { StartError } from "./start-error.ts";

export interface ServerState {
  readonly units: number;
  readonly acceleration: number;
}

type Server = Pick<LocalServer, "url" | "operatorKey">;

/** Asks the Web API of a server that was started here. @throws StartError with the server's message */
async function ask(server: Server, path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${server.operatorKey}` };
  const response = await fetch(server.url + path, { headers, signal: AbortSignal.timeout(30_000) });
  const body = (await response.json()) as { error?: { message: string } };
  if (!response.ok) throw new StartError(`${path}: ${body.error?.message}`);
  return body;
}

/** What the paths of each community that is served begin with; the bare host's is empty. */
export async function listCommunities(server: Server, servesDefault: boolean): Promise<string[]> {
  const { communities } = (await ask(server, "/admin/api/communities")) as {
    communities: { name: string; archived: boolean }[];
  };
  return communities
    .filter(({ name, archived }) => !archived && (servesDefault || name !== "default"))
    .map(({ name }) => (name === "default" ? "" : `/e/${name}`));
}

/** Gives a community that was kept the units and the acceleration that the command line asks for. */
export async function matchWishes(
  server: Server,
  wishes: { readonly units: number | null; readonly acceleration: unknown; readonly maximumUnits: number },
): Promise<ServerState> {
  const before = await countUnits(server);
  let units = before;
  const wanted = wishes.units === null || wishes.units === 0 ? units : wishes.units;
  for (; units < wanted; units++) await ask(server, "/add/unit");
  for (; units > wanted; units--) await ask(server, "/remove/unit");
  if (units !== before) console.log(`The community that was kept had ${before} units; now it has ${units}`);
  if (units > wishes.maximumUnits)
    console.log(`It keeps its ${units} units, and none can be added: maximumUnits is ${wishes.maximumUnits}`);
  if (wishes.acceleration !== undefined) await ask(server, `/set/acc/${wishes.acceleration}`);
  return { units, acceleration: (await ask(server, "/get/acc")) as number };
}

async function countUnits(server: Server): Promise<number> {
  return Object.keys((await ask(server, "/get/log")) as object).length;
}

/** Stops simulated time everywhere and notes its rates, so that nothing passes while the server is off. */
export async function pauseTime(
  server: Server,
  communities: readonly string[],
  folder: string,
): Promise<void> {
  const accelerations: Record<string, unknown> = {};
  for (const base of communities) accelerations[base] = await ask(server, `${base}/get/acc`);
  await writeFile(noteIn(folder), JSON.stringify({ accelerations }));
  for (const base of communities) await ask(server, `${base}/set/acc/0`);
}

/** Lets simulated time go on at the rates noted when it was paused; without a note it never stopped. */
export async function resumeTime(
  server: Server,
  communities: readonly string[],
  folder: string,
): Promise<void> {
  const note = await readFile(noteIn(folder), "utf8").catch(() => null);
  if (note === null) return;
  // Earlier notes were of one community only.
  const { acceleration, accelerations = { "": acceleration } } = JSON.parse(note);
  for (const base of communities) {
    if (accelerations[base] !== undefined) await ask(server, `${base}/set/acc/${accelerations[base]}`);
  }
  await rm(noteIn(folder));
}

function noteIn(folder: string): string {
  return join(folder, "paused.json");
}
