import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { combine, type ImportedData } from "../../input/import/combine.ts";
import { optionReaders } from "../../input/import/given-options.ts";
import { type ImportedFile, importFile } from "../../input/import/import-files.ts";
import {
  gapRules,
  type ImportOptions,
  importDefaults,
  leapDayRules,
  negativeRules,
} from "../../input/import/import-options.ts";
import { layoutNames, layouts } from "../../input/import/layouts.ts";
import { type ImportReport, writeReport } from "../../input/import/report.ts";
import { writeReportPage } from "../../input/import/report-page.ts";
import { writeReportText } from "../../input/import/report-text.ts";
import { unitNames } from "../../input/import/units.ts";
import { writeDataFiles, writeReadme } from "../../input/import/write-data.ts";
import { InputFileError } from "../../input/series/input-file-error.ts";
import { showProgress } from "../progress-bar.ts";

interface Given extends Omit<ImportOptions, "isWanted"> {
  readonly homes?: (homeNumber: number) => boolean;
  readonly out?: string;
  readonly json?: true;
}

const program = new Command("apis-emulator import")
  .description(
    "Reads data as people have them, says how it understood them, and with --out writes them as `start --data` takes them.",
  )
  .argument("<files...>", "CSV files of demand, PV power and irradiance; each is recognised on its own")
  .addOption(
    new Option("--as <layout>", "layout of the files").choices(["auto", ...layoutNames]).default("auto"),
  )
  .option(
    "--unit <unit>",
    `unit of the values: ${unitNames.join(", ")} (default: as the file says)`,
    reading("unit"),
  )
  .addOption(
    new Option("--gap <rule>", "what stands where values are missing").choices(gapRules).default("hold"),
  )
  .addOption(new Option("--leap-day <rule>", "29 February").choices(leapDayRules).default("keep"))
  .option(
    "--dst <zone>",
    "time zone whose summer time is taken out, as Europe/London, or none",
    reading("dst"),
  )
  .addOption(new Option("--negative <rule>", "negative values").choices(negativeRules).default("zero"))
  .option(
    "--homes <numbers>",
    "homes in the order of the file: 1-20, or 1,3,5-7 (default: all)",
    reading("homes"),
  )
  .addOption(
    new Option("--labels <side>", "whether a step begins or ends at its label").choices([
      "begin",
      "end",
      "instant",
    ]),
  )
  .option("--zone <hours>", "hours of standard time ahead of UTC, for data in UTC", reading("zone"))
  .option(
    "--columns <names>",
    "columns of home, time and value of a long file: ID,TIME,VALUE",
    reading("columns"),
  )
  .option("--out <folder>", "writes data, README.md and the report there; the folder is new or empty")
  .option("--json", "prints the report as JSON")
  .addHelpText(
    "after",
    `\nLayouts:\n${layouts.map(({ name, looks }) => `  ${name.padEnd(10)} ${looks}`).join("\n")}`,
  );

program.action(async (paths: string[], given: Given) => {
  const { homes = () => true, out, json, ...rest } = given;
  const options: ImportOptions = { ...importDefaults, ...rest, isWanted: homes };
  if (out !== undefined) await checkEmpty(out);
  const files = await readFiles(paths, options);
  const data = combine(files);
  const report = writeReport(files, data, options);
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : writeReportText(report));
  if (out !== undefined) await writeFolder(out, data, report);
});

async function readFiles(paths: readonly string[], options: ImportOptions): Promise<ImportedFile[]> {
  const files: ImportedFile[] = [];
  for (const path of paths) {
    const { size } = await stat(path).catch((error: Error) => {
      throw new InputFileError(path, null, null, `the file cannot be read: ${error.message}`);
    });
    const name = basename(path);
    files.push(
      await showProgress(`Reading ${name}`, (onProgress) =>
        importFile({ name, open: () => readChunks(path, size, onProgress) }, options),
      ),
    );
  }
  return files;
}

async function* readChunks(path: string, size: number, onProgress: (share: number) => void) {
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
      yield chunk as Uint8Array;
      bytes += (chunk as Uint8Array).byteLength;
      onProgress(bytes / size);
    }
  } catch (error) {
    if (error instanceof InputFileError) throw error;
    throw new InputFileError(path, null, null, `the file cannot be read: ${(error as Error).message}`);
  }
}

/** Data of two imports do not mix, and what somebody keeps in a folder stays. @throws InputFileError */
async function checkEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new InputFileError(folder, null, null, `the folder cannot be used: ${error.message}`);
  });
  if (names.length > 0)
    throw new InputFileError(
      folder,
      null,
      null,
      `--out wants a new or an empty folder; it holds ${names.slice(0, 3).join(", ")}`,
    );
}

async function writeFolder(folder: string, data: ImportedData, report: ImportReport): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names: string[] = [];
  for (const [name, content] of writeDataFiles(data)) {
    await pipeline(Readable.from(content), createWriteStream(join(folder, name)));
    names.push(name);
  }
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await write("report.txt", writeReportText(report));
  await write("report.json", `${JSON.stringify(report, null, 2)}\n`);
  await write("report.html", writeReportPage(report));
  await write("README.md", writeReadme(report, names));
  console.error(`Wrote ${[...names, "README.md", "report.html"].join(", ")} to ${folder}`);
}

/** Reads an option as the Web API reads it. */
function reading<N extends keyof typeof optionReaders>(name: N) {
  return (text: string) => {
    const value = optionReaders[name].read(text);
    if (value !== undefined) return value;
    throw new InvalidArgumentError(`Allowed are ${optionReaders[name].allowed}.`);
  };
}

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof InputFileError)) throw error;
  console.error(error.message);
  process.exit(1);
});
