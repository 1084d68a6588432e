import type { CommandOrigin } from "../../community/state/request.ts";
import type { GivenParameters } from "./parameters.ts";

/** Longest part of a client's own words that is kept. */
const longestSource = 120;

/** Where a request came from: its path, form parameters moved to the query, and address and program. */
export function readOrigin(request: Request, given: GivenParameters): CommandOrigin {
  const query = new URLSearchParams(given).toString();
  const { pathname } = new URL(request.url);
  const names = [request.headers.get("cf-connecting-ip"), request.headers.get("user-agent")];
  const source = names.filter((name) => name !== null).join(" ");
  return { path: query === "" ? pathname : `${pathname}?${query}`, source: source.slice(0, longestSource) };
}
