export const solarPointsPerDay = 24;
export const demandPointsPerDay = 48;

/** What a solar file holds: irradiance, or PV power as it is. */
export type SolarUnit = "W/m2" | "W";

/** More than this is no power of a home and no irradiance [W or W/m²]. */
export const largestPower = 1e9;

/** Sensors show a little less than nothing at night: down to this a value is read as 0 [W/m² or W]. */
export const leastSolar: Readonly<Record<SolarUnit, number>> = { "W/m2": -20, W: -50 };

/** A cell of a file, row and column counted from 1, and what it says. */
export interface Cell {
  readonly row: number;
  readonly column: number;
  readonly value: number;
}

/** What was seen of a solar file, whatever its unit. */
export interface SolarSurvey {
  /** Whether row 1 counts the columns, as pandas writes them, and is not data. */
  readonly hasHeader: boolean;
  readonly highest: Cell;
  /** Values below 0, read as 0, and the lowest of them. */
  readonly negatives: number;
  readonly lowest: Cell | null;
}

/** Irradiance [W/m²], or PV power [W] where the configuration says so. */
export interface Solar {
  readonly days: number;
  /** Hourly values of one day after the other. */
  readonly values: Float64Array;
  readonly survey: SolarSurvey;
}

/** A home whose mean demand is hardly meant: the cell of its highest power [W], and how many others are like it. */
export interface OddHome {
  readonly home: number;
  readonly meanW: number;
  readonly highest: Cell;
  readonly others: number;
}

/** What was seen of a demand file. */
export interface DemandSurvey {
  /** Date of the first day, `2020-01-31`, and the row that says it; null if no row has a date. */
  readonly firstDate: { readonly date: string; readonly row: number } | null;
  /** The first home with a higher mean than a home has, and with a lower one. */
  readonly high: OddHome | null;
  readonly low: OddHome | null;
}

/** Demand [W] of homes over equally many days. */
export interface Demand {
  readonly days: number;
  /** For each home its half-hourly values of one day after the other. */
  readonly homes: readonly Float64Array[];
  readonly survey: DemandSurvey;
}
