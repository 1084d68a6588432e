import { expect, test } from "vitest";
import { readHomeId, readTypedNumber } from "../../src/ui/words/typed-text.ts";

const numbers: readonly (readonly [typed: string, unit: string, text: string])[] = [
  ["１２．５", "", "12.5"],
  ["－３", "", "-3"],
  ["−3", "", "-3"],
  ["12,5", "", "12.5"],
  ["0,25", "", "0.25"],
  ["1.234,5", "", "1234.5"],
  ["1,234.5", "", "1234.5"],
  ["1,234,567", "", "1234567"],
  ["1.234.567", "", "1234567"],
  ["12 500", "", "12500"],
  ["1.234", "", "1.234"],
  ["1,2345", "", "1.2345"],
  ["1234,56", "", "1234.56"],
  ["５５％", "%", "55"],
  ["350 V", "V", "350"],
  ["350v", "V", "350"],
  ["1e3", "", "1e3"],
  ["1.5 kW", "W", "1500"],
  ["１，１ｋＷ", "W", "1100"],
  ["2.2 k W", "W", "2200"],
  ["-0", "", "-0"],
];

test.each(numbers)("U29: %j is read as people mean it", (typed, unit, text) => {
  expect(readTypedNumber(typed, unit)).toEqual({ kind: "number", text });
});

test("U29: A comma before exactly three digits may mean either", () => {
  expect(readTypedNumber("1,234")).toEqual({ kind: "ambiguous", meanings: ["1.234", "1234"] });
  expect(readTypedNumber("１，２３４")).toEqual({ kind: "ambiguous", meanings: ["1.234", "1234"] });
  expect(readTypedNumber("-12,500 W", "W")).toEqual({ kind: "ambiguous", meanings: ["-12.500", "-12500"] });
  expect(readTypedNumber("1234,567")).toEqual({ kind: "ambiguous", meanings: ["1234.567", "1234567"] });
  expect(readTypedNumber("0,125")).toEqual({ kind: "ambiguous", meanings: ["0.125", "125"] });
});

test("U29: What is no number stays as it was typed", () => {
  for (const text of ["a lot", "1,2,3", "12.5.", "--3"])
    expect(readTypedNumber(text)).toEqual({ kind: "other", text });
});

test("U29: A home is meant by its ID, its number, in either case and width", () => {
  for (const typed of ["2", "002", "e2", "E002", "Ｅ００２", " ２ ", "E0002"])
    expect(readHomeId(typed)).toBe("E002");
  expect(readHomeId("1000")).toBe("E1000");
  expect(readHomeId("house")).toBe("HOUSE");
});
