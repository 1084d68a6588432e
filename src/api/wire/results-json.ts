import * as v from "valibot";
import { binNames, readResults, type resultsSchema } from "../../community/records/results.ts";
import type { View } from "../../community/state/view.ts";
import type { InParts } from "../../notation/in-parts.ts";
import type { Refused } from "../../notation/refusal.ts";
import { readSpan, spanParameters } from "./asked-span.ts";

export const resultsParameters = v.object({
  ...spanParameters,
  by: v.optional(v.picklist(binNames, `one of ${binNames.join(", ")}`), "day"),
});

export function* writeResults(
  view: View,
  given: v.InferOutput<typeof resultsParameters>,
): InParts<v.InferOutput<typeof resultsSchema> | Refused> {
  const { records, chapters, config } = view;
  const span = readSpan(view, given);
  if ("refusal" in span) return span;
  const source = { storage: records, chapters: chapters(), startTime: config.startTime };
  return yield* readResults(source, { ...span, by: given.by });
}
