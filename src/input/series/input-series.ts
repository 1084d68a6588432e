export const minutesPerDay = 1440;
/** Values a day has unless a file has others. */
export const solarPointsPerDay = 24;
export const demandPointsPerDay = 48;

/** Whether so many values are a day of steps of 1 to 60 whole minutes. */
export function isDayOf(points: number): boolean {
  return points >= 24 && points <= minutesPerDay && minutesPerDay % points === 0;
}

const interval = /^\d{1,2}:\d{2} ?[-–] ?\d{1,2}:\d{2}$/;

/** Whether labels of values name intervals, `00:00-00:30`: these are means. */
export function nameIntervals(labels: readonly string[]): boolean {
  return labels.length > 0 && labels.every((label) => interval.test(label.trim()));
}

/** Values a day where a file has one a row: those that make the file a year, else hours. */
export function pointsOfColumn(values: number): number {
  return [365, 366].map((days) => values / days).find(isDayOf) ?? solarPointsPerDay;
}

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
  readonly pointsPerDay: number;
  /** Whether each value is the mean of the step that it begins. */
  readonly isMeans: boolean;
  /** Values of one day after the other. */
  readonly values: Float64Array;
  readonly survey: SolarSurvey;
}

/** The sun of data without irradiance, whose homes have PV power of their own. */
export function createDarkness(days: number): Solar {
  const survey = { hasHeader: false, highest: { row: 1, column: 1, value: 0 }, negatives: 0, lowest: null };
  const values = new Float64Array(days * solarPointsPerDay);
  return { days, pointsPerDay: solarPointsPerDay, isMeans: false, values, survey };
}

/** A home whose mean demand is hardly meant: the cell of its highest power [W], and how many others are like it. */
export interface OddHome {
  /** As the file names it. */
  readonly home: string;
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
  readonly pointsPerDay: number;
  /** Whether each value is the mean of the step that it begins. */
  readonly isMeans: boolean;
  /** For each home its values of one day after the other. */
  readonly homes: readonly Float64Array[];
  readonly survey: DemandSurvey;
}
