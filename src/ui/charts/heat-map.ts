import { type ChargeMap, read } from "../frame/api.ts";
import type { Context, Part } from "../frame/context.ts";
import { h, setText } from "../frame/dom.ts";
import { calendarOf, epochOf } from "../frame/formatting.ts";
import { heatGradient } from "./heat-colours.ts";
import { cellAt, drawHeat, type HeatCell, type HeatFrame, plotHeight } from "./heat-plot.ts";
import { createHistoryLoader } from "./history-loader.ts";
import { createRangeControl } from "./range-control.ts";
import { resolveRange } from "./time-range.ts";

/** State of charge of every home over simulated time: a point, a tap or the arrow keys give a cell's value. */
export function createHeatMap(context: Context): Part {
  const { t, live, formats } = context;
  const canvas = h("canvas", {
    class: "heat",
    tabindex: 0,
    role: "application",
    "aria-label": t("heatMapOf"),
    "aria-describedby": "heat-cell",
    onpointermove: (event: PointerEvent) => point(cellUnder(event)),
    onpointerleave: () => point(null),
    onclick: (event: MouseEvent) => openUnit(cellUnder(event)),
    onkeydown: moveCell,
  });
  const cursor = h("div", { class: "heat-cursor", hidden: true });
  const stage = h("div", { class: "heat-stage" }, canvas, cursor);
  const readout = h("output", { id: "heat-cell", class: "heat-cell" }, t("heatHint"));
  const gradient = h("span", { class: "heat-gradient", "aria-hidden": "true" });
  gradient.style.background = heatGradient();
  const legend = h("p", { class: "heat-legend" }, "0\u00a0%", gradient, "100\u00a0%");
  const loader = createHistoryLoader(live, load);
  const range = createRangeControl(context, { kind: "newest", lengthS: 7 * 86_400 }, () => loader.reload());
  const bar = h("div", { class: "heat-bar" }, readout, legend);
  const element = h("section", { class: "panel" }, h("h2", {}, t("heatMap")), range.element, stage, bar);
  let map: ChargeMap | null = null;
  let epochS = 0;
  let frame: HeatFrame | null = null;
  let cell: HeatCell | null = null;
  const resizer = new ResizeObserver(draw);
  resizer.observe(stage);

  async function load(isWanted: () => boolean) {
    const { state } = live;
    if (state === null) return;
    const { fromS, toS } = resolveRange(range.range, state.timeS);
    const loaded = await read<ChargeMap>("/history", { map: "rsoc", from: String(fromS), to: String(toS) });
    if (!isWanted()) return;
    map = loaded;
    epochS = epochOf(state.time, state.timeS);
    draw();
  }
  function draw() {
    if (map === null || canvas.clientWidth === 0) return;
    frame = drawHeat(canvas, map, epochS);
    point(cell);
  }
  function cellUnder({ clientX, clientY }: MouseEvent): HeatCell | null {
    if (map === null || frame === null) return null;
    const { left, top } = canvas.getBoundingClientRect();
    return cellAt(map, frame, clientX - left, clientY - top);
  }
  function point(wanted: HeatCell | null) {
    cell = wanted;
    const unit = map?.units[cell?.unit ?? -1];
    const momentS = map?.timeS[cell?.moment ?? -1];
    cursor.hidden = unit === undefined || momentS === undefined || frame === null;
    if (map === null || frame === null || cell === null || unit === undefined || momentS === undefined)
      return setText(readout, t("heatHint"));
    const { date, time } = calendarOf(epochS, momentS);
    const charge = map.rsoc[cell.moment]?.[cell.unit] ?? null;
    const value = charge === null ? t("notThere") : `${formats.fixed(charge, 2)}\u00a0%`;
    setText(readout, `${unit} · ${date} ${time.slice(0, 5)} · ${value}`);
    const size = { x: frame.width / map.timeS.length, y: plotHeight(map.units.length) / map.units.length };
    cursor.style.left = `${frame.left + cell.moment * size.x}px`;
    cursor.style.top = `${cell.unit * size.y}px`;
    cursor.style.width = `${Math.max(2, size.x)}px`;
    cursor.style.height = `${Math.max(2, size.y)}px`;
  }
  function openUnit(wanted: HeatCell | null) {
    const unit = map?.units[wanted?.unit ?? -1];
    if (unit !== undefined && live.unit(unit) !== undefined) location.hash = `#/unit/${unit}`;
  }
  function moveCell(event: KeyboardEvent) {
    if (event.key === "Enter") return openUnit(cell);
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (map === null || step === undefined) return;
    event.preventDefault();
    const from = cell ?? { moment: map.timeS.length - 1, unit: 0 };
    const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
    point({
      moment: within(from.moment + (cell === null ? 0 : (step[0] ?? 0)), map.timeS.length),
      unit: within(from.unit + (cell === null ? 0 : (step[1] ?? 0)), map.units.length),
    });
  }
  return {
    element,
    update: loader.update,
    close() {
      loader.close();
      resizer.disconnect();
    },
  };
}
