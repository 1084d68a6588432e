import { formatDate } from "../series/read-date.ts";
import type { ImportedData } from "./combine.ts";
import type { ImportReport } from "./report.ts";
import { writeReportText } from "./report-text.ts";
import type { SettledSeries } from "./settled-series.ts";

const width = 720;
const height = 160;
const margin = 44;

/** A report as one page that needs nothing else, with a day and the whole time drawn. */
export function writeReportPage(report: ImportReport, data: ImportedData): string {
  const groups = [
    { name: "Demand, mean of homes [kW]", series: data.demand, scale: 1000 },
    { name: "PV power, mean of homes [kW]", series: data.pv, scale: 1000 },
    { name: "Irradiance [W/m²]", series: data.irradiance === null ? [] : [data.irradiance], scale: 1 },
  ].filter(({ series }) => series.length > 0);
  const day = middleDay(data);
  const date = (index: number) =>
    data.firstDay === null ? `day ${index + 1}` : formatDate(data.firstDay + index);
  const drawings = groups.map(({ name, series, scale }) => {
    const mean = meanOf(series).map((value) => value / scale);
    const perDay = mean.length / data.days;
    const ofDay = mean.subarray(day * perDay, (day + 1) * perDay);
    const ofYear = Float64Array.from({ length: data.days }, (_, at) => {
      const values = mean.subarray(at * perDay, (at + 1) * perDay);
      return values.reduce((sum, value) => sum + value, 0) / perDay;
    });
    return `<h2>${escapeHtml(name)}</h2>
${draw(ofDay, `${name}: ${date(day)}`, "0:00", "24:00")}
${draw(ofYear, `${name}: daily means`, date(0), date(data.days - 1))}`;
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
svg text { font-size: 11px; fill: currentColor; }
</style>
<h1>What was imported</h1>
<pre>${escapeHtml(writeReportText(report))}</pre>
${drawings.join("\n")}
</html>
`;
}

function meanOf(series: readonly SettledSeries[]): Float64Array {
  const sums = new Float64Array((series[0] as SettledSeries).values.length);
  for (const { values } of series)
    if (values.length === sums.length)
      for (let index = 0; index < sums.length; index++)
        sums[index] = (sums[index] as number) + (values[index] as number);
  return sums.map((sum) => sum / series.length);
}

/** A day in the middle of the data. */
function middleDay({ days }: ImportedData): number {
  return Math.floor(days / 2);
}

function draw(values: Float64Array, title: string, from: string, to: string): string {
  const highest = values.reduce((a, b) => Math.max(a, b), 0) || 1;
  const x = (index: number) => margin + ((width - margin - 8) * index) / values.length;
  const y = (value: number) => height - 22 - ((height - 40) * value) / highest;
  // Each value is drawn over its step, as the bars of a profile.
  const points = Array.from(
    values,
    (value, index) =>
      `${coordinate(x(index))},${coordinate(y(value))} ${coordinate(x(index + 1))},${coordinate(y(value))}`,
  );
  const top = Number(highest.toPrecision(3));
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}"><title>${escapeHtml(title)}</title>
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
