export const solarPointsPerDay = 24;
export const demandPointsPerDay = 48;

/** Irradiance [W/m²], or PV power [W] where the configuration says so. */
export interface Solar {
  readonly days: number;
  /** Hourly values of one day after the other. */
  readonly values: Float64Array;
}

/** Demand [W] of homes over equally many days. */
export interface Demand {
  readonly days: number;
  /** For each home its half-hourly values of one day after the other. */
  readonly homes: readonly Float64Array[];
}
