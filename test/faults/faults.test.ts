import { afterEach, beforeAll, expect, test, vi } from "vitest";
import type { SqliteDatabase } from "../../src/community/storage/sqlite-database.ts";
import { countOf } from "../support/counts.ts";
import { runHistory, type StepKind } from "./history.ts";
import { type Defect, planted } from "./planted.ts";
import { origin } from "./simulated-server.ts";
import { enterStage, Machine, type Program, stateFolder } from "./stage.ts";

vi.mock("cloudflare:workers", () => ({
  DurableObject: class {
    readonly ctx: unknown;
    readonly env: unknown;
    constructor(ctx: unknown, env: unknown) {
      this.ctx = ctx;
      this.env = env;
    }
  },
}));
vi.mock("node:fs/promises", async () => {
  const { stage } = await import("./stage.ts");
  const names = ["mkdir", "stat", "readFile", "writeFile", "rename", "rm", "open"] as const;
  const delegate =
    (name: string) =>
    (...given: unknown[]) =>
      (stage.machine.files.promises as Record<string, (...given: unknown[]) => unknown>)[name]?.(...given);
  return Object.fromEntries(names.map((name) => [name, delegate(name)]));
});
vi.mock("node:timers/promises", async () => {
  const { stage } = await import("./stage.ts");
  return { setTimeout: (...given: Parameters<Machine["sleep"]>) => stage.machine.sleep(...given) };
});
vi.mock("../../src/cli/local/local-server.ts", async () => {
  const { stage } = await import("./stage.ts");
  return { startLocalServer: (setup: never) => stage.machine.startLocalServer(setup) };
});
vi.mock("../../src/cli/local/ensure-built.ts", () => ({
  ensureBuilt: async () => ({ worker: "", public: "" }),
}));
vi.mock("../../src/cli/build/compile-input.ts", async () => {
  const { stage } = await import("./stage.ts");
  return { compileInput: () => stage.machine.compileInput() };
});
vi.mock("../../src/cli/local/folder-lock.ts", async () => {
  const { stage } = await import("./stage.ts");
  return { lockFolder: () => stage.machine.lockFolder() };
});
vi.mock("../../src/cli/local/leftover-runtime.ts", async () => {
  const { stage } = await import("./stage.ts");
  return { endLeftover: () => stage.machine.endLeftover(), noteRuntime: async () => {} };
});
vi.mock("../../src/cli/read-unit-folder.ts", () => ({ readUnitFolder: async () => ({}) }));
vi.mock("../../src/cli/read-homes.ts", () => ({
  readHomesBeside: async () => null,
  keepHomes: async () => {},
}));

vi.mock("../../src/community/storage/sqlite-storage.ts", async (importOriginal) => {
  const original = await importOriginal<typeof import("../../src/community/storage/sqlite-storage.ts")>();
  const { spoilStorage } = await import("./defects.ts");
  return {
    ...original,
    createSqliteStorage: (database: SqliteDatabase, beforeForgetting?: () => void) =>
      spoilStorage(original.createSqliteStorage(database, beforeForgetting), database),
  };
});

let program: Program;
beforeAll(async () => {
  const load = (path: string) => import(/* @vite-ignore */ path);
  const worker = await load("../../src/worker.ts");
  const { localLife } = await load("../../src/community/local-life.ts");
  const { residents } = await load("../../src/community/community-object.ts");
  const { LivingClock } = await load("../../src/community/state/living-clock.ts");
  const { forgetCommunities } = await load("../../src/hosting/directory/directory.ts");
  const { runLocally } = await load("../../src/cli/local/local-run.ts");
  program = {
    worker,
    runLocally,
    forgetIsolate() {
      Object.assign(localLife, { clock: new LivingClock(), isOpen: false });
      residents.clear();
      forgetCommunities();
    },
  };
});

afterEach(() => {
  planted.defect = null;
});

const { FAULT_SEED, FAULT_HISTORIES } = process.env;
/** From the seed that is given, or from 1. */
const histories = Number(FAULT_HISTORIES ?? (FAULT_SEED === undefined ? countOf(1000, 6) : 1));
const seeds = Array.from({ length: histories }, (_, index) => Number(FAULT_SEED ?? 1) + index);

test.each(seeds)("Z1: history %i", async (seed) => {
  await runHistory(seed, program);
});

test("Z2: a seed gives the same history each time, to the last word", async () => {
  const { traceHash } = await runHistory(7, program);
  expect((await runHistory(7, program)).traceHash).toBe(traceHash);
});

/** With the steps that find each soon. */
const defects: Record<Defect, readonly StepKind[]> = {
  "acknowledges before it saves": ["traffic"],
  "saves twice": ["traffic"],
  "rewrites a day": ["passTime"],
  "saves without a transaction": ["traffic", "backUp", "restore"],
  "forgets a command in the log": ["traffic"],
  "writes notes that are not on the disk": ["restart"],
  "sends a request to a neighbour": ["traffic"],
};

test.each(Object.keys(defects) as Defect[])("Z3: a program that %s is found out", async (defect) => {
  planted.defect = defect;
  const found: string[] = [];
  for (let seed = 1; seed <= 40 && found.length === 0; seed++)
    await runHistory(seed, program, defects[defect]).catch((error: Error) =>
      found.push(`seed ${seed}: ${error.message.split("\n")[0]}`),
    );
  expect(found).toHaveLength(1);
  console.log(`${defect}: ${found[0]?.slice(0, 300)}`);
});

const parameters = { units: 2, acceleration: 1000, solarUnit: "W", logFile: "off" };
const get = async (path: string) => (await fetch(origin + path)).text();

/** Performs `script` on a machine on which a server runs. */
async function onMachine(seed: number, script: (machine: Machine) => Promise<void>): Promise<void> {
  const machine = new Machine(seed, program, parameters);
  const leave = enterStage(machine);
  try {
    expect(await machine.world.until(machine.start())).toBe(true);
    await machine.world.until(script(machine));
  } finally {
    leave();
  }
}

test.each(["statement", "commit"] as const)(
  "P9: what was not kept is shown to nobody, where a %s fails",
  async (place) => {
    for (let seed = 1; seed <= 10; seed++)
      await onMachine(seed, async ({ world }) => {
        await get("/time/hold");
        const before = await get("/state");
        // The record files have been written by then.
        await world.sleep(5000);
        const strike = () => {
          throw new Error("database or disk is full: SQLITE_FULL");
        };
        world.arm({ places: [place], of: "default", after: 0, times: 1, strike });
        const answer = await fetch(`${origin}/add/unit`);
        expect(answer.status).toBe(500);
        for (let look = 0; look < 5; look++) {
          expect(await get("/state")).toBe(before);
          await world.delay();
        }
        expect((await fetch(`${origin}/add/unit`)).status).toBe(200);
      });
  },
);

test("L16: after a power cut at any moment each note is a whole one, and simulated time goes on from where it was told", async () => {
  for (let seed = 1; seed <= 20; seed++)
    await onMachine(seed, async (machine) => {
      const { world } = machine;
      await world.sleep(world.choose(9000));
      const { timeS } = JSON.parse(await get("/state"));
      await world.sleep(world.choose(50));
      machine.kill("power");
      expect(await machine.start()).toBe(true);
      expect(world.trace.filter((line) => line.includes("left aside"))).toEqual([]);
      const passedS = JSON.parse(await get("/state")).timeS - timeS;
      expect(passedS).toBeGreaterThanOrEqual(0);
      expect(passedS).toBeLessThanOrEqual(10 * parameters.acceleration);
    });
});

test("L10: after a backup is restored the files are what is served", async () => {
  await onMachine(1, async (machine) => {
    const { world, files } = machine;
    const operate = (path: string, init: RequestInit = {}) => {
      const headers = {
        authorization: `Bearer ${machine.operatorKey}`,
        "content-type": "application/x-ndjson",
      };
      return fetch(`${origin}/admin/api/communities/default/${path}`, { ...init, headers });
    };
    await world.sleep(200_000);
    const body = await (await operate("backup")).text();
    await get("/set/emu/E001?rsoc=3");
    await world.sleep(200_000);
    expect((await operate("restore", { method: "POST", body })).status).toBe(200);
    await get("/time/hold");
    const served = await get("/data/output/indivLog.csv");
    expect(served.split("\n").length).toBeGreaterThan(300);
    await machine.stop();
    expect(files.peek(`${stateFolder}/data/output/indivLog.csv`)).toBe(served);
  });
});

test("T7: a clock that is claimed keeps its acceleration at a start with another, and the record files go on", async () => {
  await onMachine(1, async (machine) => {
    await get("/time/hold?claim=ann&claimSeconds=3600");
    await machine.stop();
    machine.parameters = { ...parameters, acceleration: 7 };
    expect(await machine.start()).toBe(true);
    expect(
      machine.world.trace.filter((line) => line.includes("The acceleration stays as it was")),
    ).toHaveLength(1);
    await get("/time/step?seconds=90000&claim=ann");
    expect(JSON.parse(await get("/time")).acceleration).toBe(parameters.acceleration);
    const served = await get("/data/output/indivLog.csv");
    await machine.stop();
    expect(machine.files.peek(`${stateFolder}/data/output/indivLog.csv`)).toBe(served);
  });
});

test("Q9: records of data that were replaced are told to all who ask at once after a start", async () => {
  for (let seed = 1; seed <= 5; seed++)
    await onMachine(seed, async (machine) => {
      await get("/time/step?seconds=90000");
      await machine.stop();
      machine.data = "sunny";
      machine.parameters = { ...parameters, acceleration: undefined };
      for (let start = 0; start < 2; start++) {
        expect(await machine.start()).toBe(true);
        const paths = [
          "/summary",
          "/data/output/indivLog.csv",
          "/history?unit=E001",
          "/data/output/indivLog.csv",
        ];
        const told = await Promise.all(paths.map(get));
        expect(await Promise.all(paths.map(get))).toEqual(told);
        expect(told.filter((text) => text.includes("error"))).toEqual([]);
        await machine.stop();
      }
    });
});
