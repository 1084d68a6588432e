import { deploymentLimits } from "../input/config/limits.ts";

/** What the directory of all communities does for each, by the name of its object. */
export interface CommunityDirectory {
  /** Whether there is such a community. */
  owns(objectKey: string): Promise<boolean>;
  noteUse(objectKey: string, nowMs: number, sizeBytes: number): Promise<void>;
  /** Finished simulated days that the community keeps; a directory of an earlier release cannot say. */
  historyDaysOf(objectKey: string): Promise<number>;
}

/** Tells the directory that a community is in use and how large it is, at most once in `useNoteMinutes`. */
export class UseNote {
  #notedMs = Number.NEGATIVE_INFINITY;

  isDue(nowMs: number): boolean {
    return nowMs - this.#notedMs >= deploymentLimits.useNoteMinutes * 60_000;
  }

  send(directory: CommunityDirectory, objectKey: string, nowMs: number, sizeBytes: number): Promise<void> {
    this.#notedMs = nowMs;
    return directory.noteUse(objectKey, nowMs, sizeBytes);
  }
}
