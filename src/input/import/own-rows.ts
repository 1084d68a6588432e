import type { DaySteps } from "../series/compiled-input.ts";
import { countWeeks, listSeries, type OwnData, type SeriesKind } from "../series/own-data.ts";
import { formatDate } from "../series/read-date.ts";
import { daysPerPage } from "../series/week-pages.ts";
import type { ImportedData } from "./combine.ts";
import type { SettledSeries } from "./settled-series.ts";

/** A week of a series as it is kept. */
interface WeekRow {
  readonly kind: SeriesKind;
  readonly home: number;
  readonly week: number;
  readonly bytes: ArrayBuffer;
}

/** Says of imported data what is known of them without their rows; `rest` lets others have their turn. */
export async function describeOwnData(
  data: ImportedData,
  rest: () => Promise<unknown> = async () => {},
): Promise<OwnData> {
  const { firstDay, days, demand, pv, irradiance } = data;
  const described = {
    days,
    firstDate: firstDay === null ? null : formatDate(firstDay),
    homes: Math.max(demand.length, pv.length),
    sun: irradiance && stepsOf(irradiance),
    demand: demand[0] === undefined ? null : stepsOf(demand[0]),
    pv: pv[0] === undefined ? null : stepsOf(pv[0]),
  };
  const digests: string[] = [JSON.stringify(described)];
  for (const { values } of listAll(data)) {
    digests.push(await digest(Float32Array.from(values)));
    await rest();
  }
  return { id: (await digest(new TextEncoder().encode(digests.join()).slice())).slice(0, 16), ...described };
}

/** All rows of imported data, made one by one. */
export function* writeWeeks(own: OwnData, data: ImportedData): Generator<WeekRow> {
  const groups = { sun: data.irradiance === null ? [] : [data.irradiance], demand: data.demand, pv: data.pv };
  for (const { kind, steps } of listSeries(own))
    for (const [home, { values }] of groups[kind].entries())
      for (let week = 0; week < countWeeks(own); week++) {
        const from = week * daysPerPage * steps.pointsPerDay;
        const ofWeek = values.subarray(from, from + daysPerPage * steps.pointsPerDay);
        yield { kind, home, week, bytes: Float32Array.from(ofWeek).buffer };
      }
}

function listAll({ irradiance, demand, pv }: ImportedData): SettledSeries[] {
  return [...(irradiance === null ? [] : [irradiance]), ...demand, ...pv];
}

function stepsOf({ stepMinutes, kind }: SettledSeries): DaySteps {
  return { pointsPerDay: 1440 / stepMinutes, isMeans: kind === "means" };
}

async function digest(bytes: ArrayBufferView<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
