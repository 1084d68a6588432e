import type { Answer } from "../notation/refusal.ts";

/** Where the local server keeps `jsontmp/lastSave.json`: a folder, in which a PUT replaces a file as a whole. */
export class SaveFile {
  readonly #folder: Fetcher;
  #written: Promise<void> = Promise.resolve();

  constructor(folder: Fetcher) {
    this.#folder = folder;
  }

  /** Writes what Save All has answered, after all that was to be written before. @throws Error */
  write(answer: Answer): Promise<void> {
    if (answer.ok) this.#written = this.#written.catch(() => {}).then(() => this.#put(answer.json));
    return this.#written;
  }

  async #put(text: string): Promise<void> {
    const response = await this.#folder.fetch("http://folder/lastSave.json", { method: "PUT", body: text });
    if (!response.ok) throw new Error(`status ${response.status}`);
  }
}
