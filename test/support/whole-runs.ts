import { Writable } from "node:stream";
import { prepareRepeat } from "../../src/cli/headless/repeat-run.ts";
import {
  type follow,
  type HeadlessRun,
  type PreparedRun,
  prepareRun,
  type TimedCommand,
} from "../../src/cli/headless/run-headless.ts";
import { writeJson } from "../../src/cli/headless/write-result.ts";

/** All of a headless run, as `simulate` prints it. */
export interface WholeRun extends Awaited<ReturnType<typeof follow>> {
  /** All that ever were. */
  readonly units: string[];
  readonly stepSeconds: null;
  readonly commands: readonly TimedCommand[];
  /** Rows of a second and the charge of each of `units` then, null where it was not there. */
  readonly hourlyRsoc: (number | null)[][];
}

/** The whole run. @throws SimulationError if it is longer than the data, or a command is refused */
export async function runWhole(run: HeadlessRun): Promise<WholeRun> {
  return readWhole(await prepareRun(run));
}

/** All of a run that is performed again. @throws SimulationError if the data are others, or a command is refused */
export async function repeatRun(...parts: Parameters<typeof prepareRepeat>): Promise<WholeRun> {
  return readWhole(await prepareRepeat(...parts));
}

async function readWhole(run: PreparedRun): Promise<WholeRun> {
  const pieces: string[] = [];
  const output = new Writable({
    decodeStrings: false,
    write(piece: string, _, done) {
      pieces.push(piece);
      done();
    },
  });
  await writeJson(run, output, () => {});
  return JSON.parse(pieces.join(""));
}
