import type { Results } from "../live/api.ts";
import type { Context } from "../live/context.ts";
import { svg } from "../page/dom.ts";
import { listTicks } from "../words/calendar-ticks.ts";
import { comesIn, type Energies, type EnergyPart, energiesOfBin, goesOut, totalOf } from "./energy-parts.ts";

const height = 280;
const plot = { left: 76, right: 12, top: 10, bottom: 40 };

/**
 * Bars of what came in, above the line, and where it went, below it; over them as a line what came in of the results that these are held
 * against. `epochS` is the Unix time of simulated second 0.
 */
export function drawBars(
  { t, formats }: Context,
  results: Results,
  against: Results | null,
  epochS: number,
  width: number,
): SVGSVGElement {
  const { timeS, lengthS, time, fromS, toS } = results;
  const energies = timeS.map((_, index) => energiesOfBin(results.energies, index));
  const others =
    against?.timeS.map((_, index) => totalOf(comesIn, energiesOfBin(against.energies, index))) ?? [];
  const mostWh = Math.max(1, ...energies.map((of) => totalOf(comesIn, of)), ...others.slice(0, timeS.length));
  const middle = (height + plot.top - plot.bottom) / 2;
  const perWh = (middle - plot.top) / mostWh;
  const perS = (width - plot.left - plot.right) / Math.max(1, toS - fromS);
  const xOf = (second: number) => plot.left + (second - fromS) * perS;
  const picture = svg("svg", {
    class: "bars",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    "aria-label": t("barsLabel"),
  });
  for (const share of [-1, -0.5, 0, 0.5, 1]) {
    const y = middle - share * mostWh * perWh;
    picture.append(
      svg("line", {
        x1: plot.left,
        x2: width - plot.right,
        y1: y,
        y2: y,
        class: share === 0 ? "axis-line" : "grid-line",
      }),
      svg(
        "text",
        { x: plot.left - 6, y: y + 4, "text-anchor": "end", class: "axis-text" },
        formats.energy(Math.abs(share) * mostWh),
      ),
    );
  }
  for (const { second, label, context } of listTicks(epochS + fromS, epochS + toS, Math.floor(width / 90))) {
    const x = xOf(second - epochS);
    picture.append(
      svg(
        "text",
        { x, y: height - plot.bottom + 16, "text-anchor": "middle", class: "axis-text" },
        label,
        ...(context === "" ? [] : [svg("tspan", { x, dy: "1.2em" }, context)]),
      ),
    );
  }
  energies.forEach((of, index) => {
    const x = xOf(timeS[index] as number);
    const gap = Math.min(2, ((lengthS[index] as number) * perS) / 4);
    const barWidth = Math.max(0.5, (lengthS[index] as number) * perS - gap);
    const group = svg("g", {}, svg("title", {}, tellBar(time[index] as string, of)));
    stack(comesIn, of, -1);
    stack(goesOut, of, 1);
    picture.append(group);

    function stack(parts: readonly EnergyPart[], ofBin: Energies, direction: 1 | -1) {
      let y = middle;
      for (const part of parts) {
        const length = Math.max(0, part.of(ofBin)) * perWh;
        if (length < 0.05) continue;
        const top = direction < 0 ? y - length : y;
        group.append(
          svg("rect", { x, y: top, width: barWidth, height: length, class: `bar color-${part.color}` }),
        );
        y += direction * length;
      }
    }
  });
  if (against !== null) {
    const points = timeS.map((beginS, index) => {
      const y = middle - (others[index] ?? 0) * perWh;
      return index < others.length
        ? `${xOf(beginS)},${y} ${xOf(beginS + (lengthS[index] as number))},${y}`
        : "";
    });
    picture.append(
      svg(
        "polyline",
        { points: points.join(" ").trim(), class: "against-line" },
        svg("title", {}, t("againstLine")),
      ),
    );
  }
  return picture;

  function tellBar(moment: string, of: Energies): string {
    const tell = (parts: readonly EnergyPart[]) =>
      parts
        .filter((part) => Math.abs(part.of(of)) >= 0.05)
        .map((part) => `${t(part.label)} ${formats.energy(part.of(of))}`)
        .join("\n");
    return `${moment}\n${t("comesIn")}\n${tell(comesIn)}\n${t("goesOut")}\n${tell(goesOut)}`;
  }
}
