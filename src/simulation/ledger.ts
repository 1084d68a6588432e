/**
 * Energies of one unit [Wh], integrated exactly over each segment.
 * Balance: solar + acIntake + fromGrid − demand − acLoss − dcLoss − wasted − toGrid − batteryChange = 0.
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
  fromGridWh: number;
  toGridWh: number;
  /** Charged (positive) or discharged by power flow. */
  batteryChangeWh: number;
  /** Energy put in (positive) or taken out by setting the state of charge by hand. */
  setByHandWh: number;
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
    fromGridWh: 0,
    toGridWh: 0,
    batteryChangeWh: 0,
    setByHandWh: 0,
  };
}

const keys = Object.keys(createLedger()) as (keyof Ledger)[];

/** Adds every account [Wh] of `ledger` to `sum`. */
export function addLedger(sum: Ledger, ledger: Ledger): void {
  for (const key of keys) sum[key] += ledger[key];
}

/** Inflows − outflows − losses − change of stored energy [Wh]: zero but for rounding. */
export function balanceResidualWh(ledger: Ledger): number {
  const inflow = ledger.solarWh + ledger.acIntakeWh + ledger.fromGridWh;
  const losses = ledger.acLossWh + ledger.dcLossWh + ledger.wastedWh;
  return inflow - ledger.demandWh - losses - ledger.toGridWh - ledger.batteryChangeWh;
}
