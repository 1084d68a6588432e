/** The alarm of an object, as far as it is known to be set: it is set anew only where something else is due. */
export class DueAlarm {
  readonly #storage: Pick<DurableObjectStorage, "getAlarm" | "setAlarm" | "deleteAlarm">;
  #dueMs: number | null = null;

  constructor(storage: Pick<DurableObjectStorage, "getAlarm" | "setAlarm" | "deleteAlarm">) {
    this.#storage = storage;
  }

  /** Takes up what an object before has set; returns whether there is one. */
  async takeUp(): Promise<boolean> {
    this.#dueMs = await this.#storage.getAlarm();
    return this.#dueMs !== null;
  }

  /** It has rung. */
  ring(): void {
    this.#dueMs = null;
  }

  /** Whether it rings by wall time `nowMs`. */
  isSetBy(nowMs: number): boolean {
    return this.#dueMs !== null && this.#dueMs <= nowMs;
  }

  /** Null where nothing is due. */
  set(dueMs: number | null): void {
    if (dueMs === this.#dueMs) return;
    this.#dueMs = dueMs;
    if (dueMs === null) this.#storage.deleteAlarm();
    else this.#storage.setAlarm(dueMs);
  }
}
