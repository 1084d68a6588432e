import uPlot from "uplot";
import { listTicks } from "../words/calendar-ticks.ts";
import type { Formats } from "../words/formatting.ts";

export type Column = readonly (number | null)[];

/** A quantity over the bins of a chart: its means as steps, and where it is known, what it was between. */
export interface ChartLine {
  readonly label: string;
  /** Name of a colour of the style sheet, such as `solar`. */
  readonly color: string;
  readonly values: Column;
  /** Least and greatest value of each bin, drawn as a band. */
  readonly low?: Column;
  readonly high?: Column;
  readonly dash?: readonly number[];
}

export interface ChartStyle {
  readonly unit: "%" | "W";
  /** Fixed bounds of the value axis. */
  readonly bounds?: readonly [number, number];
  readonly syncKey: string;
  /** Whether bins are so narrow that a wide line of means would hide the band about it. */
  readonly isDense?: boolean;
}

/** Room for a time's label [px]. */
const tickSpacePx = 76;
const axisFont = "13px system-ui, sans-serif";

/** Numbers of uPlot's series of each line; series 0 is time. */
export function seriesOf(lines: readonly ChartLine[]): { mean: number; all: number[] }[] {
  let next = 1;
  return lines.map((line) => {
    const count = line.low === undefined ? 1 : 3;
    const all = Array.from({ length: count }, (_, index) => next + index);
    next += count;
    return { mean: next - 1, all };
  });
}

/** The bins' beginnings and the end of the last, and below them a row for each series of `seriesOf`. */
export function alignData(
  beginS: readonly number[],
  endS: number,
  lines: readonly ChartLine[],
): uPlot.AlignedData {
  const drawn = (column: Column) => [...column, column.at(-1) ?? null];
  const columns = lines.flatMap(({ low, high, values }) =>
    low === undefined || high === undefined ? [drawn(values)] : [drawn(low), drawn(high), drawn(values)],
  );
  return [[...beginS, endS], ...columns];
}

/** Everything uPlot is told of a chart but its data. `colorOf` resolves a colour's name. */
export function describeChart(
  style: ChartStyle,
  lines: readonly ChartLine[],
  formats: Formats,
  colorOf: (name: string) => string,
): Omit<uPlot.Options, "width" | "height"> {
  const axis = {
    stroke: colorOf("ink"),
    grid: { stroke: colorOf("line"), width: 1 },
    font: axisFont,
  };
  const paths = uPlot.paths.stepped?.({ align: 1 });
  const steps = { points: { show: false }, ...(paths === undefined ? {} : { paths }) };
  const numbers = seriesOf(lines);
  const y =
    style.bounds === undefined
      ? { range: rangeWithZero }
      : { range: [...style.bounds] as uPlot.Range.MinMax };
  return {
    cursor: {
      drag: { x: true, y: false, setScale: false },
      sync: { key: style.syncKey, setSeries: false },
      points: { size: 7 },
      dataIdx: (plot, _, nearest) => binUnder(plot, nearest),
    },
    legend: { show: false },
    padding: [null, tickSpacePx / 2, null, null],
    // The axis is ours: uPlot's own would follow the browser's time zone.
    scales: { x: { time: false }, y },
    axes: [
      {
        ...axis,
        size: 54,
        splits: (plot, _, from, to) => ticksOf(plot, from, to).map(({ second }) => second),
        values: (plot) =>
          ticksOf(plot, plot.scales.x?.min ?? 0, plot.scales.x?.max ?? 0).map(({ label, context }) =>
            context === "" ? label : `${label}\n${context}`,
          ),
      },
      { ...axis, size: 76, values: (_, values) => formats.axis(values, style.unit) },
    ],
    series: [
      {},
      ...lines.flatMap((line) => {
        const stroke = colorOf(line.color);
        const dash = line.dash === undefined ? {} : { dash: [...line.dash] };
        const mean = { label: line.label, stroke, width: style.isDense ? 1 : 2, ...dash, ...steps };
        const bound = { stroke: withAlpha(stroke, 0.45), width: 1, ...steps };
        return line.low === undefined ? [mean] : [bound, { ...bound }, mean];
      }),
    ],
    bands: lines.flatMap((line, index) => {
      const [low = 0, high = 0] = numbers[index]?.all ?? [];
      if (line.low === undefined) return [];
      return [{ series: [high, low] as uPlot.Band.Bounds, fill: withAlpha(colorOf(line.color), 0.22) }];
    }),
  };
}

function ticksOf(plot: uPlot, fromS: number, toS: number) {
  return listTicks(fromS, toS, Math.max(2, Math.floor(plot.bbox.width / uPlot.pxRatio / tickSpacePx)));
}

/** A step holds from its bin's beginning: the bin under the cursor, not the nearest beginning. */
function binUnder(plot: uPlot, nearest: number): number {
  const { left = -1 } = plot.cursor;
  const begun = (plot.data[0][nearest] ?? 0) <= plot.posToVal(left, "x") + 1e-6;
  return Math.max(0, Math.min(begun ? nearest : nearest - 1, plot.data[0].length - 2));
}

/** Powers are seen against zero. */
function rangeWithZero(_: uPlot, least: number | null, greatest: number | null): uPlot.Range.MinMax {
  const low = Math.min(0, least ?? 0);
  const high = Math.max(0, greatest ?? 0);
  const room = (high - low) * 0.05;
  if (room === 0) return [0, 1];
  return [low < 0 ? low - room : 0, high > 0 ? high + room : 0];
}

/** The same colour, more or less transparent; computed colours are `rgb(r, g, b)`. */
function withAlpha(color: string, alpha: number): string {
  return color.replace(/^rgb\(([^)]+)\)$/, `rgba($1, ${alpha})`);
}
