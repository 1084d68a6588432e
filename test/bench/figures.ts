/** One line of the table. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The most that is accepted, or with `least` the least. */
  readonly target?: { readonly most: number } | { readonly least: number };
  /** What it is compared with. */
  readonly comparison?: string;
}

/** What a benchmark is given: a folder of its own use, with the sample data compiled in `input`, and what to compare with. */
export interface Workspace {
  readonly folder: string;
  readonly inputFolder: string;
  readonly against: string | undefined;
}

export function printFigures(figures: readonly Figure[]): void {
  const rows = figures.map((figure) => [
    figure.name,
    `${formatNumber(figure.value)} ${figure.unit}`.trim(),
    describeTarget(figure),
    judge(figure),
    figure.comparison ?? "",
  ]);
  const table = [["name", "figure", "target", "", "comparison"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
  for (const row of table) {
    const cells = row.map((cell, column) =>
      column === 1 ? cell.padStart(widths[1] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
    console.log(cells.join("  ").trimEnd());
  }
}

export function formatNumber(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: value >= 1000 ? 4 : 3 });
}

function describeTarget({ target, unit }: Figure): string {
  if (target === undefined) return "";
  const limit = "most" in target ? `≤ ${formatNumber(target.most)}` : `≥ ${formatNumber(target.least)}`;
  return `${limit} ${unit}`.trim();
}

function judge({ target, value }: Figure): string {
  if (target === undefined) return "";
  if ("least" in target) return value >= target.least ? "ok" : "under";
  return value <= target.most ? "ok" : "over";
}
