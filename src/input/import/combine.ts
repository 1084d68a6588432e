import { InputFileError } from "../series/input-file-error.ts";
import { formatDate } from "../series/read-date.ts";
import type { ImportedFile } from "./import-files.ts";
import type { SettledSeries } from "./settled-series.ts";

/** What was imported, over the same days: what `--data` takes. */
export interface ImportedData {
  /** Days since 1970-01-01 of the first; null where no file has dates. */
  readonly firstDay: number | null;
  readonly days: number;
  readonly demand: readonly SettledSeries[];
  /** Power of panels of a home's own: as many as homes, in their order, or none. */
  readonly pv: readonly SettledSeries[];
  readonly irradiance: SettledSeries | null;
  /** What was done to bring files together, in sentences. */
  readonly notes: readonly string[];
}

/** Day of another series for each day of the data. */
type Days = readonly number[];

/** Brings the series of files together. @throws InputFileError if they do not go together */
export function combine(files: readonly ImportedFile[]): ImportedData {
  const notes: string[] = [];
  const all = files.flatMap(({ file, settled }) => settled.series.map((series) => ({ file, series })));
  const of = (quantity: SettledSeries["quantity"]) =>
    all.filter(({ series }) => series.quantity === quantity);
  const suns = of("irradiance");
  if (suns.length > 1)
    throw new InputFileError(
      suns[1]?.file as string,
      null,
      null,
      "a second irradiance: one sun shines on all homes",
    );
  const demand = namedOnce(of("demand"));
  const pv = orderByHomes(namedOnce(of("pv")), demand, notes);
  const sun = suns[0]?.series ?? null;
  const groups = [demand, pv, sun === null ? [] : [sun]].filter((group) => group.length > 0);
  let [base, ...others] = groups as [SettledSeries[], ...SettledSeries[][]];
  if (!base[0]?.isDated && others[0]?.[0]?.isDated) [base, ...others] = [others[0], base, ...others.slice(1)];
  let range = rangeOf(base);
  for (const other of others) range = overlap(range, rangeOf(other));
  const days = new Map<SettledSeries[], Days>();
  for (const group of groups)
    days.set(group, findDays(range, rangeOf(group), group === base, nameOf(group), notes));
  const count = Math.min(...[...days.values()].map(({ length }) => length));
  const cut = (series: SettledSeries, group: SettledSeries[]) =>
    pick(series, (days.get(group) as Days).slice(0, count));
  return {
    firstDay: base[0]?.isDated ? range.firstDay : null,
    days: count,
    demand: demand.map((series) => cut(series, demand)),
    pv: pv.map((series) => cut(series, pv)),
    irradiance:
      sun === null ? null : cut(sun, groups.find((group) => group.includes(sun)) as SettledSeries[]),
    notes,
  };
}

/** Homes of several files; one that stands in two of them is two homes. */
function namedOnce(
  found: readonly { readonly file: string; readonly series: SettledSeries }[],
): SettledSeries[] {
  const [first] = found;
  const other = found.find(
    ({ series }) => series.stepMinutes !== first?.series.stepMinutes || series.kind !== first.series.kind,
  );
  if (first !== undefined && other !== undefined)
    throw new InputFileError(
      other.file,
      null,
      null,
      `${describeSteps(other.series)}, ${first.file} ${describeSteps(first.series)}: homes of several files have the same steps`,
    );
  const firstDay = Math.max(...found.map(({ series }) => series.firstDay));
  const lastDay = Math.min(...found.map(({ series }) => series.firstDay + series.days));
  const late = found.find(({ series }) => series.firstDay === firstDay);
  if (found.length > 0 && lastDay <= firstDay)
    throw new InputFileError(
      late?.file as string,
      null,
      null,
      "its homes share no day with those of another file",
    );
  return found.map(({ series }) =>
    pick(
      series,
      Array.from({ length: lastDay - firstDay }, (_, day) => firstDay - series.firstDay + day),
      firstDay,
    ),
  );
}

function describeSteps({ kind, stepMinutes }: SettledSeries): string {
  return `has ${kind} of ${stepMinutes} minutes`;
}

/** PV power in the order of the homes, by their labels where these agree, else as it stands. */
function orderByHomes(
  pv: SettledSeries[],
  demand: readonly SettledSeries[],
  notes: string[],
): SettledSeries[] {
  if (pv.length === 0 || demand.length === 0) return pv;
  const byLabel = new Map(pv.map((series) => [series.label, series]));
  const isSame = demand.some(({ label }) => byLabel.has(label));
  const ordered = demand.map(({ label }, home) => (isSame ? byLabel.get(label) : pv[home]));
  if (!isSame)
    notes.push("homes of demand and of PV power have other names: they were joined in their order");
  const without = ordered.filter((series) => series === undefined).length;
  if (without > 0) notes.push(`${without} of ${demand.length} homes have no PV power of their own: it is 0`);
  const first = pv[0] as SettledSeries;
  return ordered.map((series, home) => series ?? darkHome(first, demand[home]?.label as string));
}

function darkHome(like: SettledSeries, label: string): SettledSeries {
  const account = {
    ...like.account,
    gaps: [],
    readings: 0,
    missing: 0,
    filled: 0,
    negatives: 0,
    lowest: null,
  };
  const none = {
    repeated: 0,
    contradicting: 0,
    outside: 0,
    highest: { value: 0, row: 0 },
    fileEnergyWh: 0,
    energyWh: 0,
  };
  return { ...like, label, values: new Float64Array(like.values.length), account: { ...account, ...none } };
}

interface Range {
  readonly firstDay: number;
  readonly days: number;
  readonly isDated: boolean;
}

function rangeOf(group: readonly SettledSeries[]): Range {
  const { firstDay, days, isDated } = group[0] as SettledSeries;
  return { firstDay, days, isDated };
}

/** The days of both where both have dates and share some; else the range itself. */
function overlap(range: Range, other: Range): Range {
  const firstDay = Math.max(range.firstDay, other.firstDay);
  const end = Math.min(range.firstDay + range.days, other.firstDay + other.days);
  return range.isDated && other.isDated && end > firstDay
    ? { ...range, firstDay, days: end - firstDay }
    : range;
}

/** Which day of a series is that of each day of the range. */
function findDays(range: Range, series: Range, isBase: boolean, name: string, notes: string[]): Days {
  const inOrder = (first: number, count: number) => Array.from({ length: count }, (_, day) => first + day);
  const offset = range.firstDay - series.firstDay;
  const isShared = series.isDated && offset >= 0 && offset + range.days <= series.days;
  if (isBase || isShared) return inOrder(offset, range.days);
  const byDate = new Map(
    inOrder(0, series.days).map((day) => [formatDate(series.firstDay + day).slice(5), day]),
  );
  const found = inOrder(0, range.days).map((day) => {
    const date = formatDate(range.firstDay + day).slice(5);
    return byDate.get(date) ?? (date === "02-29" ? byDate.get("02-28") : undefined);
  });
  if (series.isDated && found.every((day) => day !== undefined)) {
    const years = `${formatDate(series.firstDay)} on`;
    notes.push(`${name} is of other years (${years}): each day took the day of the same month and day`);
    return found as Days;
  }
  if (series.isDated)
    notes.push(`${name} begins on ${formatDate(series.firstDay)}: its days were joined in their order`);
  return inOrder(0, Math.min(range.days, series.days));
}

function nameOf(group: readonly SettledSeries[]): string {
  return { demand: "the demand", pv: "the PV power", irradiance: "the irradiance" }[
    group[0]?.quantity ?? "demand"
  ];
}

/** The days of a series in another order. */
function pick(series: SettledSeries, days: Days, firstDay = series.firstDay + (days[0] ?? 0)): SettledSeries {
  if (days.length === series.days && days[0] === 0 && days.at(-1) === series.days - 1) return series;
  const perDay = 1440 / series.stepMinutes;
  const values = new Float64Array(days.length * perDay);
  for (const [at, day] of days.entries())
    values.set(series.values.subarray(day * perDay, (day + 1) * perDay), at * perDay);
  const energyWh = (values.reduce((sum, value) => sum + value, 0) * series.stepMinutes) / 60;
  return { ...series, firstDay, days: days.length, values, account: { ...series.account, energyWh } };
}
