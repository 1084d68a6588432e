import { formatDate } from "../series/read-date.ts";
import type { ImportedData } from "./combine.ts";
import { type Drawing, drawData } from "./drawings.ts";
import type { ImportedFile } from "./import-files.ts";
import type { ImportOptions } from "./import-options.ts";
import type { SettledSeries } from "./settled-series.ts";

/** What an import has understood and done, for people to read before they use its data. Energies are in kWh, or kWh/m². */
export interface ImportReport {
  readonly files: readonly FileReport[];
  readonly data: {
    /** First and last date, or null where no file has dates. */
    readonly firstDate: string | null;
    readonly lastDate: string | null;
    readonly days: number;
    readonly homes: number;
  };
  readonly options: {
    readonly gap: string;
    readonly leapDay: string;
    readonly dst: string;
    readonly negative: string;
  };
  /** What was done, and what can hardly be meant: a sentence each. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  readonly series: readonly SeriesReport[];
  readonly drawings: readonly Drawing[];
}

interface FileReport {
  readonly file: string;
  readonly layout: string;
  readonly why: string;
  readonly encoding: string;
  readonly separator: string;
  readonly decimalSign: string;
  readonly rows: number;
  readonly homes: number;
  readonly unit: string;
  readonly stepMinutes: number;
  readonly values: "points" | "means";
  readonly interval: string;
  readonly timeZone: string;
}

interface SeriesReport {
  readonly quantity: SettledSeries["quantity"];
  /** Number in the data, from 1; null for the sun that all homes share. */
  readonly home: number | null;
  readonly label: string;
  readonly stepMinutes: number;
  readonly readings: number;
  readonly missing: number;
  readonly filled: number;
  /** The longest gaps, at most three. */
  readonly gaps: readonly { readonly from: string; readonly minutes: number }[];
  readonly repeated: number;
  readonly contradicting: number;
  readonly outside: number;
  readonly negatives: number;
  readonly lowestW: number;
  readonly highestW: number;
  readonly meanW: number;
  /** Sum of the file's readings, of what came of them, and by calendar year. */
  readonly kWhInFile: number;
  readonly kWh: number;
  /** The sum in 365 days as these. */
  readonly kWhAYear: number;
  readonly kWhByYear: Readonly<Record<string, number>>;
}

const intervals = {
  begin: "a value holds from its moment on",
  end: "a value holds up to its moment",
  instant: "a value was measured at its moment",
} as const;

export function writeReport(
  files: readonly ImportedFile[],
  data: ImportedData,
  options: ImportOptions,
): ImportReport {
  const { firstDay, days, demand, pv, irradiance } = data;
  const homes = Math.max(demand.length, pv.length);
  const series = [
    ...demand.map((one, home) => reportSeries(one, home + 1, firstDay)),
    ...pv.map((one, home) => reportSeries(one, home + 1, firstDay)),
    ...(irradiance === null ? [] : [reportSeries(irradiance, null, firstDay)]),
  ];
  const { gap, leapDay, dst, negative } = options;
  return {
    files: files.map(reportFile),
    data: {
      firstDate: firstDay === null ? null : formatDate(firstDay),
      lastDate: firstDay === null ? null : formatDate(firstDay + days - 1),
      days,
      homes,
    },
    options: { gap, leapDay, dst: dst ?? "as written", negative },
    notes: [
      ...files.flatMap(({ file, settled }) => settled.notes.map((note) => `${file}: ${note}`)),
      ...data.notes,
    ],
    warnings: warnOf(files, data, series),
    series,
    drawings: drawData(data),
  };
}

function reportFile({
  file,
  layout,
  why,
  dialect,
  decimal,
  rows,
  homesInFile,
  zone,
  settled,
}: ImportedFile): FileReport {
  const { unit, isUnitAssumed, labels, stepMinutes, series } = settled;
  return {
    file,
    layout,
    why,
    encoding: dialect.encoding,
    separator: { "\t": "tab", " ": "space" }[dialect.separator as string] ?? dialect.separator,
    decimalSign: decimal,
    rows,
    homes: homesInFile,
    unit: isUnitAssumed ? `${unit} (assumed: the file names none)` : unit,
    stepMinutes,
    values: series[0]?.kind ?? "points",
    interval: intervals[labels],
    timeZone: zone,
  };
}

function reportSeries(series: SettledSeries, home: number | null, firstDay: number | null): SeriesReport {
  const { account, values, stepMinutes } = series;
  const gaps = account.gaps.toSorted((a, b) => b.steps - a.steps).slice(0, 3);
  const whPerStep = stepMinutes / 60;
  const perDay = 1440 / stepMinutes;
  const byYear: Record<string, number> = {};
  let sum = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 0;
  for (let day = 0; day * perDay < values.length; day++) {
    let ofDay = 0;
    for (let step = day * perDay; step < (day + 1) * perDay; step++) {
      const value = values[step] as number;
      ofDay += value;
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
    sum += ofDay;
    const year =
      firstDay === null
        ? `days ${365 * Math.floor(day / 365) + 1} on`
        : formatDate(firstDay + day).slice(0, 4);
    byYear[year] = (byYear[year] ?? 0) + (ofDay * whPerStep) / 1000;
  }
  return {
    quantity: series.quantity,
    home,
    label: series.label,
    stepMinutes,
    readings: account.readings,
    missing: account.missing,
    filled: account.filled,
    gaps: gaps.map(({ from, steps }) => ({ from, minutes: steps * stepMinutes })),
    repeated: account.repeated,
    contradicting: account.contradicting,
    outside: account.outside,
    negatives: account.negatives,
    lowestW: round(account.lowest?.value ?? lowest),
    highestW: round(highest),
    meanW: round(sum / values.length),
    kWhInFile: round(account.fileEnergyWh / 1000),
    kWh: round((sum * whPerStep) / 1000),
    kWhAYear: round((sum * whPerStep * 365) / series.days / 1000),
    kWhByYear: Object.fromEntries(Object.entries(byYear).map(([year, kWh]) => [year, round(kWh)])),
  };
}

function round(value: number): number {
  return Number(value.toPrecision(7));
}

/** What of the data can hardly be meant. */
function warnOf(
  files: readonly ImportedFile[],
  data: ImportedData,
  series: readonly SeriesReport[],
): string[] {
  const warnings: string[] = [];
  const warnOnce = (
    kind: string,
    found: readonly SeriesReport[],
    describe: (first: SeriesReport) => string,
  ) => {
    const [first, ...more] = found;
    if (first === undefined) return;
    const others = more.length === 0 ? "" : ` (and ${more.length} more like it)`;
    warnings.push(`${kind}: ${nameOf(first)}${others} ${describe(first)}`);
  };
  const powers = series.filter(({ quantity }) => quantity !== "irradiance");
  const suns = series.filter(({ quantity }) => quantity === "irradiance");
  const demands = series.filter(({ quantity }) => quantity === "demand");
  warnOnce(
    "high",
    powers.filter(({ meanW }) => meanW > 50_000),
    ({ meanW }) => `has a mean of ${meanW / 1000} kW; is the unit right?`,
  );
  warnOnce(
    "low",
    demands.filter(({ meanW }) => meanW < 1),
    ({ meanW }) => `has a mean of ${meanW} W; is the unit right?`,
  );
  warnOnce(
    "high",
    suns.filter(({ highestW }) => highestW > 1500),
    ({ highestW }) => `reaches ${highestW} W/m²; is the unit right?`,
  );
  warnOnce(
    "low",
    suns.filter(({ highestW }) => highestW <= 20),
    ({ highestW }) => `never passes ${highestW} W/m²; is the unit right?`,
  );
  warnOnce(
    "negative",
    series.filter(({ negatives }) => negatives > 0),
    ({ negatives, lowestW }) => `has ${negatives} negative values, the lowest ${lowestW} W, read as 0`,
  );
  warnOnce(
    "filled",
    series.filter(({ filled, readings }) => filled > (filled + readings) / 20),
    ({ filled, readings, gaps }) =>
      `has ${filled} of ${filled + readings} values filled, the longest gap from ${gaps[0]?.from} for ${(gaps[0]?.minutes ?? 0) / 60} h`,
  );
  warnOnce(
    "left out",
    series.filter(({ outside }) => outside > 0),
    ({ outside }) => `has ${outside} readings on days that not all homes have whole, or that are not used`,
  );
  warnOnce(
    "contradicting",
    series.filter(({ contradicting }) => contradicting > 0),
    ({ contradicting }) =>
      `has ${contradicting} second readings at a moment that differ from the first, which counts; a clock that is set back for winter does so: --dst ZONE`,
  );
  for (const one of [data.irradiance, ...data.pv.slice(0, 1)]) {
    const middle = one === null || one === undefined ? null : middleOfSun(one);
    if (middle !== null && (middle < 10 || middle > 14))
      warnings.push(`clock: the middle of the sun's day is at ${clockOf(middle)}; is the time zone right?`);
  }
  if (data.demand.length === 0)
    warnings.push("no demand: the emulator wants a demand file beside what is here");
  if (data.irradiance === null && data.pv.length === 0)
    warnings.push("no sun: the emulator wants irradiance or PV power beside what is here");
  for (const { file, settled } of files)
    if (settled.isUnitAssumed)
      warnings.push(`unit: ${file} names no unit, ${settled.unit} is assumed; --unit says another`);
  return warnings;
}

function nameOf({ quantity, home, label }: SeriesReport): string {
  if (home === null) return "the irradiance";
  return `${quantity === "pv" ? "the PV power" : "the demand"} of home ${home} (${label})`;
}

/** The hour about which a day's sun lies, over all days; null without sun. */
function middleOfSun({ values, stepMinutes }: SettledSeries): number | null {
  const perDay = 1440 / stepMinutes;
  // Sun on both sides of midnight has its middle there: hours go round, as on a dial.
  let [x, y] = [0, 0];
  for (const [index, value] of values.entries()) {
    const angle = (2 * Math.PI * ((index % perDay) + 0.5)) / perDay;
    x += value * Math.cos(angle);
    y += value * Math.sin(angle);
  }
  if (Math.hypot(x, y) === 0) return null;
  return ((Math.atan2(y, x) * 12) / Math.PI + 24) % 24;
}

function clockOf(hour: number): string {
  const minutes = Math.round(hour * 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}
