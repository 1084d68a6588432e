import { type DirectoryPlace, openDirectory } from "../../community/directory-link.ts";
import { deploymentLimits, type Limits } from "../../input/config/limits.ts";
import type { Policy } from "../access/access.ts";
import type { StoredKey } from "../access/credentials.ts";

/** What may be set of a community. */
export interface CommunitySettings {
  /** Null goes by the configuration (`defaultAccess`). */
  readonly policy: Policy | null;
  /** Addresses and ranges whose clients need no key. */
  readonly addresses: readonly string[];
  readonly limits: Partial<Limits>;
  /** An archived community is kept but not served. */
  readonly archived: boolean;
}

/** What the directory knows of one community. */
export interface CommunityEntry extends CommunitySettings {
  readonly name: string;
  /** Names its Durable Object, whatever the community is called. */
  readonly objectKey: string;
  readonly keys: readonly StoredKey[];
  /** Signs its sessions. */
  readonly sessionSecret: string;
  readonly createdMs: number;
  /** Time of its last command, to the hour; null before the first. */
  readonly lastUsedMs: number | null;
  /** Size of its storage at that time. */
  readonly sizeBytes: number | null;
}

interface Remembered {
  readonly entry: CommunityEntry | null;
  readonly readMs: number;
}

/** What this isolate was told lately. Names that are not there are remembered too. */
const remembered = new Map<string, Remembered>();
const maximumRemembered = 1000;

/** The community of this name, or null. What was told in the last `entrySeconds` is not asked again. */
export function findCommunity(
  env: DirectoryPlace,
  name: string,
  nowMs: number,
): CommunityEntry | null | Promise<CommunityEntry | null> {
  const known = remembered.get(name);
  const isFresh = known !== undefined && nowMs - known.readMs < deploymentLimits.entrySeconds * 1000;
  return isFresh ? known.entry : askDirectory(env, name, nowMs);
}

async function askDirectory(
  env: DirectoryPlace,
  name: string,
  nowMs: number,
): Promise<CommunityEntry | null> {
  const { changes } = forgotten;
  const entry = await openDirectory(env).find(name);
  if (remembered.size >= maximumRemembered) remembered.clear();
  // An answer that was on its way while something changed may be older than the change.
  if (changes === forgotten.changes) remembered.set(name, { entry, readMs: nowMs });
  return entry;
}

const forgotten = { changes: 0 };

/** After a change: what this isolate was told is asked again. */
export function forgetCommunities(): void {
  forgotten.changes++;
  remembered.clear();
}
