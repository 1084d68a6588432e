import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { WorkerHarness } from "./worker-harness.ts";

/** As if nobody had looked at the communities of a local server, which is stopped, for `days` days of wall time. */
export async function leaveFor(days: number, stateFolder: string): Promise<void> {
  const files = await readdir(stateFolder, { recursive: true });
  for (const file of files.filter(
    (name) =>
      name.startsWith(join("do", "apis-emulator", "/")) &&
      name.endsWith(".sqlite") &&
      !name.endsWith("metadata.sqlite"),
  )) {
    const database = new DatabaseSync(join(stateFolder, file));
    database.prepare(clockSetBack).run(days * 86_400_000);
    database.close();
  }
}

/** As if nobody had looked at the community of a worker for `days` days of wall time. */
export async function leaveWorkerFor(days: number, worker: WorkerHarness): Promise<void> {
  await worker.evict();
  await worker.query(clockSetBack.replace("?", String(days * 86_400_000)));
  await worker.evict();
}

/** Sets the clock of a community back by a number of milliseconds. */
const clockSetBack = `UPDATE part SET body = json_set(body, '$.anchorWallMs',
  json_extract(body, '$.anchorWallMs') - ?) WHERE name = 'clock'`;
