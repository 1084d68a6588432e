import type { Limits } from "../../input/config/limits.ts";
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
