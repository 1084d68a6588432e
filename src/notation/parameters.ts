import * as v from "valibot";
import { isNumberText } from "./number-text.ts";
import { type Refusal, refuse } from "./refusal.ts";

/** Parameters of a request as they came: one text for each name. */
export type GivenParameters = Readonly<Record<string, string>>;

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

/** Longest part of a wrong value that an error repeats. */
const quotedLength = 80;

/** A number from `min` to `max` as Java, JavaScript or a person writes it; −0 becomes 0. */
export function numberFrom(min: number, max: number, unit: string) {
  const allowed = `a number from ${min} to ${max}${unit === "" ? "" : ` ${unit}`}`;
  return v.pipe(
    v.string(),
    v.check(isNumberText, allowed),
    v.transform((text) => Number(text) + 0),
    v.minValue(min, allowed),
    v.maxValue(max, allowed),
    v.metadata({ minimum: min, maximum: max, unit }),
  );
}

/**
 * Checks the parameters against `schema`. A refusal names the first wrong one, what was given and what is
 * allowed.
 */
export function checkParameters<S extends v.GenericSchema>(
  schema: S,
  given: GivenParameters,
): Checked<v.InferOutput<S>> {
  const result = v.safeParse(schema, given, { abortEarly: true, abortPipeEarly: true });
  if (result.success) return { ok: true, value: result.output };
  return describeIssue(result.issues[0], given, schema);
}

function describeIssue(
  issue: v.BaseIssue<unknown>,
  given: GivenParameters,
  schema: v.GenericSchema,
): { ok: false; refusal: Refusal } {
  const name = String(issue.path?.[0]?.key ?? "");
  if (issue.type === "strict_object" && issue.expected === "never") {
    const names = "entries" in schema ? Object.keys(schema.entries as object) : [];
    return refuse(
      "invalid_parameter",
      `${quote(name)} is no parameter of this request; allowed: ${names.join(", ") || "none"}`,
      name.slice(0, quotedLength),
    );
  }
  if (given[name] === undefined) return refuse("missing_parameter", `${name} is missing`, name);
  return refuse("invalid_parameter", `${name} is ${quote(given[name])}; allowed: ${issue.message}`, name);
}

/** A text that came from outside, short enough for a message. */
export function quote(text: string): string {
  return JSON.stringify(text.length > quotedLength ? `${text.slice(0, quotedLength)}…` : text);
}

/** The same of any value of a JSON text. */
export function quoteValue(value: unknown): string {
  if (typeof value === "string") return quote(value);
  const json = JSON.stringify(value);
  return json.length > quotedLength ? `${json.slice(0, quotedLength)}…` : json;
}

/** `entries`, of which none has to be given. */
export function optional<E extends Record<string, v.GenericSchema>>(entries: E) {
  return Object.fromEntries(Object.entries(entries).map(([name, schema]) => [name, v.optional(schema)])) as {
    [N in keyof E]: v.OptionalSchema<E[N], undefined>;
  };
}

type Defined<T> = { [N in keyof T]?: Exclude<T[N], undefined> };

/** `values` without those that are not given. */
export function definedOf<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
