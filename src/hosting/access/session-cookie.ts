import { decodeJwt, jwtVerify, SignJWT } from "jose";
import { deploymentLimits } from "../../input/config/limits.ts";

const cookieName = "apis-session";
const maximumSeconds = deploymentLimits.sessionHours * 3600;

/** What a session is for, and what signs it. */
export interface SessionScope {
  /** The community's stable key, or the control plane: a session is good for nothing else. */
  readonly audience: string;
  readonly secret: string;
}

/** Signs a session of the holder of `credential`, which `readSessions` gives back. */
export function signSession(scope: SessionScope, credential: string, nowMs: number): Promise<string> {
  const issuedS = Math.floor(nowMs / 1000);
  return new SignJWT({})
    .setProtectedHeader({ alg: "HS256" })
    .setAudience(scope.audience)
    .setSubject(credential)
    .setIssuedAt(issuedS)
    .setExpirationTime(issuedS + maximumSeconds)
    .sign(encode(scope.secret));
}

/** A session that a request comes with. */
export interface Session {
  readonly id: string;
  /** Whose it is. */
  readonly credential: string;
  readonly endMs: number;
}

/** The credentials of the sessions that a request comes with. */
export async function readSessions(headers: Headers, scope: SessionScope, nowMs: number): Promise<string[]> {
  return (await listSessions(headers, scope, nowMs)).map(({ credential }) => credential);
}

/**
 * The sessions of those cookies of a request that are signed for this scope and have not expired.
 * There may be cookies of other communities at the same host.
 */
export async function listSessions(headers: Headers, scope: SessionScope, nowMs: number): Promise<Session[]> {
  const tokens = readCookies(headers.get("cookie") ?? "").filter((token) => isFor(token, scope));
  const read = (token: string) =>
    jwtVerify(token, encode(scope.secret), {
      algorithms: ["HS256"],
      audience: scope.audience,
      currentDate: new Date(nowMs),
      maxTokenAge: maximumSeconds,
      requiredClaims: ["exp"],
    }).then(
      ({ payload: { sub, exp } }) =>
        sub === undefined
          ? null
          : { id: token.slice(token.lastIndexOf(".") + 1), credential: sub, endMs: (exp as number) * 1000 },
      () => null,
    );
  return (await Promise.all(tokens.map(read))).filter((session) => session !== null);
}

/** Whether a token says that it is for this scope: whatever else may stand before it costs little. */
function isFor(token: string, { audience }: SessionScope): boolean {
  try {
    return decodeJwt(token).aud === audience;
  } catch {
    return false;
  }
}

export function hasSessionCookie(headers: Headers): boolean {
  return readCookies(headers.get("cookie") ?? "").length > 0;
}

/** The value of `Set-Cookie` for a session below `path`; an empty token ends it. */
export function writeCookie(token: string, path: string, isHttps: boolean): string {
  const age = token === "" ? 0 : maximumSeconds;
  const secure = isHttps ? "; Secure" : "";
  return `${cookieName}=${token}; Path=${path}; Max-Age=${age}; HttpOnly; SameSite=Strict${secure}`;
}

function readCookies(header: string): string[] {
  return header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${cookieName}=`))
    .map((pair) => pair.slice(cookieName.length + 1))
    .filter((token) => token !== "");
}

function encode(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}
