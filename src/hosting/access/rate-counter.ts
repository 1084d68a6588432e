const minuteMs = 60_000;

/** Counts by key within the present minute of the clock; what was counted before is forgotten. */
export class RateCounter {
  #minute = 0;
  readonly #counts = new Map<string, number>();

  /** Counts one more, and gives how many there are now. */
  add(key: string, nowMs: number): number {
    const count = this.count(key, nowMs) + 1;
    this.#counts.set(key, count);
    return count;
  }

  count(key: string, nowMs: number): number {
    const minute = Math.floor(nowMs / minuteMs);
    if (minute !== this.#minute) this.#counts.clear();
    this.#minute = minute;
    return this.#counts.get(key) ?? 0;
  }
}
