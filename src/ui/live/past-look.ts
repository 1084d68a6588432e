import { type CommunityJson, readStateAt, type UnitStateJson } from "./api.ts";

/**
 * A look at the recorded past: the community as it was at one moment stands in the place of now until it ends. Whoever drags
 * along the past asks for more moments than can be read: the last one counts.
 */
export class PastLook {
  /** All homes at that moment, or null while now is shown. */
  shown: CommunityJson | null = null;
  /** The simulated second that was asked for last, which may still have to be read. */
  wantedS: number | null = null;
  #units = new Map<string, UnitStateJson>();
  #isReading = false;
  readonly #tell: () => void;

  constructor(tell: () => void) {
    this.#tell = tell;
  }

  unit(id: string): UnitStateJson | undefined {
    return this.#units.get(id);
  }

  /** Shows the community as it was at `timeS`. @throws ApiError */
  async look(timeS: number): Promise<void> {
    this.wantedS = timeS;
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (this.wantedS !== null && this.wantedS !== this.shown?.timeS) await this.#read(this.wantedS);
    } catch (error) {
      this.end();
      throw error;
    } finally {
      this.#isReading = false;
    }
  }

  /** Now is shown again. */
  end(): void {
    if (this.wantedS === null && this.shown === null) return;
    this.wantedS = null;
    this.shown = null;
    this.#units.clear();
    this.#tell();
  }

  async #read(timeS: number): Promise<void> {
    const past = await readStateAt(timeS);
    if (this.wantedS === null) return;
    this.shown = past;
    this.#units = new Map(past.units.map((unit) => [unit.id, unit]));
    this.#tell();
  }
}
