/** The specification's levels (section 8), least first. */
export const logLevels = ["DEBUG", "INFO", "WARNING", "ERROR"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Writes one line of the log. */
export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;

const consoleMethods = { DEBUG: "debug", INFO: "info", WARNING: "warn", ERROR: "error" } as const;

/** A log whose lines are JSON on the console. */
export const consoleLog: Log = (level, message, fields = {}) =>
  console[consoleMethods[level]](JSON.stringify({ level, message, ...fields }));

/** A log that leaves out what is below `least` and gives the rest to each of `logs`. */
export function createLog(least: LogLevel, logs: readonly Log[]): Log {
  return (level, message, fields) => {
    if (isAtLeast(level, least)) for (const log of logs) log(level, message, fields);
  };
}

export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return logLevels.indexOf(level) >= logLevels.indexOf(least);
}

/** The least level that a configuration, checked or not, asks for. */
export function leastLevel(config: Readonly<Record<string, unknown>>): LogLevel {
  if (config.debug === true || config.debug === "true") return "DEBUG";
  return logLevels.find((level) => level === config.logLevel) ?? "INFO";
}
