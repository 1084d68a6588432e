import { formatCalendar, toCalendar } from "../../notation/simulated-time.ts";
import { addLedger, createLedger, type Ledger } from "../../simulation/ledger.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import type { DayRecord } from "./record-storage.ts";
import { readCharges, readEnergies } from "./unit-record.ts";

/** A simulated day of the community: energies [Wh], the mean charge at its end [%], and ratios. */
export interface SummaryRow {
  readonly time: string;
  /** What the panels delivered: available energy less `wasted`. */
  readonly pv: number;
  readonly demand: number;
  readonly acin: number;
  readonly wasted: number;
  readonly acloss: number;
  readonly dcloss: number;
  readonly loss: number;
  readonly avgrsoc: number;
  /** Taken from the DC grid. */
  readonly wg: number;
  /** Change of stored energy by power flow. */
  readonly deltaBatt: number;
  /** (demand − acin + deltaBatt) / demand; a ratio is null where its divisor is 0. */
  readonly ssr_real: number | null;
  /** (pv + deltaBatt) / demand */
  readonly ssr_pv: number | null;
  /** pv / (pv + wasted) */
  readonly sor: number | null;
  /** (acin − deltaBatt) / demand */
  readonly r_utility: number | null;
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
] as const satisfies readonly (keyof SummaryRow)[];

/** A row for each day, then `sum` and `avg` over them; nothing for no day. */
export function summarizeDays(days: Iterable<DayRecord>, startTime: string): SummaryRow[] {
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

/** The energies of all units on one day [Wh]. */
export function sumEnergies({ units }: DayRecord): Ledger {
  const sum = createLedger();
  for (const unit of readEnergies(units)) addLedger(sum, unit);
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
  const pv = ledger.solarWh - wasted;
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
    sor: divide(pv, pv + wasted),
    r_utility: divide(acin - deltaBatt, demand),
  };
}

function divide(dividend: number, divisor: number): number | null {
  return divisor === 0 ? null : dividend / divisor;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
