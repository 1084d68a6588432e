import { respondRefusal } from "../api/http/errors.ts";
import type { CommunityObject } from "../community/community-object.ts";

/** Opens a screen's WebSocket to a community that lets `sockets` follow. Nothing of the request is passed on. */
export async function connectScreen(
  community: DurableObjectStub<CommunityObject>,
  sockets: number,
): Promise<Response> {
  const headers = { upgrade: "websocket" };
  const response = await community.fetch(`http://community/?sockets=${sockets}`, { headers });
  if (response.status === 101) return response;
  const message = `There are ${sockets} screens; no more may follow (sockets)`;
  return respondRefusal({ code: "conflict", message });
}
