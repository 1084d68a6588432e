import type { ImportReport } from "../../input/import/report.ts";
import type { Context } from "../live/context.ts";
import { h, svg } from "../page/dom.ts";

type Drawing = ImportReport["drawings"][number];

const width = 600;
const height = 150;
const left = 44;
const top = 14;
const bottom = 20;

/** A day and the whole time of each quantity. */
export function createDrawings({ t }: Pick<Context, "t">, drawings: readonly Drawing[]): HTMLElement {
  const pictures = drawings.flatMap(({ quantity, unit, day, days }) => {
    const name = `${t(`data.${quantity}`)} [${unit}]`;
    return [
      draw(day.values, `${name}: ${day.date}`, "0:00", "24:00"),
      draw(days.values, `${name}: ${t("dataDailyMeans")}`, days.from, days.to),
    ];
  });
  return h("div", { class: "data-drawings" }, ...pictures);
}

function draw(values: readonly number[], title: string, from: string, to: string): HTMLElement {
  const highest = Math.max(...values) || 1;
  const x = (index: number) => left + ((width - left - 8) * index) / values.length;
  const y = (value: number) => height - bottom - ((height - top - bottom) * value) / highest;
  // Each value is drawn over its step, as the bars of a profile.
  const points = values.map(
    (value, index) =>
      `${x(index).toFixed(1)},${y(value).toFixed(1)} ${x(index + 1).toFixed(1)},${y(value).toFixed(1)}`,
  );
  const text = (at: { x: number; y: number; anchor?: string }, words: string) =>
    svg("text", { x: at.x, y: at.y, "text-anchor": at.anchor ?? "start" }, words);
  const base = height - bottom;
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title },
    svg("line", { x1: left, y1: base, x2: width - 8, y2: base }),
    svg("polyline", { points: points.join(" ") }),
    text({ x: left - 4, y: top + 4, anchor: "end" }, String(Number(highest.toPrecision(3)))),
    text({ x: left - 4, y: base, anchor: "end" }, "0"),
    text({ x: left, y: height - 4 }, from),
    text({ x: width - 8, y: height - 4, anchor: "end" }, to),
  );
  return h("figure", { class: "data-drawing" }, h("figcaption", {}, title), picture);
}
