import * as v from "valibot";
import { atOnce, type InParts } from "../../notation/in-parts.ts";
import { columnsOf, describe, number, ratio, text } from "../../notation/rows.ts";
import { formatCalendar, toCalendar } from "../../notation/simulated-time.ts";
import { addLedger, createLedger, type Ledger, pvWh, wastedImportWh } from "../../simulation/ledger.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import type { DayRecord, FinishedDay } from "./record-storage.ts";
import { readCharges, readEnergies } from "./unit-record.ts";

/** A simulated day of the community: energies [Wh], the mean charge at its end [%], and ratios. */
export const summaryRowSchema = v.object({
  time: text,
  pv: describe(number, "What the panels delivered: available energy less `clipped` and `curtailed`"),
  demand: number,
  acin: number,
  wasted: describe(number, "`curtailed` + `wasted_import`"),
  acloss: number,
  dcloss: number,
  loss: number,
  avgrsoc: number,
  wg: describe(number, "Taken from the DC grid"),
  deltaBatt: describe(
    number,
    "Change of stored energy by power flow; all of it is `deltaBatt` + `set_by_hand`",
  ),
  ssr_real: describe(
    ratio,
    "(demand − unserved − acin + deltaBatt) / demand; a ratio is null where its divisor is 0",
  ),
  ssr_pv: describe(ratio, "(pv + deltaBatt) / demand"),
  sor: describe(ratio, "pv / (pv + curtailed)"),
  r_utility: describe(ratio, "(acin − deltaBatt) / demand"),
  set_by_hand: describe(
    number,
    "Stored energy that was set by hand, or that a unit brought (positive) or took with it",
  ),
  curtailed: describe(number, "What the sun could have given to full batteries"),
  wasted_import: describe(number, "What full batteries took from the DC grid and burnt"),
  shortfall: describe(number, "The part of `acin` that empty batteries could not deliver"),
  clipped: describe(number, "What PV charge controllers could not take of the sun"),
  sold: describe(number, "Given to the AC grid"),
  sale_loss: describe(number, "Lost on the way of the sun to the AC side"),
  battery_loss: describe(number, "Lost in batteries: by their efficiencies and by themselves"),
  unserved: describe(number, "The part of `demand` that nobody served"),
  unserved_minutes: describe(number, "Minutes in which some demand of a home was not served"),
  times_dark: describe(number, "How often a house went dark"),
  wg_outage: describe(number, "The part of `wg` that came to homes whose AC grid failed"),
  import_cost: describe(number, "What `acin` costs by the tariff"),
  export_income: describe(number, "What `sold` brings in by the tariff"),
});

export type SummaryRow = Readonly<v.InferOutput<typeof summaryRowSchema>>;

export const summaryColumns = columnsOf(summaryRowSchema);

/** A row for each day, then `sum` and `avg` over them; nothing for no day. */
export function summarizeDays(days: Iterable<FinishedDay>, startTime: string): SummaryRow[] {
  return atOnce(summarizeInParts(days, startTime));
}

/** The same in parts, a day each. */
export function* summarizeInParts(days: Iterable<FinishedDay>, startTime: string): InParts<SummaryRow[]> {
  const rows: SummaryRow[] = [];
  const total = createLedger();
  for (const record of days) {
    const ledger = sumEnergies(record);
    addLedger(total, ledger);
    rows.push(summarize(nameDay(record.day, startTime), ledger, meanCharge(record)));
    yield;
  }
  if (rows.length === 0) return [];
  const charge = mean(rows.map((row) => row.avgrsoc));
  const average = createLedger();
  for (const name of Object.keys(total) as (keyof Ledger)[]) average[name] = total[name] / rows.length;
  return [...rows, summarize("sum", total, charge), summarize("avg", average, charge)];
}

/** The energies of one day [Wh] by unit number, from 1: of the unit at its end, and of those that went on it. */
export function readAccounts({ units, departed }: FinishedDay): Ledger[] {
  const accounts = readEnergies(units);
  for (const { number, ledger } of departed) {
    while (accounts.length < number) accounts.push(createLedger());
    addLedger(accounts[number - 1] as Ledger, ledger);
  }
  return accounts;
}

/** The energies of the community on one day [Wh]. */
export function sumEnergies(day: FinishedDay): Ledger {
  const sum = createLedger();
  for (const account of readAccounts(day)) addLedger(sum, account);
  return sum;
}

/** The mean charge of the units at a day's end [%]. */
export function meanCharge({ units }: DayRecord): number {
  return mean(readCharges(units));
}

/** A simulated day as `YYYY/MM/DD`. */
export function nameDay(day: number, startTime: string): string {
  return formatCalendar(toCalendar(startTime, day * secondsPerDay)).slice(0, 10);
}

/** The row of the time that `ledger` covers. */
export function summarize(time: string, ledger: Readonly<Ledger>, avgrsoc: number): SummaryRow {
  const { demandWh: demand, acIntakeWh: acin, wastedWh: wasted, batteryChangeWh: deltaBatt } = ledger;
  const curtailed = ledger.curtailedSolarWh;
  const pv = pvWh(ledger);
  return {
    time,
    pv,
    demand,
    acin,
    wasted,
    acloss: ledger.acLossWh,
    dcloss: ledger.dcLossWh,
    loss: ledger.acLossWh + ledger.dcLossWh,
    avgrsoc,
    wg: ledger.fromDcGridWh,
    deltaBatt,
    ssr_real: divide(demand - ledger.unservedWh - acin + deltaBatt, demand),
    ssr_pv: divide(pv + deltaBatt, demand),
    sor: divide(pv, pv + curtailed),
    r_utility: divide(acin - deltaBatt, demand),
    set_by_hand: ledger.setByHandWh,
    curtailed,
    wasted_import: wastedImportWh(ledger),
    shortfall: ledger.shortfallWh,
    clipped: ledger.clippedSolarWh,
    sold: ledger.soldWh,
    sale_loss: ledger.saleLossWh,
    battery_loss: ledger.batteryLossWh,
    unserved: ledger.unservedWh,
    unserved_minutes: ledger.unservedS / 60,
    times_dark: ledger.timesDark,
    wg_outage: ledger.outageImportWh,
    import_cost: ledger.importCost,
    export_income: ledger.exportIncome,
  };
}

function divide(dividend: number, divisor: number): number | null {
  return divisor === 0 ? null : dividend / divisor;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
