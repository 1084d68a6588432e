import type { ListJson } from "./admin-api.ts";
import type { AdminTextKey, AdminTranslate } from "./admin-texts.ts";

/** A community's own limits in words, such as `up to 20 homes, at most 600 requests a minute of one client`. */
export function describeLimits(t: AdminTranslate, limits: Readonly<Record<string, number>>): string {
  const words = Object.entries(limits).map(([limit, most]) => inWords(t, limit, most));
  return words.length === 0 ? t("limitsUsual") : words.join(t("comma"));
}

/** The usual limits in words. */
export function describeUsual(t: AdminTranslate, { limits }: Pick<ListJson, "limits">): string {
  const words = Object.entries(limits).map(([limit, { default: most }]) => inWords(t, limit, most));
  return words.join(t("comma"));
}

function inWords(t: AdminTranslate, limit: string, most: number): string {
  const value = limit.endsWith("Bytes") ? writeBytes(t, most) : t("count", { count: most });
  return t(`words.${limit}` as AdminTextKey, { value });
}

function writeBytes(t: AdminTranslate, bytes: number): string {
  const [unit, size] = bytes >= 1e9 ? ["GB", 1e9] : bytes >= 1e6 ? ["MB", 1e6] : ["kB", 1000];
  return `${t("count", { count: Math.round((bytes / (size as number)) * 10) / 10 })} ${unit}`;
}
