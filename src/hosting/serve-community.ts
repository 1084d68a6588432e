import { exportPathsOf, type Found, findRoute } from "../api/http/find-route.ts";
import type { Visitor } from "../community/screens.ts";
import { communityLimits, type Limits, withDefaultLimits } from "../input/config/limits.ts";
import { placeOf } from "../input/config/place.ts";
import type { Refusal } from "../notation/refusal.ts";
import { decideAccess, type Identity } from "./access/access.ts";
import { clientAddressOf, peerOf } from "./access/client-address.ts";
import { findKey } from "./access/credentials.ts";
import { refuseSender, unknownPage } from "./access/cross-site.ts";
import { serveLogin, showLogin, wantsPage } from "./access/login.ts";
import { countRequest, countWrongKey, type RateClient } from "./access/rate-limits.ts";
import { nothingHere, refuseRequest } from "./access/refusals.ts";
import { publicFiles, respondPage, writeChangePage } from "./admin/pages.ts";
import type { ScreenClient } from "./connect-screen.ts";
import { isForThisMachine, type RequestContext } from "./deployment.ts";
import type { Address } from "./directory/community-address.ts";
import type { CommunityEntry } from "./directory/community-entry.ts";
import {
  findKeyName,
  identifyMember,
  listMemberSessions,
  sessionScopeOf,
} from "./directory/community-identity.ts";
import { defaultCommunity } from "./directory/community-name.ts";
import { type ObjectOfCommunity, stubOf } from "./directory/community-stub.ts";
import { findCommunity } from "./directory/directory.ts";
import { serveJoin } from "./join.ts";

/** A community that a request has come in to. */
export interface AdmittedRequest {
  readonly name: string;
  readonly object: ObjectOfCommunity;
  readonly limits: Limits;
  /** Who sends this command, as the log of commands may keep it: nothing personal where strangers come. */
  sourceOf(): Promise<string>;
  /** Who opens a screen. */
  visitorOf(): Promise<Visitor>;
  /** What the Web API has at the request's path. */
  readonly found: Found | null;
}

export type Serve = (request: Request, admitted: AdmittedRequest) => Promise<Response>;
type CommunityAddress = Extract<Address, { kind: "community" }>;

/** Whether a request by its method alone asks for no change. */
export function isSafe({ method }: Request): boolean {
  return method === "GET" || method === "HEAD";
}

/** Lets a request in to the community at `address` if it may, and serves the community's log-in page. */
export async function serveCommunity(
  context: RequestContext,
  address: CommunityAddress,
  serve: Serve,
): Promise<Response> {
  const { request, url, env, config, nowMs, operates } = context;
  const { name, base, pathname } = address;
  const entry = await findCommunity(env, name, nowMs);
  const isHidden = name === defaultCommunity && !config.defaultCommunity;
  if (entry === null || entry.archived || isHidden) return refuseRequest(context, nothingHere);
  if (pathname === "") return redirectTo(`${base}/${url.search}`);
  const client: RateClient = {
    tenant: entry.objectKey,
    // Only where it is needed: the runtime parses a text for it.
    get clientAddress() {
      return clientAddressOf(request, env);
    },
  };
  const counters = isForThisMachine(env, config) ? {} : env;
  const excess = operates ? null : await countRequest(counters, entry.limits, client, nowMs);
  if (excess !== null) return refuseRequest(context, excess);
  if (pathname === "/login" || pathname === "/logout") return serveLoginOf(context, address, entry, client);
  if (pathname === "/join") return serveJoin(context, base, entry, client);
  const found = findRoute(pathname, exportPathsOf(config));
  const changes = found?.route.changes === true || !isSafe(request);
  const doubted = changes ? refuseSender(request.headers, url) : null;
  const isAsked = doubted === unknownPage && wantsPage(request);
  if (doubted !== null && !isAsked) return refuseRequest(context, doubted);
  const policy = entry.policy ?? config.defaultAccess;
  const own: Identity | null = operates ? "member" : policy === "open" ? "nobody" : null;
  const identity = own ?? (await identify(context, entry, client));
  const refused =
    typeof identity === "object"
      ? identity
      : decideAccess(policy, changes, publicFiles.includes(pathname) ? "member" : identity);
  if (refused !== null) return showRefusal(context, address, refused);
  if (isAsked) return askPerson(context, address, unknownPage);
  const inner = base === "" ? request : new Request(`${url.origin}${pathname}${url.search}`, request);
  const sourceOf = () => readSource(context, entry);
  const ownLimits = withDefaultLimits(entry.limits);
  const limits = operates ? { ...ownLimits, ...unlimited } : ownLimits;
  const visitorOf = () => readVisitor(context, entry, operates ? null : client);
  const admitted = { name, object: entry, limits, found, sourceOf, visitorOf };
  const response = keepBelow(base, await serve(inner, admitted));
  return decideAccess(policy, true, identity as Identity) === null ? response : tellReader(response);
}

/** Tells a reader's screen that it may only look, so that it offers nothing else. */
function tellReader(response: Response): Response {
  if (response.webSocket !== null) return response;
  const told = new Response(response.body, response);
  told.headers.set("x-access", "read");
  return told;
}

/**
 * On one's own machine the program that sends a command, or its address and port if it does not say; hosted the name of
 * its key and nothing else.
 */
async function readSource({ request, env, nowMs }: RequestContext, entry: CommunityEntry): Promise<string> {
  if (placeOf(env) === "local") return request.headers.get("user-agent") || (peerOf(request) ?? "");
  return (await findKeyName(request.headers, entry, nowMs)) ?? "";
}

/** Who opens a screen, as long as it is open. */
async function readVisitor(
  { request, nowMs }: RequestContext,
  entry: CommunityEntry,
  client: RateClient | null,
): Promise<Visitor> {
  const [session] = await listMemberSessions(request.headers, entry, nowMs);
  const counted = client && {
    tenant: client.tenant,
    clientAddress: client.clientAddress,
    limits: entry.limits,
  };
  return {
    client: counted satisfies ScreenClient | null,
    session: session === undefined ? null : { id: session.id, endMs: session.endMs },
  };
}

/** The local server's own program must be able to start and stop a community that has used up its limits. */
const unlimited = { units: communityLimits.units.most, storageBytes: Number.POSITIVE_INFINITY };

/** A redirect within the community, with the path that its reader knows. */
function keepBelow(base: string, response: Response): Response {
  const location = response.headers.get("location");
  if (base === "" || location === null || !location.startsWith("/")) return response;
  const headers = new Headers(response.headers);
  headers.set("location", base + location);
  return new Response(response.body, { status: response.status, headers });
}

function redirectTo(location: string): Response {
  return new Response(null, { status: 308, headers: { location } });
}

/** Who asks, or why whoever has given wrong keys too often must wait. */
async function identify(
  { request, env, nowMs }: RequestContext,
  entry: CommunityEntry,
  client: RateClient,
): Promise<Identity | Refusal> {
  const identity = await identifyMember(request.headers, entry, client.clientAddress, nowMs);
  if (identity !== "refused" || !request.headers.has("authorization")) return identity;
  return (await countWrongKey(env, client, nowMs)) ?? identity;
}

async function serveLoginOf(
  context: RequestContext,
  { name, base, pathname }: CommunityAddress,
  entry: CommunityEntry,
  client: RateClient,
): Promise<Response> {
  const sessions = await listMemberSessions(context.request.headers, entry, context.nowMs);
  const answer = await serveLogin(context, pathname, {
    community: name,
    base,
    isInside: sessions.length > 0,
    client,
    scope: sessionScopeOf(entry),
    credentialOf: async (key) => (await findKey(key, entry.keys))?.hash ?? null,
  });
  if (answer === null) return refuseRequest(context, nothingHere);
  // Its screens end with the session.
  if (pathname === "/logout" && sessions.length > 0)
    await stubOf(context.env, entry).closeScreens(sessions.map(({ id }) => id));
  return answer;
}

/** Lets a person say that the change was meant: the page's only button sends the same from this server's origin. */
function askPerson(context: RequestContext, { base }: CommunityAddress, refusal: Refusal): Response {
  const { request, url } = context;
  const languages = request.headers.get("accept-language") ?? "";
  const page = writeChangePage(base, url.pathname + url.search, languages);
  return respondPage(page, refuseRequest(context, refusal).status);
}

/** A program is told why it is refused; a person is shown the log-in page. */
function showRefusal(context: RequestContext, { name, base }: CommunityAddress, refused: Refusal): Response {
  const plain = refuseRequest(context, refused);
  const isPerson = plain.status === 401 && wantsPage(context.request);
  return isPerson ? showLogin(context, { community: name, base }, "asks", 401) : plain;
}
