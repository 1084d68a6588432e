import { respondRefusal } from "../api/http/errors.ts";
import { localLife, whenOpen } from "../community/local-life.ts";
import { findSecretFault } from "../input/config/admin-secret.ts";
import { placeOf } from "../input/config/place.ts";
import type { Refusal } from "../notation/refusal.ts";
import { isBrowser, refuseSender } from "./access/cross-site.ts";
import { nothingHere, refuseRequest } from "./access/refusals.ts";
import { withSecurityHeaders } from "./access/security-headers.ts";
import { serveControl } from "./admin/control-plane.ts";
import {
  configOf,
  type HostingEnv,
  isForThisMachine,
  logOf,
  ownHostsOf,
  type RequestContext,
} from "./deployment.ts";
import { isOwnHost, readAddress } from "./directory/community-address.ts";
import { isOperators } from "./directory/community-identity.ts";
import { followLife } from "./follow-life.ts";
import { lifePath } from "./life-protocol.ts";
import { isSafe, type Serve, serveCommunity } from "./serve-community.ts";

/** Lets requests in to what their address names; `serve` answers those to a community, with paths as its own. */
export async function pass(request: Request, env: HostingEnv, serve: Serve): Promise<Response> {
  const log = logOf(env);
  const url = URL.parse(request.url);
  if (url === null) {
    log("WARNING", wrongHost.message, { ...wrongHost });
    return withSecurityHeaders(respondRefusal(wrongHost));
  }
  const fault = findSecretFault(env.ADMIN_SECRET);
  if (fault !== null) {
    log("ERROR", fault);
    return withSecurityHeaders(respondRefusal({ code: "internal", message: fault }));
  }
  const operates = await isOperators(request, env);
  const config = configOf(env);
  const context: RequestContext = { request, url, env, config, log, nowMs: Date.now(), operates };
  const response = await route(context, serve).catch((error) => {
    log("ERROR", "A request failed", { error: String(error) });
    return refuseRequest(context, { code: "internal", message: "The emulator failed; its log says why" });
  });
  return withSecurityHeaders(response);
}

async function route(context: RequestContext, serve: Serve): Promise<Response> {
  const { request, url, env, config, operates } = context;
  const { baseDomain } = config;
  if (isForeignHost(context)) return refuseRequest(context, refuseHost(url.hostname));
  const mayAct = !isSafe(request) || request.headers.has("upgrade");
  const doubted = mayAct ? refuseSender(request.headers, url) : null;
  if (doubted !== null) return refuseRequest(context, doubted);
  if (operates && url.pathname === lifePath)
    return Response.json(followLife(await request.json(), env, context.nowMs));
  if (placeOf(env) === "local" && !operates && !localLife.isOpen) await whenOpen();
  const address = readAddress(url, baseDomain);
  if (address.kind === "nothing") return refuseRequest(context, nothingHere);
  if (address.kind === "control") return serveControl(context, address.pathname);
  return serveCommunity(context, address, serve);
}

/**
 * Whether the page that asks may have pointed the name of this host here itself (DNS rebinding). The platform serves no
 * name but those that lead to it by its owner's will. A server for its own machine answers nobody under such a name.
 */
function isForeignHost({ request, url, env, config }: RequestContext): boolean {
  if (placeOf(env) === "platform" || isOwnHost(url.hostname, ownHostsOf(env, config))) return false;
  return isForThisMachine(env, config) || isBrowser(request.headers);
}

const wrongHost: Refusal = {
  code: "invalid_parameter",
  message: "The Host header names no host",
  parameter: "host",
};

const refuseHost = (hostname: string): Refusal => ({
  code: "not_found",
  message: `The host ${hostname} is not served: anybody may have pointed that name here (--allow-host ${hostname}, or the parameter allowedHosts, serves it)`,
});
