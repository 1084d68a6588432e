import { mkdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { createStream } from "rotating-file-stream";
import { isAtLeast, type LogLevel, logLevels } from "../../community/watching/log.ts";

/** The file of the log, which takes lines of JSON. */
export interface LogFile {
  add(line: string): void;
  end(): Promise<void>;
}

interface LogFileSettings {
  /** Lines below this are left out. */
  readonly least: LogLevel;
  readonly format: "JSON" | "text";
}

/** Files that are kept beside the present one, and how large one becomes. */
const keptFiles = 5;
const mostOfFile = "20M";

/**
 * Opens the log file at `path` to be written on; at midnight, or when it has become large, another begins and the old one
 * is named by its day. What cannot be written is told to `warn`, once.
 */
export function openLogFile(
  path: string,
  { least, format }: LogFileSettings,
  warn: (message: string) => void,
): LogFile {
  const name = basename(path);
  mkdirSync(dirname(path), { recursive: true });
  const stream = createStream((time, index) => nameFile(name, time, index), {
    path: dirname(path),
    interval: "1d",
    size: mostOfFile,
    intervalBoundary: true,
    initialRotation: true,
    maxFiles: keptFiles,
  });
  let isFailing = false;
  // A full disk must not end the server: its lines are on the console too.
  stream.on("error", (error) => {
    if (!isFailing) warn(`The log file ${path} cannot be written: ${error.message}`);
    isFailing = true;
  });
  return {
    add(line) {
      const fields = readLine(line);
      if (!isAtLeast(fields.level, least)) return;
      stream.write(`${format === "JSON" ? line : writeText(fields)}\n`);
    },
    end: () =>
      new Promise((resolve) => {
        if (isFailing) resolve();
        else stream.end(() => resolve());
      }),
  };
}

interface Fields {
  readonly level: LogLevel;
  readonly message: string;
  readonly [name: string]: unknown;
}

/** What the runtime itself says is no JSON. */
function readLine(line: string): Fields {
  try {
    const fields = JSON.parse(line);
    if (logLevels.includes(fields.level)) return fields;
  } catch {}
  return { level: "WARNING", message: line };
}

/** As the published emulator writes a line, with what belongs to it behind. */
function writeText({ level, message, ...rest }: Fields): string {
  const fields = Object.entries(rest).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
  return `${new Date().toISOString()} ${level.padEnd(7)} ${message}${fields.join("")}`;
}

function nameFile(name: string, time: Date | number | null, index?: number): string {
  if (!(time instanceof Date)) return name;
  const day = [time.getFullYear(), time.getMonth() + 1, time.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
  const dot = name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  return index === undefined || index <= 1 ? `${stem}-${day}${ending}` : `${stem}-${day}.${index}${ending}`;
}
