import * as v from "valibot";
import { dealSchema, listDeals } from "../../community/records/deals.ts";
import { firstToldS } from "../../community/records/forget.ts";
import type { View } from "../../community/state/view.ts";
import type { InParts } from "../../notation/in-parts.ts";
import { numberFrom, optional, quote } from "../../notation/parameters.ts";
import { type Refused, refuse } from "../../notation/refusal.ts";
import { describe } from "../../notation/rows.ts";
import { formatUnitId, parseUnitId } from "../../notation/unit-id.ts";

const simulatedSecond = numberFrom(0, 1e12, "simulated s");

export const dealsParameters = v.object({
  from: v.optional(simulatedSecond, "0"),
  ...optional({ to: simulatedSecond, unit: v.string() }),
});

/** Most deals of one answer; `/export/deals` has no limit. */
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
  const { records, chapters, config, timeS } = view;
  const { from, to = Number.MAX_VALUE, unit } = given;
  if (from > to) return refuse("invalid_parameter", `from is ${from}; allowed: up to to, ${to}`, "from");
  const units = records.highestUnitNumber();
  if (unit !== undefined && (parseUnitId(unit) ?? units + 1) > units)
    return refuse(
      "unknown_unit",
      `There is no unit ${quote(unit)}; there are E001 to ${formatUnitId(units)}`,
    );
  const toS = Math.min(to, timeS);
  const fromS = Math.min(toS, Math.max(from, firstToldS(records)));
  const source = { storage: records, chapters: chapters(), startTime: config.startTime };
  const deals: v.InferOutput<typeof dealSchema>[] = [];
  let more = 0;
  for (const batch of listDeals(source, units, fromS, toS)) {
    for (const deal of batch) {
      if (unit !== undefined && deal.giver !== unit && deal.taker !== unit) continue;
      if (deals.length < mostDeals) deals.push(deal);
      else more++;
    }
    yield;
  }
  return { fromS, toS, deals, more };
}
