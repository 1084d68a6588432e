import uPlot from "uplot";
import type { Context } from "../frame/context.ts";
import { h, setText } from "../frame/dom.ts";
import { type ChartLine, type ChartStyle, describeChart } from "./chart-options.ts";

const chartHeightPx = 260;

/** A chart over simulated time. Drag to zoom; with the keyboard the arrows move the cursor. */
export function createChart(
  { t, formats }: Context,
  title: string,
  style: ChartStyle,
  onZoom: (fromS: number, toS: number) => void,
) {
  const frame = h("div", { class: "chart-frame" });
  const spoken = h("output", { class: "unseen" });
  const plane = h("div", {
    class: "chart-plane",
    tabindex: 0,
    role: "group",
    "aria-label": t("chartOf", { title }),
    onkeydown: moveCursor,
  });
  plane.append(frame);
  const element = h("figure", { class: "chart" }, h("figcaption", {}, title), plane, spoken);
  let plot: uPlot | null = null;
  let labels = "";
  let epochS = 0;
  const resizer = new ResizeObserver(() =>
    plot?.setSize({ width: frame.clientWidth, height: chartHeightPx }),
  );
  resizer.observe(frame);

  /** Shows the lines over simulated seconds; `newEpochS` is the Unix time of second 0. */
  function show(timeS: readonly number[], lines: readonly ChartLine[], newEpochS: number) {
    epochS = newEpochS;
    const data = [timeS.map((second) => second + epochS), ...lines.map((line) => [...line.values])];
    const wanted = JSON.stringify(lines.map((line) => line.label));
    if (plot !== null && wanted === labels) return plot.setData(data as uPlot.AlignedData);
    labels = wanted;
    plot?.destroy();
    const options = describeChart(style, lines, formats, colorOf, t("time"));
    const size = { width: frame.clientWidth || 600, height: chartHeightPx };
    const hooks = { setSelect: [takeSelection] };
    plot = new uPlot({ ...options, ...size, hooks }, data as uPlot.AlignedData, frame);
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
    const seconds = plot.data[0];
    const index = Math.max(0, Math.min(seconds.length - 1, (plot.cursor.idx ?? seconds.length - 1) + steps));
    plot.setCursor({ left: plot.valToPos(seconds[index] ?? 0, "x"), top: chartHeightPx / 3 });
    setText(spoken, readLegend(frame));
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
    close() {
      resizer.disconnect();
      plot?.destroy();
    },
  };
}

function readLegend(frame: HTMLElement): string {
  const rows = [...frame.querySelectorAll(".u-legend tr")];
  return rows.map((row) => [...row.children].map((cell) => cell.textContent?.trim()).join(": ")).join("; ");
}
