import { type ChargeMap, read } from "../live/api.ts";
import type { Context, Part } from "../live/context.ts";
import { followSize, h, setText } from "../page/dom.ts";
import { followPrinting } from "../page/printing.ts";
import { writeSpan } from "../words/formatting.ts";
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
import type { Bins } from "./history-bins.ts";
import { createHistoryPanel, type WantedSpan } from "./history-panel.ts";

/** State of charge of every home over simulated time: a point, a tap or the arrow keys give a cell's value. */
export function createHeatMap(context: Context): Part {
  const { t, live, formats, closing } = context;
  const panel = createHistoryPanel(context, () => binsWantedOn(canvas), load);
  const canvas = h("canvas", {
    class: "heat",
    tabindex: 0,
    role: "application",
    "aria-label": t("heatMapOf"),
    "aria-describedby": "heat-cell",
    onpointerdown: touch,
    onpointermove: (event: PointerEvent) => point(cellUnder(event)),
    onpointerleave: ({ pointerType }: PointerEvent) => pointerType === "mouse" && point(null),
    onclick: (event: MouseEvent) => isRead && openUnit(cellUnder(event)),
    onkeydown: moveCell,
  });
  const cursor = h("div", { class: "heat-cursor", hidden: true });
  const stage = panel.stage({ class: "heat-stage" }, canvas, cursor);
  const readout = h("output", { id: "heat-cell", class: "heat-cell" }, t("heatHint"));
  const pooled = h("p", { class: "hint", hidden: true });
  const gradient = h("span", { class: "heat-gradient", "aria-hidden": "true" });
  gradient.style.background = heatGradient();
  const legend = h("p", { class: "heat-legend" }, "0\u00a0%", gradient, "100\u00a0%");
  const bar = h("div", { class: "heat-bar" }, readout, legend);
  const head = h("div", { class: "panel-head" }, h("h2", {}, t("heatMap")), panel.range);
  const element = h("section", { class: "panel" }, head, pooled, stage, bar);
  let map: ChargeMap | null = null;
  let pool: HeatRows = { rows: [], homesPerRow: 1, charges: [] };
  let epochS = 0;
  let frame: HeatFrame | null = null;
  let cell: HeatCell | null = null;
  /** Whether the cell under the finger was read before: only then does a tap open its home. */
  let isRead = true;
  followSize(stage, draw, closing);
  followPrinting(draw, closing);

  async function load(span: WantedSpan) {
    const history = await read<ChargeMap>("/history", { map: "rsoc", ...span });
    return {
      history,
      draw(_: Bins, newEpochS: number) {
        map = history;
        pool = poolHomes(history);
        epochS = newEpochS;
        pooled.hidden = pool.homesPerRow === 1;
        setText(pooled, t("heatPooled", { count: pool.homesPerRow, total: history.units.length }));
        draw();
      },
    };
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
  function touch(event: PointerEvent) {
    const touched = cellUnder(event);
    isRead = event.pointerType === "mouse" || (touched?.bin === cell?.bin && touched?.row === cell?.row);
    point(touched);
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
  return { element, update: panel.update };
}
