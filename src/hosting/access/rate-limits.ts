import { deploymentLimits, type Limits } from "../../input/config/limits.ts";
import { type Refusal, refuse } from "../../notation/refusal.ts";
import { clientNetwork } from "./address-list.ts";
import { RateCounter } from "./rate-counter.ts";

interface PlatformCounter {
  limit(options: { key: string }): Promise<{ success: boolean }>;
}

/** The platform's counters; the local server has none. */
export interface RateCounters {
  readonly CLIENT_RATE?: PlatformCounter;
  readonly COMMUNITY_RATE?: PlatformCounter;
  readonly WRONG_KEY_RATE?: PlatformCounter;
}

/** Who asks, and at which door: what is counted at one shuts no other. */
export interface Knocker {
  /** The community's object key, or the control plane. */
  readonly door: string;
  readonly clientAddress: string | null;
}

const requests = new RateCounter();
const wrongKeys = new RateCounter();

/**
 * Counts a request to a community. The platform's counters hold the usual limits, where they are bound; what
 * the directory sets lower for one community is counted in this isolate.
 */
export async function countRequest(
  env: RateCounters,
  limits: Partial<Limits>,
  knocker: Knocker,
  nowMs: number,
): Promise<Refusal | null> {
  if (env.CLIENT_RATE === undefined && env.COMMUNITY_RATE === undefined && !hasOwnRate(limits)) return null;
  const community = knocker.door;
  const client = nameOf(knocker);
  const own = (key: string, most: number | undefined) =>
    most !== undefined && requests.add(key, nowMs) > most;
  if (own(client, limits.clientRequestsPerMinute)) return tooMany("client", limits.clientRequestsPerMinute);
  if (own(community, limits.requestsPerMinute)) return tooMany("community", limits.requestsPerMinute);
  if (env.CLIENT_RATE !== undefined && !(await env.CLIENT_RATE.limit({ key: client })).success)
    return tooMany("client");
  if (env.COMMUNITY_RATE !== undefined && !(await env.COMMUNITY_RATE.limit({ key: community })).success)
    return tooMany("community");
  return null;
}

/** Why a client that gave wrong keys must wait, or null. */
export function refuseGuessing(knocker: Knocker, nowMs: number): Refusal | null {
  const { wrongKeysPerMinute } = deploymentLimits;
  if (wrongKeys.count(nameOf(knocker), nowMs) < wrongKeysPerMinute) return null;
  return refuse("rate_limited", `More than ${wrongKeysPerMinute} wrong keys in a minute; wait a minute`)
    .refusal;
}

/** Counts a wrong key. */
export async function countWrongKey(env: RateCounters, knocker: Knocker, nowMs: number): Promise<void> {
  const key = nameOf(knocker);
  wrongKeys.add(key, nowMs);
  const outcome = await env.WRONG_KEY_RATE?.limit({ key });
  if (outcome?.success !== false) return;
  for (let count = 0; count < deploymentLimits.wrongKeysPerMinute; count++) wrongKeys.add(key, nowMs);
}

function hasOwnRate({ requestsPerMinute, clientRequestsPerMinute }: Partial<Limits>): boolean {
  return requestsPerMinute !== undefined || clientRequestsPerMinute !== undefined;
}

function nameOf({ door, clientAddress }: Knocker): string {
  return `${clientNetwork(clientAddress ?? "")} ${door}`;
}

function tooMany(whose: string, most?: number): Refusal {
  const allowed = most === undefined ? "" : `; allowed: ${most} a minute`;
  return refuse("rate_limited", `Too many requests of this ${whose}${allowed}`).refusal;
}
