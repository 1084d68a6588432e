import type { OpenCopy } from "./storage/backup.ts";

/** Backups and rows of a community that somebody is reading, each of the moment at which it was begun. */
export class OpenCopies {
  readonly #open = new Set<OpenCopy<unknown>>();

  add<T>(copy: OpenCopy<T>): OpenCopy<T> {
    for (const before of this.#open) if (before.isDone) this.#open.delete(before);
    this.#open.add(copy);
    return copy;
  }

  /** Whether one has not come to its end. */
  get isAnyOpen(): boolean {
    return [...this.#open].some(({ isDone }) => !isDone);
  }

  /** Whether something that one needs still stands in the storage alone. */
  get isReading(): boolean {
    return [...this.#open].some(({ isRead }) => !isRead);
  }

  /** Reads what is about to be deleted. */
  readRest(): void {
    for (const copy of this.#open) {
      copy.readRest();
      if (copy.isDone) this.#open.delete(copy);
    }
  }

  /** All that they are of is replaced: who reads one is told by an error. */
  breakOff(): void {
    for (const copy of this.#open) copy.breakOff();
  }
}
