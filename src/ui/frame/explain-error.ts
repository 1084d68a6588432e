import { allowedNumbers } from "../../notation/allowed-numbers.ts";
import { unitFields } from "../homes/unit-fields.ts";
import type { ApiError } from "./api.ts";
import type { Context } from "./context.ts";
import type { TextKey } from "./i18n.ts";

/** What the server's words of a conflict are about. */
const conflicts: readonly (readonly [RegExp, TextKey])[] = [
  [/last unit/, "conflictLast"],
  [/\((maximumUnits|units)\)/, "conflictUnits"],
  [/\(storageBytes\)/, "conflictStorage"],
];
const knownCodes: Readonly<Record<string, TextKey>> = {
  unauthorized: "keyNeeded",
  forbidden: "refusedForbidden",
  rate_limited: "refusedTooOften",
  too_large: "refusedTooLarge",
  unknown_unit: "refusedUnknownUnit",
  not_found: "refusedNotFound",
};

/** Why something was not done, in the reader's language and with the names that stand on the screen. */
export function explainError({ t, formats }: Pick<Context, "t" | "formats">, error: ApiError): string {
  if (error.code === "unreachable") return t(error.isCommand ? "noAnswerToCommand" : "noAnswerToRead");
  if (error.code === "internal") return t(error.isCommand ? "failedCommand" : "failedRead");
  const { parameter } = error;
  if (parameter !== null && error.code === "invalid_parameter") {
    const label = labelOf(parameter);
    if (label !== null) return `${t(label)}: ${describeValue()}`;
  }
  if (error.code === "conflict") {
    const [, key] = conflicts.find(([words]) => words.test(error.message)) ?? [];
    if (key !== undefined) return t(key, { most: Number(/allowed: (\d+)/.exec(error.message)?.[1] ?? 0) });
  }
  const key = knownCodes[error.code];
  return key === undefined ? t("refusedOtherwise", { message: error.message }) : t(key);

  function describeValue(): string {
    const given = error.sent[parameter ?? ""] ?? "";
    const allowed = allowedNumbers[parameter as keyof typeof allowedNumbers];
    if (allowed === undefined) return t("refusedText", { given });
    const { min, max, unit } = allowed;
    const most = `${formats.number(max)}${unit === "" ? "" : `\u00a0${unit}`}`;
    return t("refusedNumber", { given, min: formats.number(min), max: most });
  }
}

function labelOf(parameter: string): TextKey | null {
  if (parameter === "acceleration") return "accelerationLabel";
  if (parameter === "count" || parameter === "units") return "homesCountField";
  return unitFields.find((field) => field.parameter === parameter)?.label ?? null;
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
