import { noStore } from "../api/http/errors.ts";
import { readBody } from "../api/http/given-parameters.ts";
import { deploymentLimits } from "../input/config/limits.ts";
import type { Refusal } from "../notation/refusal.ts";
import { createSecret, hashSecret } from "./access/credentials.ts";
import { countWrongKey, type RateClient } from "./access/rate-limits.ts";
import { refuseRequest } from "./access/refusals.ts";
import { signSession, writeCookie } from "./access/session-cookie.ts";
import { type JoinPage, respondPage, writeJoinPage } from "./admin/pages.ts";
import type { RequestContext } from "./deployment.ts";
import type { CommunityEntry } from "./directory/community-entry.ts";
import { sessionScopeOf } from "./directory/community-identity.ts";
import { forgetCommunities } from "./directory/directory.ts";
import { openDirectory } from "./directory/open-directory.ts";

/**
 * Serves `/join?invitation=…` of a community. Looking at the page takes no invitation: programs follow links before people
 * do. Its one button does, and shows the key that it gives, this once.
 */
export async function serveJoin(
  context: RequestContext,
  base: string,
  entry: CommunityEntry,
  client: RateClient,
): Promise<Response> {
  const { request, url, env, nowMs } = context;
  const show = (state: JoinPage["state"], status: number, headers: Record<string, string> = {}) => {
    const languages = request.headers.get("accept-language") ?? "";
    return respondPage(writeJoinPage({ community: entry.name, base, state }, languages), status, headers);
  };
  if (request.method === "GET" || request.method === "HEAD")
    return show({ code: url.searchParams.get("invitation") ?? "" }, 200);
  if (request.method !== "POST") return refuseRequest(context, wrongMethod);
  const body = await readBody(request, deploymentLimits.formBytes);
  if (!body.ok) return refuseRequest(context, body.refusal);
  const code = new URLSearchParams(body.value).get("invitation") ?? "";
  const isPerson = (request.headers.get("accept") ?? "").includes("text/html");
  const key = createSecret();
  const hash = await hashSecret(key);
  const joined = await openDirectory(env).join(entry.name, await hashSecret(code), hash, nowMs);
  if (!joined.ok) {
    const guessing = await countWrongKey(env, client, nowMs);
    const plain = refuseRequest(context, guessing ?? joined.refusal);
    return isPerson ? show(guessing === null ? "gone" : "tooOften", plain.status) : plain;
  }
  forgetCommunities();
  const token = await signSession(sessionScopeOf(joined.entry), hash, nowMs);
  const cookie = { "set-cookie": writeCookie(token, base === "" ? "/" : base, url.protocol === "https:") };
  if (isPerson) return show({ key }, 200, cookie);
  return Response.json({ key }, { headers: { ...noStore, ...cookie } });
}

const wrongMethod: Refusal = {
  code: "method_not_allowed",
  message: "Only GET and POST are allowed here",
};
