import { type InputData, loadInput } from "../../input/series/load-input.ts";

/** The input of one community. Homes are read when its units first need them. */
export class Homes {
  readonly input: InputData;
  /** The first so many homes are loaded. */
  #loaded = 0;

  private constructor(input: InputData) {
    this.input = input;
  }

  /** Opens the compiled input among `files`. @throws Error if a file is missing or not what it should be */
  static async open(files: Fetcher, demandIntervalMinutes: 30 | 60): Promise<Homes> {
    const read = async (name: string) => {
      const response = await files.fetch(`http://assets/input/${name}`);
      if (!response.ok) throw new Error(`Input file ${name} cannot be read: status ${response.status}`);
      return response.arrayBuffer();
    };
    return new Homes(await loadInput(read, [], demandIntervalMinutes));
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
