import { release } from "../../notation/release.ts";
import type { LogFile } from "./log-file.ts";

/** What a local run says to whoever started it, and to its log file once that is open. */
export class RunLog {
  #file: LogFile | null = null;

  /** From now on lines go to the file too. */
  addFile(file: LogFile): void {
    this.#file = file;
  }

  /** Notes which release runs, before anything else. */
  begin(): void {
    const { node } = process.versions;
    this.#file?.add(
      JSON.stringify({ level: "INFO", message: `apis-emulator ${release} starts`, release, node }),
    );
  }

  /** A line of the worker, or what the runtime itself has to say. */
  readonly add = (text: string): void => {
    const line = text.startsWith("{") ? text : describeRuntimeText(text);
    if (line === null) return;
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

/** Where the runtime was in its own code tells a user nothing: it is left out. */
function describeRuntimeText(text: string): string | null {
  const message = text
    .split("\n")
    .filter((line) => !/^(stack:|\s*at )/.test(line))
    .map((line) => line.replace(/^\S+ = /, "").replace(/^\S+\.c\+\+:\d+: /, ""))
    .join(" ")
    .slice(0, mostCharacters);
  if (message.trim() === "") return null;
  return JSON.stringify({ level: "WARNING", message: `The runtime says: ${message}` });
}

const mostCharacters = 500;
