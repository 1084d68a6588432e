import { noStore } from "../../api/http/errors.ts";
import { readBody } from "../../api/http/given-parameters.ts";
import { deploymentLimits } from "../../input/config/limits.ts";
import type { Refusal } from "../../notation/refusal.ts";
import { type LoginPage, writeLoginPage } from "../admin/pages.ts";
import type { Visit } from "../deployment.ts";
import { countWrongKey, type Knocker, refuseGuessing } from "./rate-limits.ts";
import { refuseVisit } from "./refusals.ts";
import { type SessionScope, signSession, writeCookie } from "./session-cookie.ts";

/** A door with a log-in page: a community, or the control plane. */
export interface Door {
  readonly community: string | null;
  readonly base: string;
  readonly isInside: boolean;
  readonly knocker: Knocker;
  /** Null where nothing opens it. */
  readonly scope: SessionScope | null;
  /** What a session of the holder of this key is about, or null if the key is none. */
  credentialOf(key: string): Promise<string | null>;
}

/** Serves `login` and `logout` below the door's base; other requests are null. */
export async function serveLogin(visit: Visit, pathname: string, door: Door): Promise<Response | null> {
  const { method } = visit.request;
  if (pathname === "/login" && method === "POST") return logIn(visit, door);
  if (pathname === "/login" && (method === "GET" || method === "HEAD"))
    return showLogin(visit, door, door.isInside ? "inside" : "asks", 200);
  if (pathname === "/logout" && method === "POST")
    return redirect(`${door.base}/login`, cookieOf("", visit, door));
  return null;
}

/** The log-in page as the answer to a browser that may not see what it asked for. */
export function showLogin(
  { request }: Visit,
  { community, base }: Pick<Door, "community" | "base">,
  state: LoginPage["state"],
  status: number,
): Response {
  const page = writeLoginPage({ community, base, state }, request.headers.get("accept-language") ?? "");
  const headers: Record<string, string> = { "content-type": "text/html; charset=utf-8", ...noStore };
  if (status === 401) headers["www-authenticate"] = 'Bearer realm="apis-emulator"';
  return new Response(page, { status, headers });
}

/** Whether a person looks at the answer. */
export function wantsPage({ method, headers }: Request): boolean {
  return method === "GET" && (headers.get("accept") ?? "").includes("text/html");
}

async function logIn(visit: Visit, door: Door): Promise<Response> {
  const { request, env, nowMs } = visit;
  const body = await readBody(request, deploymentLimits.formBytes);
  if (!body.ok) return refuseVisit(visit, body.refusal);
  const guessing = refuseGuessing(door.knocker, nowMs);
  if (guessing !== null) return refuseLogin(visit, door, guessing, "tooOften");
  const credential = await door.credentialOf((new URLSearchParams(body.value).get("key") ?? "").trim());
  if (credential === null || door.scope === null) {
    await countWrongKey(env, door.knocker, nowMs);
    return refuseLogin(visit, door, wrongKey, "wrong");
  }
  const token = await signSession(door.scope, credential, nowMs);
  return redirect(`${door.base}/`, cookieOf(token, visit, door));
}

const wrongKey: Refusal = { code: "unauthorized", message: "The key is not accepted here", parameter: "key" };

function refuseLogin(visit: Visit, door: Door, refusal: Refusal, state: LoginPage["state"]): Response {
  const plain = refuseVisit(visit, refusal);
  const isPerson = (visit.request.headers.get("accept") ?? "").includes("text/html");
  return isPerson ? showLogin(visit, door, state, plain.status) : plain;
}

function cookieOf(token: string, { url }: Visit, { base }: Door): string {
  return writeCookie(token, base === "" ? "/" : base, url.protocol === "https:");
}

function redirect(location: string, cookie: string): Response {
  return new Response(null, { status: 303, headers: { location, "set-cookie": cookie, ...noStore } });
}
