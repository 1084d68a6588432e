const minuteMs = 60_000;
/** Lines of one kind, and of all kinds together, that are let through in a minute. */
const mostOfKind = 5;
const mostOfAll = 100;

/** Thins out what repeats: whoever asks nonsense all day fills no log. */
export class Thinner {
  #minute = 0;
  readonly #countOfKind = new Map<string, number>();
  #count = 0;
  #leftOut = 0;

  /**
   * Whether a line of this kind is logged: then what it says besides, which is how many lines were left out since the
   * last one; else null.
   */
  admit(kind: string, nowMs: number): { readonly leftOut?: number } | null {
    const minute = Math.floor(nowMs / minuteMs);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#countOfKind.clear();
      this.#count = 0;
    }
    const ofKind = this.#countOfKind.get(kind) ?? 0;
    if (ofKind >= mostOfKind || this.#count >= mostOfAll) {
      this.#leftOut++;
      return null;
    }
    this.#countOfKind.set(kind, ofKind + 1);
    this.#count++;
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    return leftOut === 0 ? {} : { leftOut };
  }
}
