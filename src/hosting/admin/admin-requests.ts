import * as v from "valibot";
import { mediaTypeOf, readBody } from "../../api/http/given-parameters.ts";
import { type Checked, quote } from "../../api/http/parameters.ts";
import { communityLimits, deploymentLimits, type LimitName, limitNames } from "../../input/config/limits.ts";
import { type Refusal, refuse } from "../../notation/refusal.ts";
import { policies } from "../access/access.ts";
import { allowedRanges, isAddressRange } from "../access/address-list.ts";
import { allowedNames, isCommunityName } from "../directory/community-name.ts";

const name = v.pipe(v.string(allowedNames), v.check(isCommunityName, allowedNames));
const policy = v.picklist(policies, policies.join(", "));
const { addressesPerCommunity } = deploymentLimits;
const range = v.pipe(v.string(allowedRanges), v.check(isAddressRange, allowedRanges));
const allowedKeyNames = "1 to 63 of A–Z, a–z, 0–9, dots, hyphens and underscores";
const keyName = v.pipe(v.string(allowedKeyNames), v.regex(/^[\w.-]{1,63}$/, allowedKeyNames));

const allowedTime = "a time such as 2026-01-31T12:00:00Z";

/** Null takes back what was set: the default counts again. */
const limitSchemas = Object.fromEntries(limitNames.map((limit) => [limit, optionalNumber(limit)])) as Record<
  LimitName,
  ReturnType<typeof optionalNumber>
>;

/** The bodies of the control plane's requests. */
export const bodies = {
  create: v.strictObject({ name, policy: v.optional(v.nullable(policy), null) }),
  rename: v.strictObject({ to: name }),
  policy: v.strictObject({
    policy: v.optional(v.nullable(policy)),
    addresses: v.optional(
      v.pipe(v.array(range), v.maxLength(addressesPerCommunity, `up to ${addressesPerCommunity} of them`)),
    ),
  }),
  limits: v.strictObject(limitSchemas),
  archive: v.strictObject({ archived: v.boolean("true, false") }),
  key: v.strictObject({ name: keyName }),
  rewind: v.strictObject({ to: v.pipe(v.string(allowedTime), v.isoTimestamp(allowedTime)) }),
};

/** Reads and checks a JSON body. The refusal names what is wrong and what is allowed. */
export async function readJson<S extends v.GenericSchema>(
  request: Request,
  schema: S,
): Promise<Checked<v.InferOutput<S>>> {
  if (mediaTypeOf(request) !== "application/json")
    return refuse("invalid_parameter", "The body must be application/json", "content-type");
  const text = await readBody(request, deploymentLimits.formBytes);
  if (!text.ok) return text;
  const body = parse(text.value);
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

function optionalNumber(limit: LimitName) {
  const { most, unit } = communityLimits[limit];
  const allowed = `a whole number from 1 to ${most} ${unit}, or null`;
  const number = v.pipe(
    v.number(allowed),
    v.integer(allowed),
    v.minValue(1, allowed),
    v.maxValue(most, allowed),
  );
  return v.optional(v.nullable(number));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
