import type { FaultJson } from "../../api/wire/faults-json.ts";
import type { UnitStateJson } from "../live/api.ts";
import type { Context } from "../live/context.ts";
import { isoTime } from "../words/formatting.ts";

/** A fault with what it was told, in the reader's language. */
export function nameFault({ t }: Pick<Context, "t">, { kind, parameters }: FaultJson): string {
  const told = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
  return told.length === 0 ? t(`fault.${kind}`) : `${t(`fault.${kind}`)} (${told.join(", ")})`;
}

/** From when to when it is. */
export function describeTimes({ t }: Pick<Context, "t">, { on, from, until }: FaultJson): string {
  const times = { from: isoTime(from), until: until === null ? "" : isoTime(until) };
  if (on) return t(until === null ? "faultOn" : "faultOnUntil", times);
  return t(until === null ? "faultToCome" : "faultToComeUntil", times);
}

/** What is wrong with these homes now: faults that are on, converters that were protected, AC that fails; "" where nothing is. */
export function tellTroubles(
  context: Pick<Context, "t" | "live">,
  homes: readonly Pick<UnitStateJson, "id" | "tripCause" | "outage">[],
): string {
  const { t } = context;
  const faults = homes
    .flatMap(({ id }) => faultsOfHome(context, id))
    .map((fault) => nameFault(context, fault));
  const told = faults.length === 0 ? [] : [t("faultBadge", { faults: [...new Set(faults)].join("; ") })];
  const trips = homes.flatMap(({ tripCause }) => (tripCause === "none" ? [] : [t(`trip.${tripCause}`)]));
  const outages = homes.flatMap(({ outage }) => (outage === "none" ? [] : [t(`outage.${outage}`)]));
  return [...told, ...new Set([...trips, ...outages])].join("; ");
}

/** The faults of a home that are on now, those of all homes among them. */
function faultsOfHome({ live }: Pick<Context, "live">, unit: string): FaultJson[] {
  const { faults = [] } = live.present ?? live.state ?? {};
  return faults.filter((fault) => fault.on && (fault.unit ?? unit) === unit);
}
