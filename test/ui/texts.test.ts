import { expect, test } from "vitest";
import { groupNames, homeFields } from "../../src/input/homes/home-schema.ts";
import { converterCodes } from "../../src/input/units/unit-codes.ts";
import type { RefusalCode } from "../../src/notation/refusal.ts";
import { tripCauses } from "../../src/simulation/trip-causes.ts";
import { describeDetail } from "../../src/ui/events/event-words.ts";
import { parseRoute } from "../../src/ui/frame/route.ts";
import { hardwareGroups, hardwarePaths } from "../../src/ui/homes/hardware-fields.ts";
import { ApiError } from "../../src/ui/live/api.ts";
import { explainError } from "../../src/ui/live/explain-error.ts";
import { modeCodes, unitFields } from "../../src/ui/live/unit-fields.ts";
import { english } from "../../src/ui/words/english.ts";
import { createFormats } from "../../src/ui/words/formatting.ts";
import { createTranslate } from "../../src/ui/words/i18n.ts";
import { japanese } from "../../src/ui/words/japanese.ts";

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

test("U27: Both languages have the same texts with the same gaps to fill", () => {
  expect(Object.keys(japanese).sort()).toEqual(Object.keys(english).sort());
  for (const [key, text] of Object.entries(english))
    expect(placeholders(japanese[key as keyof typeof english])).toEqual(placeholders(text));
});

test("U27: Whatever tripped a converter is said in both languages", () => {
  for (const language of ["en", "ja"] as const) {
    const t = createTranslate(language);
    const said = tripCauses.map((detail) => describeDetail(t, { kind: "trip", detail }));
    expect(new Set(said).size).toBe(tripCauses.length);
    expect(said).not.toContain("");
  }
});

test("U27: The codes of converter modes are the wire's, and fields are numbered 1 to 10", () => {
  expect(modeCodes).toEqual(converterCodes);
  expect(unitFields.map((field) => field.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("U27: The fields of a home's hardware are those of its file", () => {
  expect(hardwarePaths).toEqual(homeFields.map(({ path }) => path));
  expect(hardwareGroups).toEqual(groupNames);
});

test("U27: Addresses lead to views, unknown ones to the community", () => {
  expect(parseRoute("#/unit/E012")).toEqual({ view: "unit", unit: "E012" });
  expect(parseRoute("#/charts")).toEqual({ view: "charts" });
  expect(parseRoute("#/unit/<script>")).toEqual({ view: "community" });
  expect(parseRoute("")).toEqual({ view: "community" });
});

/** Texts without the names that are filled in, by their keys. */
const words = (texts: Readonly<Record<string, string>>) =>
  Object.entries(texts).map(([key, text]) => [key, text.replace(/\{\w+\}/g, "")] as const);

for (const [rule, texts, forbidden] of [
  ["a home is no unit but in the controls' names", english, /(?<!Add |Remove )\bunits?\b/i],
  ["a home is no unit but in the controls' names", japanese, /ユニット(?!追加|削除)/],
  ["a home has one name", english, /\b(house ?holds?|residences?|dwellings?)\b/i],
  ["a home has one name", japanese, /世帯|家庭|家屋|需要家/],
  [
    "a grid alone is the utility's, but in the figures' names",
    english,
    /(?<!\bDC )\bgrid\b(?! (current|voltage|power|autonomy))/i,
  ],
  [
    "a grid alone is the utility's, but in the figures' names",
    japanese,
    /(?<!DC )グリッド(?!電流|電圧|電力|自律)/,
  ],
  [
    "solar power that is not let in is curtailed, never wasted",
    english,
    /solar[^:;,.]*wasted|wasted[^:;,.]*solar/i,
  ],
  ["what other power is too much is wasted, never surplus", english, /surplus|excess/i],
  ["what goes over the DC grid is shared", english, /exchang|trad(e|ing|er)/i],
  ["what goes over the DC grid is shared", japanese, /取引|交換/],
  ["the charge is no level", english, /\b(level|soc)\b/i],
] as const)
  test(`U37: One word, one meaning: ${rule} (${texts === english ? "English" : "Japanese"})`, () => {
    expect(words(texts).filter(([, text]) => forbidden.test(text))).toEqual([]);
  });

const createPage = (language: "en" | "ja") => ({
  t: createTranslate(language),
  formats: createFormats(language),
});
const codes: Readonly<Record<RefusalCode, true>> = {
  unknown_unit: true,
  not_found: true,
  method_not_allowed: true,
  missing_parameter: true,
  invalid_parameter: true,
  conflict: true,
  too_large: true,
  unauthorized: true,
  forbidden: true,
  rate_limited: true,
  catching_up: true,
  internal: true,
};

test("U11: Whatever the server refuses, the page says in its own language and not in the server's words", () => {
  const message = "Serverish words: allowed is something";
  for (const code of [...Object.keys(codes), "not_known_yet"])
    for (const parameter of [null, "rsoc", "mode", "resolution"])
      for (const sent of [{}, { [parameter ?? ""]: "x" }] as Record<string, string>[]) {
        const error = new ApiError(code, message, { parameter, isCommand: true, sent });
        expect(explainError(createPage("en"), error)).not.toMatch(/Serverish/);
        const said = explainError(createPage("ja"), error);
        expect(said).toMatch(/[ぁ-ん]/);
        expect(said.replace(/rsoc|resolution|\bx\b|E001|not_known_yet/g, "")).not.toMatch(/[a-z]{4}/i);
      }
});
