import type { CommunityJson, UnitStateJson } from "../live/api.ts";
import type { Context, Part } from "../live/context.ts";
import { h, setText } from "../page/dom.ts";
import type { TextKey } from "../words/i18n.ts";
import { createBalanceBars } from "./balance-bars.ts";
import { listTraders, sumCommunity } from "./community-sums.ts";
import { createTodayTile } from "./today-tile.ts";

const tradersShown = 6;

/** The bus and who holds it, who gives and who takes, and the sums of all flows, as they are now. */
export function createCommunitySummary(context: Context): Part {
  const { t, live, formats } = context;
  const bus = createTile(t("busVoltage"));
  const holder = createTile(t("holdsTheBus"));
  const exchange = createTile(t("shared"));
  const charge = createTile(t("meanCharge"));
  const curtailed = createTile(t("curtailedSolar"));
  const today = createTodayTile(context);
  const tiles = [bus, holder, exchange, charge, curtailed, today].map((tile) => tile.element);
  const balance = createBalanceBars(context);
  const givers = createTraders("givers");
  const takers = createTraders("takers");
  const element = h(
    "div",
    { class: "summary" },
    h("dl", { class: "tiles" }, ...tiles),
    h(
      "div",
      { class: "panel flows-now" },
      balance.element,
      h("div", { class: "traders" }, givers.element, takers.element),
    ),
  );

  function createTraders(side: "givers" | "takers") {
    const list = h("ul", { class: "legend" });
    return { list, element: h("div", {}, h("h3", {}, t(side)), list) };
  }
  function showTraders(list: HTMLElement, traders: readonly UnitStateJson[]) {
    const items = traders.slice(0, tradersShown).map((unit) => {
      const power = formats.power(Math.abs(unit.gridPowerW));
      return h("li", {}, h("a", { href: `#/unit/${unit.id}` }, unit.id), ` ${power}`);
    });
    const rest = traders.length - tradersShown;
    if (traders.length === 0) items.push(h("li", {}, t("nobody")));
    if (rest > 0) items.push(h("li", {}, t("andMore", { count: rest })));
    const text = items.map((item) => item.textContent).join("|");
    if (list.dataset.shown === text) return;
    list.dataset.shown = text;
    list.replaceChildren(...items);
  }
  function showHolder(state: CommunityJson) {
    const id = state.voltageReference;
    const link = holder.value.querySelector("a");
    if (id === null) setText(holder.value, t("nobody"));
    else if (link?.textContent !== id) holder.value.replaceChildren(h("a", { href: `#/unit/${id}` }, id));
  }
  function update() {
    const { state } = live;
    if (state === null) return;
    today.update();
    const sums = sumCommunity(state.units);
    const { givers: giving, takers: taking } = listTraders(state.units);
    const volts = formats.quantity(state.busVoltageV, "V");
    setText(bus.value, volts);
    setText(bus.note, t(busNote(state)));
    showHolder(state);
    setText(holder.note, state.voltageReference === null ? t("noReference") : t("mode.gridAutonomy"));
    setText(exchange.value, formats.power(sums.exchangeW));
    setText(exchange.note, t("tradersCount", { givers: giving.length, takers: taking.length }));
    setText(charge.value, state.units.length === 0 ? "–" : formats.quantity(sums.meanChargePercent, "%"));
    setText(charge.note, t("unitsCount", { count: state.units.length }));
    setText(curtailed.value, formats.power(sums.curtailedW));
    const lacks = sums.unservedW > 0 ? t("unmet", { power: formats.power(sums.unservedW) }) : "";
    setText(curtailed.note, lacks);
    balance.show(sums);
    showTraders(givers.list, giving);
    showTraders(takers.list, taking);
  }
  return { element, update };
}

function busNote(state: CommunityJson): TextKey {
  if (state.busRamping) return "busRamping";
  return state.busVoltageV > 0 ? "busUp" : "busDead";
}

function createTile(name: string) {
  const value = h("dd", { class: "tile-value" });
  const note = h("dd", { class: "tile-note" });
  return { value, note, element: h("div", { class: "panel tile" }, h("dt", {}, name), value, note) };
}
