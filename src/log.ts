/** The specification's levels (section 8), least first. */
export const logLevels = ["DEBUG", "INFO", "WARNING", "ERROR"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Writes one line of the log. */
export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;

const consoleMethods = { DEBUG: "debug", INFO: "info", WARNING: "warn", ERROR: "error" } as const;

/** A log whose lines are JSON on the console, those below `least` left out. */
export function createConsoleLog(least: LogLevel): Log {
  return (level, message, fields = {}) => {
    if (logLevels.indexOf(level) < logLevels.indexOf(least)) return;
    console[consoleMethods[level]](JSON.stringify({ level, message, ...fields }));
  };
}

/** The least level that a configuration, checked or not, asks for. */
export function leastLevel(config: Readonly<Record<string, unknown>>): LogLevel {
  if (config.debug === true || config.debug === "true") return "DEBUG";
  return logLevels.find((level) => level === config.logLevel) ?? "INFO";
}
