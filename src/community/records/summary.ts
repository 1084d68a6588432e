import { formatCalendar, toCalendar } from "../../notation/simulated-time.ts";
import { addLedger, createLedger, type Ledger, wastedImportWh } from "../../simulation/ledger.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import type { DayRecord, FinishedDay } from "./record-storage.ts";
import { readCharges, readEnergies } from "./unit-record.ts";

/** A simulated day of the community: energies [Wh], the mean charge at its end [%], and ratios. */
export interface SummaryRow {
  readonly time: string;
  /** What the panels delivered: available energy less `curtailed`. */
  readonly pv: number;
  readonly demand: number;
  readonly acin: number;
  /** `curtailed` + `wasted_import` */
  readonly wasted: number;
  readonly acloss: number;
  readonly dcloss: number;
  readonly loss: number;
  readonly avgrsoc: number;
  /** Taken from the DC grid. */
  readonly wg: number;
  /** Change of stored energy by power flow; all of it is `deltaBatt` + `set_by_hand`. */
  readonly deltaBatt: number;
  /** (demand − acin + deltaBatt) / demand; a ratio is null where its divisor is 0. */
  readonly ssr_real: number | null;
  /** (pv + deltaBatt) / demand */
  readonly ssr_pv: number | null;
  /** pv / (pv + curtailed) */
  readonly sor: number | null;
  /** (acin − deltaBatt) / demand */
  readonly r_utility: number | null;
  /** Stored energy that was set by hand, or that a unit brought (positive) or took with it. */
  readonly set_by_hand: number;
  /** What the sun could have given to full batteries. */
  readonly curtailed: number;
  /** What full batteries took from the DC grid and burnt. */
  readonly wasted_import: number;
  /** The part of `acin` that empty batteries could not deliver. */
  readonly shortfall: number;
}

export const summaryColumns = [
  "time",
  "pv",
  "demand",
  "acin",
  "wasted",
  "acloss",
  "dcloss",
  "loss",
  "avgrsoc",
  "wg",
  "deltaBatt",
  "ssr_real",
  "ssr_pv",
  "sor",
  "r_utility",
  "set_by_hand",
  "curtailed",
  "wasted_import",
  "shortfall",
] as const satisfies readonly (keyof SummaryRow)[];

/** A row for each day, then `sum` and `avg` over them; nothing for no day. */
export function summarizeDays(days: Iterable<FinishedDay>, startTime: string): SummaryRow[] {
  const rows: SummaryRow[] = [];
  const total = createLedger();
  for (const record of days) {
    const ledger = sumEnergies(record);
    addLedger(total, ledger);
    rows.push(summarize(nameDay(record.day, startTime), ledger, meanCharge(record)));
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
  const pv = ledger.solarWh - curtailed;
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
    wg: ledger.fromGridWh,
    deltaBatt,
    ssr_real: divide(demand - acin + deltaBatt, demand),
    ssr_pv: divide(pv + deltaBatt, demand),
    sor: divide(pv, pv + curtailed),
    r_utility: divide(acin - deltaBatt, demand),
    set_by_hand: ledger.setByHandWh,
    curtailed,
    wasted_import: wastedImportWh(ledger),
    shortfall: ledger.shortfallWh,
  };
}

function divide(dividend: number, divisor: number): number | null {
  return divisor === 0 ? null : dividend / divisor;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
