import { readFileSync } from "node:fs";

const pollMs = 250;
/** A busy machine keeps a poll waiting; one that was asleep, for longer. */
const suspendedMs = 3000;

/**
 * Settles when this process is asked to end: by a signal, or by one to the npm that started it. npm hands it on to the
 * shell between them, where it stays: SIGTERM ends the shell alone, and SIGINT ends nothing while a program runs.
 */
export function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
    // An old Node may stand between, that has started this one.
    const shell = [process.ppid, parentOf(process.ppid)].find(isShellOfNpm);
    if (shell !== undefined) watchShell(shell, resolve);
  });
}

/** Whether a process is a shell that does nothing but run the script of npm that started this program. */
function isShellOfNpm(pid: number): boolean {
  const { npm_lifecycle_script: script } = process.env;
  const [, option, command] = readOf(pid, "cmdline").split("\0");
  return script !== undefined && option === "-c" && command?.startsWith(script) === true;
}

/** Calls `onEnd` when the shell has gone, or when a signal has come to it by way of npm. */
function watchShell(shell: number, onEnd: () => void): void {
  const npm = parentOf(shell);
  const countWakings = () =>
    [shell, npm].map((pid) => numberIn(readOf(pid, "status"), "voluntary_ctxt_switches"));
  let lastMs = performance.now();
  let before = countWakings();
  const poll = () => {
    const nowMs = performance.now();
    const now = countWakings();
    // Both sleep until a signal goes through both, or until this process, too, has been suspended with them.
    const haveWoken = now.every((count, i) => count > (before[i] as number));
    const wasSuspended = nowMs - lastMs > suspendedMs;
    const isGone = readOf(shell, "status") === "";
    if (isGone || (haveWoken && !wasSuspended)) onEnd();
    lastMs = nowMs;
    before = now;
  };
  process.on("SIGCONT", () => {
    before = countWakings();
  });
  setInterval(poll, pollMs).unref();
}

function parentOf(pid: number): number {
  return numberIn(readOf(pid, "status"), "PPid");
}

function numberIn(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(status)?.[1] ?? 0);
}

/** What the system tells of a process; nothing where it does not. */
function readOf(pid: number, what: "cmdline" | "status"): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8");
  } catch {
    return "";
  }
}
