import { placeOf } from "../../input/config/place.ts";
import type { Identity } from "../access/access.ts";
import { isListed } from "../access/address-list.ts";
import { bearerOf, equalsSecret, findKey } from "../access/credentials.ts";
import { hasSessionCookie, listSessions, type Session, type SessionScope } from "../access/session-cookie.ts";
import type { HostingEnv } from "../deployment.ts";
import type { CommunityEntry } from "./community-entry.ts";

export function sessionScopeOf({ objectKey, sessionSecret }: CommunityEntry): SessionScope {
  return { audience: `community ${objectKey}`, secret: sessionSecret };
}

/** Whether a request comes with a key, a session or an address that this community accepts. */
export async function identifyMember(
  headers: Headers,
  entry: CommunityEntry,
  clientAddress: string | null,
  nowMs: number,
): Promise<Identity> {
  if (clientAddress !== null && isListed(clientAddress, entry.addresses)) return "member";
  const key = bearerOf(headers);
  if (key !== null) {
    return (await findKey(key, entry.keys)) === null ? "refused" : "member";
  }
  if ((await listMemberSessions(headers, entry, nowMs)).length > 0) return "member";
  return headers.has("authorization") || hasSessionCookie(headers) ? "refused" : "nobody";
}

/** The sessions that a request comes with, of keys that are still there. */
export async function listMemberSessions(
  headers: Headers,
  entry: CommunityEntry,
  nowMs: number,
): Promise<Session[]> {
  const sessions = await listSessions(headers, sessionScopeOf(entry), nowMs);
  return sessions.filter(({ credential }) => entry.keys.some(({ hash }) => hash === credential));
}

/** The name of the key that a request comes with, or whose session; null if there is none. */
export async function findKeyName(
  headers: Headers,
  entry: CommunityEntry,
  nowMs: number,
): Promise<string | null> {
  const secret = bearerOf(headers);
  const key =
    secret === null ? await findSessionKey(headers, entry, nowMs) : await findKey(secret, entry.keys);
  return key?.name ?? null;
}

async function findSessionKey(headers: Headers, entry: CommunityEntry, nowMs: number) {
  const [session] = await listMemberSessions(headers, entry, nowMs);
  return entry.keys.find(({ hash }) => hash === session?.credential);
}

/** Whether a request is the local server's own program's, by the key that it made when it started. */
export async function isOperators(request: Request, env: HostingEnv): Promise<boolean> {
  const { OPERATOR_KEY } = env;
  if (placeOf(env) !== "local" || typeof OPERATOR_KEY !== "string") return false;
  const key = bearerOf(request.headers);
  return key !== null && equalsSecret(key, OPERATOR_KEY);
}
