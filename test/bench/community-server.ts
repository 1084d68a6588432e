import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { builtFolders } from "../../src/cli/local/ensure-built.ts";
import { beginLife } from "../../src/cli/local/heartbeat.ts";
import { startLocalServer } from "../../src/cli/local/local-server.ts";
import { leaveFor } from "../support/long-away.ts";
import type { Workerd } from "./workerd.ts";

/** Serves a community as `npm start` does, its state kept in `folder`. */
export async function serveCommunity(folder: string, inputFolder: string, units: number): Promise<Workerd> {
  const server = await startLocalServer({
    host: "127.0.0.1",
    port: 0,
    workerFolder: builtFolders.worker,
    publicFolder: builtFolders.public,
    inputFolder,
    stateFolder: stateIn(folder),
    saveFolder: folder,
    temporaryFolder: join(folder, "tmp"),
    parameters: { units, acceleration: 10 },
    onLine: (line) => console.error(line),
    inspects: true,
  });
  const life = await beginLife(server, folder, console.error);
  await life.open();
  return {
    url: server.url,
    pid: server.pid(),
    inspectorPort: await server.inspectorPort(),
    async stop() {
      await life.stop();
      await server.stop();
    },
  };
}

/**
 * Begins a community at the start of its data, and one for each of `others` beside it, and leaves all asleep for
 * `daysAsleep` days of wall time.
 */
export async function sleepCommunity(
  folder: string,
  inputFolder: string,
  units: number,
  daysAsleep: number,
  others: readonly string[] = [],
): Promise<void> {
  await mkdir(stateIn(folder), { recursive: true });
  process.env.ADMIN_SECRET = "secret of the benchmark";
  const server = await serveCommunity(folder, inputFolder, units);
  await ask(server, "/get/log");
  for (const name of others) {
    await createCommunity(server.url, name);
    await ask(server, `/e/${name}/get/log`);
  }
  await server.stop();
  await leaveFor(daysAsleep, stateIn(folder));
}

export async function ask(server: Workerd, path: string): Promise<string> {
  const response = await fetch(server.url + path);
  if (!response.ok) throw new Error(`The server answers ${path} with status ${response.status}`);
  return response.text();
}

/** Makes an open community on a server whose administrator's secret is as above. */
export async function createCommunity(url: string, name: string): Promise<void> {
  const headers = { authorization: "Bearer secret of the benchmark", "content-type": "application/json" };
  const body = JSON.stringify({ name, policy: "open" });
  const response = await fetch(`${url}/admin/api/communities`, { method: "POST", headers, body });
  if (!response.ok) throw new Error(await response.text());
}

function stateIn(folder: string): string {
  return join(folder, "state");
}
