import type { CommunityJson, UnitStateJson } from "../live/api.ts";
import type { Context, Part } from "../live/context.ts";
import { h, setAttribute, setText, svg } from "../page/dom.ts";
import { preferences } from "../page/preferences.ts";
import { followPrinting, isPrinting } from "../page/printing.ts";
import { createFlowEdge } from "./flow-edge.ts";
import { type FlowLayout, type NodeName, narrowLayout, wideLayout } from "./flow-layout.ts";
import { createFlowNode } from "./flow-node.ts";
import { writeFlowSentence } from "./simple-flows.ts";
import { drawSimpleFlows } from "./simple-picture.ts";
import { computeFlows, type FlowName } from "./unit-flows.ts";

/** Numbers of Figure 4-2 at each box. */
const numbersOf: Readonly<Record<NodeName, string>> = {
  utility: "",
  p1: "5",
  p2: "6",
  ups: "3",
  house: "",
  pv: "",
  pvc: "4",
  battery: "1 2 14–17",
  emu: "",
  converter: "7 18",
  dcGrid: "8–13",
};

/** Boxes and edges whose labels have a name before their power. */
const namedEdges: ReadonlySet<FlowName> = new Set(["acLoss", "converterLoss", "curtailed", "wasted"]);

const colorOf: Readonly<Record<NodeName, string>> = {
  utility: "ac",
  p1: "ac",
  p2: "ac",
  ups: "ac",
  house: "demand",
  pv: "solar",
  pvc: "solar",
  battery: "battery",
  emu: "loss",
  converter: "grid",
  dcGrid: "grid",
};

/** What kind of power an edge carries; it gives the edge its colour. */
const edgeColours: Readonly<Record<FlowName, string>> = {
  utilityToP1: "ac",
  p1ToHouse: "ac",
  p1ToP2: "ac",
  p2ToUps: "ac",
  upsToHouse: "demand",
  dcToUps: "demand",
  pvToPvc: "solar",
  pvcToDc: "solar",
  dcToBattery: "battery",
  gridToConverter: "grid",
  converterToDc: "grid",
  acLoss: "loss",
  emuLoss: "loss",
  converterLoss: "loss",
  curtailed: "curtailed",
  wasted: "wasted",
};

const narrowBelowPx = 640;
/**
 * The home in one sentence and a simple picture, or in full: Figure 4-2 made live. The same stands below in words for those who
 * do not see it.
 */
export function createFlowPicture(context: Context, unit: string): Part {
  const { t, live, closing } = context;
  const frame = h("div", { class: "flow-frame" });
  const list = h("ul", {});
  const words = h(
    "details",
    { class: "flow-words", open: isPrinting() },
    h("summary", {}, t("flowsInWords")),
    list,
  );
  const sentence = h("p", { class: "flow-sentence" });
  const turn = h("button", { type: "button", onclick: turnForm }, t("fullPicture"));
  const head = h("div", { class: "flow-head" }, sentence, turn);
  const element = h("div", { class: "flow" }, head, frame, words);
  const narrow = window.matchMedia(`(max-width: ${narrowBelowPx}px)`);
  let drawing = drawForm();
  frame.append(drawing.element);
  narrow.addEventListener("change", redraw, { signal: closing });

  function drawForm() {
    setAttribute(turn, "aria-pressed", String(preferences.fullPicture));
    return preferences.fullPicture
      ? draw(context, unit, narrow.matches ? narrowLayout : wideLayout)
      : drawSimpleFlows(context, unit, narrow.matches);
  }
  function turnForm() {
    preferences.fullPicture = !preferences.fullPicture;
    redraw();
  }
  function redraw() {
    drawing = drawForm();
    frame.replaceChildren(drawing.element);
    update();
  }
  function update() {
    const state = live.unit(unit);
    const moment = live.momentOf(unit);
    if (moment === null || state === undefined) return;
    drawing.show(state, moment);
    setText(sentence, writeFlowSentence(t, context.formats, state));
    const lines = Object.entries(computeFlows(state)).map(([name, watts]) => {
      const edge = name as FlowName;
      return `${t(`edge.${edge}`)}: ${context.formats.power(watts)}`;
    });
    if (list.children.length !== lines.length)
      list.replaceChildren(...lines.map((line) => h("li", {}, line)));
    else for (const [index, line] of lines.entries()) setText(list.children[index] as Element, line);
  }
  /** On paper nothing can be opened. */
  followPrinting(() => {
    words.open = isPrinting();
  }, closing);
  return { element, update };
}

function draw({ t, formats }: Context, unit: string, layout: FlowLayout) {
  const edges = Object.entries(layout.edges).map(([name, place]) => ({
    name: name as FlowName,
    edge: createFlowEdge(name, edgeColours[name as FlowName], place),
  }));
  const nodes = Object.fromEntries(
    Object.entries(layout.nodes).map(([name, place]) => {
      const node = name as NodeName;
      return [
        node,
        createFlowNode(
          colorOf[node],
          place,
          layout.widerNodes[node] ?? layout.nodeWidth,
          t(`node.${node}`),
          numbersOf[node],
        ),
      ];
    }),
  ) as Record<NodeName, ReturnType<typeof createFlowNode>>;
  const [from, to] = layout.dcLine;
  const [textX, textY] = layout.dcLineText;
  const element = svg(
    "svg",
    {
      viewBox: `0 0 ${layout.width} ${layout.height}`,
      role: "img",
      "aria-label": t("flowPicture", { unit }),
    },
    svg("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1], class: "dc-line" }),
    svg("text", { x: textX, y: textY, class: "dc-line-text" }, t("dcLine")),
    ...edges.map(({ edge }) => edge.group),
    ...Object.values(nodes).map((node) => node.group),
    ...edges.map(({ edge }) => edge.text),
  );
  function show(state: UnitStateJson, community: CommunityJson) {
    const flows = computeFlows(state);
    for (const { name, edge } of edges) {
      const power = formats.power(Math.abs(flows[name]));
      edge.show(
        flows[name],
        namedEdges.has(name) ? `${t(`edge.${name}.short` as "edge.acLoss.short")} ${power}` : power,
      );
    }
    nodes.utility.show("AC 200 V");
    nodes.p1.show(formats.meter(state.acIntakePowerW));
    nodes.p2.show(formats.meter(state.acIntakePowerW));
    nodes.ups.show(t(state.acCharging ? "ups.acCharging" : `ups.${state.upsMode}`));
    nodes.house.show("AC 100 V");
    nodes.pv.show(t("sun"));
    nodes.pvc.show(formats.power(state.solarPowerW));
    nodes.battery.show(formats.quantity(state.stateOfChargePercent, "%"));
    nodes.battery.fill(state.stateOfChargePercent / 100);
    nodes.emu.show(t("ownUse"));
    const isTripped = state.tripCause !== "none";
    nodes.converter.show(`${isTripped ? "⚠ " : ""}${t(`mode.${state.converterMode}`)}`);
    nodes.converter.warn(isTripped);
    const volts = formats.quantity(community.busVoltageV, "V");
    nodes.dcGrid.show(`${volts}, ${formats.quantity(state.gridCurrentA, "A")}`);
  }
  return { element, show };
}
