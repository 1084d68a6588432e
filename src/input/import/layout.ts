import type { Row } from "../series/read-rows.ts";
import type { Moments } from "./moments.ts";
import type { NumberReader } from "./number-reader.ts";
import type { Quantity } from "./quantity.ts";
import type { Readings } from "./readings.ts";
import type { UnitName } from "./units.ts";

/** Where in its step a value belongs. */
export type Labels = "begin" | "end" | "instant";

/** How a file is understood. A layout says what it knows; what stays null is guessed or assumed by the settling. */
export interface Understanding {
  unit: UnitName | null;
  labels: Labels | null;
  /** Whether its labels say that values are means of their steps. */
  isOfMeans: boolean;
  /** Clock of the file, in words. */
  zone: string;
  /** Whether that clock is UTC, so that the sun has to be moved to the place's standard time. */
  isUtc: boolean;
  /** Whether that clock knows no summer time, whatever is said of those of other files. */
  isStandardTime: boolean;
  /** Hours by which the place's standard time is ahead of UTC, where the file tells. */
  standardOffsetHours: number | null;
  /** Whether its rows have dates; else they are days in order. */
  isDated: boolean;
  /** Whether moments only count values, whose step is not said. */
  isCounted: boolean;
  /** Whether its months may stem from different years and are laid one after the other. */
  mayBeTypical: boolean;
  /** What else was assumed, in sentences. */
  readonly notes: string[];
}

/** The first rows of a file, by which it is recognised, and its name. */
export interface Head {
  readonly file: string;
  readonly rows: readonly Row[];
}

/** What a layout reads with. */
export interface Desk {
  readonly head: Head;
  readonly readings: Readings;
  readonly moments: Moments;
  readonly numbers: NumberReader;
  readonly understood: Understanding;
  /** Names of the columns of identity, time and value of a long file, where they were given. */
  readonly columns: readonly string[] | null;
  /** What the file is taken to hold where its layout leaves it open. */
  readonly quantity: Quantity;
}

/** Takes a row; false says that nothing more belongs to the data. */
type TakeRow = (row: Row) => undefined | false;

export interface Layout {
  readonly name: string;
  /** What it looks like, in words. */
  readonly looks: string;
  /** Why a file that begins so is of this layout, or null if it is not. */
  recognise(head: Head): string | null;
  /** Begins to read a file. @throws InputFileError if its head lacks what the layout needs */
  open(desk: Desk): TakeRow;
}
