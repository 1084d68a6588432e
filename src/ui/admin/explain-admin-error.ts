import type { AdminError, ListJson } from "./admin-api.ts";
import type { AdminTextKey, AdminTranslate } from "./admin-texts.ts";

/** What the server's words of a conflict are about. */
const conflicts: readonly (readonly [RegExp, AdminTextKey])[] = [
  [/There is a key/, "refusedKey"],
  [/There is an invitation/, "refusedInvitation"],
  [/different names/, "refusedNames"],
  [/There is a community/, "refusedName"],
  [/which is the limit/, "refusedMany"],
];

const reasons: Readonly<Record<string, AdminTextKey>> = {
  not_found: "refusedGone",
  rate_limited: "refusedTooOften",
  too_large: "refusedTooLarge",
};

/** Why something was not done, in the reader's language and with the names that stand on the page. */
export function explainAdminError(
  t: AdminTranslate,
  { code, message, parameter, isCommand }: AdminError,
  limits: ListJson["limits"],
  isAboutKey: boolean,
): string {
  if (code === "unreachable" || code === "internal")
    return t(isCommand ? "noAnswerToCommand" : "noAnswerToRead");
  const key = reasons[code];
  if (key !== undefined) return t(key);
  if (code === "conflict") {
    const [, key] = conflicts.find(([words]) => words.test(message)) ?? [];
    if (key !== undefined) return t(key);
  }
  if (code === "invalid_parameter" && parameter !== null) {
    const limit = limits[parameter];
    if (limit !== undefined) {
      const label = t(`limit.${parameter}` as AdminTextKey);
      return t("refusedValue", { label, allowed: t("allowedLimit", { most: limit.most }) });
    }
    if (parameter === "addresses")
      return t("refusedValue", { label: t("addresses"), allowed: t("allowedAddresses") });
    if (parameter === "name" || parameter === "to") {
      const [label, allowed] = isAboutKey
        ? (["keyName", "allowedKeyName"] as const)
        : (["name", "allowedName"] as const);
      return t("refusedValue", { label: t(label), allowed: t(allowed) });
    }
  }
  return t("refusedOtherwise", { code });
}
