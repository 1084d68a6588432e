import { type Refusal, refuse } from "../community/refusal.ts";
import { clientNetwork } from "./address-list.ts";
import type { HostingEnv } from "./deployment.ts";
import type { CommunityEntry } from "./directory.ts";
import { deploymentLimits } from "./limits.ts";
import { RateCounter } from "./rate-counter.ts";

const requests = new RateCounter();
const wrongKeys = new RateCounter();

/**
 * Counts a request to a community. The platform's counters hold the usual limits, where they are bound; what
 * the directory sets lower for one community is counted in this isolate.
 */
export async function countRequest(
  env: HostingEnv,
  { objectKey, limits }: CommunityEntry,
  clientAddress: string | null,
  nowMs: number,
): Promise<Refusal | null> {
  const client = `${clientNetwork(clientAddress ?? "")} ${objectKey}`;
  const own = (key: string, most: number | undefined) =>
    most !== undefined && requests.add(key, nowMs) > most;
  if (own(client, limits.clientRequestsPerMinute)) return tooMany("client", limits.clientRequestsPerMinute);
  if (own(objectKey, limits.requestsPerMinute)) return tooMany("community", limits.requestsPerMinute);
  if (env.CLIENT_RATE !== undefined && !(await env.CLIENT_RATE.limit({ key: client })).success)
    return tooMany("client");
  if (env.COMMUNITY_RATE !== undefined && !(await env.COMMUNITY_RATE.limit({ key: objectKey })).success)
    return tooMany("community");
  return null;
}

/** Why a client that gave wrong keys must wait, or null. */
export function refuseGuessing(clientAddress: string | null, nowMs: number): Refusal | null {
  const { wrongKeysPerMinute } = deploymentLimits;
  if (wrongKeys.count(clientNetwork(clientAddress ?? ""), nowMs) < wrongKeysPerMinute) return null;
  return refuse("rate_limited", `More than ${wrongKeysPerMinute} wrong keys in a minute; wait a minute`)
    .refusal;
}

/** Counts a wrong key. */
export async function countWrongKey(
  env: HostingEnv,
  clientAddress: string | null,
  nowMs: number,
): Promise<void> {
  const client = clientNetwork(clientAddress ?? "");
  wrongKeys.add(client, nowMs);
  const outcome = await env.WRONG_KEY_RATE?.limit({ key: client });
  if (outcome?.success !== false) return;
  for (let count = 0; count < deploymentLimits.wrongKeysPerMinute; count++) wrongKeys.add(client, nowMs);
}

function tooMany(whose: string, most?: number): Refusal {
  const allowed = most === undefined ? "" : `; allowed: ${most} a minute`;
  return refuse("rate_limited", `Too many requests of this ${whose}${allowed}`).refusal;
}
