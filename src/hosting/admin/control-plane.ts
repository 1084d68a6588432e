import type { IRequest } from "itty-router";
import type { Refusal } from "../../notation/refusal.ts";
import { adminScope, identifyAdmin, isAdminSecret } from "../access/admin-identity.ts";
import { clientAddressOf } from "../access/client-address.ts";
import { type Door, serveLogin, showLogin, wantsPage } from "../access/login.ts";
import { countWrongKey, refuseGuessing } from "../access/rate-limits.ts";
import { refuseVisit } from "../access/refusals.ts";
import type { Visit } from "../deployment.ts";
import { control } from "./admin-routes.ts";

/** Serves the control plane: `/admin`, its log-in page, and `/admin/api/…` to the administrator alone. */
export async function serveControl(visit: Visit, pathname: string): Promise<Response> {
  const { request, env, nowMs } = visit;
  const knocker = { door: "admin", clientAddress: clientAddressOf(request, env) };
  const gives = request.headers.has("authorization") || request.headers.has("cf-access-jwt-assertion");
  const guessing = gives ? refuseGuessing(knocker, nowMs) : null;
  if (guessing !== null) return refuseVisit(visit, guessing);
  const identity = await identifyAdmin(visit);
  const door: Door = {
    community: null,
    base: "/admin",
    isInside: identity === "member",
    knocker,
    scope: adminScope(env),
    credentialOf: async (given) => ((await isAdminSecret(given, env)) ? "admin" : null),
  };
  const login = await serveLogin(visit, pathname.slice("/admin".length), door);
  if (login !== null) return login;
  if (identity === "member") return control.fetch(request as IRequest, visit);
  if (gives) await countWrongKey(env, knocker, nowMs);
  const plain = refuseVisit(visit, adminScope(env) === null ? noSecret : notAdmin);
  return wantsPage(request) ? showLogin(visit, door, "asks", 401) : plain;
}

const notAdmin: Refusal = {
  code: "unauthorized",
  message: "This is for the administrator: send ADMIN_SECRET as a bearer token, or log in at /admin/login",
};
const noSecret: Refusal = {
  code: "unauthorized",
  message: "This deployment has no ADMIN_SECRET: nothing can be administered until it has one",
};
