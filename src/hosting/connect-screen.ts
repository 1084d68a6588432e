import { respondRefusal } from "../api/http/errors.ts";
import type { CommunityObject } from "../community/community-object.ts";
import type { Visitor } from "../community/screens.ts";
import type { SessionOpening } from "../community/sessions.ts";
import type { Limits } from "../input/config/limits.ts";
import { chooseProtocol } from "../notation/live.ts";
import type { Refusal } from "../notation/refusal.ts";
import { countRequest, type RateClient } from "./access/rate-limits.ts";
import { configOf, type HostingEnv, isForThisMachine } from "./deployment.ts";

/** By whose rates a screen's messages are counted. */
export interface ScreenClient extends RateClient {
  readonly limits: Partial<Limits>;
}

/**
 * Opens a screen's WebSocket to a community that lets `sockets` follow. Of the request nothing is passed on but the
 * subprotocol that it offers.
 */
export async function connectScreen(
  community: DurableObjectStub<CommunityObject>,
  request: Request,
  sockets: number,
  visitor: Visitor,
): Promise<Response> {
  const chosen = chooseProtocol(request.headers.get("sec-websocket-protocol"));
  const protocol = chosen !== null && { "sec-websocket-protocol": chosen };
  const headers = { upgrade: "websocket", visitor: JSON.stringify(visitor), ...protocol };
  return connect(community, sockets, headers);
}

/** Opens the WebSocket of a session, which steps a community. */
export function connectSession(
  community: DurableObjectStub<CommunityObject>,
  sockets: number,
  opening: SessionOpening,
): Promise<Response> {
  return connect(community, sockets, { upgrade: "websocket", session: JSON.stringify(opening) });
}

async function connect(
  community: DurableObjectStub<CommunityObject>,
  sockets: number,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const response = await community.fetch(`http://community/?sockets=${sockets}`, { headers });
  if (response.status === 101) return response;
  const message = `There are ${sockets} screens and sessions; no more may come (sockets)`;
  return respondRefusal({ code: "conflict", message });
}

/** Counts a message of a screen as a request of who opened it; why it is one too many, or null. */
export async function countMessage(env: HostingEnv, visitor: Visitor): Promise<Refusal | null> {
  const client = visitor.client as ScreenClient | null;
  if (client === null) return null;
  const counters = isForThisMachine(env, configOf(env)) ? {} : env;
  return countRequest(counters, client.limits, client, Date.now());
}
