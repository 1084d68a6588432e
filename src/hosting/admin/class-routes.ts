import type { IRequest } from "itty-router";
import { parsePath } from "../../api/http/router.ts";
import type { Glance } from "../../community/glance.ts";
import { deploymentLimits, withDefaultLimits } from "../../input/config/limits.ts";
import type { Checked } from "../../notation/parameters.ts";
import { type Refusal, refuse } from "../../notation/refusal.ts";
import { createSecret, hashSecret, type StoredInvitation, type StoredKey } from "../access/credentials.ts";
import type { RequestContext } from "../deployment.ts";
import type { CommunityEntry } from "../directory/community-entry.ts";
import { defaultCommunity } from "../directory/community-name.ts";
import { stubOf } from "../directory/community-stub.ts";
import { openDirectory } from "../directory/open-directory.ts";
import { bodies, readJson } from "./admin-requests.ts";

/* What teachers need: many communities from a list, invitations, one look at all of them, and the same command to all. */

/** Communities that are asked at the same time. */
const askedAtOnce = 20;

/** Where people find a community: below the address by which the administrator came. */
function linkTo({ origin }: URL, name: string): string {
  return name === defaultCommunity ? `${origin}/` : `${origin}/e/${name}/`;
}

/** An invitation as whoever is invited gets it, this once, and as it is kept. */
export async function createInvitation(
  { url, nowMs }: RequestContext,
  community: string,
  { name, hours }: { readonly name: string; readonly hours: number },
) {
  const code = createSecret();
  const endMs = Math.ceil(nowMs + hours * 3_600_000);
  const stored: StoredInvitation = { name, hash: await hashSecret(code), createdMs: nowMs, endMs };
  return { stored, shown: { name, link: `${linkTo(url, community)}join?invitation=${code}`, endMs } };
}

/** Makes many communities, all or none; this answer is the only place where their keys and invitations can be read. */
export async function createClass(context: RequestContext, request: IRequest): Promise<Checked<object>> {
  const given = await readJson(request, bodies.class, deploymentLimits.classBytes);
  if (!given.ok) return given;
  const { communities, policy, limits, key, invitation, hours } = given.value;
  const made = await Promise.all(
    communities.map(async (one) => {
      const keyName = one.key ?? key;
      const secret = keyName === undefined ? null : createSecret();
      const keys: StoredKey[] =
        keyName === undefined || secret === null
          ? []
          : [{ name: keyName, hash: await hashSecret(secret), createdMs: context.nowMs }];
      const invited =
        invitation === undefined
          ? null
          : await createInvitation(context, one.name, { name: invitation, hours });
      const invitations = invited === null ? [] : [invited.stored];
      return {
        wanted: { name: one.name, policy, limits: { ...limits, ...one.limits }, keys, invitations },
        shown: {
          name: one.name,
          link: linkTo(context.url, one.name),
          ...(secret !== null && { key: { name: keyName, key: secret } }),
          ...(invited !== null && { invitation: invited.shown }),
        },
      };
    }),
  );
  const clash = made.find(
    ({ wanted }) => wanted.keys[0]?.name === wanted.invitations[0]?.name && wanted.keys[0],
  );
  if (clash !== undefined)
    return refuse("conflict", "The key and the invitation need different names", "invitation");
  const refusal = await openDirectory(context.env).createAll(made.map(({ wanted }) => wanted));
  return refusal === null
    ? { ok: true, value: { communities: made.map(({ shown }) => shown) } }
    : { ok: false, refusal };
}

/** What is seen of a community without asking its visitors. */
type Seen = Partial<Glance> & { readonly name: string; readonly error?: Refusal };

/** One look at all communities that are served; one that was never used sleeps on. */
export async function lookAtAll({ env, url }: RequestContext): Promise<object> {
  const entries = (await openDirectory(env).list()).filter(({ archived }) => !archived);
  const communities = await askEach(entries, async (entry): Promise<Seen & { readonly link: string }> => {
    const { name, lastUsedMs } = entry;
    const known = { name, link: linkTo(url, name), lastSeenMs: lastUsedMs };
    if (lastUsedMs === null) return known;
    const glance = await stubOf(env, entry).glance();
    if ("ok" in glance) return { ...known, error: glance.refusal };
    return { ...known, ...glance, lastSeenMs: glance.lastSeenMs ?? lastUsedMs };
  });
  return { communities };
}

/** Commands the time of all communities alike; what one of them refuses is told, and the others have done it. */
export async function commandAll(context: RequestContext, request: IRequest): Promise<Checked<object>> {
  const { env } = context;
  const given = await readJson(request, bodies.time, deploymentLimits.classBytes);
  if (!given.ok) return given;
  const { communities: named, command, at, units, acceleration } = given.value;
  const needed = { start: { at }, accelerate: { acceleration } }[command as "start" | "accelerate"] ?? {};
  const missing = Object.entries(needed).find(([, value]) => value === undefined);
  if (missing !== undefined) return refuse("missing_parameter", `${missing[0]} is missing`, missing[0]);
  const query = units === undefined ? "" : `&units=${units}`;
  const path = {
    hold: "/time/hold",
    run: "/time/run",
    restart: `/restart?clock=start${query}`,
    start: `/time/start?at=${encodeURIComponent(at ?? "")}`,
    accelerate: `/set/acc/${acceleration ?? ""}`,
  }[command];
  const parsed = await parsePath(path, deploymentLimits.formBytes);
  if (!parsed.ok) return parsed;
  const entries = (await openDirectory(env).list()).filter(({ archived }) => !archived);
  const unknown = named?.find((name) => !entries.some((entry) => entry.name === name));
  if (unknown !== undefined)
    return refuse("not_found", `There is no community ${JSON.stringify(unknown)}`, "communities");
  const wanted = named === undefined ? entries : entries.filter(({ name }) => named.includes(name));
  const communities = await askEach(wanted, async (entry): Promise<{ name: string; error?: Refusal }> => {
    const limits = withDefaultLimits(entry.limits);
    const answer = await stubOf(env, entry).obey(parsed.value, { path, source: "administrator" }, limits);
    return answer.ok ? { name: entry.name } : { name: entry.name, error: answer.refusal };
  });
  return { ok: true, value: { communities } };
}

/** Asks each of these; of one that fails the others know nothing. */
async function askEach<T extends { readonly name: string; readonly error?: Refusal }>(
  entries: readonly CommunityEntry[],
  ask: (entry: CommunityEntry) => Promise<T>,
): Promise<(T | { readonly name: string; readonly error: Refusal })[]> {
  const answers: (T | { readonly name: string; readonly error: Refusal })[] = [];
  const failed: Refusal = { code: "internal", message: "The community failed; its log says why" };
  for (let at = 0; at < entries.length; at += askedAtOnce) {
    const asked = entries.slice(at, at + askedAtOnce);
    answers.push(
      ...(await Promise.all(
        asked.map((entry) => ask(entry).catch(() => ({ name: entry.name, error: failed }))),
      )),
    );
  }
  return answers;
}
