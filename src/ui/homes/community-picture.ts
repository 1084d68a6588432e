import type { CommunityJson } from "../live/api.ts";
import type { Context, Part } from "../live/context.ts";
import { followSize, h, setAttribute, setText, svg } from "../page/dom.ts";
import { createHomeTile } from "./home-tile.ts";
import { listPairFlows } from "./pair-flows.ts";
import { layOutTiles, placeTile, stubHeight, type TileLayout } from "./tile-layout.ts";

/** Flows that are told in words. */
const flowsTold = 6;
const narrowestPx = 300;

/**
 * The homes as tiles on the bus that joins them: who gives, who takes, and how the bus is. Below each row of tiles runs the same
 * bus. Where homes are too many to be told apart, each tile is several of them.
 */
export function createCommunityPicture(context: Context): Part {
  const { t, live, formats, closing } = context;
  const frame = h("div", { class: "community-frame" });
  const flows = h("ul", { class: "pair-flows", "aria-label": t("sharedNow") });
  const note = h("p", { class: "hint" });
  const words = h("p", { class: "bus-words" });
  const element = h(
    "div",
    { class: "panel community-picture" },
    h("div", { class: "panel-head" }, h("h2", {}, t("homesAndBus")), words),
    frame,
    note,
    flows,
  );
  let drawing: ReturnType<typeof draw> | null = null;
  let drawnFor = "";
  followSize(frame, update, closing);

  function update() {
    const { state } = live;
    if (state === null) return;
    const width = Math.max(narrowestPx, Math.floor(frame.clientWidth));
    const key = `${width} ${state.units.length}`;
    if (drawing === null || key !== drawnFor) {
      drawing = draw(context, layOutTiles(state.units.length, width), state.units.length);
      frame.replaceChildren(drawing.element);
      drawnFor = key;
    }
    drawing.show(state);
    setText(words, state.busVoltageV > 0 ? tellBus(state) : t("busDead"));
    note.hidden = drawing.layout.homes === 1;
    setText(note, t("tilesOfHomes", { count: drawing.layout.homes, total: state.units.length }));
    showFlows(state);
  }
  function showFlows({ units }: CommunityJson) {
    const pairs = listPairFlows(units);
    const told = pairs
      .slice(0, flowsTold)
      .map(({ giver, taker, powerW }) => `${giver} → ${taker} ${formats.power(powerW)}`);
    if (pairs.length > flowsTold) told.push(t("andMore", { count: pairs.length - flowsTold }));
    if (pairs.length === 0) told.push(t("nothingShared"));
    if (flows.dataset.shown === told.join("|")) return;
    flows.dataset.shown = told.join("|");
    flows.replaceChildren(...told.map((text) => h("li", {}, text)));
  }
  function tellBus({ busVoltageV, busRamping, voltageReference }: CommunityJson): string {
    const volts = `${t("busVoltage")} ${formats.quantity(busVoltageV, "V")}`;
    const holder = voltageReference === null ? t("noReference") : `${t("holdsTheBus")}: ${voltageReference}`;
    return busRamping ? `${volts} (${t("busRamping")}) · ${holder}` : `${volts} · ${holder}`;
  }
  return { element, update };
}

function draw(context: Context, layout: TileLayout, count: number) {
  const tileCount = Math.ceil(count / layout.homes);
  const tiles = Array.from({ length: tileCount }, (_, index) => {
    const { x, y } = placeTile(layout, index);
    return createHomeTile(context, layout, x, y);
  });
  const rows = Math.ceil(tileCount / layout.columns);
  const lines = Array.from({ length: rows }, (_, row) => {
    const y = placeTile(layout, row * layout.columns).y + layout.tileHeight + stubHeight;
    return svg("line", { x1: 0, x2: layout.width, y1: y, y2: y, class: "bus-line" });
  });
  const element = svg(
    "svg",
    {
      viewBox: `0 0 ${layout.width} ${layout.height}`,
      width: layout.width,
      height: layout.height,
      role: "group",
      "aria-label": context.t("homesAndBus"),
    },
    ...lines,
    ...tiles.map((tile) => tile.element),
  );
  function show(state: CommunityJson) {
    setAttribute(element, "data-bus", state.busVoltageV > 0 ? "live" : "dead");
    tiles.forEach((tile, index) => {
      tile.show(state.units.slice(index * layout.homes, (index + 1) * layout.homes));
    });
  }
  return { element, layout, show };
}
