import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectFolder } from "../../src/cli/project-folder.ts";
import { importFile } from "../../src/input/import/import-files.ts";
import { importDefaults } from "../../src/input/import/import-options.ts";
import type { Figure } from "./figures.ts";
import { median, timeRuns } from "./timing.ts";

const chunkBytes = 1 << 18;
const megabyte = 1e6;

/** Rows of Low Carbon London's layout, home after home for a year each. */
function* longRows(): Generator<string> {
  yield "LCLid,stdorToU,DateTime,KWH/hh (per half hour) ,Acorn,Acorn_grouped\n";
  for (let home = 0; ; home++)
    for (let step = 0; step < 365 * 48; step++) {
      const time = new Date(Date.UTC(2013, 0, 1) + step * 1_800_000).toISOString();
      const value = ((step * 7 + home) % 97) / 200;
      yield `MAC${home},Std,${time.slice(0, 10)} ${time.slice(11, 19)}.0000000, ${value.toFixed(3)} ,ACORN-A,Affluent\n`;
    }
}

/** Rows of a quarter hour of sixty homes. */
function* wideRows(): Generator<string> {
  yield `time,${Array.from({ length: 60 }, (_, home) => `home ${home} [kW]`).join(",")}\n`;
  for (let step = 0; ; step++) {
    const time = new Date(Date.UTC(2013, 0, 1) + step * 900_000).toISOString().slice(0, 16);
    yield `${time},${Array.from({ length: 60 }, (_, home) => (((step * 7 + home) % 97) / 200).toFixed(3)).join(",")}\n`;
  }
}

function* cutInto(rows: Iterable<string>, bytes: number): Generator<Uint8Array> {
  let text = "";
  let length = 0;
  for (const row of rows) {
    text += row;
    if (text.length < chunkBytes) continue;
    length += text.length;
    yield new TextEncoder().encode(text);
    text = "";
    if (length >= bytes) return;
  }
}

/** Files of 10 MB through import, and the memory that longer ones take of which one home is kept. */
export async function measureImport(): Promise<Figure[]> {
  const figures: Figure[] = [];
  // First, since what the runtime once took it does not give back.
  const options = { ...importDefaults, isWanted: (home: number) => home === 1 };
  for (const size of [10, 100]) {
    const { rss } = process.memoryUsage();
    let highest = rss;
    const open = function* () {
      for (const chunk of cutInto(longRows(), size * megabyte)) {
        highest = Math.max(highest, process.memoryUsage().rss);
        yield chunk;
      }
    };
    await importFile({ name: "file.csv", open }, options);
    figures.push({
      name: `import ${size} MB, one home kept: memory that it adds`,
      value: (highest - rss) / megabyte,
      unit: "MB",
    });
  }
  for (const [name, rows] of [
    ["a row a home and moment", longRows],
    ["a column a home", wideRows],
  ] as const) {
    const chunks = [...cutInto(rows(), 10 * megabyte)];
    const file = { name: "file.csv", open: () => chunks };
    const times = await timeRuns(5, () => importFile(file, importDefaults));
    figures.push({
      name: `import 10 MB, ${name}`,
      value: median(times) / 1000,
      unit: "s",
      target: { most: 3 },
    });
  }
  return [...figures, ...(await measureCommand())];
}

/** The whole command, from its start to its report, as somebody waits for it. */
async function measureCommand(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "apis-import-"));
  const file = join(folder, "file.csv");
  try {
    await writeFile(file, cutInto(longRows(), 10 * megabyte));
    const program = join(projectFolder, "bin/apis-emulator.js");
    const run = () => promisify(execFile)(process.execPath, [program, "import", file]);
    const times = await timeRuns(5, run);
    return [
      {
        name: "import 10 MB, the whole command",
        value: median(times) / 1000,
        unit: "s",
        target: { most: 3 },
      },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}
