import * as v from "valibot";
import type { CommunityRequest } from "../../community/state/request.ts";
import { type Checked, checkParameters, type GivenParameters } from "../../notation/parameters.ts";
import { givenId } from "./names.ts";

export const idSchema = v.strictObject({ id: givenId });

export function parseDeleteData(given: GivenParameters): Checked<CommunityRequest> {
  const checked = checkParameters(idSchema, given);
  return checked.ok ? { ok: true, value: { kind: "deleteData", id: checked.value.id } } : checked;
}
