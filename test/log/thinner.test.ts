import { expect, test } from "vitest";
import { Thinner } from "../../src/community/watching/thinner.ts";

const admitted = (thinner: Thinner, kinds: readonly string[], nowMs: number) =>
  kinds.map((kind) => thinner.admit(kind, nowMs)).filter((line) => line !== null);

test("N11: of lines that repeat the first five of a minute are logged, and the next one says how many were not", () => {
  const thinner = new Thinner();
  const repeated = new Array<string>(1000).fill("not_found");
  expect(admitted(thinner, repeated, 0)).toEqual([{}, {}, {}, {}, {}]);
  expect(admitted(thinner, ["conflict"], 59_999)).toEqual([{ leftOut: 995 }]);
  expect(admitted(thinner, repeated.slice(0, 7), 60_000)).toHaveLength(5);
  expect(admitted(thinner, ["not_found"], 120_000)).toEqual([{ leftOut: 2 }]);
});

test("N11: a hundred lines a minute are the most, of however many kinds", () => {
  const thinner = new Thinner();
  const kinds = Array.from({ length: 5000 }, (_, index) => String(index));
  expect(admitted(thinner, kinds, 0)).toHaveLength(100);
  expect(admitted(thinner, ["x"], 60_000)).toEqual([{ leftOut: 4900 }]);
});
