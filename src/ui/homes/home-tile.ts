import type { UnitStateJson } from "../live/api.ts";
import type { Context } from "../live/context.ts";
import { servedPowerOf } from "../live/served-power.ts";
import { setAttribute, setText, svg } from "../page/dom.ts";
import { tellTroubles } from "./fault-texts.ts";
import { stubHeight, type TileLayout } from "./tile-layout.ts";
import { flowWidth, leastFlowW } from "./unit-flows.ts";

/** What a tile shows of its homes together. */
interface TileSums {
  readonly chargePercent: number;
  readonly solarW: number;
  readonly houseW: number;
  /** From the bus. */
  readonly gridW: number;
  readonly gridA: number;
  readonly givenW: number;
  readonly takenW: number;
}

/** A tile of the community's picture: its fill is the charge, its stub what flows to or from the bus. */
export function createHomeTile(context: Context, layout: TileLayout, x: number, y: number) {
  const { t, formats } = context;
  const { tileWidth: width, tileHeight: height, kind } = layout;
  const fill = svg("rect", { x: 1, width: width - 2, class: "tile-fill" });
  const frame = svg("rect", {
    x: 0.5,
    y: 0.5,
    width: width - 1,
    height: height - 1,
    rx: 6,
    class: "tile-frame",
  });
  const clip = svg("rect", { x: 0, y: 0, width, height, rx: 6, class: "tile-paper" });
  const name = svg("text", { x: 8, y: 18, class: "tile-name" });
  const charge = svg("text", { x: width - 8, y: 18, "text-anchor": "end", class: "tile-charge" });
  const lines = (kind === "small" ? [] : kind === "group" ? [38, 55, 72] : [42, 60, 78]).map((at) =>
    svg("text", { x: 8, y: at, class: "tile-line" }),
  );
  const state = svg("text", { x: 8, y: height - 8, class: "tile-state" });
  const stub = svg("line", {
    x1: width / 2,
    x2: width / 2,
    y1: height,
    y2: height + stubHeight,
    class: "tile-stub",
  });
  const arrow = svg("path", { class: "tile-arrow" });
  const amps = svg("text", { x: width / 2 + 10, y: height + stubHeight / 2 + 5, class: "tile-amps" });
  const title = svg("title", {});
  const element = svg(
    "a",
    { transform: `translate(${x} ${y})`, class: `home-tile ${kind}` },
    title,
    clip,
    fill,
    frame,
    name,
    kind === "small" ? null : charge,
    ...lines,
    state,
    stub,
    arrow,
    kind === "large" ? amps : null,
  );

  function show(units: readonly UnitStateJson[]) {
    const [first] = units;
    if (first === undefined) return;
    const sums = sumTile(units);
    const percent = formats.quantity(sums.chargePercent, "%");
    const isGroup = units.length > 1;
    const label = isGroup ? t("rowOf", { first: first.id, last: units.at(-1)?.id ?? "" }) : first.id;
    const troubles = tellTroubles(context, units);
    const words = isGroup ? tellGroup(units) : tellState(first);
    setAttribute(element, "href", `#/unit/${first.id}`);
    const told = [
      isGroup || first.display === first.id ? label : `${label} ${first.display}`,
      `${t("node.battery")} ${percent}`,
      `${t("solar")} ${formats.power(sums.solarW)}`,
      `${t("node.house")} ${formats.power(sums.houseW)}`,
      tellFlow(sums),
      words,
      troubles,
    ].filter((line) => line !== "");
    setText(title, told.join("\n"));
    const level = (Math.max(0, Math.min(100, sums.chargePercent)) / 100) * (height - 2);
    setAttribute(fill, "y", String(height - 1 - level));
    setAttribute(fill, "height", String(level));
    setText(name, `${troubles === "" ? "" : "⚠ "}${kind === "group" ? `${first.id} …` : label}`);
    setText(
      charge,
      kind === "group"
        ? formats.quantity(Math.round(sums.chargePercent), "%").replace(/[.,]00/, "")
        : percent,
    );
    const [one, two, three] = lines;
    if (kind === "large") {
      setText(one as Element, first.display === first.id ? "" : first.display.slice(0, 20));
      setText(two as Element, `${t("solar")} ${formats.power(sums.solarW)}`);
      setText(three as Element, `${t("node.house")} ${formats.power(sums.houseW)}`);
    } else if (kind === "group") {
      setText(one as Element, `+ ${formats.power(sums.solarW)}`);
      setText(two as Element, `− ${formats.power(sums.houseW)}`);
      setText(three as Element, tellExchange(sums));
    }
    setText(
      state,
      kind === "group"
        ? ""
        : kind === "small"
          ? formats.quantity(sums.chargePercent, "%").replace(/[.,]\d+/, "")
          : words,
    );
    const isIdle = Math.abs(sums.gridW) < leastFlowW;
    const isApart = sums.givenW < leastFlowW && sums.takenW < leastFlowW;
    const direction = isApart ? "none" : sums.gridW > 0 ? "takes" : "gives";
    setAttribute(element, "data-direction", direction);
    const isDark = units.some(({ outage }) => outage === "dark" || outage === "overloaded");
    setAttribute(element, "data-house", isDark ? "dark" : "lit");
    setAttribute(stub, "stroke-width", String(flowWidth(sums.gridW)));
    setAttribute(arrow, "d", isIdle ? "" : drawArrow(sums.gridW > 0));
    setText(amps, isIdle ? "" : formats.quantity(Math.abs(sums.gridA), "A"));
  }
  function drawArrow(isUp: boolean): string {
    const middle = height + stubHeight / 2;
    const [tip, base] = isUp ? [middle - 8, middle + 6] : [middle + 8, middle - 6];
    return `M${width / 2} ${tip} L${width / 2 + 7} ${base} L${width / 2 - 7} ${base} Z`;
  }
  function tellFlow({ gridW }: TileSums): string {
    if (Math.abs(gridW) < leastFlowW) return "";
    return `${t(gridW > 0 ? "takers" : "givers")} ${formats.power(Math.abs(gridW))}`;
  }
  /** What homes of a group give and take, which may meet in the group itself. */
  function tellExchange({ givenW, takenW }: TileSums): string {
    const parts = [
      ["▼", givenW],
      ["▲", takenW],
    ] as const;
    return parts
      .filter(([, watts]) => watts >= leastFlowW)
      .map(([sign, watts]) => `${sign} ${formats.power(watts)}`)
      .join(" ");
  }
  function tellState(unit: UnitStateJson): string {
    if (unit.outage !== "none") return t(unit.outage === "carried" ? "carriedShort" : "darkShort");
    const words: string[] = [];
    if (unit.converterMode !== "waiting") words.push(t(`mode.${unit.converterMode}`));
    if (unit.acCharging) words.push(t("ups.acCharging"));
    else if (unit.upsMode === "bypass") words.push(t("ups.bypass"));
    return words.join(" · ");
  }
  function tellGroup(units: readonly UnitStateJson[]): string {
    const trading = units.filter(({ gridPowerW }) => Math.abs(gridPowerW) >= leastFlowW);
    const givers = trading.filter(({ gridPowerW }) => gridPowerW < 0).length;
    return `${t("unitsCount", { count: units.length })}, ${t("tradersCount", { givers, takers: trading.length - givers })}`;
  }
  return { element, show };
}

function sumTile(units: readonly UnitStateJson[]): TileSums {
  const sum = (of: (unit: UnitStateJson) => number) => units.reduce((total, unit) => total + of(unit), 0);
  return {
    chargePercent: sum((unit) => unit.stateOfChargePercent) / units.length,
    solarW: sum((unit) => unit.solarPowerW),
    houseW: sum(servedPowerOf),
    gridW: sum((unit) => unit.gridPowerW),
    gridA: sum((unit) => unit.gridCurrentA),
    givenW: sum((unit) => Math.max(0, -unit.gridPowerW)),
    takenW: sum((unit) => Math.max(0, unit.gridPowerW)),
  };
}
