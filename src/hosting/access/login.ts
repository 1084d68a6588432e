import { noStore } from "../../api/http/errors.ts";
import { readBody } from "../../api/http/given-parameters.ts";
import { deploymentLimits } from "../../input/config/limits.ts";
import type { Refusal } from "../../notation/refusal.ts";
import { type LoginPage, respondPage, writeLoginPage } from "../admin/pages.ts";
import type { RequestContext } from "../deployment.ts";
import { countWrongKey, type RateClient } from "./rate-limits.ts";
import { refuseRequest } from "./refusals.ts";
import { type SessionScope, signSession, writeCookie } from "./session-cookie.ts";

/** A realm with a log-in page: a community, or the control plane. */
export interface LoginRealm {
  readonly community: string | null;
  readonly base: string;
  readonly isInside: boolean;
  readonly client: RateClient;
  /** Null where nothing opens it. */
  readonly scope: SessionScope | null;
  /** What a session of the holder of this key is about, or null if the key is none. */
  credentialOf(key: string): Promise<string | null>;
}

/** Serves `login` and `logout` below the realm's base; other requests are null. */
export async function serveLogin(
  context: RequestContext,
  pathname: string,
  realm: LoginRealm,
): Promise<Response | null> {
  const { method } = context.request;
  if (pathname === "/login" && method === "POST") return logIn(context, realm);
  if (pathname === "/login" && (method === "GET" || method === "HEAD"))
    return showLogin(context, realm, realm.isInside ? "inside" : "asks", 200);
  if (pathname === "/logout" && method === "POST")
    return redirect(`${realm.base}/login`, cookieOf("", context, realm));
  return null;
}

/** The log-in page as the answer to a browser that may not see what it asked for. */
export function showLogin(
  { request }: RequestContext,
  { community, base }: Pick<LoginRealm, "community" | "base">,
  state: LoginPage["state"],
  status: number,
): Response {
  const page = writeLoginPage({ community, base, state }, request.headers.get("accept-language") ?? "");
  const headers = { "www-authenticate": 'Bearer realm="apis-emulator"' };
  return respondPage(page, status, status === 401 ? headers : {});
}

/** Whether a person looks at the answer. */
export function wantsPage({ method, headers }: Request): boolean {
  return method === "GET" && (headers.get("accept") ?? "").includes("text/html");
}

async function logIn(context: RequestContext, realm: LoginRealm): Promise<Response> {
  const { request, env, nowMs } = context;
  const body = await readBody(request, deploymentLimits.formBytes);
  if (!body.ok) return refuseRequest(context, body.refusal);
  const credential = await realm.credentialOf((new URLSearchParams(body.value).get("key") ?? "").trim());
  if (credential === null || realm.scope === null) {
    const guessing = await countWrongKey(env, realm.client, nowMs);
    return guessing === null
      ? refuseLogin(context, realm, wrongKey, "wrong")
      : refuseLogin(context, realm, guessing, "tooOften");
  }
  const token = await signSession(realm.scope, credential, nowMs);
  return redirect(`${realm.base}/`, cookieOf(token, context, realm));
}

const wrongKey: Refusal = { code: "unauthorized", message: "The key is not accepted here", parameter: "key" };

function refuseLogin(
  context: RequestContext,
  realm: LoginRealm,
  refusal: Refusal,
  state: LoginPage["state"],
): Response {
  const plain = refuseRequest(context, refusal);
  const isPerson = (context.request.headers.get("accept") ?? "").includes("text/html");
  return isPerson ? showLogin(context, realm, state, plain.status) : plain;
}

function cookieOf(token: string, { url }: RequestContext, { base }: LoginRealm): string {
  return writeCookie(token, base === "" ? "/" : base, url.protocol === "https:");
}

function redirect(location: string, cookie: string): Response {
  return new Response(null, { status: 303, headers: { location, "set-cookie": cookie, ...noStore } });
}
