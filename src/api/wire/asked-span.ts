import * as v from "valibot";
import { firstToldS } from "../../community/records/forget.ts";
import type { View } from "../../community/state/view.ts";
import { numberFrom, optional, quote } from "../../notation/parameters.ts";
import { type Refused, refuse } from "../../notation/refusal.ts";
import { formatUnitId, parseUnitId } from "../../notation/unit-id.ts";

const simulatedSecond = numberFrom(0, 1e12, "simulated s");

/** A span of the past, of all units or one. */
export const spanParameters = {
  from: v.optional(simulatedSecond, "0"),
  ...optional({ to: simulatedSecond, unit: v.string() }),
};

/** What of it there is. */
interface AskedSpan {
  readonly fromS: number;
  /** The present at the latest. */
  readonly toS: number;
  /** Numbers of the unit that is asked for, or of all that ever were. */
  readonly units: readonly number[];
  readonly isOfOne: boolean;
}

/** The span that is asked for, as far as it can be told; refused where it ends before it begins, or the unit never was. */
export function readSpan(
  { records, timeS }: View,
  { from, to = Number.MAX_VALUE, unit }: { from: number; to?: number | undefined; unit?: string | undefined },
): AskedSpan | Refused {
  if (from > to) return refuse("invalid_parameter", `from is ${from}; allowed: up to to, ${to}`, "from");
  const last = records.highestUnitNumber();
  const number = unit === undefined ? null : (parseUnitId(unit) ?? last + 1);
  if (number !== null && number > last)
    return refuse(
      "unknown_unit",
      `There is no unit ${quote(unit ?? "")}; there are E001 to ${formatUnitId(last)}`,
      "unit",
    );
  const toS = Math.min(to, timeS);
  const units = number === null ? Array.from({ length: last }, (_, index) => index + 1) : [number];
  return { fromS: Math.min(toS, Math.max(from, firstToldS(records))), toS, units, isOfOne: number !== null };
}
