import { setText, svg } from "../page/dom.ts";
import { nodeHeight, type Point } from "./flow-layout.ts";

/** A box of the picture: name, the figures' numbers, and a line that says how it is. */
export function createFlowNode(color: string, [x, y]: Point, width: number, name: string, numbers: string) {
  const left = x - width / 2;
  const top = y - nodeHeight / 2;
  const level = svg("rect", { x: left, y: top + nodeHeight - 5, width: 0, height: 5, class: "node-level" });
  const state = svg("text", { x, y: y + 23, class: "node-state" });
  const group = svg(
    "g",
    { class: `node color-${color}` },
    svg("rect", { x: left, y: top, width, height: nodeHeight, rx: 8, class: "node-box" }),
    level,
    svg("text", { x, y: y + 3, class: "node-name" }, name),
    state,
    svg("text", { x: left + width - 5, y: top + 13, class: "node-numbers" }, numbers),
  );
  return {
    group,
    show(text: string) {
      setText(state, text);
    },
    /** Whether something is wrong with it. */
    warn(isWrong: boolean) {
      group.classList.toggle("is-wrong", isWrong);
    },
    /** Fills the bar at the foot of the box. */
    fill(share: number) {
      level.setAttribute("width", String(Math.round(width * Math.max(0, Math.min(1, share)) * 10) / 10));
    },
  };
}
