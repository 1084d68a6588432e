import { formatDateTime } from "../../src/notation/simulated-time.ts";
import { toTable } from "../village-data/figures.ts";
import { villageYear } from "../village-data/holidays.ts";
import { monthNames, whole } from "../village-data/statistics.ts";
import { type BarChart, drawBars } from "./charts.ts";
import type { Sums, VariantResult } from "./run-variant.ts";
import { outages, type Variant } from "./variants.ts";

/** What a year comes to. */
function totalsOf({ months }: VariantResult): Sums {
  const totals: { [account: string]: number } = {};
  for (const month of months)
    for (const [account, energy] of Object.entries(month)) totals[account] = (totals[account] ?? 0) + energy;
  return totals;
}

/** Share of the demand that was served and did not come from AC. */
function selfSufficiency({ demandWh, unservedWh, acIntakeWh, batteryChangeWh }: Sums): number {
  return (at(demandWh) - at(unservedWh) - at(acIntakeWh) + at(batteryChangeWh)) / at(demandWh);
}

function homesOf({ homes }: VariantResult): number {
  return homes.demandWh?.length ?? 0;
}

function at(value: number | undefined): number {
  return value ?? 0;
}

/** The year alone and with exchange, as published but for what homes have alike. */
function findPair(results: readonly VariantResult[], alike: Variant["alike"]) {
  const ofPair = results.filter(
    (result) => result.alike === alike && !result.hasOutages && !result.halvesStandingLosses,
  );
  const [alone, exchanging] = [false, true].map((exchanges) =>
    ofPair.find((result) => result.exchanges === exchanges),
  );
  return { alone, exchanging } as { readonly alone: VariantResult; readonly exchanging: VariantResult };
}

const alikeNames = {
  nothing: "nothing",
  panels: "panels",
  batteries: "batteries",
  both: "panels and batteries",
};

/** The figures of the study, in Markdown. */
export function tellResults(results: readonly VariantResult[]): string {
  return [tellVariants(results), tellOutages(results), tellAlike(results)].join("\n");
}

function tellAlike(results: readonly VariantResult[]): string {
  const rows = Object.entries(alikeNames).map(([alike, name]) => {
    const { alone, exchanging } = findPair(results, alike as Variant["alike"]);
    const [before, after] = [selfSufficiency(totalsOf(alone)), selfSufficiency(totalsOf(exchanging))];
    const gain = `${(100 * (after - before)).toFixed(1)} points`;
    return [name, percent(before), percent(after), gain, kWh(at(totalsOf(exchanging).fromDcGridWh))];
  });
  const header = ["What homes have alike", "Alone", "With exchange", "Gain", "Exchanged [kWh]"];
  return toTable(header, rows);
}

function tellVariants(results: readonly VariantResult[]): string {
  const rows = ofVillage(results).map((result) => {
    const totals = totalsOf(result);
    const { acIntakeWh, fromDcGridWh, acLossWh, dcLossWh, batteryLossWh, unservedWh, unservedS } = totals;
    const unused = at(totals.clippedSolarWh) + at(totals.curtailedSolarWh);
    return [
      result.exchanges ? "with exchange" : "alone",
      result.halvesStandingLosses ? "halved" : "as published",
      result.hasOutages ? "ten" : "none",
      percent(selfSufficiency(totals)),
      kWh(at(fromDcGridWh)),
      kWh(at(acIntakeWh)),
      kWh(at(acLossWh)),
      kWh(at(dcLossWh)),
      kWh(at(batteryLossWh)),
      kWh(unused),
      kWh(at(unservedWh)),
      whole(at(unservedS) / 60 / homesOf(result)),
      whole(result.commands),
      whole(result.trips),
    ];
  });
  return toTable(
    [
      "Homes",
      "Standing losses",
      "Outages",
      "Self-sufficiency",
      "Exchanged [kWh]",
      "AC intake [kWh]",
      "Lost on the AC side [kWh]",
      "Lost on the DC side [kWh]",
      "Lost in batteries [kWh]",
      "Sun not used [kWh]",
      "Demand not served [kWh]",
      "Minutes not served, of a home",
      "Commands",
      "Converters protected",
    ],
    rows,
  );
}

/** The years with outages, alone and with exchange, as published. */
function disturbedOf(results: readonly VariantResult[]): readonly VariantResult[] {
  return results.filter(({ hasOutages, halvesStandingLosses }) => hasOutages && !halvesStandingLosses);
}

/** What the ten outages leave unserved, and what neighbours bring meanwhile, in Markdown. */
function tellOutages(results: readonly VariantResult[]): string {
  const [alone, exchanging] = disturbedOf(results) as [VariantResult, VariantResult];
  const rows = outages.map(({ startS, endS }, index) => {
    const [before, after] = [alone.outages[index] as Sums, exchanging.outages[index] as Sums];
    return [
      formatDateTime(`${villageYear}-01-01T00:00:00`, startS).slice(0, 16),
      ((endS - startS) / 3600).toFixed(2),
      kWh(at(before.demandWh)),
      kWh(at(before.unservedWh)),
      kWh(at(after.unservedWh)),
      whole(at(before.timesDark)),
      whole(at(after.timesDark)),
      kWh(at(after.outageImportWh)),
    ];
  });
  const header = [
    "Outage from",
    "Hours",
    "Demand [kWh]",
    "Not served, alone [kWh]",
    "With exchange [kWh]",
    "Times dark, alone",
    "With exchange",
    "From neighbours [kWh]",
  ];
  return toTable(header, rows);
}

function ofVillage(results: readonly VariantResult[]): readonly VariantResult[] {
  return results.filter(({ alike }) => alike === "nothing");
}

/** The charts by their file names. */
export function drawCharts(results: readonly VariantResult[]): Readonly<Record<string, string>> {
  const { alone, exchanging } = findPair(results, "nothing");
  const pair = (valuesOf: (result: VariantResult) => readonly number[]): BarChart["series"] => [
    { name: "alone", values: valuesOf(alone) },
    { name: "with exchange", values: valuesOf(exchanging) },
  ];
  const stacks: readonly (readonly [name: string, energyOf: (totals: Sums) => number])[] = [
    ["demand", ({ demandWh }) => at(demandWh)],
    ["lost on the AC side", ({ acLossWh }) => at(acLossWh)],
    ["lost on the DC side", ({ dcLossWh }) => at(dcLossWh)],
    ["lost in batteries", ({ batteryLossWh }) => at(batteryLossWh)],
    ["sun not used", ({ clippedSolarWh, curtailedSolarWh }) => at(clippedSolarWh) + at(curtailedSolarWh)],
  ];
  const disturbed = disturbedOf(results);
  const undisturbed = ofVillage(results).filter(({ hasOutages }) => !hasOutages);
  return {
    "self-sufficiency.svg": drawBars({
      title: "Self-sufficiency by month",
      unit: "%",
      groups: monthNames,
      series: pair(({ months }) => months.map((month) => 100 * selfSufficiency(month))),
    }),
    "ac-intake.svg": drawBars({
      title: "AC intake of each home over the year",
      unit: "MWh",
      groups: alone.homes.acIntakeWh?.map((_, index) => String(index + 1)) ?? [],
      series: pair(({ homes }) => homes.acIntakeWh?.map((energy) => energy / 1e6) ?? []),
    }),
    "energy.svg": drawBars({
      title: "Where the energy of sun and AC grid goes in a year",
      unit: "MWh",
      groups: undisturbed.map(
        ({ exchanges, halvesStandingLosses }) =>
          `${exchanges ? "with exchange" : "alone"}\n${halvesStandingLosses ? "standing losses halved" : "as published"}`,
      ),
      series: stacks.map(([name, energyOf]) => ({
        name,
        values: undisturbed.map((result) => energyOf(totalsOf(result)) / 1e6),
      })),
      stacked: true,
    }),
    "outages.svg": drawBars({
      title: "Demand of all homes that is not served in each outage",
      unit: "kWh",
      groups: outages.map(({ startS, endS }) => {
        const date = formatDateTime(`${villageYear}-01-01T00:00:00`, startS).slice(5, 10);
        return `${date}\n${((endS - startS) / 3600).toFixed(1)} h`;
      }),
      series: disturbed.map((result) => ({
        name: result.exchanges ? "with exchange" : "alone",
        values: result.outages.map(({ unservedWh }) => at(unservedWh) / 1000),
      })),
    }),
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function kWh(energyWh: number): string {
  return whole(energyWh / 1000);
}
