import fc from "fast-check";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";
import { command, variedInput } from "./random-requests.ts";

/** What is done, one after the other: commands, each at its simulated moment, and how time comes to each. */
export interface Live {
  readonly acceleration: number;
  readonly stages: readonly Stage[];
}

interface Stage {
  readonly seconds: number;
  /** How time passes until then: it runs, in steps of so many seconds, or first runs and then is moved to the moment. */
  readonly way: "runs" | "steps" | "until" | "runs, then until";
  readonly stepS: number;
  readonly evicts: boolean;
  readonly path: string;
}

const stage: fc.Arbitrary<Stage> = fc.record({
  seconds: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 40_000 })),
  way: fc.constantFrom("runs", "steps", "until", "runs, then until"),
  stepS: fc.constantFrom(1, 7, 900, 3600),
  evicts: fc.boolean(),
  path: command,
});

export const lives: fc.Arbitrary<Live> = fc.record({
  // So that a second of real time is a whole number of milliseconds of simulated time.
  acceleration: fc.constantFrom(1, 10, 100, 125, 1000),
  stages: fc.array(stage, { minLength: 3, maxLength: 12 }),
});

const create = (acceleration: number) => createTestEmulator({ acceleration, units: 4 }, variedInput);

/** What is told and kept of the community, whatever its clock says. */
async function tell(tested: TestEmulator): Promise<unknown> {
  // Days that have ended are recorded by the next command, or whoever asks.
  await tested.get("/summary");
  const { units, bus } = tested.storage.load() ?? {};
  const log = await (await tested.get("/get/log")).text();
  return { log, units, bus, days: [...tested.storage.readDays(0, 1e6)] };
}

/** The same commands at the same moments on a clock that only runs. */
export async function performWhole({ acceleration, stages }: Live): Promise<unknown[]> {
  const tested = create(acceleration);
  const told: unknown[] = [];
  for (const { seconds, path } of stages) {
    tested.wallMs += (seconds * 1000) / acceleration;
    await tested.get(path);
    told.push(await tell(tested));
  }
  return told;
}

export async function performLive({ acceleration, stages }: Live): Promise<unknown[]> {
  const tested = create(acceleration);
  const told: unknown[] = [];
  await tested.get("/time/hold");
  for (const { seconds, way, stepS, evicts, path } of stages) {
    const before = JSON.parse(await (await tested.get("/time")).text()).timeS as number;
    if (way === "runs" || way === "runs, then until") {
      await tested.get("/time/run");
      const runS = way === "runs" ? seconds : Math.floor(seconds / 2);
      tested.wallMs += (runS * 1000) / acceleration;
      if (evicts) tested.evict();
      await tested.get("/time/hold");
    }
    if (way === "steps")
      for (let passed = 0; passed < seconds && passed < 400 * stepS; passed += stepS) {
        if (evicts && passed % (13 * stepS) === 0) tested.evict();
        tested.wallMs += 3.3;
        await tested.get(`/time/step?seconds=${Math.min(stepS, seconds - passed)}`);
      }
    await tested.get(`/time/until?time=${before + seconds}`);
    if (evicts) tested.evict();
    await tested.get(path);
    told.push(await tell(tested));
  }
  return told;
}
