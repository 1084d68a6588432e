import type { CommunityJson, UnitStateJson } from "../../api/wire/community-json.ts";
import type { Deals } from "../../api/wire/deals-json.ts";
import type { ChargeMap, CommunityHistory, UnitHistory } from "../../community/records/history.ts";
import type { Results } from "../../community/records/results.ts";
import type { ToldEvent, ToldEventKind } from "../../community/records/told-events.ts";

import { readColumns } from "./read-columns.ts";

export type {
  ChargeMap,
  CommunityHistory,
  CommunityJson,
  Deals,
  Results,
  ToldEvent,
  ToldEventKind,
  UnitHistory,
  UnitStateJson,
};

const requestTimeoutMs = 20_000;

/** A request that was refused, or to which no answer of the emulator came (`code` is `unreachable`). */
export class ApiError extends Error {
  override name = "ApiError";
  readonly code: string;
  readonly parameter: string | null;
  /** Whether it would have changed something: without an answer nobody knows whether it did. */
  readonly isCommand: boolean;
  /** What was sent. */
  readonly sent: Readonly<Record<string, string>>;
  /** How much of the simulated time that has to be computed first is computed, from 0 to 1. */
  readonly share: number;

  constructor(
    code: string,
    message: string,
    details: Partial<Pick<ApiError, "parameter" | "isCommand" | "sent" | "share">> = {},
  ) {
    super(message);
    this.code = code;
    this.parameter = details.parameter ?? null;
    this.isCommand = details.isCommand ?? false;
    this.sent = details.sent ?? {};
    this.share = details.share ?? 0;
  }

  /** The same, with what was typed in place of what was sent for it. */
  withTyped(typed: ApiError["sent"]): ApiError {
    const { code, message, parameter, isCommand, share } = this;
    return new ApiError(code, message, { parameter, isCommand, share, sent: typed });
  }
}

/** The address of a path of the Web API: below this page, wherever the community is served. */
export function addressOf(path: string): string {
  return new URL(`.${path}`, location.href).href;
}

/** Reads a path of the Web API. @throws ApiError */
export async function read<T>(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<T> {
  const query = new URLSearchParams(parameters).toString();
  return (await send(query === "" ? path : `${path}?${query}`, { method: "GET" }, parameters)) as T;
}

/** Reads a path of another community of this server, whose address is given. @throws ApiError */
export async function readFrom<T>(
  community: string,
  path: string,
  parameters: Readonly<Record<string, string>>,
): Promise<T> {
  const base = URL.parse(community.endsWith("/") ? community : `${community}/`, location.href);
  if (base?.origin !== location.origin) throw new ApiError("not_found", community);
  const response = await fetch(new URL(`.${path}?${new URLSearchParams(parameters)}`, base), {
    cache: "no-store",
  })
    .then(async (answer) => ({ ok: answer.ok, body: parse(await answer.text()) }))
    .catch((error) => ({ ok: false, body: String(error) }));
  if (response.ok && response.body !== undefined) return response.body as T;
  throw readError(response.body, { sent: parameters }) ?? new ApiError("unreachable", community);
}

/** Sends a command with its parameters. @throws ApiError */
export async function command(
  path: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  return send(path, { method: "POST", body: new URLSearchParams(parameters) }, parameters);
}

/** Puts a file at a path. @throws ApiError */
export async function put(path: string, file: File): Promise<unknown> {
  return send(path, { method: "PUT", body: file }, {});
}

/** The state of the whole community. @throws ApiError */
export async function readState(): Promise<CommunityJson> {
  return readColumns(await read("/state/columns"));
}

/** The same at a moment of the recorded past. @throws ApiError */
export async function readStateAt(timeS: number): Promise<CommunityJson> {
  return readColumns(await read("/state/columns", { timeS: String(timeS) }));
}

async function send(
  path: string,
  init: RequestInit,
  sent: Readonly<Record<string, string>>,
): Promise<unknown> {
  const isCommand = init.method !== "GET";
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
    throw new ApiError("unreachable", String(error), { isCommand });
  }
  const body = parse(text);
  if (response.status === 401) askForKey(!isCommand);
  else noteAccess(response.headers.get("x-access") !== "read");
  if (response.ok && body !== undefined) return body;
  // What has another form was not written by the emulator, but by something on the way to it.
  throw (
    readError(body, { isCommand, sent }) ??
    new ApiError("unreachable", `HTTP ${response.status}`, { isCommand })
  );
}

/** The refusal that `body` is, if it is one. */
export function readError(
  body: unknown,
  request: Partial<Pick<ApiError, "isCommand" | "sent">> = {},
): ApiError | null {
  const { error } = (body ?? {}) as {
    error?: { code?: string; message?: string; parameter?: string; progress?: { share: number } };
  };
  if (error?.code === undefined) return null;
  const { code, message = "", parameter = null, progress } = error;
  return new ApiError(code, message, { ...request, parameter, share: progress?.share ?? 0 });
}

/** Whether whoever looks may change something; null until the emulator has said so. */
export function mayChange(): boolean | null {
  const { access } = document.documentElement.dataset;
  return access === undefined ? null : access === "change";
}

/** Dispatched on `window` when it turns out who may change something. */
export const accessChanged = "apis-emulator.accessChanged";

function noteAccess(changes: boolean): void {
  if (mayChange() === changes) return;
  document.documentElement.dataset.access = changes ? "change" : "read";
  window.dispatchEvent(new Event(accessChanged));
}

/** Without a key that lets it read, the page can show nothing: it makes way for the log-in page. */
function askForKey(reads: boolean): void {
  if (reads) location.assign(addressOf("/login"));
  else noteAccess(false);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
