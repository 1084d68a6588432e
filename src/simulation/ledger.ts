/*
 * What a unit counts, and what closes (docs/model.md, 6.1 to 6.3). Accounts are sums of exact integrals over segments; nothing is
 * derived from the charge, so that the charge can be held against them.
 *
 * Rejected: counting pv less all that a full battery wastes, since what came from the DC grid then made it negative (3.3).
 */

/**
 * Energies of one unit [Wh] and what goes with them, integrated exactly over each segment.
 * Balance: solar − clipped + acIntake + fromGrid + unserved − demand − acLoss − dcLoss − wasted − batteryLoss − saleLoss
 * − sold − toGrid − batteryChange = 0.
 * Stored energy changes by batteryChange + setByHand, where a unit that is not there stores none.
 */
export interface Ledger {
  /** What the panels could deliver, curtailed energy included. */
  solarWh: number;
  /** The part of `wastedWh` that the PV charge controller held back. */
  curtailedSolarWh: number;
  demandWh: number;
  acIntakeWh: number;
  acLossWh: number;
  dcLossWh: number;
  /** Surplus of a full battery. */
  wastedWh: number;
  /** The part of `acIntakeWh` that an empty battery could not deliver. */
  shortfallWh: number;
  fromDcGridWh: number;
  toDcGridWh: number;
  /** Charged (positive) or discharged by power flow. */
  batteryChangeWh: number;
  /** Energy put in (positive) or taken out by setting the state of charge, or by a unit that comes or goes. */
  setByHandWh: number;
  /** The part of `batteryChangeWh` that went in; the rest, negative, came out. */
  batteryChargedWh: number;
  /** The part of `solarWh` that the PV charge controller could not take. */
  clippedSolarWh: number;
  /** The part of `demandWh` that nobody served. */
  unservedWh: number;
  /** Given to the AC grid. */
  soldWh: number;
  /** Lost on the way there, and where sun took the place of AC intake. */
  saleLossWh: number;
  /** Lost in the battery: by its efficiencies and by itself. */
  batteryLossWh: number;
  /** Price of `acIntakeWh` and proceeds of `soldWh`, in the tariff's currency. */
  importCost: number;
  exportIncome: number;
  /** Time in which some demand was not served [s]. */
  unservedS: number;
  /** How often the house went dark. */
  timesDark: number;
  /** The part of `fromDcGridWh` that came while the AC grid failed. */
  outageImportWh: number;
}

/** The account of a unit that went: its energies of the day on which it did. */
export interface Departure {
  readonly number: number;
  readonly ledger: Readonly<Ledger>;
}

export function createLedger(): Ledger {
  return {
    solarWh: 0,
    curtailedSolarWh: 0,
    demandWh: 0,
    acIntakeWh: 0,
    acLossWh: 0,
    dcLossWh: 0,
    wastedWh: 0,
    shortfallWh: 0,
    fromDcGridWh: 0,
    toDcGridWh: 0,
    batteryChangeWh: 0,
    setByHandWh: 0,
    batteryChargedWh: 0,
    clippedSolarWh: 0,
    unservedWh: 0,
    soldWh: 0,
    saleLossWh: 0,
    batteryLossWh: 0,
    importCost: 0,
    exportIncome: 0,
    unservedS: 0,
    timesDark: 0,
    outageImportWh: 0,
  };
}

/** Adds every account [Wh] of `ledger` to `sum`; written out, since a year of 100 homes does it 36,500 times. */
export function addLedger(sum: Ledger, ledger: Ledger): void {
  sum.solarWh += ledger.solarWh;
  sum.curtailedSolarWh += ledger.curtailedSolarWh;
  sum.demandWh += ledger.demandWh;
  sum.acIntakeWh += ledger.acIntakeWh;
  sum.acLossWh += ledger.acLossWh;
  sum.dcLossWh += ledger.dcLossWh;
  sum.wastedWh += ledger.wastedWh;
  sum.shortfallWh += ledger.shortfallWh;
  sum.fromDcGridWh += ledger.fromDcGridWh;
  sum.toDcGridWh += ledger.toDcGridWh;
  sum.batteryChangeWh += ledger.batteryChangeWh;
  sum.setByHandWh += ledger.setByHandWh;
  sum.batteryChargedWh += ledger.batteryChargedWh;
  sum.clippedSolarWh += ledger.clippedSolarWh;
  sum.unservedWh += ledger.unservedWh;
  sum.soldWh += ledger.soldWh;
  sum.saleLossWh += ledger.saleLossWh;
  sum.batteryLossWh += ledger.batteryLossWh;
  sum.importCost += ledger.importCost;
  sum.exportIncome += ledger.exportIncome;
  sum.unservedS += ledger.unservedS;
  sum.timesDark += ledger.timesDark;
  sum.outageImportWh += ledger.outageImportWh;
}

/** Names of all accounts, in the order of `writeAccounts`. */
export const accounts = Object.keys(createLedger()) as (keyof Ledger)[];

/**
 * Writes what has flowed on every account of `ledger` [Wh] since it was `since`, into a place of each account's column; written
 * out, since whoever steps does it for each home at each step.
 */
export function writeAccounts(
  ledger: Readonly<Ledger>,
  since: Readonly<Ledger>,
  columns: readonly Float64Array[],
  place: number,
): void {
  (columns[0] as Float64Array)[place] = ledger.solarWh - since.solarWh;
  (columns[1] as Float64Array)[place] = ledger.curtailedSolarWh - since.curtailedSolarWh;
  (columns[2] as Float64Array)[place] = ledger.demandWh - since.demandWh;
  (columns[3] as Float64Array)[place] = ledger.acIntakeWh - since.acIntakeWh;
  (columns[4] as Float64Array)[place] = ledger.acLossWh - since.acLossWh;
  (columns[5] as Float64Array)[place] = ledger.dcLossWh - since.dcLossWh;
  (columns[6] as Float64Array)[place] = ledger.wastedWh - since.wastedWh;
  (columns[7] as Float64Array)[place] = ledger.shortfallWh - since.shortfallWh;
  (columns[8] as Float64Array)[place] = ledger.fromDcGridWh - since.fromDcGridWh;
  (columns[9] as Float64Array)[place] = ledger.toDcGridWh - since.toDcGridWh;
  (columns[10] as Float64Array)[place] = ledger.batteryChangeWh - since.batteryChangeWh;
  (columns[11] as Float64Array)[place] = ledger.setByHandWh - since.setByHandWh;
  (columns[12] as Float64Array)[place] = ledger.batteryChargedWh - since.batteryChargedWh;
  (columns[13] as Float64Array)[place] = ledger.clippedSolarWh - since.clippedSolarWh;
  (columns[14] as Float64Array)[place] = ledger.unservedWh - since.unservedWh;
  (columns[15] as Float64Array)[place] = ledger.soldWh - since.soldWh;
  (columns[16] as Float64Array)[place] = ledger.saleLossWh - since.saleLossWh;
  (columns[17] as Float64Array)[place] = ledger.batteryLossWh - since.batteryLossWh;
  (columns[18] as Float64Array)[place] = ledger.importCost - since.importCost;
  (columns[19] as Float64Array)[place] = ledger.exportIncome - since.exportIncome;
  (columns[20] as Float64Array)[place] = ledger.unservedS - since.unservedS;
  (columns[21] as Float64Array)[place] = ledger.timesDark - since.timesDark;
  (columns[22] as Float64Array)[place] = ledger.outageImportWh - since.outageImportWh;
}

/** What the panels delivered [Wh]. */
export function pvWh(ledger: Readonly<Ledger>): number {
  return ledger.solarWh - ledger.clippedSolarWh - ledger.curtailedSolarWh;
}

/** What a full battery took from the DC bus and burnt [Wh]. */
export function wastedImportWh(ledger: Readonly<Ledger>): number {
  return ledger.wastedWh - ledger.curtailedSolarWh;
}

/** Sets every account to nothing, of the same object: a year of 100 homes does that 36,500 times too. */
export function clearLedger(ledger: Ledger): void {
  ledger.solarWh = 0;
  ledger.curtailedSolarWh = 0;
  ledger.demandWh = 0;
  ledger.acIntakeWh = 0;
  ledger.acLossWh = 0;
  ledger.dcLossWh = 0;
  ledger.wastedWh = 0;
  ledger.shortfallWh = 0;
  ledger.fromDcGridWh = 0;
  ledger.toDcGridWh = 0;
  ledger.batteryChangeWh = 0;
  ledger.setByHandWh = 0;
  ledger.batteryChargedWh = 0;
  ledger.clippedSolarWh = 0;
  ledger.unservedWh = 0;
  ledger.soldWh = 0;
  ledger.saleLossWh = 0;
  ledger.batteryLossWh = 0;
  ledger.importCost = 0;
  ledger.exportIncome = 0;
  ledger.unservedS = 0;
  ledger.timesDark = 0;
  ledger.outageImportWh = 0;
}

/** Inflows − outflows − losses − change of stored energy [Wh]: zero but for rounding. */
export function balanceResidualWh(ledger: Ledger): number {
  const inflow =
    ledger.solarWh - ledger.clippedSolarWh + ledger.acIntakeWh + ledger.fromDcGridWh + ledger.unservedWh;
  const losses =
    ledger.acLossWh + ledger.dcLossWh + ledger.wastedWh + ledger.batteryLossWh + ledger.saleLossWh;
  const given = ledger.toDcGridWh + ledger.soldWh;
  return inflow - ledger.demandWh - losses - given - ledger.batteryChangeWh;
}

/** What the accounts do not explain of a change of stored energy [Wh]: zero but for rounding. */
export function unexplainedWh(
  storedChangeWh: number,
  { batteryChangeWh, setByHandWh }: Readonly<Ledger>,
): number {
  return storedChangeWh - batteryChangeWh - setByHandWh;
}
