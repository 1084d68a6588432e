import type { World } from "../../simulation/world.ts";
import type { Chapter } from "../storage/stored-shapes.ts";

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
