import type { LogFile } from "./log-file.ts";

/** What a local run says to whoever started it, and to its log file once that is open. */
export class RunLog {
  #file: LogFile | null = null;

  /** From now on lines go to the file too. */
  addFile(file: LogFile): void {
    this.#file = file;
  }

  /** A line of the worker or of the runtime. */
  readonly add = (line: string): void => {
    console.log(line);
    this.#file?.add(line);
  };

  readonly warn = (message: string): void => {
    console.log(`Warning: ${message}`);
    this.#file?.add(JSON.stringify({ level: "WARNING", message }));
  };

  /** Leaves the last word of a run that failed in the file. */
  async fail(message: string): Promise<void> {
    this.#file?.add(JSON.stringify({ level: "ERROR", message }));
    await this.end();
  }

  async end(): Promise<void> {
    await this.#file?.end();
  }
}
