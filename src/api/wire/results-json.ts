import * as v from "valibot";
import { firstToldS } from "../../community/records/forget.ts";
import { binNames, readResults, type resultsSchema } from "../../community/records/results.ts";
import type { View } from "../../community/state/view.ts";
import type { InParts } from "../../notation/in-parts.ts";
import { numberFrom, optional, quote } from "../../notation/parameters.ts";
import { type Refused, refuse } from "../../notation/refusal.ts";
import { formatUnitId, parseUnitId } from "../../notation/unit-id.ts";

const simulatedSecond = numberFrom(0, 1e12, "simulated s");

export const resultsParameters = v.object({
  from: v.optional(simulatedSecond, "0"),
  ...optional({ to: simulatedSecond, unit: v.string() }),
  by: v.optional(v.picklist(binNames, `one of ${binNames.join(", ")}`), "day"),
});

export function* writeResults(
  view: View,
  given: v.InferOutput<typeof resultsParameters>,
): InParts<v.InferOutput<typeof resultsSchema> | Refused> {
  const { records, chapters, config, timeS } = view;
  const { from, to = Number.MAX_VALUE, unit, by } = given;
  if (from > to) return refuse("invalid_parameter", `from is ${from}; allowed: up to to, ${to}`, "from");
  const last = records.highestUnitNumber();
  const number = unit === undefined ? null : (parseUnitId(unit) ?? last + 1);
  if (number !== null && number > last)
    return refuse(
      "unknown_unit",
      `There is no unit ${quote(unit ?? "")}; there are E001 to ${formatUnitId(last)}`,
    );
  const toS = Math.min(to, timeS);
  const fromS = Math.min(toS, Math.max(from, firstToldS(records)));
  const units = number === null ? Array.from({ length: last }, (_, index) => index + 1) : [number];
  const source = { storage: records, chapters: chapters(), startTime: config.startTime };
  return yield* readResults(source, { units, fromS, toS, by });
}
