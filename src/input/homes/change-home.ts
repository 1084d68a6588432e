import { parseUnitId } from "../../notation/unit-id.ts";
import { type HomeSpec, type Homes, mostHomes } from "./home-schema.ts";
import { HomesError, readHomes } from "./read-homes.ts";

/** Fields of a home by their paths; null leaves one out again. */
export type HomeChange = Readonly<Record<string, string | number | null>>;

/** The number of the home that is called so, by its unit's ID or by its own; null where none is. */
export function placeOf({ homes }: Homes, name: string): number | null {
  const index = homes.findIndex(({ id }) => id === name);
  return index >= 0 ? index + 1 : parseUnitId(name);
}

/**
 * `homes` with the home of this number changed; of two ways to say how large its panels are, the one that is given last stays.
 * @throws HomesError
 */
export function changeHome(homes: Homes, number: number, change: HomeChange): Homes {
  if (number > mostHomes) throw new HomesError([`There are up to ${mostHomes} homes`]);
  const list: HomeSpec[] = Array.from(
    { length: Math.max(number, homes.homes.length) },
    (_, index) => homes.homes[index] ?? {},
  );
  const home = structuredClone(list[number - 1]) as Record<string, unknown>;
  const pv = home.pv as Record<string, unknown> | undefined;
  const byArea = ["pv.areaM2", "pv.yield", "pv.performanceRatio"].some(
    (path) => typeof change[path] === "number",
  );
  const byPeak = typeof change["pv.peakPowerW"] === "number";
  if (byArea && !byPeak) delete pv?.peakPowerW;
  if (byPeak && !byArea && pv !== undefined)
    for (const name of ["areaM2", "yield", "performanceRatio"]) delete pv[name];
  for (const [path, value] of Object.entries(change)) {
    const [group, name] = path.split(".") as [string, string | undefined];
    if (name !== undefined) home[group] ??= {};
    const owner = name === undefined ? home : (home[group] as Record<string, unknown>);
    if (value === null) delete owner[name ?? group];
    else owner[name ?? group] = value;
  }
  list[number - 1] = home as HomeSpec;
  return readHomes({ default: homes.default, homes: list });
}
