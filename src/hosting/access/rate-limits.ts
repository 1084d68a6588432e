import { deploymentLimits, type Limits } from "../../input/config/limits.ts";
import { type Refusal, refuse } from "../../notation/refusal.ts";
import { clientNetwork } from "./address-list.ts";
import { RateCounter } from "./rate-counter.ts";

interface PlatformCounter {
  limit(options: { key: string }): Promise<{ success: boolean }>;
}

/** The platform's counters. */
export interface RateCounters {
  readonly CLIENT_RATE?: PlatformCounter;
  readonly COMMUNITY_RATE?: PlatformCounter;
  readonly WRONG_KEY_RATE?: PlatformCounter;
}

/** Who asks, and which tenant: what is counted at one shuts no other. */
export interface RateClient {
  /** The community's object key, or the control plane. */
  readonly tenant: string;
  readonly clientAddress: string | null;
}

const requests = new RateCounter();
const wrongKeys = new RateCounter();

/**
 * Counts a request to a community. The platform's counters hold the default limits, where they are bound; what
 * the directory sets lower for one community is counted in this isolate.
 */
export async function countRequest(
  env: RateCounters,
  limits: Partial<Limits>,
  client: RateClient,
  nowMs: number,
): Promise<Refusal | null> {
  if (env.CLIENT_RATE === undefined && env.COMMUNITY_RATE === undefined && !hasOwnRate(limits)) return null;
  const community = client.tenant;
  const key = nameOf(client);
  const own = (name: string, most: number | undefined) =>
    most !== undefined && requests.add(name, nowMs) > most;
  if (own(key, limits.clientRequestsPerMinute)) return tooMany("client", limits.clientRequestsPerMinute);
  if (own(community, limits.requestsPerMinute)) return tooMany("community", limits.requestsPerMinute);
  if (env.CLIENT_RATE !== undefined && !(await env.CLIENT_RATE.limit({ key })).success)
    return tooMany("client");
  if (env.COMMUNITY_RATE !== undefined && !(await env.COMMUNITY_RATE.limit({ key: community })).success)
    return tooMany("community");
  return null;
}

/**
 * Counts a wrong key, and says why its sender must wait after too many, or null. The right one is always looked at
 * first: its holder may share an address with whoever guesses, and 256 random bits, or a secret of some length, are not
 * found by trying.
 */
export async function countWrongKey(
  env: RateCounters,
  client: RateClient,
  nowMs: number,
): Promise<Refusal | null> {
  const { wrongKeysPerMinute } = deploymentLimits;
  const key = nameOf(client);
  const isOver = wrongKeys.add(key, nowMs) > wrongKeysPerMinute;
  if (!isOver && (await env.WRONG_KEY_RATE?.limit({ key }))?.success !== false) return null;
  return refuse("rate_limited", `More than ${wrongKeysPerMinute} wrong keys in a minute; wait a minute`)
    .refusal;
}

function hasOwnRate({ requestsPerMinute, clientRequestsPerMinute }: Partial<Limits>): boolean {
  return requestsPerMinute !== undefined || clientRequestsPerMinute !== undefined;
}

function nameOf({ tenant, clientAddress }: RateClient): string {
  return `${clientNetwork(clientAddress ?? "")} ${tenant}`;
}

function tooMany(whose: string, most?: number): Refusal {
  const allowed = most === undefined ? "" : `; allowed: ${most} a minute`;
  return refuse("rate_limited", `Too many requests of this ${whose}${allowed}`).refusal;
}
