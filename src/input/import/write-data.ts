import { formatDate } from "../series/read-date.ts";
import type { ImportedData } from "./combine.ts";
import type { ImportReport } from "./report.ts";
import type { SettledSeries } from "./settled-series.ts";

/** Where no file has dates, time begins then, as it does without a date in the data. */
const undatedFirstDay = Date.UTC(2020, 0, 1) / 86_400_000;

/** Name and text of every CSV file that `--data` takes, in pieces. */
export function* writeDataFiles(data: ImportedData): Generator<[name: string, content: Iterable<string>]> {
  if (data.demand.length > 0) yield ["imported_load_data.csv", writeHomes(data, data.demand)];
  if (data.pv.length > 0) yield ["imported_pv_data.csv", writeHomes(data, data.pv)];
  if (data.irradiance !== null) yield ["imported_solar_data.csv", writeSun(data, data.irradiance)];
}

function* writeHomes({ firstDay, days }: ImportedData, homes: readonly SettledSeries[]): Generator<string> {
  const { stepMinutes } = homes[0] as SettledSeries;
  const perDay = 1440 / stepMinutes;
  yield `no,id,year,month,day,wday,${labelsOf(homes[0] as SettledSeries)}\n`;
  let number = 0;
  for (const [home, { values }] of homes.entries())
    for (let day = 0; day < days; day++) {
      number += 1;
      const date = (firstDay ?? undatedFirstDay) + day;
      const [year, month, dayOfMonth] = formatDate(date).split("-").map(Number);
      const weekday = new Date(date * 86_400_000).getUTCDay();
      const ofDay = values.subarray(day * perDay, (day + 1) * perDay);
      yield `${[number, home + 1, year, month, dayOfMonth, weekday].join(",")},${Array.from(ofDay, (value) => shorten(value / 1000)).join(",")}\n`;
    }
}

function* writeSun({ days }: ImportedData, sun: SettledSeries): Generator<string> {
  const { values, stepMinutes } = sun;
  const perDay = 1440 / stepMinutes;
  yield `${labelsOf(sun)}\n`;
  for (let day = 0; day < days; day++)
    yield `${Array.from(values.subarray(day * perDay, (day + 1) * perDay), shorten).join(",")}\n`;
}

/** A README for the folder of imported data. */
export function writeReadme(report: ImportReport, names: readonly string[]): string {
  const { files, data, notes, warnings, series } = report;
  const range = data.firstDate === null ? "" : ` from ${data.firstDate} to ${data.lastDate}`;
  const list = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join("\n");
  const labels = series.filter(({ home, quantity }) => home !== null && quantity === "demand");
  return `# Imported data

Written by \`apis-emulator import\`; \`apis-emulator start --data\` with this folder uses it. ${data.homes} homes, ${data.days} days${range}.

Files: ${names.map((name) => `\`${name}\``).join(", ")}. Demand and PV power in kW, irradiance in W/m².
\`report.html\`, \`report.txt\` and \`report.json\` say how the sources were understood.

## Sources

${list(files.map(({ file, layout, unit, stepMinutes, interval }) => `\`${file}\`: layout ${layout}, ${unit}, every ${stepMinutes} minutes; ${interval}`))}

## What was done

${list(notes.length > 0 ? notes : ["Nothing beyond what the sources say."])}

## To look at

${list(warnings.length > 0 ? warnings : ["Nothing."])}

## Homes

| Home | Named in the source | kWh |
|---|---|---|
${labels.map(({ home, label, kWh }) => `| ${home} | ${label.replaceAll("|", "\\|")} | ${kWh} |`).join("\n")}
`;
}

/** Clock times of points, intervals of means. */
function labelsOf({ stepMinutes, kind }: SettledSeries): string {
  return Array.from({ length: 1440 / stepMinutes }, (_, step) => {
    const begin = clockOf(step * stepMinutes);
    return kind === "means" ? `${begin}-${clockOf((step + 1) * stepMinutes)}` : begin;
  }).join(",");
}

function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** Nine digits tell apart a microwatt of a home. */
function shorten(value: number): number {
  return Number(value.toPrecision(9));
}
