import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadInput } from "../../src/input/series/load-input.ts";
import { type Action, Community, type CommunityData } from "../../src/laboratory/index.ts";
import type { Figure, Workspace } from "./figures.ts";
import { median, timeRuns } from "./timing.ts";

const steps = 35_040 / 12;

/** Stepping a community: in this process, over HTTP, over a WebSocket, and plans that are rolled out. */
export async function measureStep({ inputFolder }: Workspace): Promise<Figure[]> {
  const data = await readSample(inputFolder, 100);
  return [await measureObserving(data), await measureActing(data)];
}

/** The sample data of so many homes as the package takes them. */
export async function readSample(inputFolder: string, homes: number): Promise<CommunityData> {
  const read = async (name: string) => new Uint8Array(await readFile(join(inputFolder, name))).buffer;
  const input = await loadInput(
    read,
    Array.from({ length: homes }, (_, home) => home),
    30,
  );
  const demand = Array.from({ length: homes }, (_, home) => input.demandOf(home).values);
  return { solar: input.solar.values, demand };
}

/** 100 homes in steps of 15 min, all that can be observed of them told after each. */
async function measureObserving(data: CommunityData): Promise<Figure> {
  const run = () => {
    const community = Community.create({ data });
    for (let step = 0; step < steps; step++) {
      community.advance({ seconds: 900 });
      community.observe();
      community.energies();
    }
  };
  await timeRuns(1, run);
  const ms = median(await timeRuns(3, run));
  const value = (steps * 100) / (ms / 1000);
  return {
    name: "steps of 15 min, 100 homes, all observed",
    value,
    unit: "home-steps/s",
    target: { least: 500_000 },
  };
}

/** 19 homes in steps of 15 min with an action each. */
async function measureActing(data: CommunityData): Promise<Figure> {
  const modes = ["0x0041", "0x0002", "0x0000"];
  const run = () => {
    const community = Community.create({ data, homes: 19 });
    community.act([{ unit: "E001", set: { mode: "0x0014", dvg: 350 } }]);
    for (let step = 0; step < steps; step++) {
      const action: Action = {
        unit: `E0${String((step % 18) + 2).padStart(2, "0")}`,
        set: { mode: modes[step % 3] as string, dig: 2 },
      };
      community.step({ actions: [action], seconds: 900 });
      community.observe(["stateOfChargePercent"]);
    }
  };
  await timeRuns(1, run);
  const ms = median(await timeRuns(3, run));
  const value = steps / (ms / 1000);
  return {
    name: "steps of 15 min with an action, 19 homes",
    value,
    unit: "steps/s",
    target: { least: 3000 },
  };
}
