import type { CommunityColumnsJson, CommunityJson, UnitStateJson } from "../../api/wire/community-json.ts";

/** The state of all homes from the columns in which it comes: over a slow link they are there in a quarter of the time. */
export function readColumns({ units: columns, ...community }: CommunityColumnsJson): CommunityJson {
  const named = Object.entries(columns);
  const units = columns.id.map((_, place) =>
    Object.fromEntries(named.map(([name, column]) => [name, column[place]])),
  );
  return { ...community, units: units as unknown as UnitStateJson[] };
}

/** The text of a message of `/live`: in gzip, or as it is. */
export function unpack(message: string | ArrayBuffer): Promise<string> {
  if (typeof message === "string") return Promise.resolve(message);
  const stream = new Blob([message]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}
