import { mkdirSync } from "node:fs";
import { createStream, type RotatingFileStream } from "rotating-file-stream";

/** Days whose files are kept beside the present one. */
const keptFiles = 5;

/** Opens `emulator.log` in `folder` to be written on; at midnight another begins and the old one is named by its day. */
export function openLogFile(folder: string): RotatingFileStream {
  mkdirSync(folder, { recursive: true });
  const stream = createStream(nameFile, {
    path: folder,
    interval: "1d",
    intervalBoundary: true,
    initialRotation: true,
    maxFiles: keptFiles,
  });
  // A full disk must not end the server: its lines are on the console too.
  stream.on("error", (error) => console.error(`The log file cannot be written: ${error.message}`));
  return stream;
}

function nameFile(time: Date | number | null, index?: number): string {
  if (!(time instanceof Date)) return "emulator.log";
  const day = [time.getFullYear(), time.getMonth() + 1, time.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
  return index === undefined || index <= 1 ? `emulator-${day}.log` : `emulator-${day}.${index}.log`;
}
