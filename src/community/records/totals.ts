import * as v from "valibot";
import { batteryCapacityWh } from "../../input/homes/complete-home.ts";
import type { InParts } from "../../notation/in-parts.ts";
import { describe, number, ratio } from "../../notation/rows.ts";
import { addLedger, createLedger, type Ledger } from "../../simulation/ledger.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import type { Chapter } from "../storage/stored-shapes.ts";
import { missingWh, storedAtEndWh } from "./balance.ts";
import { chapterBefore } from "./chapter.ts";
import { firstToldDay } from "./forget.ts";
import type { RecordStorage } from "./record-storage.ts";
import { meanCharge, nameDay, type SummaryRow, sumEnergies, summarize, summaryRowSchema } from "./summary.ts";
import { unitRecordLength } from "./unit-record.ts";

/** Sums over all days and units. */
const totalsSchema = v.object({
  selfSufficiency: describe(
    ratio,
    "share of the demand that was served and not from AC: (demand − unserved − acin + deltaBatt) / demand",
  ),
  selfConsumption: describe(ratio, "share of the sun that was not curtailed: pv / (pv + curtailed)"),
  exchangeWh: describe(number, "energy that units took from the DC grid"),
  batteryCycles: describe(
    ratio,
    "full cycles of the mean battery: energy in and out over twice the capacity",
  ),
  lossesWh: v.object({ ac: number, dc: number, wasted: number, battery: number, sale: number }),
  shortfallWh: describe(number, "demand that an empty battery could not cover, taken from AC"),
  clippedWh: describe(number, "what PV charge controllers could not take of the sun"),
  soldWh: describe(number, "given to the AC grid"),
  unservedWh: describe(number, "demand that nobody served"),
  unservedMinutes: describe(number, "minutes in which some demand of a home was not served"),
  timesDark: describe(number, "how often a house went dark"),
  outageImportWh: describe(number, "what homes took from the DC grid while their AC grid failed"),
  importCost: describe(number, "what AC intake costs by the tariff"),
  exportIncome: describe(number, "what is sold brings in by the tariff"),
  balanceResidualWh: describe(
    number,
    "the most that is missing in the account of a day, in its flows or, where the day before is kept too, in what it tells of the change of stored energy; zero but for rounding",
  ),
});

/** Simulated days together, as the screen and a report need them. */
export const summarySchema = v.object({
  runBeganMs: describe(
    v.nullable(number),
    "wall time at which simulated time began, or began anew; null for a community from before it was noted",
  ),
  past: describe(
    v.string(),
    "another once the past up to the end of `toDay` has become another, as after a backup was restored",
  ),
  fromDay: describe(number, "the first day that is covered; what is older is no longer kept"),
  toDay: describe(number, "the last day that is covered; fromDay − 1 if none has ended"),
  daysPerRow: describe(number, "days that each row covers; its time is that of its first"),
  rows: v.array(summaryRowSchema),
  totals: totalsSchema,
});

export type Summary = v.InferOutput<typeof summarySchema>;
type Totals = Summary["totals"];

/** Rows of one summary; more days are put together. */
const maximumRows = 400;

/** Days `givenDay` to `toDay` as far as they have ended and are kept. */
export function* readSummary(
  storage: RecordStorage,
  chapters: readonly Chapter[],
  startTime: string,
  givenDay: number,
  toDay: number,
): InParts<Summary> {
  // Of the days before it nothing is kept.
  const fromDay = Math.max(givenDay, firstToldDay(storage));
  const lastDay = Math.min(toDay, storage.findDay(toDay)?.day ?? -1);
  const days = Math.max(0, lastDay - fromDay + 1);
  const daysPerRow = Math.max(1, Math.ceil(days / maximumRows));
  const rows: SummaryRow[] = [];
  const total = createLedger();
  let row = createLedger();
  let capacityDaysWh = 0;
  let residualWh = 0;
  let storedBeforeWh: number | null = null;
  for (const record of days === 0 ? [] : storage.readDays(fromDay - 1, lastDay)) {
    const { config } = chapterBefore(chapters, (record.day + 1) * secondsPerDay);
    const storedWh = storedAtEndWh(record, config);
    const storedChangeWh = storedBeforeWh === null ? null : storedWh - storedBeforeWh;
    storedBeforeWh = storedWh;
    yield;
    if (record.day < fromDay) continue;
    const energies = sumEnergies(record);
    addLedger(total, energies);
    addLedger(row, energies);
    residualWh = Math.max(residualWh, missingWh(energies, storedChangeWh));
    const units = record.units.length / unitRecordLength;
    for (let number = 1; number <= units; number++) capacityDaysWh += batteryCapacityWh(config, number);
    const ends = (record.day - fromDay + 1) % daysPerRow === 0 || record.day === lastDay;
    if (!ends) continue;
    const firstDay = fromDay + rows.length * daysPerRow;
    rows.push(summarize(nameDay(firstDay, startTime), row, meanCharge(record)));
    row = createLedger();
  }
  const capacityWh = days === 0 ? 0 : capacityDaysWh / days;
  const totals = describeTotals(total, capacityWh, residualWh);
  const runBeganMs = storage.readRun()?.beganWallMs ?? null;
  const past = namePast(storage, chapters, (fromDay + days) * secondsPerDay);
  return { runBeganMs, past, fromDay, toDay: fromDay + days - 1, daysPerRow, rows, totals };
}

/** All before `timeS` follows from the commands and chapters before it, so that the last of each tells it from any other past. */
export function namePast(storage: RecordStorage, chapters: readonly Chapter[], timeS: number): string {
  const command = storage.lastCommandBefore(timeS);
  const { beganWallMs } = chapterBefore(chapters, timeS);
  return [storage.readRun()?.beganWallMs, beganWallMs, command?.id, command?.wallMs]
    .map((part) => part ?? "")
    .join("-");
}

function describeTotals(total: Ledger, capacityWh: number, residualWh: number): Totals {
  const { ssr_real, sor } = summarize("", total, 0);
  const throughputWh = 2 * total.batteryChargedWh - total.batteryChangeWh;
  return {
    selfSufficiency: ssr_real,
    selfConsumption: sor,
    exchangeWh: total.fromDcGridWh,
    batteryCycles: capacityWh === 0 ? null : throughputWh / (2 * capacityWh),
    lossesWh: {
      ac: total.acLossWh,
      dc: total.dcLossWh,
      wasted: total.wastedWh,
      battery: total.batteryLossWh,
      sale: total.saleLossWh,
    },
    shortfallWh: total.shortfallWh,
    clippedWh: total.clippedSolarWh,
    soldWh: total.soldWh,
    unservedWh: total.unservedWh,
    unservedMinutes: total.unservedS / 60,
    timesDark: total.timesDark,
    outageImportWh: total.outageImportWh,
    importCost: total.importCost,
    exportIncome: total.exportIncome,
    balanceResidualWh: residualWh,
  };
}
