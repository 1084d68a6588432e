import type { Files } from "../../input/files.ts";
import { earlierFolder } from "../../input/series/compiled-input.ts";
import { type CompiledData, type InputData, loadInput } from "../../input/series/load-input.ts";
import type { WeekStore } from "../../input/series/week-store.ts";

/** Says that it is not known at the moment what a file of compiled input is. */
class UnreadableFileError extends Error {}

/** The input of one community. Homes are read when its units first need them. */
export class Homes<I extends InputData = InputData> {
  readonly input: I;
  /** The first so many homes are loaded. */
  #loaded = 0;

  constructor(input: I) {
    this.input = input;
  }

  /** Opens the compiled input among `files`. @throws Error if a file is missing or not what it should be */
  static open(
    files: Files,
    demandIntervalMinutes: 30 | 60,
    store: WeekStore | null = null,
  ): Promise<Homes<CompiledData>> {
    return Homes.#open(files, demandIntervalMinutes, "", false, store);
  }

  static async #open(
    files: Files,
    interval: 30 | 60,
    folder: string,
    ofAnyRelease: boolean,
    store: WeekStore | null,
  ): Promise<Homes<CompiledData>> {
    const read = async (name: string) => {
      const response = await files.fetch(`http://assets/input/${folder}${name}`);
      if (response.ok) return response.arrayBuffer();
      const message = `Input file ${folder}${name} cannot be read: status ${response.status}`;
      throw response.status === 404 ? new Error(message) : new UnreadableFileError(message);
    };
    return new Homes(await loadInput(read, [], interval, ofAnyRelease, store));
  }

  /** Opens compiled input that was replaced, or gives null where it was not kept whole or is of another format. */
  static async openEarlier(
    files: Files,
    interval: 30 | 60,
    sourceHash: string,
    store: WeekStore | null = null,
  ): Promise<Homes<CompiledData> | null> {
    try {
      const homes = await Homes.#open(files, interval, earlierFolder(sourceHash), true, store);
      return homes.input.sourceHash === sourceHash ? homes : null;
    } catch (error) {
      if (error instanceof UnreadableFileError) throw error;
      return null;
    }
  }

  /** Whether the homes of so many units are loaded; units beyond the homes live in the same again. */
  areLoadedFor(unitCount: number): boolean {
    return Math.min(unitCount, this.input.homes) <= this.#loaded;
  }

  async loadFor(unitCount: number): Promise<void> {
    const needed = Math.min(unitCount, this.input.homes);
    await this.input.loadHomes(Array.from({ length: needed }, (_, home) => home));
    this.#loaded = Math.max(this.#loaded, needed);
  }
}
