import type uPlot from "uplot";
import type { Formats } from "../frame/formatting.ts";

export type Column = readonly (number | null)[];

export interface ChartLine {
  readonly label: string;
  /** Name of a colour of the style sheet, such as `solar`. */
  readonly color: string;
  readonly values: Column;
  readonly dash?: readonly number[];
  readonly thin?: boolean;
}

export interface ChartStyle {
  readonly unit: string;
  /** Fixed bounds of the value axis. */
  readonly bounds?: readonly [number, number];
  /** The first two lines bound a shaded band: low, high. */
  readonly hasBand?: boolean;
  readonly syncKey: string;
}

const dayS = 86_400;

/** `HH:MM`, or `MM-DD` at midnight. Times are Unix seconds that stand for the simulated calendar. */
export function timeLabel(second: number): string {
  const text = new Date(second * 1000).toISOString();
  return second % dayS === 0 ? text.slice(5, 10) : text.slice(11, 16);
}

/** Everything uPlot is told of a chart but its data. `colorOf` resolves a colour's name. */
export function describeChart(
  style: ChartStyle,
  lines: readonly ChartLine[],
  formats: Formats,
  colorOf: (name: string) => string,
  timeName: string,
): Omit<uPlot.Options, "width" | "height"> {
  const axis = {
    stroke: colorOf("ink"),
    grid: { stroke: colorOf("line"), width: 1 },
    font: "13px system-ui",
  };
  const writeNumber = (value: number) =>
    style.unit === "W" ? formats.power(value) : formats.withUnit(value, style.unit);
  const write = (value: number | null) => (value === null ? "–" : writeNumber(value));
  return {
    tzDate: (second) => new Date(second * 1000),
    cursor: {
      drag: { x: true, y: false, setScale: false },
      sync: { key: style.syncKey, setSeries: false },
      points: { size: 7 },
    },
    legend: { live: true },
    scales: { x: { time: true }, y: style.bounds === undefined ? {} : { range: [...style.bounds] } },
    axes: [
      { ...axis, values: (_, seconds) => seconds.map(timeLabel), incrs: timeSteps, space: 64 },
      {
        ...axis,
        size: 76,
        values: (_, values) => values.map(writeNumber),
      },
    ],
    series: [
      { label: timeName, value: (_, second) => (second === null ? "–" : writeMoment(second)) },
      ...lines.map((line) => ({
        label: line.label,
        stroke: colorOf(line.color),
        width: line.thin ? 1 : 2,
        ...(line.dash === undefined ? {} : { dash: [...line.dash] }),
        points: { show: false },
        value: (_: uPlot, value: number | null) => write(value),
      })),
    ],
    bands: style.hasBand ? [{ series: [2, 1], fill: withAlpha(colorOf(lines[0]?.color ?? "ink")) }] : [],
  };
}

const timeSteps = [
  60,
  300,
  600,
  1800,
  3600,
  7200,
  10_800,
  21_600,
  43_200,
  dayS,
  2 * dayS,
  7 * dayS,
  14 * dayS,
  30 * dayS,
  60 * dayS,
];

function writeMoment(second: number): string {
  return new Date(second * 1000).toISOString().slice(0, 16).replace("T", " ");
}

/** The same colour, nearly transparent; computed colours are `rgb(r, g, b)`. */
function withAlpha(color: string): string {
  return color.replace(/^rgb\(([^)]+)\)$/, "rgba($1, 0.2)");
}
