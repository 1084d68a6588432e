import type { Labels } from "./layout.ts";
import type { UnitName } from "./units.ts";

export const gapRules = ["hold", "interpolate", "day-before", "refuse"] as const;
export const leapDayRules = ["keep", "drop"] as const;
export const negativeRules = ["zero", "refuse"] as const;

/** What somebody says of files that are imported. */
export interface ImportOptions {
  /** Name of a layout; "auto" looks which it is. */
  readonly as: string;
  /** Unit of the values; null takes that of the layout or of the header. */
  readonly unit: UnitName | null;
  /** What stands where a value is missing: the one before, the line between its neighbours, that of the day before. */
  readonly gap: (typeof gapRules)[number];
  readonly leapDay: (typeof leapDayRules)[number];
  /** Time zone whose summer time the clock of the file follows, `Europe/London`; null takes the clock as it is written. */
  readonly dst: string | null;
  readonly negative: (typeof negativeRules)[number];
  /** Whether the home with this number, counted from 1 in the order of the file, is wanted. */
  readonly isWanted: (homeNumber: number) => boolean;
  /** Whether values begin or end at their moments; null takes that of the layout, or looks. */
  readonly labels: Labels | null;
  /** Hours by which standard time is ahead of UTC, for data in UTC; null takes that of the file's place. */
  readonly zone: number | null;
  /** Names of the columns of identity, time and value of a long file. */
  readonly columns: readonly string[] | null;
}

export const importDefaults: ImportOptions = {
  as: "auto",
  unit: null,
  gap: "hold",
  leapDay: "keep",
  dst: null,
  negative: "zero",
  isWanted: () => true,
  labels: null,
  zone: null,
  columns: null,
};
