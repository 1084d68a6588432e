import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of `src/cli` to its end. */
export function runProgram(name: string, args: readonly string[]): Promise<Ended> {
  const path = fileURLToPath(new URL(`../../src/cli/${name}`, import.meta.url));
  return new Promise((resolve) => {
    const options = { timeout: 30_000, maxBuffer: 1 << 26 };
    const child = execFile(process.execPath, [path, ...args], options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}
