import { setTimeout as sleep } from "node:timers/promises";
import { checkBusDead } from "./reference-steps.ts";
import { checkMode } from "./running-checks.ts";
import { readAll, type Session, waitingCommand } from "./session.ts";

/** Stops everything whatever the state: all but the voltage reference, and 5 s later all. */
export async function scram(session: Session, reference: string, waitMs = 5000): Promise<void> {
  const { client, ids } = session;
  client.log.begin("scram");
  for (const id of ids.filter((id) => id !== reference)) await client.setConverter(id, waitingCommand);
  await sleep(waitMs);
  for (const id of ids) await client.setConverter(id, waitingCommand);
  const readings = await readAll(session);
  for (const reading of readings) checkMode(client, reading);
  checkBusDead(client, readings);
  client.log.note({ units: ids.length });
}
