import type { HostingEnv, RequestContext } from "../deployment.ts";
import type { Identity } from "./access.ts";
import { isAccessToken } from "./access-token.ts";
import { bearerOf, equalsSecret } from "./credentials.ts";
import { hasSessionCookie, readSessions, type SessionScope } from "./session-cookie.ts";

/** What signs the administrator's sessions, or null where there is no secret. A new secret ends them all. */
export function adminScope({ ADMIN_SECRET }: HostingEnv): SessionScope | null {
  if (typeof ADMIN_SECRET !== "string" || ADMIN_SECRET === "") return null;
  return { audience: "control plane", secret: `session ${ADMIN_SECRET}` };
}

/** Whether a request comes from the administrator: by the secret, a session, or Cloudflare Access. */
export async function identifyAdmin({
  request: { headers },
  env,
  config,
  nowMs,
}: RequestContext): Promise<Identity> {
  const secret = bearerOf(headers);
  if (secret !== null && (await isAdminSecret(secret, env))) return "member";
  const scope = adminScope(env);
  if (scope !== null && (await readSessions(headers, scope, nowMs)).includes("admin")) return "member";
  const team = { issuer: config.accessTeam, audience: config.accessAudience };
  const token = headers.get("cf-access-jwt-assertion");
  if (token !== null && (await isAccessToken(token, team))) return "member";
  const gaveSomething = headers.has("authorization") || token !== null || hasSessionCookie(headers);
  return gaveSomething ? "refused" : "nobody";
}

export async function isAdminSecret(given: string, { ADMIN_SECRET }: HostingEnv): Promise<boolean> {
  return typeof ADMIN_SECRET === "string" && ADMIN_SECRET !== "" && equalsSecret(given, ADMIN_SECRET);
}
