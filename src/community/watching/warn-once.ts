import type { KeptLog } from "./kept-log.ts";
import type { Log } from "./log.ts";

/** Logs warnings that hold as long as the data do: those that the kept log has not told of already. */
export function warnOnce(keptLog: KeptLog, log: Log, messages: readonly string[]): void {
  if (messages.length === 0) return;
  const told = new Set(keptLog.read("WARNING", 0).map(({ message }) => message));
  for (const message of messages) if (!told.has(message)) log("WARNING", message);
}
