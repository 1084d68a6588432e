/**
 * The clock of a local run [ms]. It goes with the wall clock, but only while whoever started the emulator keeps
 * saying how far it may go, and not by more than that: what passes while the machine is suspended, or while its clock
 * is set, is left out. It never goes back.
 */
export class LivingClock {
  /** Where it stood when it was last looked at; null before it was begun. */
  #latestMs: number | null = null;
  #behindWallMs = 0;
  #untilMs = 0;

  get hasBegun(): boolean {
    return this.#latestMs !== null;
  }

  /** At `wallMs` it stands at `fromMs`, and may go on to `untilMs`. */
  begin(fromMs: number, untilMs: number, wallMs: number): void {
    this.#latestMs = fromMs;
    this.#behindWallMs = wallMs - fromMs;
    this.#untilMs = untilMs;
  }

  /** Where it stands at `wallMs`. */
  at(wallMs: number): number {
    if (this.#latestMs === null) throw new Error("The clock of the local run has not begun");
    const dueMs = Math.min(wallMs - this.#behindWallMs, this.#untilMs);
    this.#latestMs = Math.max(this.#latestMs, dueMs);
    return this.#latestMs;
  }

  /** Lets it go on to `untilMs` from where it stands at `wallMs`; returns how much wall time it leaves out [ms]. */
  renew(untilMs: number, wallMs: number): number {
    const hereMs = this.at(wallMs);
    const leftOutMs = wallMs - this.#behindWallMs - hereMs;
    this.#behindWallMs = wallMs - hereMs;
    this.#untilMs = Math.max(hereMs, untilMs);
    return leftOutMs;
  }

  /** Lets it stand where it is at `wallMs`; returns where that is. */
  stop(wallMs: number): number {
    this.#untilMs = this.at(wallMs);
    return this.#untilMs;
  }
}
