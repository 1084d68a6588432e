import type { UnitStateJson } from "../live/api.ts";
import type { Context } from "../live/context.ts";
import { setAttribute, setText, svg } from "../page/dom.ts";
import { createFlowEdge } from "./flow-edge.ts";
import type { EdgeLayout, Point } from "./flow-layout.ts";
import { computeSimpleFlows, type SimpleName } from "./simple-flows.ts";
import { leastFlowW } from "./unit-flows.ts";

interface SimpleLayout {
  readonly width: number;
  readonly height: number;
  readonly hub: Point;
  readonly nodes: Readonly<Record<SimpleName, Point>>;
}

const box = { width: 128, height: 58 } as const;
/** The battery is a tall fill. */
const cell = { width: 128, height: 130 } as const;

const wide: SimpleLayout = {
  width: 860,
  height: 400,
  hub: [430, 190],
  nodes: {
    sun: [90, 70],
    utility: [90, 310],
    dcGrid: [430, 45],
    battery: [430, 325],
    house: [770, 70],
    losses: [770, 310],
    wasted: [770, 190],
  },
};
const narrow: SimpleLayout = {
  width: 400,
  height: 516,
  hub: [200, 250],
  nodes: {
    sun: [68, 150],
    utility: [68, 370],
    dcGrid: [200, 35],
    battery: [200, 445],
    house: [332, 150],
    losses: [332, 370],
    wasted: [332, 250],
  },
};

/** Colour of each, and whether its edge points from it to the middle where its power is positive. */
const looks: Readonly<Record<SimpleName, readonly [color: string, comesIn: boolean]>> = {
  sun: ["solar", true],
  utility: ["ac", true],
  dcGrid: ["grid", true],
  battery: ["battery", false],
  house: ["demand", false],
  losses: ["loss", false],
  wasted: ["wasted", false],
};

/** A home in its simple form: only what carries power, all losses in one, the battery as a tall fill. */
export function drawSimpleFlows(
  { t, formats }: Pick<Context, "t" | "formats">,
  unit: string,
  isNarrow: boolean,
) {
  const { width, height, hub, nodes } = isNarrow ? narrow : wide;
  const parts = (Object.keys(nodes) as SimpleName[]).map((name) => {
    const [color, comesIn] = looks[name];
    const at = nodes[name];
    const edge = createFlowEdge(name, color, layOut(at, hub, name, comesIn, isNarrow));
    return { name, edge, node: createNode(name, color, at) };
  });
  const element = svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": t("flowPicture", { unit }),
      class: "simple-flow",
    },
    ...parts.map(({ edge }) => edge.group),
    svg("circle", { cx: hub[0], cy: hub[1], r: 11, class: "hub" }),
    ...parts.map(({ node }) => node.group),
    ...parts.map(({ edge }) => edge.text),
  );

  function createNode(name: SimpleName, color: string, [x, y]: Point) {
    const size = name === "battery" ? cell : box;
    const [left, top] = [x - size.width / 2, y - size.height / 2];
    const fill = svg("rect", { x: left, y: top, width: size.width, height: 0, rx: 8, class: "node-fill" });
    const state = svg("text", { x, y: y + 20, class: "node-state" });
    const group = svg(
      "g",
      { class: `node color-${color}`, "data-node": name },
      svg("rect", { x: left, y: top, width: size.width, height: size.height, rx: 8, class: "node-box" }),
      fill,
      svg("text", { x, y: y - 2, class: "node-name" }, t(`simple.${name}`)),
      state,
    );
    return { group, fill, state, top, size };
  }
  return {
    element,
    show(state: UnitStateJson) {
      const flows = computeSimpleFlows(state);
      for (const { name, edge, node } of parts) {
        const watts = flows[name];
        edge.show(watts, formats.power(Math.abs(watts)));
        const isIdle = Math.abs(watts) < leastFlowW;
        setAttribute(edge.text, "visibility", isIdle ? "hidden" : "visible");
        setAttribute(node.group, "data-idle", String(isIdle));
        if (name === "battery") {
          const share = state.stateOfChargePercent / 100;
          setText(node.state, formats.quantity(state.stateOfChargePercent, "%"));
          setAttribute(node.fill, "height", String(Math.round(node.size.height * share)));
          setAttribute(node.fill, "y", String(Math.round(node.top + node.size.height * (1 - share))));
        } else if (name === "dcGrid") {
          const isTripped = state.tripCause !== "none";
          setText(node.state, `${isTripped ? "⚠ " : ""}${t(`mode.${state.converterMode}`)}`);
          node.group.classList.toggle("is-wrong", isTripped);
        } else if (name === "house") {
          const { outage } = state;
          const ups = t(state.acCharging ? "ups.acCharging" : `ups.${state.upsMode}`);
          const isDark = outage === "dark" || outage === "overloaded";
          setText(node.state, outage === "none" ? ups : t(isDark ? "darkShort" : "carriedShort"));
          node.group.classList.toggle("is-wrong", isDark);
        }
      }
    },
  };
}

/** From the box's edge to the middle, or back; the power stands beside the line. */
function layOut(node: Point, hub: Point, name: SimpleName, comesIn: boolean, isNarrow: boolean): EdgeLayout {
  const size = name === "battery" ? cell : box;
  const [dx, dy] = [hub[0] - node[0], hub[1] - node[1]];
  const out = Math.min(
    size.width / 2 / Math.max(1, Math.abs(dx)),
    size.height / 2 / Math.max(1, Math.abs(dy)),
  );
  const edge: Point = [node[0] + dx * out, node[1] + dy * out];
  // Nearer to the box, where there is room; where it is narrow, clear of the boxes at the sides.
  const textShare = !isNarrow ? 0.34 : name === "dcGrid" ? 0.16 : 0.5;
  const middle: Point = [edge[0] + (hub[0] - edge[0]) * textShare, edge[1] + (hub[1] - edge[1]) * textShare];
  const isUpright = dx === 0;
  const text: Point = isUpright ? [middle[0] + 16, middle[1] + 5] : [middle[0], middle[1] - 17];
  return { path: comesIn ? [edge, hub] : [hub, edge], text, anchor: isUpright ? "start" : "middle" };
}
