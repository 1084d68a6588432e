import type { Results } from "../live/api.ts";
import type { TextKey } from "../words/i18n.ts";

/** Every account of the ledger [Wh]. */
export type Energies = Results["total"]["energies"];

/** A part of what came in or of where it went. */
export interface EnergyPart {
  readonly label: TextKey;
  readonly color: string;
  of(energies: Energies): number;
  /** Homes without limits have none of it: it is told where there is some. */
  readonly isRare?: true;
}

/**
 * What comes into homes and where it goes: both sides add up to the same, since every account of the ledger stands in one of them.
 * Of a battery all that went in and all that came out is told: which sun a battery gives back nobody knows.
 */
export const comesIn: readonly EnergyPart[] = [
  { label: "solar", color: "solar", of: (e) => e.solarWh - e.clippedSolarWh - e.curtailedSolarWh },
  { label: "acIntake", color: "ac", of: (e) => e.acIntakeWh },
  { label: "fromBatteries", color: "battery", of: (e) => e.batteryChargedWh - e.batteryChangeWh },
  { label: "fromNeighbours", color: "grid", of: (e) => e.fromDcGridWh },
];

export const goesOut: readonly EnergyPart[] = [
  { label: "demand", color: "demand", of: (e) => e.demandWh - e.unservedWh },
  { label: "intoBatteries", color: "battery", of: (e) => e.batteryChargedWh },
  { label: "toNeighbours", color: "grid", of: (e) => e.toDcGridWh },
  { label: "sold", isRare: true, color: "ac", of: (e) => e.soldWh },
  { label: "acLosses", color: "loss", of: (e) => e.acLossWh },
  { label: "dcLosses", color: "loss", of: (e) => e.dcLossWh },
  { label: "batteryLosses", isRare: true, color: "loss", of: (e) => e.batteryLossWh },
  { label: "saleLosses", isRare: true, color: "loss", of: (e) => e.saleLossWh },
  { label: "wasted", color: "wasted", of: (e) => e.wastedWh - e.curtailedSolarWh },
];

/** What is told as numbers beside them. */
export const numbers: readonly EnergyPart[] = [
  { label: "exchanged", color: "grid", of: (e) => e.fromDcGridWh },
  { label: "curtailedSolar", color: "curtailed", of: (e) => e.curtailedSolarWh },
  { label: "clippedSolar", isRare: true, color: "curtailed", of: (e) => e.clippedSolarWh },
  { label: "unserved", isRare: true, color: "demand", of: (e) => e.unservedWh },
  { label: "outageImport", isRare: true, color: "grid", of: (e) => e.outageImportWh },
  { label: "shortfallOfBatteries", color: "ac", of: (e) => e.shortfallWh },
  { label: "batteryChange", color: "battery", of: (e) => e.batteryChangeWh },
  { label: "setByHand", color: "ink", of: (e) => e.setByHandWh },
];

export function totalOf(parts: readonly EnergyPart[], energies: Energies): number {
  return parts.reduce((sum, part) => sum + part.of(energies), 0);
}

/** The energies of bin `index`. */
export function energiesOfBin(columns: Results["energies"], index: number): Energies {
  const entries = Object.entries(columns).map(([name, values]) => [name, values[index] ?? 0]);
  return Object.fromEntries(entries) as Energies;
}
