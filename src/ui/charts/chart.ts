import uPlot from "uplot";
import type { Context } from "../frame/context.ts";
import { h, setText } from "../frame/dom.ts";
import { writeSpan } from "../frame/formatting.ts";
import { followPrinting, isPrinting } from "../frame/printing.ts";
import { createChartLegend } from "./chart-legend.ts";
import { alignData, type ChartLine, type ChartStyle, describeChart, seriesOf } from "./chart-options.ts";

const chartHeightPx = 260;
/** Fits on a sheet of A4 or Letter between its margins. */
const paperWidthPx = 660;
/** Bins narrower than this are dense. */
const densePx = 4;

/** Bins of a history: where each begins, where the last ends, and how long they are [simulated s]. */
export interface Bins {
  readonly beginS: readonly number[];
  readonly endS: number;
  readonly lengthS: number;
}

/**
 * A chart over simulated time. Drag to zoom; with the keyboard the arrows move the cursor. Until there is something to
 * draw, words say why.
 */
export function createChart(
  { t, formats }: Context,
  title: string,
  style: ChartStyle,
  onZoom: (fromS: number, toS: number) => void,
) {
  const frame = h("div", { class: "chart-frame" });
  const words = h("p", { class: "chart-words", role: "status" }, t("loading"));
  const spoken = h("output", { class: "unseen" });
  const plane = h("div", {
    class: "chart-plane",
    tabindex: 0,
    role: "group",
    "aria-label": t("chartOf", { title }),
    onkeydown: moveCursor,
  });
  plane.append(frame, words);
  const legend = createChartLegend(title, toggleLine);
  const element = h("figure", { class: "chart" }, h("figcaption", {}, title), legend.element, plane, spoken);
  let plot: uPlot | null = null;
  let labels = "";
  let isDense = false;
  let lines: readonly ChartLine[] = [];
  let bins: Bins = { beginS: [], endS: 0, lengthS: 0 };
  let epochS = 0;
  const resizer = new ResizeObserver(() => plot?.setSize(sizeOf()));
  resizer.observe(frame);
  const stopPrinting = followPrinting(redraw);

  /** Shows the lines over the bins; `newEpochS` is the Unix time of simulated second 0. */
  function show(newBins: Bins, newLines: readonly ChartLine[], newEpochS: number) {
    bins = newBins;
    lines = newLines;
    epochS = newEpochS;
    setText(words, bins.beginS.length === 0 ? t("nothingYet") : "");
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
      writeSpan(epochS + beginS, epochS + endS),
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
    onZoom(from - epochS, to - epochS);
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
  function colorOf(name: string): string {
    frame.style.color = `var(--${name})`;
    const { color } = getComputedStyle(frame);
    frame.style.color = "";
    return color;
  }
  return {
    element,
    show,
    /** Says in words why nothing new is drawn. */
    say(text: string) {
      setText(words, text);
    },
    /** How many bins can be told apart. */
    get binsWanted() {
      return Math.max(200, Math.min(2000, (frame.clientWidth || 600) - 80));
    },
    close() {
      resizer.disconnect();
      stopPrinting();
      plot?.destroy();
    },
  };
}
