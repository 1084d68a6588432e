import type { Directory } from "../hosting/directory/directory-object.ts";
import { deploymentLimits } from "../input/config/limits.ts";

/** Where the directory of all communities is found. */
export interface DirectoryPlace {
  readonly DIRECTORY: DurableObjectNamespace<Directory>;
}

/** The one directory of the deployment. */
export function openDirectory(place: DirectoryPlace): DurableObjectStub<Directory> {
  return place.DIRECTORY.getByName("directory");
}

/** Tells the directory that a community is in use and how large it is, at most once in `useNoteMinutes`. */
export class UseNote {
  #notedMs = Number.NEGATIVE_INFINITY;

  async send(place: DirectoryPlace, objectKey: string, nowMs: number, sizeBytes: number): Promise<void> {
    if (nowMs - this.#notedMs < deploymentLimits.useNoteMinutes * 60_000) return;
    this.#notedMs = nowMs;
    await openDirectory(place).noteUse(objectKey, nowMs, sizeBytes);
  }
}
