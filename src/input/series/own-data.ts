import type { Series } from "../../simulation/series.ts";
import type { DaySteps } from "./compiled-input.ts";
import { InputFileError } from "./input-file-error.ts";
import { solarPointsPerDay } from "./input-series.ts";
import type { InputData } from "./load-input.ts";
import { toHours } from "./to-hours.ts";
import { daysPerPage, pageByWeeks } from "./week-pages.ts";

/*
 * Data that a community keeps itself, converted: a row a series and week, values as float32 (uint16 would round to whole watts).
 * Demand and PV power are in W, irradiance in W/m². Homes count from 0; the sun that all share is home 0 of its kind.
 */

export const seriesKinds = ["sun", "demand", "pv"] as const;
export type SeriesKind = (typeof seriesKinds)[number];

/** What is known of such data without their rows. */
export interface OwnData {
  /** Changes with any value, and with what says how values are read. */
  readonly id: string;
  readonly days: number;
  /** `2020-01-31`, or null where no file had dates. */
  readonly firstDate: string | null;
  readonly homes: number;
  readonly sun: DaySteps | null;
  readonly demand: DaySteps | null;
  readonly pv: DaySteps | null;
}

/** Gives a week of a series. @throws Error if it is not there */
export type ReadWeek = (kind: SeriesKind, home: number, week: number) => Float32Array;

/** Bytes that a week of a series has in its row. */
export function weekBytes({ days }: OwnData, { pointsPerDay }: DaySteps, week: number): number {
  return Math.min(daysPerPage, days - week * daysPerPage) * pointsPerDay * Float32Array.BYTES_PER_ELEMENT;
}

export function countWeeks({ days }: Pick<OwnData, "days">): number {
  return Math.ceil(days / daysPerPage);
}

/** The series of each kind, with how many there are. */
export function listSeries(own: OwnData): { kind: SeriesKind; steps: DaySteps; homes: number }[] {
  return seriesKinds.flatMap((kind) => {
    const steps = own[kind];
    return steps === null ? [] : [{ kind, steps, homes: kind === "sun" ? 1 : own.homes }];
  });
}

/** Why a community cannot live on these data, in a line, or null. */
export function findLack({ demand, sun, pv }: OwnData): string | null {
  if (demand === null) return "they have no demand; import a file of demand together with them";
  if (sun === null && pv === null)
    return "they have no sun; import irradiance or PV power together with them, all files in one request";
  return null;
}

/**
 * The series of data that are complete; weeks are read when somebody looks at them, and nothing is loaded. With an interval
 * of 60 only the demand values on the hour are used.
 */
export function openOwnData(own: OwnData, readWeek: ReadWeek, intervalMinutes: 30 | 60): InputData {
  const lack = findLack(own);
  if (lack !== null || own.demand === null) throw new InputFileError(own.id, null, null, lack ?? "no demand");
  const { days, homes, demand, pv } = own;
  const known = new Map<string, Series>();
  const seriesOf = (kind: SeriesKind, home: number, steps: DaySteps) => {
    if (!(Number.isInteger(home) && home >= 0 && home < homes))
      throw new RangeError(`Home ${home} is not among the ${homes} homes of the data`);
    const key = `${kind} ${home}`;
    const series = known.get(key) ?? openSeries(kind, home, steps);
    known.set(key, series);
    return series;
  };
  const openSeries = (kind: SeriesKind, home: number, { pointsPerDay, isMeans }: DaySteps): Series => {
    const stepS = 86_400 / pointsPerDay;
    const hourly = kind === "demand" && intervalMinutes === 60 && 3600 % stepS === 0;
    const read = (week: number) => readWeek(kind, home, week);
    if (!hourly) return pageByWeeks({ stepS, isMeans }, days, read);
    return pageByWeeks(
      { stepS: 3600, isMeans },
      days,
      (week) => toHours({ stepS, isMeans, values: read(week) }).values,
    );
  };
  const dark: Series = { stepS: 3600, values: new Float64Array(days * solarPointsPerDay) };
  return {
    homes,
    days,
    sourceHash: own.id,
    readsStorage: true,
    solar: own.sun === null ? dark : seriesOf("sun", 0, own.sun),
    demandStepS: seriesOf("demand", 0, demand).stepS,
    pvStepS: pv === null ? undefined : 86_400 / pv.pointsPerDay,
    demandOf: (home) => seriesOf("demand", home, demand),
    pvOf: (home) => (pv === null ? null : seriesOf("pv", home, pv)),
    loadHomes: async () => {},
  };
}
