import * as v from "valibot";
import type { CommunityRequest } from "../../community/state/request.ts";
import { type Checked, checkParameters, type GivenParameters } from "../../notation/parameters.ts";
import { givenId, usableId } from "./names.ts";

export const idSchema = v.strictObject({ id: givenId });

export function parseDeleteData(given: GivenParameters): Checked<CommunityRequest> {
  const checked = checkParameters(idSchema, given);
  return checked.ok ? { ok: true, value: { kind: "deleteData", id: checked.value.id } } : checked;
}

export const useSchema = v.strictObject({ id: usableId });

export function parseUseData(given: GivenParameters): Checked<CommunityRequest> {
  const checked = checkParameters(useSchema, given);
  return checked.ok ? { ok: true, value: { kind: "useData", id: checked.value.id } } : checked;
}
