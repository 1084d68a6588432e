import { type SankeyLink, type SankeyNode, sankey, sankeyLinkHorizontal } from "d3-sankey";
import type { Context } from "../live/context.ts";
import { svg } from "../page/dom.ts";
import { comesIn, type Energies, goesOut } from "./energy-parts.ts";

interface NodeFacts {
  readonly name: string;
  readonly label: string;
  readonly color: string;
}
interface LinkFacts {
  readonly color: string;
}
type Node = SankeyNode<NodeFacts, LinkFacts>;
type Link = SankeyLink<NodeFacts, LinkFacts>;

const nodeWidth = 14;
/** Room for labels at both sides, less on a phone: there they have several lines. */
const sideWidth = 150;
const letterWidth = 6.2;
const lineHeight = 14.5;
/** Less is rounding. */
const leastWh = 0.05;

/**
 * What came in, through the homes, to where it went: each node is as high as its account of the ledger. What
 * entered a home is not told apart there, for in a battery and on the DC side it is not.
 */
export function drawSankey(
  { t, formats }: Context,
  energies: Energies,
  hubLabel: string,
  width: number,
): SVGSVGElement {
  const hub = { name: "hub", label: hubLabel, color: "ink" };
  const take = (parts: typeof comesIn, side: string) =>
    parts
      .map((part) => ({
        wh: part.of(energies),
        node: { name: `${side}.${part.label}`, label: t(part.label), color: part.color },
      }))
      .filter(({ wh }) => wh >= leastWh);
  const sources = take(comesIn, "in");
  const sinks = take(goesOut, "out");
  const side = Math.min(sideWidth, width * 0.3);
  const linesOf = ({ label }: NodeFacts) => breakLines(label, Math.floor((side - 8) / letterWidth));
  const padding =
    lineHeight * (1 + Math.max(1, ...[...sources, ...sinks].map(({ node }) => linesOf(node).length)));
  const height = 170 + padding * Math.max(7, sinks.length - 1);
  const picture = svg("svg", {
    class: "sankey",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    "aria-label": t("sankeyLabel"),
  });
  if (sources.length === 0 || sinks.length === 0) return picture;
  const graph = sankey<NodeFacts, LinkFacts>()
    .nodeId((node) => node.name)
    .nodeWidth(nodeWidth)
    .nodePadding(padding)
    .nodeSort(null)
    .extent([
      [side, padding / 2],
      [width - side, height - padding / 2],
    ])({
    nodes: [hub, ...sources.map(({ node }) => node), ...sinks.map(({ node }) => node)].map((node) => ({
      ...node,
    })),
    links: [
      ...sources.map(({ node, wh }) => ({
        source: node.name,
        target: hub.name,
        value: wh,
        color: node.color,
      })),
      ...sinks.map(({ node, wh }) => ({ source: hub.name, target: node.name, value: wh, color: node.color })),
    ],
  });
  const path = sankeyLinkHorizontal<NodeFacts, LinkFacts>();
  picture.append(...graph.links.map(drawLink), ...graph.nodes.map(drawNode));
  return picture;

  function drawLink(link: Link) {
    const { label: from } = link.source as Node;
    const { label: to } = link.target as Node;
    return svg(
      "path",
      {
        d: path(link) ?? "",
        class: `sankey-link color-${link.color}`,
        "stroke-width": Math.max(1, link.width ?? 0),
      },
      svg("title", {}, `${from} → ${to}: ${formats.energy(link.value)}`),
    );
  }
  function drawNode(node: Node) {
    const { x0 = 0, x1 = 0, y0 = 0, y1 = 0, value = 0, label, color, name } = node;
    const isLeft = name.startsWith("in.");
    const x = isLeft ? x0 - 6 : x1 + 6;
    const [first = "", ...others] = linesOf(node);
    const y = (y0 + y1) / 2 - (others.length / 2) * lineHeight;
    const anchor = isLeft ? "end" : "start";
    const below = (line: string, style = "") => svg("tspan", { class: style, x, dy: lineHeight }, line);
    const text =
      name === "hub"
        ? []
        : [
            svg(
              "text",
              { x, y, "text-anchor": anchor, class: "sankey-text" },
              first,
              ...others.map((line) => below(line)),
              below(formats.energy(value), "sankey-value"),
            ),
          ];
    return svg(
      "g",
      { class: `color-${color}`, "data-node": name, "data-wh": value },
      svg(
        "rect",
        { x: x0, y: y0, width: x1 - x0, height: Math.max(1, y1 - y0), class: "sankey-node" },
        svg("title", {}, `${label}: ${formats.energy(value)}`),
      ),
      ...text,
    );
  }
}

/** The words of `label` in lines of at most so many letters, if its words are no longer. */
function breakLines(label: string, mostLetters: number): string[] {
  const lines: string[] = [];
  for (const word of label.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= mostLetters) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
