import type { CommunityEntry } from "./community-entry.ts";

/** What says which Durable Object a community is. */
export type ObjectOfCommunity = Pick<CommunityEntry, "objectKey" | "jurisdiction" | "location">;

/** The platform's objects of communities. */
interface Namespace<Stub> {
  jurisdiction(name: "eu" | "fedramp"): Namespace<Stub>;
  getByName(name: string, options: { locationHint?: NonNullable<CommunityEntry["location"]> }): Stub;
}

/** The Durable Object of a community, within its jurisdiction; at its first call it begins near its location. */
export function stubOf<Stub>(
  { COMMUNITY }: { readonly COMMUNITY: Namespace<Stub> },
  { objectKey, jurisdiction, location }: ObjectOfCommunity,
): Stub {
  const namespace = jurisdiction === null ? COMMUNITY : COMMUNITY.jurisdiction(jurisdiction);
  return namespace.getByName(objectKey, location === null ? {} : { locationHint: location });
}
