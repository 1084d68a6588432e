import type { Series } from "../../simulation/series.ts";
import { daysPerPage } from "./week-pages.ts";

/** Where weeks of series are kept that are too many to be held in memory, and looked up at once. */
export interface WeekStore {
  /** Whether all weeks of a file of these sources are kept. */
  has(source: string, file: string): boolean;
  /** Keeps all weeks of a file, or none. */
  keep(source: string, file: string, weeks: Iterable<StoredWeek>): void;
  /** @throws Error if it is not kept */
  read(source: string, file: string, home: number, week: number): ArrayBuffer;
}

/** A week of a home, counted from 0 in its file. */
interface StoredWeek {
  readonly home: number;
  readonly week: number;
  readonly bytes: ArrayBuffer;
}

/** The weeks of the homes whose values stand one after the other. */
export function* cutWeeks(
  values: Series["values"],
  homeLength: number,
  pointsPerDay: number,
): Generator<StoredWeek> {
  const length = daysPerPage * pointsPerDay;
  for (let start = 0, home = 0; start < values.length; start += homeLength, home++)
    for (let at = 0, week = 0; at < homeLength; at += length, week++) {
      const ofWeek = values.slice(start + at, start + Math.min(at + length, homeLength));
      yield { home, week, bytes: ofWeek.buffer as ArrayBuffer };
    }
}
