import type { Refusal } from "../community/refusal.ts";
import { consoleLog, createLog, leastLevel } from "../log/log.ts";
import { decideAccess, foreignPage, type Policy } from "./access.ts";
import { serveControl } from "./admin-routes.ts";
import { clientAddressOf } from "./client-address.ts";
import { type Address, isLocalHost, isLoopback, readAddress } from "./community-address.ts";
import { hasSession, identifyMember, sessionScopeOf } from "./community-identity.ts";
import { findKey } from "./credentials.ts";
import { isCrossSite } from "./cross-site.ts";
import { configOf, type HostingEnv, type Visit } from "./deployment.ts";
import { type CommunityEntry, findCommunity } from "./directory.ts";
import { type Limits, withUsualLimits } from "./limits.ts";
import { type Door, serveLogin, showLogin, wantsPage } from "./login.ts";
import { publicFiles } from "./pages.ts";
import { countRequest, countWrongKey, refuseGuessing } from "./rate-limits.ts";
import { nothingHere, refuseVisit } from "./refusals.ts";
import { withSecurityHeaders } from "./security-headers.ts";

/** A community that a request has come in to. */
export interface Entered {
  readonly objectKey: string;
  readonly limits: Limits;
  /** Whether this request, which is about to change the community, may not. Says so in the log. */
  refuseChange(): Refusal | null;
}

type Serve = (request: Request, entered: Entered) => Promise<Response>;

/** Lets requests in to the community that their address names; `serve` answers those, with paths as its own. */
export async function pass(request: Request, env: HostingEnv, serve: Serve): Promise<Response> {
  const url = new URL(request.url);
  const log = createLog(leastLevel(env), [consoleLog]);
  const visit: Visit = { request, url, env, config: configOf(env), log, nowMs: Date.now() };
  const response = await route(visit, serve).catch((error) => {
    log("ERROR", "A request failed", { error: String(error) });
    return refuseVisit(visit, { code: "internal", message: "The emulator failed; its log says why" });
  });
  return withSecurityHeaders(response);
}

async function route(visit: Visit, serve: Serve): Promise<Response> {
  const { request, url, env, config } = visit;
  const { baseDomain, b_host } = config;
  const isForThisMachine = env.SINGLE_PROCESS === true && isLoopback(b_host);
  if (isForThisMachine && !isLocalHost(url.hostname, baseDomain)) return refuseVisit(visit, foreignHost);
  const address = readAddress(url, baseDomain);
  const isSafe = request.method === "GET" || request.method === "HEAD";
  if ((!isSafe || request.headers.has("upgrade")) && isCrossSite(request.headers, url.origin))
    return refuseVisit(visit, foreignPage);
  if (address.kind === "nothing") return refuseVisit(visit, nothingHere);
  return address.kind === "control"
    ? serveControl(visit, address.pathname)
    : enterCommunity(visit, address, serve);
}

type CommunityAddress = Extract<Address, { kind: "community" }>;

async function enterCommunity(visit: Visit, address: CommunityAddress, serve: Serve): Promise<Response> {
  const { request, url, env, config, nowMs } = visit;
  const { name, base, pathname } = address;
  const entry = await findCommunity(env, name, nowMs);
  const isHidden = name === "default" && !config.defaultCommunity;
  if (entry === null || entry.archived || isHidden) return refuseVisit(visit, nothingHere);
  if (pathname === "") return Response.redirect(`${url.origin}${base}/${url.search}`, 308);
  const clientAddress = clientAddressOf(request, env);
  const excess = await countRequest(env, entry, clientAddress, nowMs);
  if (excess !== null) return refuseVisit(visit, excess);
  const login = await serveDoor(visit, address, entry, clientAddress);
  if (login !== null) return login;
  const policy = entry.policy ?? (config.defaultAccess as Policy);
  const identity =
    policy === "open" ? "nobody" : await identifyMember(request.headers, entry, clientAddress, env, nowMs);
  const isSafe = request.method === "GET" || request.method === "HEAD";
  const barred = publicFiles.includes(pathname) ? null : decideAccess(policy, !isSafe, identity);
  if (barred !== null) return refuseEntry(visit, address, barred, identity === "refused", clientAddress);
  const refuseChange = () => {
    const refusal = isCrossSite(request.headers, url.origin)
      ? foreignPage
      : decideAccess(policy, true, identity);
    if (refusal !== null) refuseVisit(visit, refusal);
    return refusal;
  };
  const limits = withUsualLimits(entry.limits);
  const inner = base === "" ? request : new Request(`${url.origin}${pathname}${url.search}`, request);
  return serve(inner, { objectKey: entry.objectKey, limits, refuseChange });
}

async function serveDoor(
  visit: Visit,
  { name, base, pathname }: CommunityAddress,
  entry: CommunityEntry,
  clientAddress: string | null,
): Promise<Response | null> {
  if (pathname !== "/login" && pathname !== "/logout") return null;
  const door: Door = {
    community: name,
    base,
    isInside: await hasSession(visit.request.headers, entry, visit.nowMs),
    clientAddress,
    scope: sessionScopeOf(entry),
    credentialOf: async (key) => (await findKey(key, entry.keys))?.hash ?? null,
  };
  return serveLogin(visit, pathname, door);
}

/** A person is shown the log-in page; a client that gave a wrong key too often has to wait. */
async function refuseEntry(
  visit: Visit,
  { name, base }: CommunityAddress,
  barred: Refusal,
  gaveWrongKey: boolean,
  clientAddress: string | null,
): Promise<Response> {
  const { env, nowMs, request } = visit;
  const guessing = gaveWrongKey ? refuseGuessing(clientAddress, nowMs) : null;
  if (gaveWrongKey) await countWrongKey(env, clientAddress, nowMs);
  const plain = refuseVisit(visit, guessing ?? barred);
  return wantsPage(request) && plain.status === 401
    ? showLogin(visit, { community: name, base }, "asks", 401)
    : plain;
}

const foreignHost: Refusal = {
  code: "not_found",
  message: "This host is not served: this server is for this machine only, under its own names or baseDomain",
};
