import { deploymentLimits } from "../../input/config/limits.ts";
import type { CommunityEntry } from "./community-entry.ts";
import { type DirectoryPlace, openDirectory } from "./open-directory.ts";

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
