import { DurableObject } from "cloudflare:workers";
import { communityLimits, deploymentLimits, withDefaultLimits } from "../../input/config/limits.ts";
import { type Refusal, refuse } from "../../notation/refusal.ts";
import { createSecret, type StoredInvitation, type StoredKey } from "../access/credentials.ts";
import type { CommunityEntry, CommunityRegion, CommunitySettings } from "./community-entry.ts";
import { defaultCommunity } from "./community-name.ts";

/** A refusal is told as data: a thrown error would not cross the call well. */
export type Changed =
  | { readonly ok: true; readonly entry: CommunityEntry }
  | { readonly ok: false; readonly refusal: Refusal };

/** A community that is to be made. */
interface NewCommunity extends Pick<CommunitySettings, "policy" | "limits"> {
  readonly name: string;
  readonly keys: readonly StoredKey[];
  readonly invitations: readonly StoredInvitation[];
}

/** What is kept of a community as JSON; versioned, so that a later program can read it. */
type Body = Omit<CommunityEntry, "name" | "objectKey" | "lastUsedMs" | "sizeBytes">;
const bodyVersion = 1;

const byName = new Intl.Collator("en", { numeric: true });

const anywhere: CommunityRegion = { jurisdiction: null, location: null };

const schema = `
  CREATE TABLE IF NOT EXISTS community (
    object_key TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, body TEXT NOT NULL,
    last_used_ms INTEGER, size_bytes INTEGER
  )`;

/** The registry of all communities of a deployment. Which Durable Object a name means is written here alone. */
export class Directory extends DurableObject {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as never);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(schema);
    if (this.find(defaultCommunity) === null) this.#insert(defaultCommunity, defaultCommunity, null);
  }

  find(name: string): CommunityEntry | null {
    const row = this.#sql.exec("SELECT * FROM community WHERE name = ?", name).toArray()[0];
    return row === undefined ? null : readEntry(row);
  }

  /** By name, as people count: class-2 before class-10. */
  list(): CommunityEntry[] {
    const entries = this.#sql.exec("SELECT * FROM community").toArray().map(readEntry);
    return entries.sort((a, b) => byName.compare(a.name, b.name));
  }

  /** Whether this key belongs to a community; one that was deleted must not begin anew by itself. */
  owns(objectKey: string): boolean {
    return this.#sql.exec("SELECT 1 FROM community WHERE object_key = ?", objectKey).toArray().length > 0;
  }

  /** Notes that a community was in use. */
  noteUse(objectKey: string, usedMs: number, sizeBytes: number): void {
    const update = "UPDATE community SET last_used_ms = ?, size_bytes = ? WHERE object_key = ?";
    this.#sql.exec(update, usedMs, sizeBytes, objectKey);
  }

  /** Finished simulated days that a community keeps; the most that are possible where there is none. */
  historyDaysOf(objectKey: string): number {
    const row = this.#sql.exec("SELECT * FROM community WHERE object_key = ?", objectKey).toArray()[0];
    if (row === undefined) return communityLimits.historyDays.most;
    return withDefaultLimits(readEntry(row).limits).historyDays;
  }

  create(name: string, policy: CommunitySettings["policy"], region: CommunityRegion = anywhere): Changed {
    if (this.find(name) !== null) return refuseTaken(name);
    const { communities } = deploymentLimits;
    if (this.#count() >= communities)
      return refuse("conflict", `There are ${communities} communities, which is the limit`);
    this.#insert(crypto.randomUUID(), name, policy, region);
    return this.#changed(name);
  }

  /** Creates all of these or, where one of them cannot be, none. */
  createAll(wanted: readonly NewCommunity[]): Refusal | null {
    const { communities } = deploymentLimits;
    if (this.#count() + wanted.length > communities)
      return refuse("conflict", `There would be more than ${communities} communities, which is the limit`)
        .refusal;
    const taken = wanted.find(({ name }) => this.find(name) !== null);
    if (taken !== undefined) return refuseTaken(taken.name).refusal;
    this.ctx.storage.transactionSync(() => {
      for (const { name, ...settings } of wanted) {
        this.#insert(crypto.randomUUID(), name, settings.policy);
        this.#save({ ...(this.find(name) as CommunityEntry), ...settings });
      }
    });
    return null;
  }

  rename(name: string, to: string): Changed {
    const entry = this.find(name);
    if (entry === null) return refuseUnknown(name);
    if (name === defaultCommunity)
      return refuse("conflict", "The community of the bare host keeps its name", "to");
    if (this.find(to) !== null) return refuseTaken(to);
    this.#sql.exec("UPDATE community SET name = ? WHERE name = ?", to, name);
    return this.#changed(to);
  }

  /** Sets what is given and leaves the rest. */
  change(name: string, settings: Partial<CommunitySettings>): Changed {
    const entry = this.find(name);
    return entry === null ? refuseUnknown(name) : this.#save({ ...entry, ...settings });
  }

  /** Adds a key, or with `replaces` puts it in the place of the one that has its name. */
  addKey(name: string, key: StoredKey, replaces: boolean): Changed {
    const entry = this.find(name);
    if (entry === null) return refuseUnknown(name);
    const others = entry.keys.filter((each) => each.name !== key.name);
    const isThere = others.length < entry.keys.length;
    if (replaces && !isThere) return refuseUnknownKey(key.name);
    const refused = replaces ? null : refuseKey(entry, key.name);
    return refused ?? this.#save({ ...entry, keys: [...others, key] });
  }

  /** Adds an invitation, which will be a key of its name. */
  invite(name: string, invitation: StoredInvitation): Changed {
    const entry = this.find(name);
    if (entry === null) return refuseUnknown(name);
    const invitations = entry.invitations.filter(({ endMs }) => endMs > invitation.createdMs);
    const refused = refuseKey({ ...entry, invitations }, invitation.name);
    return refused ?? this.#save({ ...entry, invitations: [...invitations, invitation] });
  }

  /** Puts a key in the place of the invitation with this hash, if it is good at `nowMs`: each is good once. */
  join(name: string, invitationHash: string, keyHash: string, nowMs: number): Changed {
    const entry = this.find(name);
    const invitation = entry?.invitations.find(({ hash, endMs }) => hash === invitationHash && endMs > nowMs);
    if (entry === null || invitation === undefined)
      return refuse("unauthorized", "The invitation is not good (any more)", "invitation");
    const invitations = entry.invitations.filter((each) => each !== invitation);
    const key = { name: invitation.name, hash: keyHash, createdMs: nowMs };
    return this.#save({ ...entry, invitations, keys: [...entry.keys, key] });
  }

  withdraw(name: string, invitationName: string): Changed {
    const entry = this.find(name);
    if (entry === null) return refuseUnknown(name);
    const invitations = entry.invitations.filter((each) => each.name !== invitationName);
    if (invitations.length < entry.invitations.length) return this.#save({ ...entry, invitations });
    return refuse("not_found", `There is no invitation ${JSON.stringify(invitationName)}`);
  }

  removeKey(name: string, keyName: string): Changed {
    const entry = this.find(name);
    if (entry === null) return refuseUnknown(name);
    const keys = entry.keys.filter((key) => key.name !== keyName);
    return keys.length === entry.keys.length ? refuseUnknownKey(keyName) : this.#save({ ...entry, keys });
  }

  /** Strikes out a community; the caller then wipes its storage. The bare host's begins anew. */
  remove(name: string): Changed {
    const entry = this.find(name);
    if (entry === null) return refuseUnknown(name);
    this.#sql.exec("DELETE FROM community WHERE name = ?", name);
    if (name === defaultCommunity) this.#insert(defaultCommunity, defaultCommunity, null);
    return { ok: true, entry };
  }

  #insert(
    objectKey: string,
    name: string,
    policy: CommunitySettings["policy"],
    region: CommunityRegion = anywhere,
  ): void {
    const body: Body = {
      ...region,
      policy,
      addresses: [],
      limits: {},
      archived: false,
      keys: [],
      invitations: [],
      sessionSecret: createSecret(),
      createdMs: Date.now(),
    };
    const insert = "INSERT INTO community (object_key, name, version, body) VALUES (?, ?, ?, ?)";
    this.#sql.exec(insert, objectKey, name, bodyVersion, JSON.stringify(body));
  }

  #save({ name, objectKey, lastUsedMs: _, sizeBytes: __, ...body }: CommunityEntry): Changed {
    const update = "UPDATE community SET version = ?, body = ? WHERE object_key = ?";
    this.#sql.exec(update, bodyVersion, JSON.stringify(body satisfies Body), objectKey);
    return this.#changed(name);
  }

  #changed(name: string): Changed {
    return { ok: true, entry: this.find(name) as CommunityEntry };
  }

  #count(): number {
    return this.#sql.exec("SELECT count(*) AS count FROM community").one().count as number;
  }
}

function readEntry(row: Record<string, SqlStorageValue>): CommunityEntry {
  if (row.version !== bodyVersion)
    throw new Error(`A row of the directory has version ${row.version}; this program reads ${bodyVersion}`);
  const body = JSON.parse(row.body as string) as Body;
  return {
    // Releases before 0.2 chose no region and invited nobody.
    ...anywhere,
    ...body,
    invitations: body.invitations ?? [],
    name: row.name as string,
    objectKey: row.object_key as string,
    lastUsedMs: row.last_used_ms as number | null,
    sizeBytes: row.size_bytes as number | null,
  };
}

function refuseUnknown(name: string): Changed {
  return refuse("not_found", `There is no community ${JSON.stringify(name)}`);
}

/** Why there may be no further key, or invitation to one, of this name; or null. */
function refuseKey({ keys, invitations }: CommunityEntry, name: string): Changed | null {
  const { keysPerCommunity } = deploymentLimits;
  if (keys.some((key) => key.name === name))
    return refuse("conflict", `There is a key ${JSON.stringify(name)}; rotate or revoke it`, "name");
  if (invitations.some((invitation) => invitation.name === name))
    return refuse("conflict", `There is an invitation ${JSON.stringify(name)}; withdraw it`, "name");
  if (keys.length + invitations.length < keysPerCommunity) return null;
  return refuse("conflict", `There are ${keysPerCommunity} keys and invitations, which is the limit`);
}

function refuseUnknownKey(name: string): Changed {
  return refuse("not_found", `There is no key ${JSON.stringify(name)}`);
}

function refuseTaken(name: string) {
  return refuse("conflict", `There is a community ${JSON.stringify(name)} already`);
}
