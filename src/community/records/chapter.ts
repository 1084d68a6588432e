import type { Config } from "../../input/config/entries.ts";
import type { World } from "../../simulation/world.ts";

/**
 * A run is a list of chapters. Each goes from its beginning to that of the next under one configuration and on one
 * set of data, and what is told of it is computed from these for ever. At its beginning every unit has an event, so
 * that no stretch between two events lies in two chapters. One that lasted no time may have had commands.
 */
export interface Chapter {
  readonly fromS: number;
  readonly beganWallMs: number;
  /** The last command before it; 0 if there was none. */
  readonly afterCommandId: number;
  /** Complete, but for the address of a database: whoever reads the log of commands need not know that. */
  readonly config: Config;
  /** Changes with the content of the data; null where it is not known which they were. */
  readonly inputHash: string | null;
  /** What the files of the data are called. */
  readonly inputName: string;
  /**
   * Where the data of the chapter before were gone when it ended: the second to which simulated time had come then. Of
   * what lies between `fromS` and it nothing was kept. Null where all is well.
   */
  readonly lostUntilS: number | null;
}

/** A chapter with its world, or null where its data are gone: then it is known only where something was kept. */
export interface OpenChapter extends Chapter {
  readonly world: World | null;
}

/** The chapter in which simulated second `timeS` lies; at the moment between two, the later. */
export function chapterAt<C extends { readonly fromS: number }>(chapters: readonly C[], timeS: number): C {
  return (chapters.findLast(({ fromS }) => fromS <= timeS) ?? chapters[0]) as C;
}

/** The chapter that ends at simulated second `timeS`, or in which it lies. */
export function chapterBefore<C extends { readonly fromS: number }>(
  chapters: readonly C[],
  timeS: number,
): C {
  return (chapters.findLast(({ fromS }) => fromS < timeS) ?? chapters[0]) as C;
}

/** The end of each chapter: where the next one begins. */
export function listChapterEnds(chapters: readonly { readonly fromS: number }[]): number[] {
  return chapters.map((_, index) => chapters[index + 1]?.fromS ?? Number.POSITIVE_INFINITY);
}
