import { addressOf, type Deals, read } from "../live/api.ts";
import type { Context } from "../live/context.ts";
import { h } from "../page/dom.ts";
import type { TextKey } from "../words/i18n.ts";

/** Deals that are listed; the file has all. */
const listed = 200;

/** Deals of a span, and of one home where it is given. */
export function readDeals(fromS: number, toS: number, unit: string | null): Promise<Deals> {
  const span = { from: String(fromS), to: String(toS) };
  return read<Deals>("/deals", unit === null ? span : { ...span, unit });
}

/** Who gave to whom: the latest first, a deal a row. */
export function createDealTable({ t, formats }: Context, { deals, more }: Deals): HTMLElement {
  if (deals.length === 0) return h("p", { class: "hint" }, t("noDeals"));
  const energy = (wattHours: number | null) => (wattHours === null ? "–" : formats.energy(wattHours));
  const home = (id: string) => h("a", { href: `#/unit/${id}` }, id);
  const heads: TextKey[] = [
    "dealBegin",
    "dealEnd",
    "giver",
    "taker",
    "dealHolder",
    "dealCurrent",
    "dealVoltage",
    "given",
    "got",
    "losses",
    "efficiency",
  ];
  const rows = deals
    .slice(-listed)
    .reverse()
    .map((deal) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, deal.begin),
        h("td", {}, deal.end ?? t("dealGoesOn")),
        h("td", {}, home(deal.giver)),
        h("td", {}, home(deal.taker)),
        h("td", {}, deal.holder),
        h("td", {}, formats.quantity(deal.meanCurrentA, "A")),
        h("td", {}, formats.quantity(deal.meanVoltageV, "V")),
        h("td", {}, energy(deal.givenWh)),
        h("td", {}, energy(deal.gotWh)),
        h("td", {}, energy(deal.lossesWh)),
        h("td", {}, deal.efficiency === null ? "–" : formats.quantity(100 * deal.efficiency, "%")),
      ),
    );
  const hidden = deals.length + more - rows.length;
  return h(
    "div",
    {},
    h(
      "table",
      { class: "numbers" },
      h("thead", {}, h("tr", {}, ...heads.map((key) => h("th", { scope: "col" }, t(key))))),
      h("tbody", {}, ...rows),
    ),
    hidden > 0 ? h("p", { class: "hint" }, t("moreDeals", { count: hidden })) : null,
  );
}

/** The file of all deals of the run. */
export function createDealsLink({ t }: Context): HTMLElement {
  return h("a", { href: addressOf("/data/output/deals.csv"), download: "deals.csv" }, t("downloadCsv"));
}
