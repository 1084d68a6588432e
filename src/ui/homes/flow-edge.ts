import { setAttribute, setText, svg } from "../page/dom.ts";
import type { EdgeLayout, Point } from "./flow-layout.ts";
import { flowPeriodS, flowWidth, leastFlowW } from "./unit-flows.ts";

const arrowSize = 9;

/** An edge of a picture: as wide as its power asks, an arrow where it goes, marks that move along. */
export function createFlowEdge(name: string, color: string, layout: EdgeLayout) {
  const points = layout.path.map((point) => point.join(",")).join(" ");
  const line = svg("polyline", { points, class: "edge-line" });
  const marks = svg("polyline", { points, class: "edge-marks" });
  const arrow = svg("path", { class: "edge-arrow" });
  const [x, y] = layout.text;
  const text = svg("text", { x, y, "text-anchor": layout.anchor, class: "edge-text" });
  const group = svg("g", { class: `edge color-${color}`, "data-edge": name }, line, marks, arrow);
  return {
    group,
    text,
    show(watts: number, label: string) {
      const isIdle = Math.abs(watts) < leastFlowW;
      const width = flowWidth(watts);
      setAttribute(group, "data-direction", isIdle ? "none" : watts > 0 ? "forward" : "backward");
      setAttribute(line, "stroke-width", String(width));
      setAttribute(marks, "stroke-width", String(Math.max(2, width * 0.45)));
      const period = `${flowPeriodS(watts)}s`;
      if (marks.style.animationDuration !== period) marks.style.animationDuration = period;
      setAttribute(arrow, "d", isIdle ? "" : drawArrow(layout.path, watts < 0, width));
      setText(text, label);
    },
  };
}

/** An arrowhead in the middle of the path's longest leg. */
function drawArrow(path: readonly Point[], isBackward: boolean, width: number): string {
  const [from, to] = longestLeg(path);
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const sense = isBackward ? -1 : 1;
  const [ux, uy] = [((to[0] - from[0]) / length) * sense, ((to[1] - from[1]) / length) * sense];
  const size = arrowSize + width * 0.55;
  const [cx, cy] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  const corner = (along: number, across: number) =>
    `${round(cx + ux * along - uy * across)} ${round(cy + uy * along + ux * across)}`;
  return `M${corner(size, 0)} L${corner(-size * 0.7, size * 0.85)} L${corner(-size * 0.7, -size * 0.85)} Z`;
}

function longestLeg(path: readonly Point[]): readonly [Point, Point] {
  const legs = path.slice(1).map((to, index) => [path[index] as Point, to] as const);
  const length = ([from, to]: readonly [Point, Point]) => Math.hypot(to[0] - from[0], to[1] - from[1]);
  return legs.reduce((longest, leg) => (length(leg) > length(longest) ? leg : longest));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
