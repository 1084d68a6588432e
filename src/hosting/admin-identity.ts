import { createRemoteJWKSet, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { Identity } from "./access.ts";
import { isOperator } from "./community-identity.ts";
import { bearerOf, equalsSecret } from "./credentials.ts";
import type { HostingEnv, Visit } from "./deployment.ts";
import { hasSessionCookie, readSessions, type SessionScope } from "./session-cookie.ts";

/** Which tokens of Cloudflare Access are the administrator's. */
export interface AccessTeam {
  /** `https://TEAM.cloudflareaccess.com` */
  readonly issuer: string;
  /** The application's audience tag. */
  readonly audience: string;
}

/** What signs the administrator's sessions, or null where there is no secret. A new secret ends them all. */
export function adminScope({ ADMIN_SECRET }: HostingEnv): SessionScope | null {
  if (typeof ADMIN_SECRET !== "string" || ADMIN_SECRET === "") return null;
  return { audience: "control plane", secret: `session ${ADMIN_SECRET}` };
}

/** Whether a request comes from the administrator: by the secret, a session, or Cloudflare Access. */
export async function identifyAdmin(
  { request: { headers }, env, config, nowMs }: Visit,
  keysOf: (team: AccessTeam) => JWTVerifyGetKey = fetchedKeys,
): Promise<Identity> {
  const secret = bearerOf(headers);
  if (secret !== null && ((await isAdminSecret(secret, env)) || (await isOperator(secret, env))))
    return "member";
  const scope = adminScope(env);
  if (scope !== null && (await readSessions(headers, scope, nowMs)).includes("admin")) return "member";
  const team = { issuer: config.accessTeam, audience: config.accessAudience };
  const token = headers.get("cf-access-jwt-assertion");
  if (token !== null && (await isAccessToken(token, team, keysOf))) return "member";
  const gaveSomething = headers.has("authorization") || token !== null || hasSessionCookie(headers);
  return gaveSomething ? "refused" : "nobody";
}

export async function isAdminSecret(given: string, { ADMIN_SECRET }: HostingEnv): Promise<boolean> {
  return typeof ADMIN_SECRET === "string" && ADMIN_SECRET !== "" && equalsSecret(given, ADMIN_SECRET);
}

/** Whether Cloudflare Access signed this token for this application; never where no team is configured. */
export async function isAccessToken(
  token: string,
  team: AccessTeam,
  keysOf: (team: AccessTeam) => JWTVerifyGetKey,
): Promise<boolean> {
  if (!team.issuer.startsWith("https://") || team.audience === "") return false;
  const expected = { ...team, algorithms: ["RS256", "ES256"], requiredClaims: ["exp"] };
  return jwtVerify(token, keysOf(team), expected).then(
    () => true,
    () => false,
  );
}

const fetched = new Map<string, JWTVerifyGetKey>();

/** The team's public keys, which jose fetches when it needs them. */
function fetchedKeys({ issuer }: AccessTeam): JWTVerifyGetKey {
  const keys = fetched.get(issuer) ?? createRemoteJWKSet(new URL(`${issuer}/cdn-cgi/access/certs`));
  fetched.set(issuer, keys);
  return keys;
}
