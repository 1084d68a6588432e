import type { CommandOrigin } from "../../community/state/request.ts";
import type { GivenParameters } from "../../notation/parameters.ts";

/** Longest source that is kept: it may be the client's own words. */
const longestSource = 120;

/** What is kept of where a command came from: its path with all parameters in the query, and who sent it. */
export function readOrigin(request: Request, given: GivenParameters, source: string): CommandOrigin {
  const query = new URLSearchParams(given).toString();
  const { pathname } = new URL(request.url);
  return { path: query === "" ? pathname : `${pathname}?${query}`, source: keptSource(source) };
}

/** Who sent a command, as far as it is kept. */
export function keptSource(source: string): string {
  return source.slice(0, longestSource);
}
