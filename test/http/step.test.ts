import fc from "fast-check";
import { expect, test } from "vitest";
import { readCommandLog } from "../../src/cli/headless/repeat-run.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import {
  Community,
  type CommunityData,
  type GivenStep,
  observableNames,
} from "../../src/laboratory/index.ts";
import { accounts } from "../../src/simulation/ledger.ts";
import { variedInput } from "../community/random-requests.ts";
import { givenStep } from "../laboratory/drawn-steps.ts";
import { countOf } from "../support/counts.ts";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";
import { repeatRun } from "../support/whole-runs.ts";
import { ask, refused, snapshot } from "./api.ts";

interface StepAnswer {
  readonly time: string;
  readonly timeS: number;
  readonly ended: boolean;
  readonly heldByThisStep: boolean;
  readonly stepTimesS: number[];
  readonly events: unknown[];
  readonly units: string[];
  readonly observations: Record<string, number[]>;
  readonly energies: Record<string, number[]>;
  readonly ledger: Record<string, number[]>;
}

const post = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
const step = (tested: TestEmulator, body: unknown) => ask<StepAnswer>(tested, "/step", post(body));
const create = () => createTestEmulator({ acceleration: 10, units: 3 }, variedInput);

const variedData: CommunityData = {
  solar: variedInput.solar.values,
  demand: [0, 1, 2].map((home) => variedInput.demandOf(home).values),
};
const createTwin = () => Community.create({ data: variedData, homes: 3, configuration: { solarUnit: "W" } });

/** What the package tells of the same steps, as the Web API writes it. */
function tellTwin(twin: Community, steps: readonly GivenStep[]) {
  const columns = (all: Record<string, Float64Array>, into: Record<string, number[]>) => {
    for (const [name, column] of Object.entries(all)) into[name] = [...(into[name] ?? []), ...column];
  };
  const told = {
    stepTimesS: [] as number[],
    events: [] as unknown[],
    eventsLeftOut: 0,
    observations: {},
    energies: {},
    ledger: {},
  };
  for (const one of steps) {
    const { events, timeS } = twin.step(one);
    told.events.push(...events);
    told.stepTimesS.push(timeS);
    columns(twin.observe() as Record<string, Float64Array>, told.observations);
    columns(twin.energies(), told.energies);
  }
  columns(twin.ledger(), told.ledger);
  return { time: twin.time, timeS: twin.timeS, ended: twin.ended, units: twin.units, ...told };
}

test("J12: /step answers columns: a value for each unit, step after step", async () => {
  const tested = create();
  const answer = await step(tested, {
    observe: ["stateOfChargePercent", "gridCurrentA"],
    units: ["E003", "E001"],
    steps: [
      { actions: [{ unit: "E001", set: { mode: "0x0014", dvg: 350 } }], event: "busUp" },
      { actions: [{ unit: "E003", set: { mode: "0x0041", dig: 2 } }], seconds: 900 },
      { untilS: 2000.5 },
    ],
  });
  expect(Object.keys(answer)).toEqual([
    "time",
    "timeS",
    "ended",
    "stepTimesS",
    "events",
    "eventsLeftOut",
    "units",
    "observations",
    "energies",
    "ledger",
    "heldByThisStep",
  ]);
  expect(answer).toMatchObject({ time: "2020/01/01-00:33:20", timeS: 2000.5, ended: false });
  expect(answer.stepTimesS).toEqual([120, 1020, 2000.5]);
  expect(answer.events).toEqual([{ timeS: 120, unit: null, kind: "busUp" }]);
  expect(answer.units).toEqual(["E003", "E001"]);
  expect(answer.observations.gridCurrentA).toEqual([0, 0, 2, -2, 2, -2]);
  expect(Object.keys(answer.energies)).toEqual(accounts);
  expect(answer.energies.fromDcGridWh).toHaveLength(6);
  expect(answer.energies.fromDcGridWh?.[2]).toBeCloseTo((2 * 350 * 900) / 3600, 9);
  expect(answer.ledger.fromDcGridWh).toHaveLength(2);
  expect(await ask(tested, "/time")).toMatchObject({ timeS: 2000.5, held: true, acceleration: 10 });
});

test("J12: over HTTP a community comes to the bits of the package, and tells the same, also after evictions", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.array(givenStep, { minLength: 1, maxLength: 4 }), fc.boolean()), {
        minLength: 1,
        maxLength: 8,
      }),
      async (requests) => {
        const tested = create();
        const twin = createTwin();
        for (const [steps, evicts] of requests) {
          const isOne = steps.length === 1;
          const body = { ...(isOne ? steps[0] : { steps }), observe: observableNames };
          const { heldByThisStep: _, ...answer } = await step(tested, body);
          expect(answer).toStrictEqual(JSON.parse(JSON.stringify(tellTwin(twin, steps))));
          tested.wallMs += 1000;
          if (evicts) tested.evict();
        }
        const { units, bus } = twin.toJSON();
        const stored = tested.storage.load();
        await tested.get("/get/log");
        expect(stored?.bus).toStrictEqual(bus);
        expect(tested.emulator.readUnitsAt(twin.timeS).map(({ ledger }) => ledger)).toHaveLength(
          units.length,
        );
      },
    ),
    { seed: 20200101, numRuns: countOf(100, 12) },
  );
});

test("J12: what is told may stand in each of the steps, where it is the same", async () => {
  const tested = create();
  const told = { observe: ["droopPercent"], units: ["E002"] };
  const answer = await step(tested, {
    steps: [{ seconds: 1, ...told }, { seconds: 1 }, { seconds: 1, ...told }],
  });
  expect(answer.observations).toEqual({ droopPercent: [0, 0, 0] });
  const other = {
    steps: [
      { seconds: 1, ...told },
      { seconds: 1, units: ["E001"] },
    ],
  };
  expect(await refused(tested, "/step", post(other))).toMatchObject({
    status: 400,
    parameter: "steps[1].units",
  });
});

test("J13: a step on a running clock holds it first and leaves it held", async () => {
  const tested = create();
  tested.wallMs = 1000;
  expect(await step(tested, { seconds: 60 })).toMatchObject({ timeS: 70, heldByThisStep: true });
  tested.wallMs += 5000;
  expect(await step(tested, { seconds: 60, expectS: 70 })).toMatchObject({
    timeS: 130,
    heldByThisStep: false,
  });
  await ask(tested, "/time/run");
  tested.wallMs += 1000;
  expect(await step(tested, { event: "dayEnd" })).toMatchObject({ timeS: 86_400, heldByThisStep: true });
  expect(await ask(tested, "/get/acc")).toBe(0);
});

test("J13: expectS makes it safe to ask again: a step that was done is refused", async () => {
  const tested = create();
  const body = { expectS: 0, actions: [{ unit: "E001", set: { rsoc: 40 } }], seconds: 900 };
  await step(tested, body);
  expect(await refused(tested, "/step", post(body))).toMatchObject({ status: 409, parameter: "expectS" });
  expect(await step(tested, { ...body, expectS: 900 })).toMatchObject({ timeS: 1800 });
});

test("J13: a step claims the clock, and is refused while it is another's", async () => {
  const tested = create();
  await step(tested, { seconds: 60, claim: "me" });
  expect(await refused(tested, "/step", post({ seconds: 60 }))).toMatchObject({
    status: 409,
    parameter: "claim",
  });
  expect(await step(tested, { seconds: 60, claim: "me", claimSeconds: 0 })).toMatchObject({ timeS: 120 });
  expect(await step(tested, { seconds: 60 })).toMatchObject({ timeS: 180 });
});

test("J13: a wrong step is refused with its index and field, and nothing of its request is done", async () => {
  const tested = create();
  const good = { actions: [{ unit: "E001", set: { rsoc: 10 } }], seconds: 60 };
  const wrong: readonly (readonly [body: unknown, status: number, parameter: string | undefined])[] = [
    [
      { steps: [good, { ...good, actions: [...good.actions, { unit: "E002", set: { dig: 101 } }] }] },
      400,
      "steps[1].actions[1].set.dig",
    ],
    [{ steps: [good, { ...good, seconds: 0.5 }] }, 400, "steps[1].seconds"],
    [
      { steps: [good, { ...good, actions: [{ unit: "E004", set: { rsoc: 1 } }] }] },
      404,
      "steps[1].actions[0].unit",
    ],
    [{ steps: [good, { untilS: 59 }] }, 400, "steps[1].untilS"],
    [{ steps: [good, { expectS: 61, seconds: 1 }] }, 409, "steps[1].expectS"],
    [
      {
        steps: [
          { ...good, event: "full" },
          { expectS: 60, seconds: 1 },
        ],
      },
      400,
      "steps[1].expectS",
    ],
    [{ steps: [] }, 400, "steps"],
    [{ steps: [good], seconds: 60 }, 400, "seconds"],
    [{ steps: good }, 400, "steps"],
    [{ ...good, observe: ["rsoc"] }, 400, "observe[0]"],
    [{ ...good, observe: ["gridCurrentA", "gridCurrentA"] }, 400, "observe[1]"],
    [{ ...good, observe: "gridCurrentA" }, 400, "observe"],
    [{ ...good, units: ["E004"] }, 404, "units[0]"],
    [{ ...good, units: ["E001", "E001"] }, 400, "units[1]"],
    [{ ...good, second: 60 }, 400, "second"],
    [{ ...good, claim: "" }, 400, "claim"],
    [{ ...good, claimSeconds: 5 }, 400, "claim"],
    [[good], 400, "body"],
    ["step", 400, "body"],
    [{ steps: Array(60_000).fill({ seconds: 1 }), observe: observableNames }, 413, undefined],
    [{ steps: Array(700_000).fill({ seconds: 0 }), units: [] }, 413, undefined],
  ];
  for (const [body, status, parameter] of wrong) {
    const fault = await refused(tested, "/step", post(body));
    expect(fault, JSON.stringify(body).slice(0, 200)).toMatchObject({ status, parameter });
  }
  const plain = { method: "POST", body: "seconds=60" };
  expect(await refused(tested, "/step", plain)).toMatchObject({ status: 400, parameter: "content-type" });
  expect(await refused(tested, "/step", { ...post(1), body: "{" })).toMatchObject({ parameter: "body" });
  expect(await refused(tested, "/step")).toMatchObject({ status: 405 });
  expect((await tested.get("/step")).headers.get("allow")).toBe("POST");
  const long = { ...post(1), body: `{"x":"${"y".repeat(16 * 1024 * 1024)}"}` };
  expect(await refused(tested, "/step", long)).toMatchObject({ status: 413 });
  expect(await ask(tested, "/time")).toMatchObject({ timeS: 0, held: false });
});

test("J13: data that repeat need latest, and no request takes more home-steps than it may", async () => {
  const tested = createTestEmulator({ units: 3, atEndOfData: "repeat" }, variedInput);
  expect(await refused(tested, "/step", post({ event: "full" }))).toMatchObject({ parameter: "latest" });
  expect(await refused(tested, "/step", post({ seconds: 1e10 }))).toMatchObject({ status: 413 });
  const steps = Array(4).fill({ seconds: 4e8 });
  expect(await refused(tested, "/step", post({ steps }))).toMatchObject({ status: 413 });
  expect(await step(tested, { event: "full", latest: 10 })).toMatchObject({ timeS: 10 });
});

test("J14: a rollout tells what the plan would bring, and leaves every byte as it was", async () => {
  const anyPlans = fc.array(fc.array(givenStep, { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 3,
  });
  const tested = create();
  const keep = async () => {
    const { storage, emulator } = tested;
    const records = [...storage.readDays(0, 1e6)];
    const events = [1, 2, 3].map((number) => storage.readEvents(number, 0, 1e9));
    const commands = storage.readCommands(0, 1e6);
    return {
      state: await snapshot(tested),
      records,
      events,
      commands,
      log: tested.log.length,
      acc: emulator.advancedSegments,
    };
  };
  let rolledOut = 0;
  await fc.assert(
    fc.asyncProperty(anyPlans, givenStep, fc.boolean(), async (plans, next, runs) => {
      if (runs) {
        await ask(tested, "/time/run");
        tested.wallMs += 500;
      }
      if (((await ask(tested, "/time")) as StepAnswer).ended) await ask(tested, "/restart?clock=start");
      const before = await keep();
      const answer = await ask<{ plans: StepAnswer[] }>(
        tested,
        "/rollout",
        post({ plans, observe: observableNames }),
      );
      expect(await keep()).toStrictEqual(before);
      rolledOut += plans.length;
      // What a plan told comes true when it is carried out.
      const steps = plans.at(-1) as GivenStep[];
      if (rolledOut % 5 !== 0) return;
      const taken = await step(tested, { steps: [...steps, next], observe: observableNames });
      const promised = answer.plans.at(-1) as StepAnswer;
      expect(taken.stepTimesS.slice(0, -1)).toStrictEqual(promised.stepTimesS);
      for (const [name, column] of Object.entries(promised.observations))
        expect(taken.observations[name]?.slice(0, column.length), name).toStrictEqual(column);
    }),
    { seed: 20200101, numRuns: countOf(6000, 60) },
  );
  expect(rolledOut).toBeGreaterThanOrEqual(countOf(10_000, 80));
});

test("J14: energies of a plan are those of its steps together, and a wrong plan is named", async () => {
  const tested = create();
  const plan = Array(8).fill({ seconds: 3600 });
  const answer = await ask<{ timeS: number; units: string[]; plans: StepAnswer[] }>(
    tested,
    "/rollout",
    post({
      plans: [plan, [{ actions: [{ unit: "E002", set: { rsoc: 31 } }], event: "upsSwitch" }]],
      observe: [],
    }),
  );
  expect(answer).toMatchObject({ timeS: 0, units: ["E001", "E002", "E003"] });
  expect(answer.plans[0]).toMatchObject({ timeS: 28_800, observations: {} });
  expect(answer.plans[1]?.events.at(-1)).toMatchObject({ unit: "E002", kind: "upsSwitch" });
  const taken = await step(tested, { steps: plan });
  for (const account of accounts) {
    const sums = [0, 1, 2].map((unit) =>
      (taken.energies[account] as number[]).reduce(
        (sum, value, index) => (index % 3 === unit ? sum + value : sum),
        0,
      ),
    );
    for (const [unit, sum] of sums.entries())
      expect(answer.plans[0]?.energies[account]?.[unit]).toBeCloseTo(sum, 9);
  }
  const wrong = { plans: [plan, [...plan, { actions: [{ unit: "E001", set: { rsoc: -1 } }], seconds: 1 }]] };
  expect(await refused(tested, "/rollout", post(wrong))).toMatchObject({
    status: 400,
    parameter: "plans[1][8].actions[0].set.rsoc",
  });
  expect(await refused(tested, "/rollout", post({ plans: [] }))).toMatchObject({ parameter: "plans" });
  expect(await refused(tested, "/rollout", post({ plans: [[]] }))).toMatchObject({ parameter: "plans[0]" });
});

test("J15: steps are logged as what they are made of, and performed again to the bit", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(givenStep, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
      async (requests) => {
        const tested = create();
        for (const steps of requests) {
          await step(tested, { steps });
          tested.wallMs += 100;
        }
        await ask(tested, "/set/emu/E002?rsoc=50");
        const { timeS } = await ask<StepAnswer>(tested, "/time");
        const endS = Math.ceil(timeS / 3600) * 3600;
        await step(tested, { untilS: endS });
        const text = await (await tested.get("/commands")).text();
        const log = readCommandLog(text);
        const worldOf = (config: Parameters<typeof createWorld>[0]) => createWorld(config, variedInput);
        const again = await repeatRun(log, worldOf, "even", 3600);
        const charges = tested.emulator
          .readUnitsAt(endS)
          .map(({ stateOfChargePercent }) => stateOfChargePercent);
        expect(again.hourlyRsoc.at(-1)).toStrictEqual([endS, ...charges]);
      },
    ),
    { seed: 20200101, numRuns: countOf(100, 10) },
  );
});

test("J15: steps without actions by one source are one row: from its second to the one in its path", async () => {
  const tested = create();
  const as = (source: string, body: unknown) =>
    ask(tested, "/step", {
      ...post(body),
      headers: { "content-type": "application/json", "user-agent": source },
    });
  for (let count = 0; count < 10; count++) await as("a", { seconds: 900 });
  await as("a", { steps: Array(5).fill({ seconds: 900 }) });
  await as("b", { seconds: 900 });
  await as("b", { actions: [{ unit: "E001", set: { rsoc: 50, mode: "0x0000" } }], seconds: 900 });
  // A step of the clock is a step too.
  await ask(tested, "/time/step?seconds=900", { headers: { "user-agent": "b" } });
  const { commands } = JSON.parse(await (await tested.get("/commands")).text());
  const rows = commands.map(({ time_s, source, get, effect }: Record<string, unknown>) => [
    time_s,
    source,
    get,
    effect,
  ]);
  expect(rows).toEqual([
    [0, "a", "/time/until?time=13500", "15 steps, time goes to 13500 s, held, acceleration 10"],
    [13_500, "b", "/time/until?time=14400", "1 step, time goes to 14400 s, held, acceleration 10"],
    [14_400, "b", "/set/emu/E001?rsoc=50&mode=0x0000", "changed E001"],
    [14_400, "b", "/time/until?time=16200", "2 steps, time goes to 16200 s, held, acceleration 10"],
  ]);
});
