import uPlot from "uplot";
import type { ToldEvent } from "../live/api.ts";
import type { Context } from "../live/context.ts";
import { followSize, h, setText } from "../page/dom.ts";
import { followPrinting, isPrinting } from "../page/printing.ts";
import { writeSpan } from "../words/formatting.ts";
import { createChartLegend } from "./chart-legend.ts";
import { alignData, type ChartLine, type ChartStyle, describeChart, seriesOf } from "./chart-options.ts";
import { drawMarks, nameMarks } from "./event-marks.ts";
import type { Bins } from "./history-bins.ts";
import type { createHistoryPanel } from "./history-panel.ts";

const chartHeightPx = 260;
/** Fits on a sheet of A4 or Letter between its margins. */
const paperWidthPx = 660;
/** Bins narrower than this are dense. */
const densePx = 4;

/** A chart of a history. Drag to zoom; with the keyboard the arrows move the cursor, on glass a finger does. */
export function createChart(
  { t, formats, closing }: Context,
  panel: Pick<ReturnType<typeof createHistoryPanel>, "stage" | "zoom">,
  title: string,
  style: ChartStyle,
) {
  const frame = h("div", { class: "chart-frame" });
  const spoken = h("output", { class: "unseen" });
  const name = { class: "chart-plane", tabindex: 0, role: "group", "aria-label": t("chartOf", { title }) };
  const fingers = { onpointerdown: followFinger, onpointermove: followFinger, ontouchend: endTouch };
  const plane = panel.stage({ ...name, onkeydown: moveCursor, ...fingers }, frame);
  const legend = createChartLegend(title, toggleLine);
  const element = h("figure", { class: "chart" }, h("figcaption", {}, title), legend.element, plane, spoken);
  let plot: uPlot | null = null;
  let labels = "";
  let isDense = false;
  let lines: readonly ChartLine[] = [];
  let bins: Bins = { beginS: [], endS: 0, lengthS: 0 };
  let marks: readonly ToldEvent[] = [];
  let epochS = 0;
  followSize(frame, () => plot?.setSize(sizeOf()), closing);
  followPrinting(redraw, closing);
  closing.addEventListener("abort", () => plot?.destroy());

  /** Shows the lines over the bins, with marks of events; `newEpochS` is the Unix time of simulated second 0. */
  function show(
    newBins: Bins,
    newLines: readonly ChartLine[],
    newEpochS: number,
    newMarks: readonly ToldEvent[] = [],
  ) {
    bins = newBins;
    marks = newMarks;
    lines = newLines;
    epochS = newEpochS;
    const wanted = JSON.stringify(lines.map((line) => [line.label, line.low === undefined]));
    const wasDense = isDense;
    isDense = bins.beginS.length * densePx > frame.clientWidth;
    if (plot !== null && wanted === labels && isDense === wasDense) plot.setData(dataOf());
    else {
      if (wanted !== labels) legend.showLines(lines);
      labels = wanted;
      redraw();
    }
    showValues(plot?.cursor.idx ?? null);
  }
  /** Draws all anew, in the colours and the width of the medium. */
  function redraw() {
    plot?.destroy();
    plot = null;
    if (bins.beginS.length === 0) return;
    const options = describeChart({ ...style, isDense }, lines, formats, colorOf);
    const hooks = {
      setSelect: [takeSelection],
      draw: [(chart: uPlot) => drawMarks(chart, marks, epochS, colorOf)],
      setCursor: [(chart: uPlot) => showValues(chart.cursor.idx ?? null)],
    };
    plot = new uPlot({ ...options, ...sizeOf(), hooks }, dataOf(), frame);
    for (const [index, line] of lines.entries()) if (!legend.isShown(line)) toggleLine(index, false);
  }
  function dataOf(): uPlot.AlignedData {
    return alignData(
      bins.beginS.map((second) => second + epochS),
      bins.endS + epochS,
      lines,
    );
  }
  function sizeOf() {
    const width = isPrinting() ? Math.min(frame.clientWidth, paperWidthPx) : frame.clientWidth;
    return { width: width || 600, height: chartHeightPx };
  }
  function toggleLine(index: number, isShown: boolean) {
    for (const series of seriesOf(lines)[index]?.all ?? []) plot?.setSeries(series, { show: isShown });
  }
  /** Writes the values of a bin into the legend: the last, unless the cursor is over another. */
  function showValues(index: number | null) {
    const bin = index ?? bins.beginS.length - 1;
    const beginS = bins.beginS[bin];
    if (beginS === undefined) return legend.showValues("", []);
    const endS = bins.beginS[bin + 1] ?? bins.endS;
    legend.showValues(
      writeSpan(epochS + beginS, epochS + endS) + nameMarks(t, marks, beginS, endS),
      lines.map((line) => writeValue(line, bin)),
    );
  }
  function writeValue({ values, low, high }: ChartLine, bin: number): string {
    const write = (value: number | null | undefined) =>
      value === null || value === undefined ? "–" : formats.quantity(value, style.unit);
    const [least, greatest] = [low?.[bin], high?.[bin]];
    const mean = write(values[bin]);
    return typeof least === "number" ? `${mean} (${write(least)} – ${write(greatest)})` : mean;
  }
  function takeSelection(chart: uPlot) {
    const { left, width } = chart.select;
    if (width < 4) return;
    const [from, to] = [chart.posToVal(left, "x"), chart.posToVal(left + width, "x")];
    chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    panel.zoom(from - epochS, to - epochS);
  }
  function moveCursor(event: KeyboardEvent) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 }[event.key];
    if (plot === null || steps === undefined) return;
    event.preventDefault();
    const last = bins.beginS.length - 1;
    const index = Math.max(0, Math.min(last, (plot.cursor.idx ?? last) + steps));
    const middleS = ((bins.beginS[index] ?? 0) + (bins.beginS[index + 1] ?? bins.endS)) / 2;
    plot.setCursor({ left: plot.valToPos(middleS + epochS, "x"), top: chartHeightPx / 3 });
    setText(spoken, legend.describe());
  }
  /** uPlot knows mice only. */
  function followFinger({ pointerType, clientX, clientY }: PointerEvent) {
    if (plot === null || pointerType === "mouse") return;
    const { left, top } = plot.over.getBoundingClientRect();
    plot.setCursor({ left: clientX - left, top: clientY - top });
  }
  /** No mouse that the browser makes up of a touch is to take the cursor away again. */
  function endTouch(event: TouchEvent) {
    if (event.cancelable) event.preventDefault();
  }
  function colorOf(name: string): string {
    frame.style.color = `var(--${name})`;
    const { color } = getComputedStyle(frame);
    frame.style.color = "";
    return color;
  }
  return {
    element,
    show,
    /** How many bins can be told apart. */
    binsWanted: () => Math.max(200, Math.min(2000, (frame.clientWidth || 600) - 80)),
  };
}
