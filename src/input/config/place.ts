/**
 * Where the emulator runs: on the platform; under `wrangler dev`, where headers of the platform may be forged; or as
 * the local server, where worker and objects share one isolate.
 */
type Place = "platform" | "dev" | "local";

/** The place that a deployment's variable `place` names. What is not known counts as the platform, which trusts least. */
export function placeOf({ place }: { readonly place?: unknown }): Place {
  return place === "dev" || place === "local" ? place : "platform";
}
