import { type IRequest, type RequestHandler, Router } from "itty-router";
import { noStore } from "../../api/http/errors.ts";
import { mediaTypeOf } from "../../api/http/given-parameters.ts";
import { communityLimits, deploymentLimits, type LimitName, limitNames } from "../../input/config/limits.ts";
import { createSecret, hashSecret } from "../access/credentials.ts";
import { nothingHere, refuseVisit } from "../access/refusals.ts";
import type { Visit } from "../deployment.ts";
import type { CommunityEntry } from "../directory/community-entry.ts";
import { forgetCommunities } from "../directory/directory.ts";
import type { Changed } from "../directory/directory-object.ts";
import { openDirectory } from "../directory/open-directory.ts";
import { bodies, readJson } from "./admin-requests.ts";
import { type ControlName, controlRoutes } from "./control-routes.ts";
import { writeAdminPage } from "./pages.ts";

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
  return finishAccess(visit, await openDirectory(visit.env).change(nameOf(request), settings));
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
  return finishAccess(visit, await openDirectory(visit.env).change(nameOf(request), given.value));
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
  return (replaces ? finishAccess : finish)(visit, changed, 201, { name, key });
}

const revokeKey: Handler = async (request, visit) =>
  finishAccess(visit, await openDirectory(visit.env).removeKey(nameOf(request), request.params?.key ?? ""));

/** Strikes the community out first, so that no request finds it any more, and then wipes its storage. */
const remove: Handler = async (request, visit) => {
  const removed = await openDirectory(visit.env).remove(nameOf(request));
  forgetCommunities();
  if (removed.ok) await visit.env.COMMUNITY.getByName(removed.entry.objectKey).wipe();
  return finish(visit, removed);
};

const backUp: Handler = async (request, visit) => {
  const entry = await openDirectory(visit.env).find(nameOf(request));
  if (entry === null) return refuseVisit(visit, nothingHere);
  const backup = await visit.env.COMMUNITY.getByName(entry.objectKey).backup();
  const disposition = `attachment; filename="${entry.name}.ndjson"`;
  const headers = { "content-type": backupType, "content-disposition": disposition, ...noStore };
  return new Response(backup, { headers });
};

const restore: Handler = async (request, visit) => {
  const entry = await openDirectory(visit.env).find(nameOf(request));
  if (entry === null) return refuseVisit(visit, nothingHere);
  if (mediaTypeOf(request) !== backupType || request.body === null)
    return refuseVisit(visit, { code: "invalid_parameter", message: `The body must be ${backupType}` });
  const community = visit.env.COMMUNITY.getByName(entry.objectKey);
  const restored = await community.restore(request.body, deploymentLimits.backupBytes);
  return restored.ok ? finish(visit, { ok: true, entry }) : refuseVisit(visit, restored.refusal);
};

const rewind: Handler = async (request, visit) => {
  const given = await readJson(request, bodies.rewind);
  if (!given.ok) return refuseVisit(visit, given.refusal);
  const entry = await openDirectory(visit.env).find(nameOf(request));
  if (entry === null) return refuseVisit(visit, nothingHere);
  const rewound = await visit.env.COMMUNITY.getByName(entry.objectKey).rewind(Date.parse(given.value.to));
  return rewound.ok ? finish(visit, { ok: true, entry }) : refuseVisit(visit, rewound.refusal);
};

const backupType = "application/x-ndjson";

const handlers: Readonly<Record<ControlName, Handler>> = {
  list,
  create,
  show,
  remove,
  rename,
  setPolicy,
  setLimits,
  archive,
  backUp,
  restore,
  rewind,
  addKey,
  rotateKey,
  revokeKey,
};

export const control = Router<IRequest, [Visit]>();
control.get("/admin", showPage);
for (const { method, path, name } of controlRoutes) control[method](path, handlers[name]);
control.all("*", (_, visit) => refuseVisit(visit, nothingHere));

/** After a change of who may come in: nobody keeps looking by a screen that was opened before. */
async function finishAccess(...given: Parameters<typeof finish>): Promise<Response> {
  const [{ env }, changed] = given;
  const answer = finish(...given);
  if (changed.ok) await env.COMMUNITY.getByName(changed.entry.objectKey).closeScreens();
  return answer;
}

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
