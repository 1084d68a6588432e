import * as v from "valibot";
import type { CommunityRequest } from "../../community/state/request.ts";
import { type Checked, checkParameters, type GivenParameters } from "../../notation/parameters.ts";
import { givenName as name } from "./names.ts";
import { claimParameters, withClaim } from "./time-commands.ts";

export const nameSchema = v.strictObject({ name });
export const restoreSchema = v.strictObject({ name, ...claimParameters });

export function parseSnapshot(
  given: GivenParameters,
  kind: "keepSnapshot" | "deleteSnapshot",
): Checked<CommunityRequest> {
  const checked = checkParameters(nameSchema, given);
  return checked.ok ? { ok: true, value: { kind, name: checked.value.name } } : checked;
}

/** `/snapshots/restore?name=`: it changes the time, too. */
export function parseRestore(given: GivenParameters): Checked<CommunityRequest> {
  const checked = checkParameters(restoreSchema, given);
  if (!checked.ok) return checked;
  return withClaim(checked.value, { kind: "restoreSnapshot", name: checked.value.name });
}
