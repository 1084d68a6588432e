import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ExportRequest } from "../../community/records/export.ts";
import { readSummary } from "../../community/records/totals.ts";
import { atOnce } from "../../notation/in-parts.ts";
import { formatDateTime } from "../../notation/simulated-time.ts";
import { follow, type PreparedRun, SimulationError } from "./run-headless.ts";

type Progress = (share: number) => void;

/** A text is held back until it is so long, so that a run that is refused early leaves nothing. */
const heldBack = 1 << 20;

/** Writes text in pieces, no faster than they are taken. */
class PieceWriter {
  readonly #to: Writable;
  #held = "";

  constructor(to: Writable) {
    this.#to = to;
  }

  write(text: string): Promise<void> | undefined {
    this.#held += text;
    return this.#held.length < heldBack ? undefined : this.flush();
  }

  async flush(): Promise<void> {
    const isTaken = this.#to.write(this.#held);
    this.#held = "";
    if (!isTaken) await once(this.#to, "drain");
  }
}

/** Performs a run and writes all of it as JSON, row by row. @throws SimulationError if a command is refused */
export async function writeJson(run: PreparedRun, to: Writable, progress: Progress): Promise<void> {
  const out = new PieceWriter(to);
  let before = "";
  const end = await follow(run, {
    begin: (units) => {
      const { commands } = run;
      return out.write(
        `${JSON.stringify({ units, stepSeconds: null, commands }).slice(0, -1)},"hourlyRsoc":[`,
      );
    },
    row: (row) => {
      const written = out.write(before + JSON.stringify(row));
      before = ",";
      return written;
    },
    progress,
  });
  await out.write(`],${JSON.stringify(end).slice(1)}\n`);
  await out.flush();
}

const exportFiles: Readonly<Record<ExportRequest["of"], string>> = {
  summary: "summary.csv",
  individual: "indivLog.csv",
  commands: "commands.csv",
  deals: "deals.csv",
};

/**
 * Performs a run and writes CSV files into `folder`: the charges at every interval, days, readings and commands, as a server
 * tells them. Returns totals for a report. All files are there in the end, or none is another than before.
 * @throws SimulationError if a command is refused, or a file cannot be written
 */
export async function writeFiles(run: PreparedRun, folder: string, progress: Progress): Promise<object> {
  const files = ["rsoc.csv", ...Object.values(exportFiles)];
  const fresh = (name: string) => join(folder, `${name}.${process.pid}.new`);
  try {
    await mkdir(folder, { recursive: true });
    const report = await writeFresh(run, fresh, progress);
    for (const name of files) await rename(fresh(name), join(folder, name));
    return { ...report, files: files.map((name) => join(folder, name)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new SimulationError(`--out ${folder}: ${(error as Error).message}`);
  } finally {
    for (const name of files) await rm(fresh(name), { force: true }).catch(() => {});
  }
}

async function writeFresh(run: PreparedRun, fresh: (name: string) => string, progress: Progress) {
  const { emulator, storage, durationS } = run;
  const { startTime } = emulator.config;
  const charges = createWriteStream(fresh("rsoc.csv"));
  await once(charges, "open");
  const failed = once(charges, "error").then(([error]) => Promise.reject(error));
  failed.catch(() => {});
  const out = new PieceWriter(charges);
  let units: string[] = [];
  const written = follow(run, {
    begin: (all) => {
      units = all;
      return out.write(`time,timeS,${units.join()}\r\n`);
    },
    row: ([timeS, ...row]) =>
      out.write(`${formatDateTime(startTime, timeS as number)},${timeS},${row.join()}\r\n`),
    progress,
  });
  const { balanceResidualWh } = await Promise.race([written, failed]);
  await Promise.race([out.flush(), failed]);
  charges.end();
  await Promise.race([once(charges, "close"), failed]);
  for (const [of, name] of Object.entries(exportFiles)) {
    const request = {
      of: of as ExportRequest["of"],
      fromDay: 0,
      toDay: Number.MAX_SAFE_INTEGER,
      format: "csv",
    } as const;
    await pipeline(Readable.from(emulator.writeExport(request, 0)), createWriteStream(fresh(name)));
  }
  const { totals } = atOnce(
    readSummary(storage, emulator.readChapters(), startTime, 0, Number.MAX_SAFE_INTEGER),
  );
  return { units, untilS: durationS, commands: run.commands.length, totals, balanceResidualWh };
}
