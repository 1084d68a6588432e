import { type IRequest, type RequestHandler, Router } from "itty-router";
import { openDirectory } from "../community/directory-link.ts";
import type { Refusal } from "../community/refusal.ts";
import { noStore } from "../http/errors.ts";
import { adminScope, identifyAdmin, isAdminSecret } from "./admin-identity.ts";
import { bodies, readJson } from "./admin-requests.ts";
import { clientAddressOf } from "./client-address.ts";
import { createSecret, hashSecret } from "./credentials.ts";
import type { Visit } from "./deployment.ts";
import { type CommunityEntry, forgetCommunities } from "./directory.ts";
import type { Changed } from "./directory-object.ts";
import { communityLimits, type LimitName, limitNames } from "./limits.ts";
import { type Door, serveLogin, showLogin, wantsPage } from "./login.ts";
import { writeAdminPage } from "./pages.ts";
import { countWrongKey, refuseGuessing } from "./rate-limits.ts";
import { nothingHere, refuseVisit } from "./refusals.ts";

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

type Handler = RequestHandler<IRequest, [Visit]>;

const nameOf = (request: IRequest) => request.params?.name ?? "";

const showPage: Handler = () =>
  new Response(writeAdminPage(), { headers: { "content-type": "text/html; charset=utf-8", ...noStore } });

const list: Handler = async (_, { env, config }) => {
  const communities = (await openDirectory(env).list()).map(describe);
  return answer({ communities, usualPolicy: config.defaultAccess, limits: communityLimits });
};

const show: Handler = async (request, visit) => {
  const entry = await openDirectory(visit.env).find(nameOf(request));
  return entry === null ? refuseVisit(visit, nothingHere) : answer(describe(entry));
};

const create: Handler = async (request, visit) => {
  const given = await readJson(request, bodies.create);
  if (!given.ok) return refuseVisit(visit, given.refusal);
  const { name, policy } = given.value;
  return finish(visit, await openDirectory(visit.env).create(name, policy), 201);
};

const rename: Handler = async (request, visit) => {
  const given = await readJson(request, bodies.rename);
  if (!given.ok) return refuseVisit(visit, given.refusal);
  return finish(visit, await openDirectory(visit.env).rename(nameOf(request), given.value.to));
};

const setPolicy: Handler = async (request, visit) => {
  const given = await readJson(request, bodies.policy);
  if (!given.ok) return refuseVisit(visit, given.refusal);
  const { policy, addresses } = given.value;
  const settings = {
    ...(policy === undefined ? {} : { policy }),
    ...(addresses === undefined ? {} : { addresses }),
  };
  return finish(visit, await openDirectory(visit.env).change(nameOf(request), settings));
};

const setLimits: Handler = async (request, visit) => {
  const given = await readJson(request, bodies.limits);
  if (!given.ok) return refuseVisit(visit, given.refusal);
  const directory = openDirectory(visit.env);
  const entry = await directory.find(nameOf(request));
  const limits: Partial<Record<LimitName, number>> = { ...entry?.limits };
  for (const name of limitNames) {
    const limit = given.value[name];
    if (limit === null) delete limits[name];
    else if (limit !== undefined) limits[name] = limit;
  }
  return finish(visit, await directory.change(nameOf(request), { limits }));
};

const archive: Handler = async (request, visit) => {
  const given = await readJson(request, bodies.archive);
  if (!given.ok) return refuseVisit(visit, given.refusal);
  return finish(visit, await openDirectory(visit.env).change(nameOf(request), given.value));
};

const addKey: Handler = async (request, visit) => {
  const given = await readJson(request, bodies.key);
  return given.ok ? giveKey(request, visit, given.value.name, false) : refuseVisit(visit, given.refusal);
};

const rotateKey: Handler = (request, visit) => giveKey(request, visit, request.params?.key ?? "", true);

/** Makes a key; this answer is the only place where it can ever be read. */
async function giveKey(request: IRequest, visit: Visit, name: string, replaces: boolean): Promise<Response> {
  const key = createSecret();
  const stored = { name, hash: await hashSecret(key), createdMs: visit.nowMs };
  const changed = await openDirectory(visit.env).addKey(nameOf(request), stored, replaces);
  return finish(visit, changed, 201, { name, key });
}

const revokeKey: Handler = async (request, visit) =>
  finish(visit, await openDirectory(visit.env).removeKey(nameOf(request), request.params?.key ?? ""));

/** Strikes the community out first, so that no request finds it any more, and then wipes its storage. */
const remove: Handler = async (request, visit) => {
  const removed = await openDirectory(visit.env).remove(nameOf(request));
  forgetCommunities();
  if (removed.ok) await visit.env.COMMUNITY.getByName(removed.entry.objectKey).wipe();
  return finish(visit, removed);
};

const control = Router<IRequest, [Visit]>();
control.get("/admin", showPage);
control.get("/admin/api/communities", list);
control.post("/admin/api/communities", create);
control.get("/admin/api/communities/:name", show);
control.delete("/admin/api/communities/:name", remove);
control.post("/admin/api/communities/:name/rename", rename);
control.post("/admin/api/communities/:name/policy", setPolicy);
control.post("/admin/api/communities/:name/limits", setLimits);
control.post("/admin/api/communities/:name/archive", archive);
control.post("/admin/api/communities/:name/keys", addKey);
control.post("/admin/api/communities/:name/keys/:key/rotate", rotateKey);
control.delete("/admin/api/communities/:name/keys/:key", revokeKey);
control.all("*", (_, visit) => refuseVisit(visit, nothingHere));

function finish(visit: Visit, changed: Changed, status = 200, shown?: object): Response {
  forgetCommunities();
  if (!changed.ok) return refuseVisit(visit, changed.refusal);
  const { pathname } = visit.url;
  visit.log("INFO", "The control plane changed a community", {
    method: visit.request.method,
    path: pathname,
  });
  return answer(shown ?? describe(changed.entry), status);
}

/** An entry without what signs its sessions and without the hashes of its keys. */
function describe({ sessionSecret: _, objectKey: __, keys, ...entry }: CommunityEntry) {
  return { ...entry, keys: keys.map(({ name, createdMs }) => ({ name, createdMs })) };
}

function answer(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: noStore });
}
