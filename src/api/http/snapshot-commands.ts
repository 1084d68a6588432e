import * as v from "valibot";
import type { CommunityRequest, EmulatorRequest } from "../../community/state/request.ts";
import { readGivenSnapshot } from "../../community/storage/check-snapshot.ts";
import { type Checked, checkParameters, type GivenParameters } from "../../notation/parameters.ts";
import { refuse } from "../../notation/refusal.ts";
import { snapshotFormat } from "../wire/snapshots-json.ts";
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

/** `/snapshots/restore?name=` and `/snapshots/begin?name=`: they change the time, too. */
export function parseRestore(
  given: GivenParameters,
  kind: "restoreSnapshot" | "beginSnapshot",
): Checked<CommunityRequest> {
  const checked = checkParameters(restoreSchema, given);
  if (!checked.ok) return checked;
  return withClaim(checked.value, { kind, name: checked.value.name });
}

const uploadSchema = v.object({
  format: v.literal(snapshotFormat, `"${snapshotFormat}"`),
  version: v.number("a number"),
  name,
  snapshot: v.record(v.string(), v.unknown(), "an object"),
});
/** What `/snapshots/file` gives. */
export const uploadBodySchema = uploadSchema;

/** `/snapshots/upload`: a file as `/snapshots/file` gives it, under the name in it. */
export function parseUpload(given: unknown): Checked<EmulatorRequest> {
  const read = v.safeParse(uploadSchema, given, { abortEarly: true });
  if (!read.success) {
    const [issue] = read.issues;
    const parameter = String(issue.path?.[0]?.key ?? "body");
    return refuse("invalid_parameter", `${parameter} is not right; allowed: ${issue.message}`, parameter);
  }
  const { version, name: called, snapshot } = read.output;
  const content = readGivenSnapshot(version, JSON.stringify(snapshot));
  if (typeof content === "string") return refuse("invalid_parameter", `snapshot: ${content}`, "snapshot");
  return { ok: true, value: { kind: "uploadSnapshot", name: called, content } };
}
