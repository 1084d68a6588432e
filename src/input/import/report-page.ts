import type { Drawing } from "./drawings.ts";
import type { ImportReport } from "./report.ts";
import { writeReportText } from "./report-text.ts";

const width = 720;
const height = 160;
const margin = 44;

const names: Readonly<Record<Drawing["quantity"], string>> = {
  demand: "Demand, mean of homes [kW]",
  pv: "PV power, mean of homes [kW]",
  irradiance: "Irradiance [W/m²]",
};

/** A report as one page that needs nothing else, with a day and the whole time drawn. */
export function writeReportPage(report: ImportReport): string {
  const drawings = report.drawings.map(({ quantity, day, days }) => {
    const name = names[quantity];
    return `<h2>${escapeHtml(name)}</h2>
${draw(day.values, `${name}: ${day.date}`, "0:00", "24:00")}
${draw(days.values, `${name}: daily means`, days.from, days.to)}`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>What was imported</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
pre { white-space: pre-wrap; background: #f4f4f4; color: #111; padding: 1rem; }
svg { display: block; width: 100%; max-width: ${width}px; margin: .5rem 0 1rem; }
</style>
<h1>What was imported</h1>
<pre>${escapeHtml(writeReportText(report))}</pre>
${drawings.join("\n")}
</html>
`;
}

function draw(values: readonly number[], title: string, from: string, to: string): string {
  const highest = values.reduce((a, b) => Math.max(a, b), 0) || 1;
  const x = (index: number) => margin + ((width - margin - 8) * index) / values.length;
  const y = (value: number) => height - 22 - ((height - 40) * value) / highest;
  // Each value is drawn over its step, as the bars of a profile.
  const points = values.map(
    (value, index) =>
      `${coordinate(x(index))},${coordinate(y(value))} ${coordinate(x(index + 1))},${coordinate(y(value))}`,
  );
  const top = Number(highest.toPrecision(3));
  return `<svg viewBox="0 0 ${width} ${height}" font-size="11" fill="currentColor" role="img" aria-label="${escapeHtml(title)}"><title>${escapeHtml(title)}</title>
<line x1="${margin}" y1="${height - 22}" x2="${width - 8}" y2="${height - 22}" stroke="currentColor" stroke-width=".5"/>
<polyline fill="none" stroke="#0b6bcb" points="${points.join(" ")}"/>
<text x="${margin - 4}" y="${y(highest) + 4}" text-anchor="end">${top}</text><text x="${margin - 4}" y="${height - 18}" text-anchor="end">0</text>
<text x="${margin}" y="${height - 6}">${escapeHtml(from)}</text><text x="${width - 8}" y="${height - 6}" text-anchor="end">${escapeHtml(to)}</text>
<text x="${margin}" y="11">${escapeHtml(title)}</text></svg>`;
}

function coordinate(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
