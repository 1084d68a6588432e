import * as v from "valibot";
import { dealSchema, listDeals } from "../../community/records/deals.ts";
import type { View } from "../../community/state/view.ts";
import type { InParts } from "../../notation/in-parts.ts";
import type { Refused } from "../../notation/refusal.ts";
import { describe } from "../../notation/rows.ts";
import { readSpan, spanParameters } from "./asked-span.ts";

export const dealsParameters = v.object(spanParameters);

/** Most deals of one answer; `deals.csv` has no limit. */
const mostDeals = 5000;

/** What `/deals` tells. */
export const dealsSchema = v.object({
  fromS: describe(v.number(), "the beginning of the span [simulated s]"),
  toS: describe(v.number(), "its end, the present at the latest [simulated s]"),
  deals: describe(v.array(dealSchema), `in the order in which they ended, up to ${mostDeals}`),
  more: describe(v.number(), "how many more there are"),
});

export type Deals = v.InferOutput<typeof dealsSchema>;

export function* writeDeals(
  view: View,
  given: v.InferOutput<typeof dealsParameters>,
): InParts<v.InferOutput<typeof dealsSchema> | Refused> {
  const { records, chapters, config } = view;
  const span = readSpan(view, given);
  if ("refusal" in span) return span;
  const { fromS, toS } = span;
  const { unit } = given;
  const source = { storage: records, chapters: chapters(), startTime: config.startTime };
  const deals: v.InferOutput<typeof dealSchema>[] = [];
  let more = 0;
  for (const batch of listDeals(source, records.highestUnitNumber(), fromS, toS)) {
    for (const deal of batch) {
      if (unit !== undefined && deal.giver !== unit && deal.taker !== unit) continue;
      if (deals.length < mostDeals) deals.push(deal);
      else more++;
    }
    yield;
  }
  return { fromS, toS, deals, more };
}
