import { formatDate } from "../series/read-date.ts";
import type { ImportedData } from "./combine.ts";
import type { SettledSeries } from "./settled-series.ts";

/** One quantity as it is drawn: a day in the middle of the data, and the mean of each day; of homes the mean. */
export interface Drawing {
  readonly quantity: SettledSeries["quantity"];
  readonly unit: "kW" | "W/m²";
  readonly day: { readonly date: string; readonly values: readonly number[] };
  readonly days: { readonly from: string; readonly to: string; readonly values: readonly number[] };
}

/** What there is to draw of imported data. */
export function drawData(data: ImportedData): Drawing[] {
  const { demand, pv, irradiance } = data;
  const groups = [
    { series: demand, unit: "kW", scale: 1000 },
    { series: pv, unit: "kW", scale: 1000 },
    { series: irradiance === null ? [] : [irradiance], unit: "W/m²", scale: 1 },
  ] as const;
  const date = (index: number) =>
    data.firstDay === null ? `day ${index + 1}` : formatDate(data.firstDay + index);
  const middle = Math.floor(data.days / 2);
  return groups.flatMap(({ series, unit, scale }) => {
    const [first] = series;
    if (first === undefined) return [];
    const perDay = 1440 / first.stepMinutes;
    const ofDay = new Float64Array(perDay);
    const ofDays = new Float64Array(data.days);
    for (const { values } of series) {
      for (let step = 0; step < perDay; step++)
        ofDay[step] = (ofDay[step] as number) + (values[middle * perDay + step] as number);
      for (let day = 0, at = 0; day < data.days; day++) {
        let sum = 0;
        for (const end = at + perDay; at < end; at++) sum += values[at] as number;
        ofDays[day] = (ofDays[day] as number) + sum / perDay;
      }
    }
    const shown = (sums: Float64Array) =>
      Array.from(sums, (sum) => Number((sum / series.length / scale).toPrecision(4)));
    return {
      quantity: first.quantity,
      unit,
      day: { date: date(middle), values: shown(ofDay) },
      days: { from: date(0), to: date(data.days - 1), values: shown(ofDays) },
    };
  });
}
