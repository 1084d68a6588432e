/** A storage that is farther below its limit than this is measured again after so many rows. */
const nearBytes = 8_000_000;
const rowsUnmeasured = 20;

/**
 * Knows how large a storage is. Asking it takes as long as a query, so far below its limit that is not done before each command.
 */
export class StorageMeter {
  readonly #size: () => number;
  #bytes = Number.POSITIVE_INFINITY;
  #rows = 0;

  constructor(size: () => number) {
    this.#size = size;
  }

  /** Notes that so many rows were written. */
  note(rows: number): void {
    this.#rows += rows;
  }

  /** Notes that more has changed than rows tell. */
  forget(): void {
    this.#bytes = Number.POSITIVE_INFINITY;
  }

  /** Bytes of the storage, of which at most `mostBytes` are allowed: near that they are those of this moment. */
  measure(mostBytes: number): number {
    if (this.#bytes + nearBytes <= mostBytes && this.#rows <= rowsUnmeasured) return this.#bytes;
    this.#bytes = this.#size();
    this.#rows = 0;
    return this.#bytes;
  }
}
