import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDemand } from "../../src/input/series/parse-demand.ts";
import { parseSolar } from "../../src/input/series/parse-solar.ts";
import { annualKWhPerM2, describeDemand, highest, mean } from "../sample-data/statistics.ts";
import { toTable } from "./figures.ts";
import { createHome, sideOf, type VillageHome } from "./homes.ts";
import { pointsPerDay, villageSeed } from "./village.ts";

/** What the files of a folder say. */
interface Village {
  /** Half-hourly [W/m²]. */
  readonly irradiance: Float64Array;
  /** Half-hourly, of each home [W]. */
  readonly demand: readonly Float64Array[];
  readonly pv: readonly Float64Array[];
  readonly days: readonly VillageDay[];
}

interface VillageDay {
  /** 1 to 12. */
  readonly month: number;
  readonly weekday: number;
  readonly isHoliday: boolean;
  readonly temperatureC: number;
}

export async function readVillage(folder: string): Promise<Village> {
  const read = async (name: string) => [await readFile(join(folder, name))] as const;
  const days = (await readFile(join(folder, "days.csv"), "utf8")).trimEnd().split("\n").slice(1);
  return {
    irradiance: (await parseSolar("solar", await read("village_solar_data.csv"))).values,
    demand: (await parseDemand("demand", await read("village_load_data.csv"))).homes,
    pv: (await parseDemand("pv", await read("village_pv_data.csv"))).homes,
    days: days.map((line) => {
      const [date = "", weekday, holiday, temperatureC] = line.split(",");
      return {
        month: Number(date.slice(5, 7)),
        weekday: Number(weekday),
        isHoliday: holiday === "1",
        temperatureC: Number(temperatureC),
      };
    }),
  };
}

export const monthNames = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** The figures of the files, in Markdown. */
export function describeVillage(village: Village): string {
  return [
    describeWhole(village),
    describeDays(village),
    describeMonths(village),
    describeHomes(village),
  ].join("\n");
}

function describeWhole({ irradiance, demand, pv, days }: Village): string {
  const found = describeDemand(demand);
  const pvKWh = sum(pv.map(yearKWh));
  return toTable(
    ["The year", "Found"],
    [
      ["irradiation", `${whole(annualKWhPerM2(irradiance))} kWh/m²`],
      ["highest irradiance", `${whole(highest(irradiance))} W/m²`],
      ["mean temperature", `${mean(days.map(({ temperatureC }) => temperatureC)).toFixed(1)} °C`],
      ["demand of all homes", `${whole(sum(demand.map(yearKWh)))} kWh`],
      ["demand of a home, mean", `${whole(found.meanAnnualKWh)} kWh`],
      ["coefficient of variation between homes", found.variationBetweenHomes.toFixed(2)],
      ["peak over mean of one home", found.peakOverMeanOfOneHome.toFixed(1)],
      ["peak over mean of all homes together", found.coincidentPeakOverMean.toFixed(1)],
      ["PV energy of all homes", `${whole(pvKWh)} kWh`],
      ["highest PV power of all homes together", `${(highest(together(pv)) / 1000).toFixed(1)} kW`],
      ["PV energy over demand", (pvKWh / sum(demand.map(yearKWh))).toFixed(2)],
      [
        "correlation of homes' PV energy and demand",
        correlation(pv.map(yearKWh), demand.map(yearKWh)).toFixed(2),
      ],
    ],
  );
}

/** Demand of all homes by temperature, and by kind of day. */
function describeDays({ demand, days }: Village): string {
  const all = together(demand);
  const meanKW = (choose: (day: VillageDay) => boolean, fromH = 0, toH = 24) =>
    mean(
      days.flatMap((day, index) =>
        choose(day)
          ? Array.from(
              all.subarray((index * 24 + fromH) * 2, (index * 24 + toH) * 2),
              (valueW) => valueW / 1000,
            )
          : [],
      ),
    );
  const row = (name: string, choose: (day: VillageDay) => boolean) => [
    name,
    String(days.filter(choose).length),
    meanKW(choose).toFixed(2),
    meanKW(choose, 10, 15).toFixed(2),
  ];
  return toTable(
    ["Days", "Number", "Mean demand of all homes [kW]", "From 10:00 to 15:00 [kW]"],
    [
      row("below 18 °C", ({ temperatureC }) => temperatureC < 18),
      row("18 to 22 °C", ({ temperatureC }) => temperatureC >= 18 && temperatureC <= 22),
      row("22 to 27 °C", ({ temperatureC }) => temperatureC > 22 && temperatureC <= 27),
      row("above 27 °C", ({ temperatureC }) => temperatureC > 27),
      row("workdays", ({ isHoliday }) => !isHoliday),
      row("Saturdays and Sundays", ({ weekday }) => weekday === 0 || weekday === 6),
      row("other holidays", ({ weekday, isHoliday }) => isHoliday && weekday !== 0 && weekday !== 6),
    ],
  );
}

function describeMonths({ irradiance, demand, pv, days }: Village): string {
  const [allDemand, allPv] = [together(demand), together(pv)];
  const rows = monthNames.map((name, month) => {
    const ofMonth = days.flatMap((day, index) => (day.month === month + 1 ? [index] : []));
    const energyKWh = (values: Float64Array) =>
      sum(ofMonth.map((day) => sum(values.subarray(day * pointsPerDay, (day + 1) * pointsPerDay)) / 2000));
    return [
      name,
      energyKWh(irradiance).toFixed(0),
      mean(ofMonth.map((day) => days[day]?.temperatureC ?? 0)).toFixed(1),
      whole(energyKWh(allDemand)),
      whole(energyKWh(allPv)),
    ];
  });
  return toTable(["Month", "kWh/m²", "°C", "Demand [kWh]", "PV [kWh]"], rows);
}

function describeHomes({ demand, pv }: Village): string {
  const rows = demand.map((values, index) => {
    const home = createHome(villageSeed, index + 1);
    const pvKWh = yearKWh(pv[index] as Float64Array);
    const { peakW } = home.panels;
    return [
      String(index + 1),
      `${home.people}${home.people === 6 ? "+" : ""}`,
      home.atHomeByDay ? "yes" : "no",
      whole(yearKWh(values)),
      peakW === 0 ? "–" : String(peakW / 1000),
      peakW === 0 ? "–" : describeRoof(home),
      whole(pvKWh),
      peakW === 0 ? "–" : whole((pvKWh * 1000) / peakW),
      (home.batteryWh / 1000).toFixed(1),
    ];
  });
  return toTable(
    [
      "Home",
      "People",
      "At home by day",
      "Demand [kWh]",
      "Panels [kW]",
      "Roof",
      "PV [kWh]",
      "kWh/kW",
      "Battery [kWh]",
    ],
    rows,
  );
}

function describeRoof({ panels }: VillageHome): string {
  return `${panels.tiltDeg}° ${sideOf(panels)}`;
}

function together(homes: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(homes[0]?.length ?? 0);
  for (const values of homes)
    for (const [index, value] of values.entries()) all[index] = (all[index] as number) + value;
  return all;
}

function yearKWh(valuesW: Float64Array): number {
  return sum(valuesW) / 2000;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const products = sum(a.map((value, index) => (value - meanA) * ((b[index] as number) - meanB)));
  const squares = (values: readonly number[], centre: number) =>
    sum(values.map((value) => (value - centre) * (value - centre)));
  return products / Math.sqrt(squares(a, meanA) * squares(b, meanB));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** A whole number with commas. */
export function whole(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}
