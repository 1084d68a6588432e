import type { ImportReport } from "./report.ts";

/** Homes that the text lists; all stand in the JSON. */
const listedHomes = 20;

/** A report as text for a terminal. */
export function writeReportText(report: ImportReport): string {
  const { files, data, series, notes, warnings, options } = report;
  const lines: string[] = [];
  for (const file of files) {
    lines.push(`${file.file}: layout ${file.layout} (${file.why})`);
    lines.push(
      `  ${file.rows} rows, ${file.encoding}, separator ${JSON.stringify(file.separator)}, decimal sign ${JSON.stringify(file.decimalSign)}`,
    );
    lines.push(`  unit ${file.unit}, step ${file.stepMinutes} min, ${file.interval} (${file.values})`);
    lines.push(`  clock: ${file.timeZone}`);
  }
  const range = data.firstDate === null ? "without dates" : `${data.firstDate} to ${data.lastDate}`;
  lines.push(`Data: ${data.homes} homes, ${data.days} days, ${range}`);
  lines.push(
    `  gaps: ${options.gap}, 29 February: ${options.leapDay}, summer time: ${options.dst}, negative: ${options.negative}`,
  );
  lines.push("");
  const table = [
    ["series", "label", "kWh in file", "kWh", "kWh a year", "mean W", "highest W", "filled", "negative"],
  ];
  for (const one of series.slice(0, listedHomes)) {
    const name = one.home === null ? "irradiance (per m²)" : `${one.quantity} of home ${one.home}`;
    const numbers = [
      one.kWhInFile,
      one.kWh,
      one.kWhAYear,
      one.meanW,
      one.highestW,
      one.filled,
      one.negatives,
    ];
    table.push([name, one.label, ...numbers.map(String)]);
  }
  const widths = (table[0] as string[]).map((_, column) =>
    Math.max(...table.map((row) => (row[column] as string).length)),
  );
  for (const row of table)
    lines.push(
      row
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number),
        )
        .join("  "),
    );
  if (series.length > listedHomes) lines.push(`… and ${series.length - listedHomes} more series`);
  if (notes.length > 0) lines.push("", "Done:", ...notes.map((note) => `- ${note}`));
  if (warnings.length > 0) lines.push("", "To look at:", ...warnings.map((warning) => `- ${warning}`));
  return `${lines.join("\n")}\n`;
}
