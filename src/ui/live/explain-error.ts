import { type FaultParameter, type FaultParameterName, faultParameters } from "../../input/faults/kinds.ts";
import { allowedNumbers } from "../../notation/allowed-numbers.ts";
import type { RefusalCode } from "../../notation/refusal.ts";
import type { TextKey } from "../words/i18n.ts";
import type { ApiError } from "./api.ts";
import type { Context } from "./context.ts";
import { unitFields } from "./unit-fields.ts";

/** What the server's words of a conflict are about. */
const conflicts: readonly (readonly [RegExp, TextKey])[] = [
  [/last unit/, "conflictLast"],
  [/claimed by/, "conflictClaimed"],
  [/\((maximumUnits|units)\)/, "conflictUnits"],
  [/\(storageBytes\)/, "conflictStorage"],
  [/^There are \d+ faults/, "conflictFaults"],
];
const reasons: Readonly<Record<Exclude<RefusalCode, "internal" | "invalid_parameter">, TextKey>> = {
  missing_parameter: "refusedMissing",
  conflict: "refusedConflict",
  method_not_allowed: "refusedNotFound",
  unauthorized: "keyNeeded",
  forbidden: "refusedForbidden",
  rate_limited: "refusedTooOften",
  catching_up: "refusedCatchingUp",
  too_large: "refusedTooLarge",
  unknown_unit: "refusedUnknownUnit",
  not_found: "refusedNotFound",
};

/** Why something was not done, in the reader's language and with the names that stand on the screen. */
export function explainError({ t, formats }: Pick<Context, "t" | "formats">, error: ApiError): string {
  if (error.code === "unreachable") return t(error.isCommand ? "noAnswerToCommand" : "noAnswerToRead");
  if (error.code === "internal") return t(error.isCommand ? "failedCommand" : "failedRead");
  const parameter = error.parameter ?? "";
  const label = labelOf(parameter);
  if (error.code === "invalid_parameter")
    return label === "" ? describeValue() : t("refusedAt", { label, reason: describeValue() });
  if (error.code === "conflict") {
    const [, key] = conflicts.find(([words]) => words.test(error.message)) ?? [];
    if (key !== undefined)
      return t(key, {
        most: Number(/allowed: (\d+)/.exec(error.message)?.[1] ?? 0),
        by: claimant(error.message),
      });
  }
  const key: TextKey | undefined = reasons[error.code as keyof typeof reasons];
  return key === undefined
    ? t("refusedOtherwise", { code: error.code })
    : t(key, { label, percent: formats.number(100 * error.share) });

  function describeValue(): string {
    const given = error.sent[parameter];
    if (given === undefined) return t("refusedValue");
    const ofFault: Partial<Record<string, FaultParameter>> = faultParameters;
    const allowed = { ...ofFault, ...allowedNumbers }[parameter];
    if (allowed === undefined || !("min" in allowed)) return t("refusedText", { given });
    const { min, max, unit } = allowed;
    const most = `${formats.number(max)}${unit === "" ? "" : `\u00a0${unit}`}`;
    return t("refusedNumber", { given, min: formats.number(min), max: most });
  }
  /** The field's name on the screen, or the parameter's own. */
  function labelOf(name: string): string {
    if (name === "acceleration") return t("accelerationLabel");
    if (name === "count" || name === "units") return t("homesCountField");
    if (Object.hasOwn(faultParameters, name)) return t(`faultTakes.${name as FaultParameterName}`);
    const field = unitFields.find((each) => each.parameter === name);
    return field === undefined ? name : t(field.label);
  }
}

function claimant(message: string): string {
  return /claimed by (.+) until /.exec(message)?.[1] ?? "";
}

/** Asks back what a number with a comma before exactly three digits means. */
export function describeComma(
  { t }: Pick<Context, "t">,
  label: string,
  given: string,
  [decimal, grouped]: readonly [string, string],
): string {
  return t("askComma", { label, given, decimal, grouped });
}
