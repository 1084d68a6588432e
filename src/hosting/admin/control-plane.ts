import type { IRequest } from "itty-router";
import type { Refusal } from "../../notation/refusal.ts";
import { adminScope, identifyAdmin, isAdminSecret } from "../access/admin-identity.ts";
import { clientAddressOf } from "../access/client-address.ts";
import { type LoginRealm, serveLogin, showLogin, wantsPage } from "../access/login.ts";
import { countWrongKey } from "../access/rate-limits.ts";
import { refuseRequest } from "../access/refusals.ts";
import type { RequestContext } from "../deployment.ts";
import { control } from "./admin-routes.ts";

/**
 * Serves the control plane: `/admin`, its log-in page, and `/admin/api/…` to the administrator alone, whom no wrong secrets
 * of others shut out.
 */
export async function serveControl(context: RequestContext, pathname: string): Promise<Response> {
  const { request, env, nowMs, operates } = context;
  const client = { tenant: "admin", clientAddress: clientAddressOf(request, env) };
  const gives = request.headers.has("authorization") || request.headers.has("cf-access-jwt-assertion");
  const identity = operates ? "member" : await identifyAdmin(context);
  const realm: LoginRealm = {
    community: null,
    base: "/admin",
    isInside: identity === "member",
    client,
    scope: adminScope(env),
    credentialOf: async (given) => ((await isAdminSecret(given, env)) ? "admin" : null),
  };
  const login = await serveLogin(context, pathname.slice("/admin".length), realm);
  if (login !== null) return login;
  if (identity === "member") return control.fetch(request as IRequest, context);
  const guessing = gives ? await countWrongKey(env, client, nowMs) : null;
  if (guessing !== null) return refuseRequest(context, guessing);
  const plain = refuseRequest(context, adminScope(env) === null ? noSecret : notAdmin);
  return wantsPage(request) ? showLogin(context, realm, "asks", 401) : plain;
}

const notAdmin: Refusal = {
  code: "unauthorized",
  message: "This is for the administrator: send ADMIN_SECRET as a bearer token, or log in at /admin/login",
};
const noSecret: Refusal = {
  code: "unauthorized",
  message: "This deployment has no ADMIN_SECRET: nothing can be administered until it has one",
};
