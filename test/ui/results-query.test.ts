import { expect, test } from "vitest";
import {
  type Against,
  parseQuery,
  type ResultsQuery,
  resolveSpan,
  writeQuery,
} from "../../src/ui/results/results-query.ts";

const spans: ResultsQuery["span"][] = [
  { kind: "all" },
  { kind: "newest", lengthS: 86_400 },
  { kind: "span", fromS: 3600, toS: 7200 },
];
const againsts: Against[] = [
  { kind: "nothing" },
  { kind: "before" },
  { kind: "since", fromS: 86_400 },
  { kind: "snapshot", name: "a: b & c" },
  { kind: "community", address: "/e/other" },
];

test("U71: What an address says of results is read back as it was written, and what it says wrongly is as at first", () => {
  for (const span of spans)
    for (const against of againsts)
      for (const unit of [null, "E012"])
        for (const by of [null, "month"] as const) {
          const query = { span, unit, by, against };
          expect(parseQuery(writeQuery(query))).toEqual(query);
        }
  const wrong = "from=9&to=3&newest=x&unit=1&by=week&against=since:";
  expect(parseQuery(wrong)).toEqual({
    span: { kind: "all" },
    unit: null,
    by: null,
    against: { kind: "nothing" },
  });
});

test("U71: A span is of the time that there is", () => {
  expect(resolveSpan({ kind: "newest", lengthS: 100 }, 40)).toEqual({ fromS: 0, toS: 40 });
  expect(resolveSpan({ kind: "span", fromS: 10, toS: 90 }, 40)).toEqual({ fromS: 10, toS: 40 });
  expect(resolveSpan({ kind: "all" }, 40)).toEqual({ fromS: 0, toS: 40 });
});
