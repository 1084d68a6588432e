import { resolve } from "node:path";
import type { Command } from "commander";
import { findServer } from "../local/server-note.ts";
import { describeError } from "../local/start-error.ts";

export interface ServerOptions {
  readonly persist: string;
  readonly server?: string;
  readonly community: string;
}

export function addServerOptions(program: Command): void {
  program
    .option("--persist <folder>", "state folder of the server on this machine", ".emulator")
    .option("--server <address>", "another server's; the environment has its ADMIN_SECRET")
    .option("--community <name>", "which community", "default");
}

/** Says in a line why a server was not reached, or what it refuses. */
class ServerError extends Error {
  override name = "ServerError";
}

/** Asks the control plane of a server for what it does with a community. @throws ServerError */
export async function askServer(
  action: "backup" | "restore",
  options: ServerOptions,
  body?: Uint8Array<ArrayBuffer>,
): Promise<Response> {
  const { url, key } = await chooseServer(options);
  const path = `/admin/api/communities/${encodeURIComponent(options.community)}/${action}`;
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" };
  const request = body === undefined ? { headers } : { headers, method: "POST", body };
  const response = await fetch(`${url}${path}`, request).catch((error: Error) => {
    const { cause = error } = error;
    throw new ServerError(`No server answers at ${url}: ${describeError(cause)}`);
  });
  if (response.ok) return response;
  const answer = (await response.json().catch(() => null)) as { error?: { message?: string } } | null;
  throw new ServerError(`${url} refuses: ${answer?.error?.message ?? response.status}`);
}

async function chooseServer(options: ServerOptions): Promise<{ url: string; key: string }> {
  if (options.server !== undefined) {
    const { ADMIN_SECRET = "" } = process.env;
    if (!/^https?:\/\/[^/]+\/?$/.test(options.server))
      throw new ServerError(`--server is ${JSON.stringify(options.server)}; allowed: http(s)://HOST`);
    if (ADMIN_SECRET === "") throw new ServerError("--server needs ADMIN_SECRET in the environment");
    return { url: options.server.replace(/\/$/, ""), key: ADMIN_SECRET };
  }
  const folder = resolve(options.persist);
  const found = await findServer(folder);
  if (found === null)
    throw new ServerError(
      `No server keeps its state in ${folder} now; start it, or name another by --persist or --server`,
    );
  return { url: found.url, key: found.operatorKey };
}

export function reportFailure(error: unknown): never {
  console.error(describeError(error));
  process.exit(1);
}
