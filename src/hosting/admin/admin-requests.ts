import * as v from "valibot";
import { mediaTypeOf, parseJson, readBody } from "../../api/http/given-parameters.ts";
import { deploymentLimits } from "../../input/config/limits.ts";
import { type Checked, quote } from "../../notation/parameters.ts";
import { type Refusal, refuse } from "../../notation/refusal.ts";
import { storedKeySchema } from "../access/credentials.ts";
import {
  communityName,
  eachLimit,
  limitSchema,
  regionSchema,
  settingsSchema,
} from "../directory/community-entry.ts";

const { policy, addresses, archived } = settingsSchema.entries;
const { jurisdiction, location } = regionSchema.entries;
const { communitiesAtOnce, invitationHours } = deploymentLimits;
const keyName = storedKeySchema.entries.name;
const allowedHours = `a number above 0 and up to ${invitationHours.most} h`;
const hours = v.optional(
  v.pipe(v.number(allowedHours), v.gtValue(0, allowedHours), v.maxValue(invitationHours.most, allowedHours)),
  invitationHours.default,
);
const limits = v.strictObject(eachLimit((limit) => v.exactOptional(limitSchema(limit))));
const commands = ["hold", "run", "restart", "start", "accelerate"] as const;
const allowedTime = "a time such as 2026-01-31T12:00:00Z";

/** The bodies of the control plane's requests. */
export const bodies = {
  create: v.strictObject({
    name: communityName,
    policy: v.optional(policy, null),
    jurisdiction: v.optional(jurisdiction, null),
    location: v.optional(location, null),
  }),
  rename: v.strictObject({ to: communityName }),
  branch: v.strictObject({ name: communityName, snapshot: v.optional(v.string()) }),
  policy: v.strictObject({ policy: v.optional(policy), addresses: v.optional(addresses) }),
  /** Null takes back what was set: the default counts again. */
  limits: v.strictObject(eachLimit((limit) => v.optional(v.nullable(limitSchema(limit))))),
  archive: v.strictObject({ archived }),
  key: v.strictObject({ name: keyName }),
  invitation: v.strictObject({ name: keyName, hours }),
  /** What stands beside the list is of all of them, unless one has its own. */
  class: v.strictObject({
    communities: v.pipe(
      v.array(
        v.strictObject({ name: communityName, limits: v.optional(limits, {}), key: v.optional(keyName) }),
      ),
      v.minLength(1, "one or more of them"),
      v.maxLength(communitiesAtOnce, `up to ${communitiesAtOnce} of them`),
      v.check((list) => new Set(list.map(({ name }) => name)).size === list.length, "each name once"),
    ),
    policy: v.optional(policy, "closed"),
    limits: v.optional(limits, {}),
    /** Makes a key of this name for each. */
    key: v.optional(keyName),
    /** Makes an invitation to a key of this name for each. */
    invitation: v.optional(keyName),
    hours,
  }),
  time: v.strictObject({
    command: v.picklist(commands, commands.join(", ")),
    /** Of all that are served, unless these alone are named. */
    communities: v.optional(v.array(communityName)),
    at: v.optional(v.string("a date such as 2020-01-31")),
    units: v.optional(v.number("a whole number of homes")),
    acceleration: v.optional(v.number("a number")),
  }),
  rewind: v.strictObject({ to: v.pipe(v.string(allowedTime), v.isoTimestamp(allowedTime)) }),
};

/** Reads and checks a JSON body. The refusal names what is wrong and what is allowed. */
export async function readJson<S extends v.GenericSchema>(
  request: Request,
  schema: S,
  mostBytes: number = deploymentLimits.formBytes,
): Promise<Checked<v.InferOutput<S>>> {
  if (mediaTypeOf(request) !== "application/json")
    return refuse("invalid_parameter", "The body must be application/json", "content-type");
  const text = await readBody(request, mostBytes);
  if (!text.ok) return text;
  const body = parseJson(text.value);
  if (body === undefined) return refuse("invalid_parameter", "The body is no JSON");
  const result = v.safeParse(schema, body, { abortEarly: true, abortPipeEarly: true });
  if (result.success) return { ok: true, value: result.output };
  return { ok: false, refusal: describeIssue(result.issues[0]) };
}

function describeIssue(issue: v.BaseIssue<unknown>): Refusal {
  const parameter = String(issue.path?.[0]?.key ?? "body").slice(0, 80);
  const isMissing = issue.type === "strict_object" && issue.expected !== "never" && issue.path !== undefined;
  if (isMissing) return { code: "missing_parameter", message: `${parameter} is missing`, parameter };
  const given = JSON.stringify(issue.input) ?? "missing";
  const isUnknown = issue.type === "strict_object" && issue.expected === "never";
  const allowed = isUnknown ? "no parameter of this name" : issue.message;
  return {
    code: "invalid_parameter",
    message: `${parameter} is ${quote(given)}; allowed: ${allowed}`,
    parameter,
  };
}
