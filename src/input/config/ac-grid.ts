import * as v from "valibot";
import { formatUnitId, parseUnitId } from "../../notation/unit-id.ts";
import { createOutages, type Outages } from "../../simulation/outages.ts";
import type { Tariff } from "../../simulation/tariff.ts";

/*
 * When the AC grid fails, and what its energy costs: parameters of the configuration, and what the simulation makes of them.
 */

const second = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e12));
const calendar = v.pipe(
  v.string(),
  v.check((text) => readCalendar(text) !== null),
);
const moment = v.union([second, calendar]);
const unitIds = v.optional(
  v.pipe(
    v.array(
      v.pipe(
        v.string(),
        v.check((id) => parseUnitId(id) !== null),
      ),
    ),
    v.minLength(1),
  ),
);
const span = (least: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(1e9));
const range = v.pipe(
  v.tuple([span(1), span(1)]),
  v.check(([least, most]) => least <= most),
);
const listed = v.pipe(
  v.strictObject({ from: moment, until: moment, homes: unitIds }),
  v.check(({ from, until }) => {
    // Where the data begin, which a date counts from, is known later.
    if (typeof from === "number" || typeof until === "number")
      return typeof from !== typeof until || from < until;
    return (readCalendar(from) ?? 0) < (readCalendar(until) ?? 0);
  }),
);
const seeded = v.strictObject({
  seed: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  gapS: range,
  durationS: range,
  homes: unitIds,
});

/** Outages one by one, or by chance from a seed. */
export const outagesSchema = v.union([v.array(listed), seeded]);
type OutagePlan = Readonly<v.InferOutput<typeof outagesSchema>>;

const price = v.pipe(v.number(), v.minValue(-1e6), v.maxValue(1e6));
const prices = (length: number) => v.pipe(v.array(price), v.length(length));
const pricesOfWeek = v.union([price, prices(24), v.pipe(v.array(prices(24)), v.length(7))]);
export const tariffSchema = v.strictObject({
  import: v.optional(pricesOfWeek, 0),
  export: v.optional(pricesOfWeek, 0),
});
type TariffPlan = Readonly<v.InferOutput<typeof tariffSchema>>;

/** Milliseconds, as if it were of UTC; null where it is no such time. */
function readCalendar(text: string): number | null {
  const [, date, time] = /^(\d{4}[-/]\d\d[-/]\d\d)[-T ](\d\d:\d\d(?::\d\d)?)$/.exec(text) ?? [];
  if (date === undefined || time === undefined) return null;
  const written = `${date.replaceAll("/", "-")}T${time.length === 5 ? `${time}:00` : time}`;
  const ms = Date.parse(`${written}Z`);
  // 31 February would be read as 2 March.
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(written) ? ms : null;
}

/** The outages of the home of a unit, or null where it has none. */
export function outagesOf(plan: OutagePlan, unitNumber: number, startTime: string): Outages | null {
  const concerns = ({ homes }: { readonly homes?: readonly string[] | undefined }) =>
    homes === undefined || homes.includes(formatUnitId(unitNumber));
  if ("seed" in plan) return concerns(plan) ? createOutages([], plan) : null;
  const toSecond = (given: number | string) =>
    typeof given === "number"
      ? given
      : ((readCalendar(given) as number) - Date.parse(`${startTime}Z`)) / 1000;
  const list = plan
    .filter(concerns)
    .map(({ from, until }) => ({ startS: toSecond(from), endS: toSecond(until) }));
  return list.length === 0 ? null : createOutages(list);
}

const hoursOfDay = 24;
const daysOfWeek = 7;

/** Prices hour by hour from the midnight at which the data begin, or null where nothing has a price. */
export function tariffOf(plan: TariffPlan, startTime: string): Tariff | null {
  // Of a week that begins on Monday.
  const firstDay = (new Date(`${startTime}Z`).getUTCDay() + 6) % daysOfWeek;
  const spread = (given: TariffPlan["import"]) =>
    Array.from({ length: hoursOfDay * daysOfWeek }, (_, hour) => {
      if (typeof given === "number") return given;
      const ofDay = given[(firstDay + Math.floor(hour / hoursOfDay)) % daysOfWeek];
      return (Array.isArray(ofDay) ? ofDay : given)[hour % hoursOfDay] as number;
    });
  const tariff = { importPrices: spread(plan.import), exportPrices: spread(plan.export) };
  return [...tariff.importPrices, ...tariff.exportPrices].every((each) => each === 0) ? null : tariff;
}
