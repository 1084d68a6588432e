import { type Refusal, refuse } from "../../notation/refusal.ts";

/** Who may do what with a community: `read-open` lets anyone look, `closed` nobody without a credential. */
export const policies = ["closed", "read-open", "open"] as const;
export type Policy = (typeof policies)[number];

/** What a request comes with: nothing, something that is not accepted, or something that is. */
export type Identity = "nobody" | "refused" | "member";

/** Why the request is refused, or null if it may go on. */
export function decideAccess(policy: Policy, changes: boolean, identity: Identity): Refusal | null {
  if (policy === "open" || identity === "member") return null;
  if (policy === "read-open" && !changes) return null;
  if (identity === "refused")
    return refuse("unauthorized", "The key or session is not, or no longer, accepted here").refusal;
  const what = changes ? "Changing" : "Reading";
  return refuse("unauthorized", `${what} this community needs a key: send it as a bearer token, or log in`)
    .refusal;
}
