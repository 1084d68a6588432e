import type { CommunityObject } from "../community/community-object.ts";
import type { Env } from "../community/env.ts";
import { consoleLog, createLog, type Log, leastLevel } from "../community/watching/log.ts";
import type { Config } from "../input/config/entries.ts";
import { placeOf } from "../input/config/place.ts";
import { readConfig } from "../input/config/read-config.ts";
import { once } from "../notation/once.ts";
import type { RateCounters } from "./access/rate-limits.ts";
import { isLoopback, type OwnHosts } from "./directory/community-address.ts";
import type { DirectoryPlace } from "./directory/open-directory.ts";

/** What hosting needs of a deployment beside its communities. */
export interface HostingEnv extends Env, RateCounters, DirectoryPlace {
  readonly COMMUNITY: DurableObjectNamespace<CommunityObject>;
  /** The administrator's secret; without it, and without Cloudflare Access, nothing can be administered. */
  readonly ADMIN_SECRET?: string | null;
  /** The name of the machine on which the local server runs. */
  readonly MACHINE_NAME?: string;
  /** By which the local server's own program asks; made anew at each start. */
  readonly OPERATOR_KEY?: string | null;
  /** The local server's `jsontmp`, writable: what the community `default` saves stands there as a file too. */
  readonly SAVE_FOLDER?: Fetcher;
}

/** One request on its way, and what all steps need to know of it. */
export interface RequestContext {
  readonly request: Request;
  readonly url: URL;
  readonly env: HostingEnv;
  readonly config: Config;
  readonly log: Log;
  readonly nowMs: number;
  /** Whether the local server's own program asks: nothing bars or limits it. */
  readonly operates: boolean;
}

/** The configuration, read once for each deployment. @throws ConfigError */
export const configOf = once((env: HostingEnv): Config => readConfig(env));

/** The log of a deployment, which is there before its configuration is known to be right. */
export const logOf = once((env: HostingEnv) => createLog(leastLevel(env), [consoleLog]));

/** Whether this is a local server that no other machine reaches. */
export function isForThisMachine(env: HostingEnv, { b_host }: Config): boolean {
  return placeOf(env) === "local" && isLoopback(b_host);
}

/** The hosts by which this server is known. */
export function ownHostsOf({ MACHINE_NAME = "" }: HostingEnv, config: Config): OwnHosts {
  const { baseDomain, b_host, allowedHosts } = config;
  return { baseDomain, names: [...allowedHosts, b_host, MACHINE_NAME] };
}
