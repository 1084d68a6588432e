import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The user `nobody`, for tests that root runs; else the one who runs them. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

/** What stands before a command that an ordinary user runs, with namespaces of its own where the system has them. */
export function asOrdinaryUser(...namespaces: readonly string[]): string[] {
  const drop = isRoot ? ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"] : [];
  return namespaces.length === 0 ? drop : [...drop, "unshare", ...namespaces];
}

/** A new folder that this user may write in, and everybody may read. */
export function makeFolderOfUser(): string {
  const folder = mkdtempSync(join(tmpdir(), "apis-install-"));
  chmodSync(folder, 0o755);
  giveToUser(folder);
  return folder;
}

export function giveToUser(folder: string): void {
  if (isRoot) run(["chown", "-R", `${nobody}:${nobody}`, folder]);
}

/** Runs a command to its end, and gives its output. @throws Error with all that it printed, if it fails */
export function run(
  command: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): string {
  const [program, ...args] = command as [string, ...string[]];
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: 1 << 26,
    ...options,
  });
  if (status === 0) return stdout;
  throw new Error(`${command.join(" ")} ended with ${status ?? error?.message}\n${stdout}\n${stderr}`);
}
