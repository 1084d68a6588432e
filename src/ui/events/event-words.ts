import type { ToldEvent, ToldEventKind, UnitStateJson } from "../live/api.ts";
import type { TextKey, Translate } from "../words/i18n.ts";

/** What each kind is called; the compiler keeps it whole. */
const names: Readonly<Record<ToldEventKind, TextKey>> = {
  empty: "occurrence.empty",
  full: "occurrence.full",
  upsSwitch: "occurrence.upsSwitch",
  acCharging: "occurrence.acCharging",
  outageBegin: "occurrence.outageBegin",
  outageEnd: "occurrence.outageEnd",
  dark: "occurrence.dark",
  light: "occurrence.light",
  faultBegin: "occurrence.faultBegin",
  faultEnd: "occurrence.faultEnd",
  trip: "occurrence.trip",
  busUp: "occurrence.busUp",
  busDown: "occurrence.busDown",
  dayEnd: "occurrence.dayEnd",
  dataEnd: "occurrence.dataEnd",
  mode: "occurrence.mode",
  fault: "occurrence.fault",
  command: "occurrence.command",
};

/** Colours of the style sheet in which kinds are marked. */
const colours: Readonly<Partial<Record<ToldEventKind, string>>> = {
  empty: "wasted",
  full: "battery",
  upsSwitch: "ac",
  acCharging: "ac",
  outageBegin: "ac",
  outageEnd: "ac",
  dark: "wasted",
  light: "battery",
  faultBegin: "wasted",
  faultEnd: "battery",
  trip: "wasted",
  busUp: "grid",
  busDown: "grid",
  mode: "grid",
  fault: "wasted",
};

const listedKinds = Object.keys(names).filter((kind) => kind !== "dayEnd") as ToldEventKind[];

/** Kinds that are listed and may be left out, in the order in which they are offered. */
export { listedKinds };

export function nameKind(t: Translate, kind: ToldEventKind): string {
  return t(names[kind]);
}

export function colourOf(kind: ToldEventKind): string {
  return colours[kind] ?? "loss";
}

/** What more there is to say of an event in the reader's language; the path of a command is nobody's language. */
export function describeDetail(t: Translate, { kind, detail }: Pick<ToldEvent, "kind" | "detail">): string {
  if (kind === "mode") return t(`mode.${detail as UnitStateJson["converterMode"]}`);
  if (kind === "upsSwitch") return t(`ups.${detail as UnitStateJson["upsMode"]}`);
  if (kind === "acCharging") return t(detail === "on" ? "switchedOn" : "switchedOff");
  return kind === "trip" ? t(`cause.${detail as Exclude<UnitStateJson["tripCause"], "none">}`) : "";
}
