import { type IRequest, type RequestHandler, Router } from "itty-router";
import { noStore } from "../../api/http/errors.ts";
import { mediaTypeOf } from "../../api/http/given-parameters.ts";
import {
  communityLimits,
  deploymentLimits,
  type LimitName,
  limitNames,
  withDefaultLimits,
} from "../../input/config/limits.ts";
import { placeOf } from "../../input/config/place.ts";
import type { Checked } from "../../notation/parameters.ts";
import type { Refusal } from "../../notation/refusal.ts";
import { createSecret, hashSecret } from "../access/credentials.ts";
import { nothingHere, refuseRequest } from "../access/refusals.ts";
import type { RequestContext } from "../deployment.ts";
import type { CommunityEntry } from "../directory/community-entry.ts";
import { stubOf } from "../directory/community-stub.ts";
import { forgetCommunities } from "../directory/directory.ts";
import type { Changed } from "../directory/directory-object.ts";
import { openDirectory } from "../directory/open-directory.ts";
import { bodies, readJson } from "./admin-requests.ts";
import { commandAll, createClass, createInvitation, lookAtAll } from "./class-routes.ts";
import { type ControlName, controlRoutes } from "./control-routes.ts";
import { respondPage, writeAdminPage } from "./pages.ts";

type Handler = RequestHandler<IRequest, [RequestContext]>;

const nameOf = (request: IRequest) => request.params?.name ?? "";

const showPage: Handler = () => respondPage(writeAdminPage());

const list: Handler = async (_, { env, config }) => {
  const communities = (await openDirectory(env).list()).map(describe);
  return answer({ communities, defaultPolicy: config.defaultAccess, limits: communityLimits });
};

const show: Handler = async (request, context) => {
  const entry = await openDirectory(context.env).find(nameOf(request));
  return entry === null ? refuseRequest(context, nothingHere) : answer(describe(entry));
};

const create: Handler = async (request, context) => {
  const given = await readJson(request, bodies.create);
  if (!given.ok) return refuseRequest(context, given.refusal);
  const { name, policy, jurisdiction, location } = given.value;
  if (jurisdiction !== null && placeOf(context.env) !== "platform")
    return refuseRequest(context, noJurisdictions);
  const region = { jurisdiction, location };
  return finish(context, await openDirectory(context.env).create(name, policy, region), 201);
};

const noJurisdictions: Refusal = {
  code: "invalid_parameter",
  message: "jurisdiction is given; allowed: null, since only Cloudflare's own machines have jurisdictions",
  parameter: "jurisdiction",
};

const rename: Handler = async (request, context) => {
  const given = await readJson(request, bodies.rename);
  if (!given.ok) return refuseRequest(context, given.refusal);
  return finish(context, await openDirectory(context.env).rename(nameOf(request), given.value.to));
};

const setPolicy: Handler = async (request, context) => {
  const given = await readJson(request, bodies.policy);
  if (!given.ok) return refuseRequest(context, given.refusal);
  const { policy, addresses } = given.value;
  const settings = {
    ...(policy === undefined ? {} : { policy }),
    ...(addresses === undefined ? {} : { addresses }),
  };
  return finishAccess(context, await openDirectory(context.env).change(nameOf(request), settings));
};

const setLimits: Handler = async (request, context) => {
  const given = await readJson(request, bodies.limits);
  if (!given.ok) return refuseRequest(context, given.refusal);
  const directory = openDirectory(context.env);
  const entry = await directory.find(nameOf(request));
  const limits: Partial<Record<LimitName, number>> = { ...entry?.limits };
  for (const name of limitNames) {
    const limit = given.value[name];
    if (limit === null) delete limits[name];
    else if (limit !== undefined) limits[name] = limit;
  }
  return finish(context, await directory.change(nameOf(request), { limits }));
};

const archive: Handler = async (request, context) => {
  const given = await readJson(request, bodies.archive);
  if (!given.ok) return refuseRequest(context, given.refusal);
  return finishAccess(context, await openDirectory(context.env).change(nameOf(request), given.value));
};

const addKey: Handler = async (request, context) => {
  const given = await readJson(request, bodies.key);
  return given.ok
    ? giveKey(request, context, given.value.name, false)
    : refuseRequest(context, given.refusal);
};

const rotateKey: Handler = (request, context) => giveKey(request, context, request.params?.key ?? "", true);

/** Makes a key; this answer is the only place where it can ever be read. */
async function giveKey(
  request: IRequest,
  context: RequestContext,
  name: string,
  replaces: boolean,
): Promise<Response> {
  const key = createSecret();
  const stored = { name, hash: await hashSecret(key), createdMs: context.nowMs };
  const changed = await openDirectory(context.env).addKey(nameOf(request), stored, replaces);
  return (replaces ? finishAccess : finish)(context, changed, 201, { name, key });
}

const revokeKey: Handler = async (request, context) =>
  finishAccess(
    context,
    await openDirectory(context.env).removeKey(nameOf(request), request.params?.key ?? ""),
  );

const invite: Handler = async (request, context) => {
  const given = await readJson(request, bodies.invitation);
  if (!given.ok) return refuseRequest(context, given.refusal);
  const { stored, shown } = await createInvitation(context, nameOf(request), given.value);
  return finish(context, await openDirectory(context.env).invite(nameOf(request), stored), 201, shown);
};

const withdraw: Handler = async (request, context) =>
  finish(
    context,
    await openDirectory(context.env).withdraw(nameOf(request), request.params?.invitation ?? ""),
  );

/** Strikes the community out first, so that no request finds it any more, and then wipes its storage. */
const remove: Handler = async (request, context) => {
  const removed = await openDirectory(context.env).remove(nameOf(request));
  forgetCommunities();
  if (removed.ok) await stubOf(context.env, removed.entry).wipe();
  return finish(context, removed);
};

const backUp: Handler = async (request, context) => {
  const entry = await openDirectory(context.env).find(nameOf(request));
  if (entry === null) return refuseRequest(context, nothingHere);
  const backup = await stubOf(context.env, entry).backup();
  const disposition = `attachment; filename="${entry.name}.ndjson"`;
  const headers = { "content-type": backupType, "content-disposition": disposition, ...noStore };
  return new Response(backup, { headers });
};

const restore: Handler = async (request, context) => {
  const entry = await openDirectory(context.env).find(nameOf(request));
  if (entry === null) return refuseRequest(context, nothingHere);
  if (mediaTypeOf(request) !== backupType || request.body === null)
    return refuseRequest(context, { code: "invalid_parameter", message: `The body must be ${backupType}` });
  const community = stubOf(context.env, entry);
  const { units } = withDefaultLimits(entry.limits);
  const restored = await community.restore(
    request.body,
    deploymentLimits.backupBytes[placeOf(context.env)],
    units,
  );
  if (!restored.ok) return refuseRequest(context, restored.refusal);
  const shown = { ...describe(entry), ...(JSON.parse(restored.json) as { warning?: string }) };
  return finish(context, { ok: true, entry }, 200, shown);
};

const rewind: Handler = async (request, context) => {
  const given = await readJson(request, bodies.rewind);
  if (!given.ok) return refuseRequest(context, given.refusal);
  const entry = await openDirectory(context.env).find(nameOf(request));
  if (entry === null) return refuseRequest(context, nothingHere);
  const rewound = await stubOf(context.env, entry).rewind(Date.parse(given.value.to));
  return rewound.ok ? finish(context, { ok: true, entry }) : refuseRequest(context, rewound.refusal);
};

/** The new community's keys and limits are its own. What could not be made of it is not left behind. */
const branch: Handler = async (request, context) => {
  const { env } = context;
  const given = await readJson(request, bodies.branch);
  if (!given.ok) return refuseRequest(context, given.refusal);
  const { name, snapshot } = given.value;
  const directory = openDirectory(env);
  const source = await directory.find(nameOf(request));
  if (source === null) return refuseRequest(context, nothingHere);
  const { jurisdiction, location } = source;
  const made = await directory.create(name, null, { jurisdiction, location });
  if (!made.ok) return refuseRequest(context, made.refusal);
  const { units } = withDefaultLimits(made.entry.limits);
  const rows = await stubOf(env, source).rows();
  const stub = stubOf(env, made.entry);
  const branched = await stub.beginBranch(rows, { community: source.name, snapshot }, units);
  if (branched.ok) return finish(context, made, 201);
  await directory.remove(name);
  await stub.wipe();
  return refuseRequest(context, branched.refusal);
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
  branch,
  addKey,
  rotateKey,
  revokeKey,
  invite,
  withdraw,
  createClass: async (request, context) => finishAll(context, await createClass(context, request), 201),
  lookAtAll: async (_, context) => answer(await lookAtAll(context)),
  commandAll: async (request, context) => finishAll(context, await commandAll(context, request), 200),
};

export const control = Router<IRequest, [RequestContext]>();
control.get("/admin", showPage);
for (const { method, path, name } of controlRoutes) control[method](path, handlers[name]);
control.all("*", (_, context) => refuseRequest(context, nothingHere));

/** After a change of who may come in: nobody keeps looking by a screen that was opened before. */
async function finishAccess(...given: Parameters<typeof finish>): Promise<Response> {
  const [{ env }, changed] = given;
  const answer = finish(...given);
  if (changed.ok) await stubOf(env, changed.entry).closeScreens();
  return answer;
}

function finishAll(context: RequestContext, done: Checked<object>, status: number): Response {
  forgetCommunities();
  if (!done.ok) return refuseRequest(context, done.refusal);
  logChange(context, "The control plane changed communities");
  return answer(done.value, status);
}

function finish(context: RequestContext, changed: Changed, status = 200, shown?: object): Response {
  forgetCommunities();
  if (!changed.ok) return refuseRequest(context, changed.refusal);
  logChange(context, "The control plane changed a community");
  return answer(shown ?? describe(changed.entry), status);
}

function logChange({ log, request: { method }, url: { pathname: path } }: RequestContext, message: string) {
  log("INFO", message, { method, path });
}

/** An entry without what signs its sessions and without the hashes of its keys and invitations. */
function describe({ sessionSecret: _, objectKey: __, keys, invitations = [], ...entry }: CommunityEntry) {
  return {
    ...entry,
    keys: keys.map(({ name, createdMs }) => ({ name, createdMs })),
    invitations: invitations.map(({ name, createdMs, endMs }) => ({ name, createdMs, endMs })),
  };
}

function answer(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: noStore });
}
