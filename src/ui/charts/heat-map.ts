import { type ChargeMap, read } from "../frame/api.ts";
import type { Context, Part } from "../frame/context.ts";
import { h, setText } from "../frame/dom.ts";
import { explainError } from "../frame/explain-error.ts";
import { epochOf, writeSpan } from "../frame/formatting.ts";
import { followPrinting } from "../frame/printing.ts";
import { heatGradient } from "./heat-colours.ts";
import {
  binsWantedOn,
  cellAt,
  drawHeat,
  type HeatCell,
  type HeatFrame,
  type HeatRow,
  type HeatRows,
  plotHeight,
  poolHomes,
} from "./heat-plot.ts";
import { binsOf, chooseBinS } from "./history-bins.ts";
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
  const words = h("p", { class: "chart-words", role: "status" }, t("loading"));
  const stage = h("div", { class: "heat-stage" }, canvas, cursor, words);
  const readout = h("output", { id: "heat-cell", class: "heat-cell" }, t("heatHint"));
  const pooled = h("p", { class: "hint", hidden: true });
  const gradient = h("span", { class: "heat-gradient", "aria-hidden": "true" });
  gradient.style.background = heatGradient();
  const legend = h("p", { class: "heat-legend" }, "0\u00a0%", gradient, "100\u00a0%");
  const loader = createHistoryLoader(live, load, (error) => setText(words, explainError(context, error)));
  const range = createRangeControl(context, { kind: "newest", lengthS: 7 * 86_400 }, () => loader.reload());
  const bar = h("div", { class: "heat-bar" }, readout, legend);
  const heading = h("h2", {}, t("heatMap"));
  const element = h("section", { class: "panel" }, heading, range.element, pooled, stage, bar);
  let map: ChargeMap | null = null;
  let pool: HeatRows = { rows: [], homesPerRow: 1, charges: [] };
  let epochS = 0;
  let frame: HeatFrame | null = null;
  let cell: HeatCell | null = null;
  const resizer = new ResizeObserver(draw);
  resizer.observe(stage);
  const stopPrinting = followPrinting(draw);

  async function load(isWanted: () => boolean) {
    const { state } = live;
    if (state === null) return;
    const { fromS, toS } = resolveRange(range.range, state.timeS);
    const resolution = String(chooseBinS(toS - fromS, binsWantedOn(canvas)));
    const span = { from: String(fromS), to: String(toS), resolution };
    const loaded = await read<ChargeMap>("/history", { map: "rsoc", ...span });
    if (!isWanted()) return;
    map = loaded;
    pool = poolHomes(loaded);
    epochS = epochOf(state.time, state.timeS);
    range.describe(binsOf(loaded), epochS);
    setText(words, loaded.timeS.length === 0 ? t("nothingYet") : "");
    pooled.hidden = pool.homesPerRow === 1;
    setText(pooled, t("heatPooled", { count: pool.homesPerRow, total: loaded.units.length }));
    draw();
  }
  function draw() {
    if (map === null || canvas.clientWidth === 0) return;
    frame = drawHeat(canvas, pool, epochS + map.fromS, epochS + map.toS);
    point(cell);
  }
  function cellUnder({ clientX, clientY }: MouseEvent): HeatCell | null {
    if (map === null || frame === null) return null;
    const { left, top } = canvas.getBoundingClientRect();
    return cellAt(map.timeS.length, pool.rows.length, frame, clientX - left, clientY - top);
  }
  function point(wanted: HeatCell | null) {
    cell = wanted;
    const row = pool.rows[cell?.row ?? -1];
    const beginS = map?.timeS[cell?.bin ?? -1];
    cursor.hidden = row === undefined || beginS === undefined || frame === null;
    if (map === null || frame === null || cell === null || row === undefined || beginS === undefined)
      return setText(readout, t(pool.homesPerRow === 1 ? "heatHint" : "heatPooledHint"));
    const span = writeSpan(epochS + beginS, epochS + beginS + (map.lengthS[cell.bin] ?? 0));
    setText(readout, `${nameOf(row)} · ${span} · ${writeCharge(row, cell)}`);
    const size = {
      x: frame.width / map.timeS.length,
      y: plotHeight(pool.rows.length) / pool.rows.length,
    };
    cursor.style.left = `${frame.left + cell.bin * size.x}px`;
    cursor.style.top = `${cell.row * size.y}px`;
    cursor.style.width = `${Math.max(2, size.x)}px`;
    cursor.style.height = `${Math.max(2, size.y)}px`;
  }
  function nameOf({ first, last }: HeatRow): string {
    return first === last ? first : t("rowOf", { first, last });
  }
  /** Mean, least and greatest charge of a home in the bin; of several homes their mean. */
  function writeCharge({ homes }: HeatRow, { bin, row }: HeatCell): string {
    const charge = pool.charges[bin]?.[row] ?? null;
    if (charge === null) return t("notThere");
    const mean = formats.quantity(charge, "%");
    if (homes > 1) return `${mean} (${t("meanOf", { count: homes })})`;
    const [least, greatest] = [map?.rsocMin[bin]?.[row], map?.rsocMax[bin]?.[row]];
    const band = [least, greatest].map((each) => formats.quantity(each ?? charge, "%")).join(" – ");
    return `${mean} (${band})`;
  }
  function openUnit(wanted: HeatCell | null) {
    const unit = pool.rows[wanted?.row ?? -1]?.first;
    if (unit !== undefined && live.unit(unit) !== undefined) location.hash = `#/unit/${unit}`;
  }
  function moveCell(event: KeyboardEvent) {
    if (event.key === "Enter") return openUnit(cell);
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (map === null || step === undefined) return;
    event.preventDefault();
    const from = cell ?? { bin: map.timeS.length - 1, row: 0 };
    const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
    point({
      bin: within(from.bin + (cell === null ? 0 : (step[0] ?? 0)), map.timeS.length),
      row: within(from.row + (cell === null ? 0 : (step[1] ?? 0)), pool.rows.length),
    });
  }
  return {
    element,
    update: loader.update,
    close() {
      loader.close();
      resizer.disconnect();
      stopPrinting();
    },
  };
}
