import { expect, test } from "vitest";
import { converterCodes } from "../../src/input/units/unit-codes.ts";
import { parseRoute } from "../../src/ui/frame/router.ts";
import { modeCodes, unitFields } from "../../src/ui/homes/unit-fields.ts";
import { english } from "../../src/ui/texts/english.ts";
import { japanese } from "../../src/ui/texts/japanese.ts";

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

test("U27: Both languages have the same texts with the same gaps to fill", () => {
  expect(Object.keys(japanese).sort()).toEqual(Object.keys(english).sort());
  for (const [key, text] of Object.entries(english))
    expect(placeholders(japanese[key as keyof typeof english])).toEqual(placeholders(text));
});

test("U27: The codes of converter modes are the wire's, and fields are numbered 1 to 10", () => {
  expect(modeCodes).toEqual(converterCodes);
  expect(unitFields.map((field) => field.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("U27: Addresses lead to views, unknown ones to the community", () => {
  expect(parseRoute("#/unit/E012")).toEqual({ view: "unit", unit: "E012" });
  expect(parseRoute("#/charts")).toEqual({ view: "charts" });
  expect(parseRoute("#/unit/<script>")).toEqual({ view: "community" });
  expect(parseRoute("")).toEqual({ view: "community" });
});
