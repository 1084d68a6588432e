import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { OwnServer } from "./local-server.ts";
import { StartError } from "./start-error.ts";
import { readNote } from "./state-file.ts";

export interface ServerState {
  readonly units: number;
  readonly acceleration: number;
}

/** Asks the Web API of a server that was started here. @throws StartError with the server's message */
async function ask(server: OwnServer, path: string): Promise<unknown> {
  const response = await send(server, path);
  const body = (await response.json()) as RefusalBody;
  if (!response.ok) throw new StartError(`${path}: ${body.error?.message}`);
  return body;
}

/** What the paths of each community that is served begin with; the bare host's is empty. */
export async function listCommunities(server: OwnServer, servesDefault: boolean): Promise<string[]> {
  const { communities } = (await ask(server, "/admin/api/communities")) as {
    communities: { name: string; archived: boolean }[];
  };
  return communities
    .filter(({ name, archived }) => !archived && (servesDefault || name !== "default"))
    .map(({ name }) => (name === "default" ? "" : `/e/${name}`));
}

/** Gives a community that was kept the units and the acceleration that the command line asks for. */
export async function matchWishes(
  server: OwnServer,
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
  // The clock may be claimed by a program that will come back: then it keeps its rate.
  if (wishes.acceleration !== undefined)
    await ask(server, `/set/acc/${wishes.acceleration}`).catch((error: Error) =>
      console.log(`The acceleration stays as it was: ${error.message}`),
    );
  return { units, acceleration: (await ask(server, "/get/acc")) as number };
}

/** By the metrics, which wait for no time that is still to be computed. */
async function countUnits(server: OwnServer): Promise<number> {
  const response = await send(server, "/metrics");
  const text = await response.text();
  const [, units] = /^apis_units (\d+)$/m.exec(text) ?? [];
  if (units === undefined)
    throw new StartError(`/metrics: ${(JSON.parse(text) as RefusalBody).error?.message}`);
  return Number(units);
}

interface RefusalBody {
  readonly error?: { readonly message: string };
}

function send(server: OwnServer, path: string): Promise<Response> {
  const headers = { authorization: `Bearer ${server.operatorKey}` };
  return fetch(server.url + path, { headers, signal: AbortSignal.timeout(30_000) });
}

const pauseSchema = v.object({
  acceleration: v.optional(v.number()),
  accelerations: v.optional(v.record(v.string(), v.number())),
});

/**
 * Lets simulated time go on at the rates that release 0.1.0 noted when it stopped, for it paused each community.
 * A community that cannot be set is named by `warn`.
 */
export async function resumeTime(
  server: OwnServer,
  folder: string,
  warn: (message: string) => void,
): Promise<void> {
  const path = join(folder, "paused.json");
  const note = await readNote(path, pauseSchema, warn);
  if (note === null) return;
  // The first notes were of one community only.
  const { acceleration, accelerations = acceleration === undefined ? {} : { "": acceleration } } = note;
  for (const [base, rate] of Object.entries(accelerations)) {
    await ask(server, `${base}/set/acc/${rate}`).catch((error: Error) =>
      warn(`${base || "The community of this host"} stays paused: ${error.message}`),
    );
  }
  await rm(path);
}
