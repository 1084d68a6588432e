import type { CommunityJson, UnitStateJson } from "../../api/wire/community-json.ts";
import type { ChargeMap, CommunityHistory, UnitHistory } from "../../community/records/history.ts";

export type { ChargeMap, CommunityHistory, CommunityJson, UnitHistory, UnitStateJson };

const requestTimeoutMs = 20_000;

/** A request that was refused, or that reached nobody (`code` is `unreachable`). */
export class ApiError extends Error {
  override name = "ApiError";
  readonly code: string;
  readonly parameter: string | null;

  constructor(code: string, message: string, parameter: string | null = null) {
    super(message);
    this.code = code;
    this.parameter = parameter;
  }
}

/** The address of a path of the Web API: below this page, wherever the community is served. */
export function addressOf(path: string): string {
  return new URL(`.${path}`, location.href).href;
}

/** Reads a path of the Web API. @throws ApiError */
export async function read<T>(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<T> {
  const query = new URLSearchParams(parameters).toString();
  return (await send(query === "" ? path : `${path}?${query}`, { method: "GET" })) as T;
}

/** Sends a command with its parameters. @throws ApiError */
export async function command(
  path: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  return send(path, { method: "POST", body: new URLSearchParams(parameters) });
}

/** The state of the whole community. @throws ApiError */
export function readState(): Promise<CommunityJson> {
  return read("/state");
}

async function send(path: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(addressOf(path), {
      ...init,
      signal: AbortSignal.timeout(requestTimeoutMs),
      cache: "no-store",
    });
    text = await response.text();
  } catch (error) {
    throw new ApiError("unreachable", String(error));
  }
  const body = parse(text);
  if (response.ok && body !== undefined) return body;
  if (response.status === 401) askForKey(init.method === "GET");
  throw describe(response.status, body);
}

/** Dispatched on `window` when a command was refused that a key would allow. */
export const keyNeeded = "apis-emulator.keyNeeded";

/** Without a key that lets it read, the page can show nothing: it makes way for the log-in page. */
function askForKey(reads: boolean): void {
  if (reads) location.assign(addressOf("/login"));
  else window.dispatchEvent(new Event(keyNeeded));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describe(status: number, body: unknown): ApiError {
  const { error } = (body ?? {}) as { error?: { code?: string; message?: string; parameter?: string } };
  return new ApiError(
    error?.code ?? "internal",
    error?.message ?? `HTTP ${status}`,
    error?.parameter ?? null,
  );
}
