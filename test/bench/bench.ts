import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compileInput } from "../../src/cli/build/compile-input.ts";
import { projectFolder } from "../../src/cli/project-folder.ts";
import { measureCommunities } from "./communities.ts";
import { measureCost } from "./cost.ts";
import { type Figure, printFigures, type Workspace } from "./figures.ts";
import { measureImport } from "./import-file.ts";
import { measureMemory } from "./memory.ts";
import { measureNeighbours } from "./neighbours.ts";
import { measureNoise } from "./noise.ts";
import { measureRecords } from "./records.ts";
import { measureRequests } from "./requests.ts";
import { measureSetDcdc } from "./set-dcdc.ts";
import { measureStep } from "./step.ts";
import { measureSteppedYear } from "./stepped-year.ts";
import { measureWake } from "./wake.ts";
import { measureYear } from "./year.ts";

const benchmarks: Readonly<Record<string, (workspace: Workspace) => Promise<Figure[]>>> = {
  year: measureYear,
  "set-dcdc": measureSetDcdc,
  step: measureStep,
  wake: measureWake,
  requests: measureRequests,
  memory: measureMemory,
  import: measureImport,
  records: measureRecords,
  communities: measureCommunities,
  cost: measureCost,
  noise: measureNoise,
  neighbours: measureNeighbours,
  "stepped-year": measureSteppedYear,
};

/**
 * Runs all benchmarks, or those that are named on the command line, and prints one table; the year also against that of another
 * release, if a folder is named in which that is checked out and installed.
 */
async function run(names: readonly string[], against: string | undefined): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "apis-emulator-bench-"));
  try {
    const inputFolder = join(folder, "input");
    await compileInput(join(projectFolder, "data/input/Sample"), inputFolder);
    const figures: Figure[] = [];
    for (const name of names) {
      const benchmark = benchmarks[name];
      if (benchmark === undefined)
        throw new Error(`No benchmark ${name}; there are ${Object.keys(benchmarks).join(", ")}`);
      console.error(`${name} …`);
      figures.push(...(await benchmark({ folder, inputFolder, against })));
    }
    printFigures(figures);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const { positionals: named, values } = parseArgs({
  allowPositionals: true,
  options: { against: { type: "string" } },
});
/** What takes minutes runs only if it is named. */
const usual = Object.keys(benchmarks).filter(
  (name) => !["communities", "cost", "stepped-year"].includes(name),
);
await run(named.length > 0 ? named : usual, values.against);
