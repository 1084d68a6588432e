import type { CommunityStorage, StoredChange, StoredCommunity, StoredUnit } from "./storage.ts";

/** Keeps a community in memory, as text like a database would, for tests and headless runs. */
export function createMemoryStorage(): CommunityStorage {
  let kept: string | null = null;
  const load = (): StoredCommunity | null => (kept === null ? null : JSON.parse(kept));
  return {
    load,
    save(change) {
      kept = JSON.stringify(merge(load(), change));
    },
  };
}

function merge(before: StoredCommunity | null, change: StoredChange): Partial<StoredCommunity> {
  const { units: changed = [], unitCount, ...parts } = change;
  const units: StoredUnit[] = before?.units ?? [];
  for (const unit of changed) units[unit.state.number - 1] = unit;
  return {
    lastSave: null,
    ...before,
    ...(parts as Partial<StoredCommunity>),
    units: units.slice(0, unitCount),
  };
}
