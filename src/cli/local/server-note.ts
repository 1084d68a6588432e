import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { OwnServer } from "./local-server.ts";

const schema = v.object({ url: v.string(), operatorKey: v.string() });

/** Notes how the other programs of this user reach the server of a state folder, and let themselves in. */
export async function noteServer(folder: string, { url, operatorKey }: OwnServer): Promise<void> {
  await forgetServer(folder);
  await writeFile(noteIn(folder), JSON.stringify({ url, operatorKey }), { mode: 0o600 });
}

export async function forgetServer(folder: string): Promise<void> {
  await rm(noteIn(folder), { force: true });
}

/** The server that keeps its state in `folder`, or null if none noted itself. One that was killed is noted still. */
export async function findServer(folder: string): Promise<OwnServer | null> {
  try {
    return v.parse(schema, JSON.parse(await readFile(noteIn(folder), "utf8")));
  } catch {
    return null;
  }
}

function noteIn(folder: string): string {
  return join(folder, "server.json");
}
