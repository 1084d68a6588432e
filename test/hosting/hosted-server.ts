import { expect } from "vitest";
import { type LocalServer, startLocalServer } from "../support/local-server.ts";
import { type RawAnswer, type RawRequest, sendRaw } from "./raw-request.ts";

export const adminSecret = "correct horse battery staple";

/** The local server with an administrator, and several ways to ask it. */
export interface HostedServer {
  readonly server: LocalServer;
  /** Asks the bare host, or with `host` another. */
  get(path: string, options?: RawRequest & { readonly host?: string }): Promise<RawAnswer>;
  /** Asks the control plane as the administrator, and gives the JSON of the answer, which must be 2xx. */
  administer<T>(method: string, path: string, body?: object): Promise<T>;
  /** Creates a community and gives a key to it. */
  createCommunity(name: string, policy?: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startHostedServer(
  args: readonly string[] = [],
  folder?: string,
): Promise<HostedServer> {
  process.env.ADMIN_SECRET = adminSecret;
  const given = folder === undefined ? {} : { folder };
  const server = await startLocalServer({ acceleration: 0, args, ...given });
  const get: HostedServer["get"] = (path, { host, ...options } = {}) => {
    const headers = host === undefined ? {} : { host: `${host}:${server.port}` };
    return sendRaw(server.port, path, { ...options, headers: { ...headers, ...options.headers } });
  };
  const administer: HostedServer["administer"] = async (method, path, body) => {
    const headers = { authorization: `Bearer ${adminSecret}`, "content-type": "application/json" };
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await get(`/admin/api/communities${path}`, { method, headers, ...given });
    expect(answer.status, answer.text).toBeLessThan(300);
    return JSON.parse(answer.text);
  };
  return {
    server,
    get,
    administer,
    async createCommunity(name, policy = "closed") {
      await administer("POST", "", { name, policy });
      return (await administer<{ key: string }>("POST", `/${name}/keys`, { name: "first" })).key;
    },
    stop: () => server.stop(),
  };
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
export const form = { "content-type": "application/x-www-form-urlencoded" };

/** Status and error code, for tables. */
export function outcomeOf({ status, text }: RawAnswer): [number, string | undefined] {
  if (status < 400) return [status, undefined];
  return [status, JSON.parse(text).error.code];
}
