import * as v from "valibot";
import { communityLimits, deploymentLimits, type LimitName, limitNames } from "../../input/config/limits.ts";
import { policies } from "../access/access.ts";
import { allowedRanges, isAddressRange } from "../access/address-list.ts";
import { storedInvitationSchema, storedKeySchema } from "../access/credentials.ts";
import { allowedNames, isCommunityName } from "./community-name.ts";

/**
 * What the directory knows of one community, each field with what is said where it is wrong: the type of an entry and the
 * bodies of the control plane's requests follow from it.
 */

export const communityName = v.pipe(v.string(allowedNames), v.check(isCommunityName, allowedNames));

const { addressesPerCommunity } = deploymentLimits;

const jurisdictions = ["eu", "fedramp"] as const;
const locations = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"] as const;

/** What may be set of a community. */
export const settingsSchema = v.object({
  /** Null goes by the configuration (`defaultAccess`). */
  policy: v.nullable(v.picklist(policies, policies.join(", "))),
  /** Addresses and ranges whose clients need no key. */
  addresses: v.pipe(
    v.array(v.pipe(v.string(allowedRanges), v.check(isAddressRange, allowedRanges))),
    v.maxLength(addressesPerCommunity, `up to ${addressesPerCommunity} of them`),
    v.readonly(),
  ),
  limits: v.object(eachLimit((limit) => v.exactOptional(limitSchema(limit)))),
  /** An archived community is kept but not served. */
  archived: v.boolean("true, false"),
});

export type CommunitySettings = Readonly<v.InferOutput<typeof settingsSchema>>;

/** Where the platform keeps a community; chosen when it is created, for good. */
export const regionSchema = v.object({
  /** Its object never leaves there. */
  jurisdiction: v.nullable(v.picklist(jurisdictions, `${jurisdictions.join(", ")}, or null`)),
  /** Where its object begins, if it can; null is near whoever asks first. */
  location: v.nullable(v.picklist(locations, `${locations.join(", ")}, or null`)),
});

export type CommunityRegion = Readonly<v.InferOutput<typeof regionSchema>>;

const entrySchema = v.object({
  ...settingsSchema.entries,
  ...regionSchema.entries,
  name: communityName,
  /** Names its Durable Object, whatever the community is called. */
  objectKey: v.string(),
  keys: v.pipe(v.array(storedKeySchema), v.readonly()),
  /** Those that nobody has come with yet. */
  invitations: v.pipe(v.array(storedInvitationSchema), v.readonly()),
  /** Signs its sessions. */
  sessionSecret: v.string(),
  createdMs: v.number(),
  /** Time of its last command, to the hour; null before the first. */
  lastUsedMs: v.nullable(v.number()),
  /** Size of its storage at that time. */
  sizeBytes: v.nullable(v.number()),
});

export type CommunityEntry = Readonly<v.InferOutput<typeof entrySchema>>;

/** Entries of an object with something for each limit. */
export function eachLimit<S>(create: (limit: LimitName) => S): Record<LimitName, S> {
  return Object.fromEntries(limitNames.map((limit) => [limit, create(limit)])) as Record<LimitName, S>;
}

export function limitSchema(limit: LimitName) {
  const { most, unit } = communityLimits[limit];
  const allowed = `a whole number from 1 to ${most} ${unit}, or null`;
  return v.pipe(v.number(allowed), v.integer(allowed), v.minValue(1, allowed), v.maxValue(most, allowed));
}
