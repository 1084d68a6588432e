import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { observableNames } from "../../src/laboratory/index.ts";
import { givenStep } from "../laboratory/drawn-steps.ts";
import { countOf } from "../support/counts.ts";
import { TestSession, type Told } from "../support/test-session.ts";
import { startWorker, type WorkerHarness } from "../support/worker-harness.ts";

let worker: WorkerHarness;
beforeAll(async () => {
  worker = await startWorker({ acceleration: 10, units: 3 });
});
afterAll(() => worker.stop());

const openSession = async () => new TestSession(await worker.open("/session"));
const hold = { unit: "E001", set: { mode: "0x0014", dvg: 350 } };
const take = (dig: number) => ({ unit: "E002", set: { mode: "0x0041", dig } });

async function post(path: string, body: unknown): Promise<Told> {
  const init = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  return (await worker.get(path, init)).json() as Promise<Told>;
}

test("J16: a session tells what /step tells, answers in order, and says up to which step all is kept", async () => {
  const begin = async () => {
    await worker.get("/restart?clock=start&units=3");
    await worker.get("/faults/add?kind=trip&unit=E002&alarm=heavy&at=2000.5&for=900");
  };
  const bodies = [
    { actions: [hold], event: "busUp", latest: 3600, observe: ["busVoltageV", "stateOfChargePercent"] },
    ...Array.from({ length: 110 }, (_, index) => ({ actions: [take(index % 5)], seconds: 60 })),
    { steps: [{ seconds: 900 }, { actions: [take(0)], untilS: 20_000.25 }] },
  ];
  await worker.get("/time/hold");
  await begin();
  const session = await openSession();
  const told: Told[] = [];
  const inFlight = 40;
  for (const [id, body] of bodies.slice(0, inFlight).entries()) session.send({ id, ...body });
  for (const [id] of bodies.entries()) {
    const answer = await session.next();
    expect(answer.id).toBe(id);
    expect(answer.keptUntil).toBeLessThanOrEqual(answer.step);
    told.push(answer);
    const next = bodies[id + inFlight];
    if (next !== undefined) session.send({ id: id + inFlight, ...next });
  }
  expect(told.at(-1)).toMatchObject({ step: 113, timeS: 20_000.25 });
  // A hundred steps never wait.
  expect(told.at(-1)?.keptUntil).toBeGreaterThan(50);
  const last = await session.ask({ id: "end", wait: true, seconds: 0 });
  expect(last).toMatchObject({ id: "end", step: 114, keptUntil: 114 });
  session.close();
  expect(told.flatMap((answer) => (answer as Told & { events: unknown[] }).events)).toContainEqual(
    expect.objectContaining({ timeS: 2000.5, unit: "E002", kind: "trip", cause: "heavyFault" }),
  );
  await begin();
  let observe: unknown;
  for (const [index, body] of bodies.entries()) {
    observe = (body as { observe?: unknown }).observe ?? observe;
    const { heldByThisStep: _1, ...byStep } = (await post("/step", { observe, ...body })) as Told & {
      heldByThisStep: boolean;
    };
    const {
      id: _2,
      step: _3,
      keptUntil: _4,
      heldByThisStep: _5,
      ...bySession
    } = told[index] as Told & { heldByThisStep: boolean };
    expect(bySession).toStrictEqual(byStep);
  }
});

test("J16: whatever steps there are, and whenever the object sleeps, a session tells what /step tells", async () => {
  const anyRequests = fc.array(fc.tuple(fc.array(givenStep, { minLength: 1, maxLength: 3 }), fc.boolean()), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(anyRequests, async (requests) => {
      const begin = async () => {
        await worker.get("/time/hold");
        await worker.get("/restart?clock=start&units=3");
      };
      await begin();
      const session = await openSession();
      const told: unknown[] = [];
      for (const [index, [steps, sleeps]] of requests.entries()) {
        const first = index === 0 && { observe: observableNames };
        const {
          id: _1,
          step: _2,
          keptUntil: _3,
          ...rest
        } = await session.ask({ id: index, steps, wait: sleeps, ...first });
        told.push(rest);
        if (sleeps) await worker.hibernate();
      }
      session.close();
      await begin();
      for (const [index, [steps]] of requests.entries())
        expect(told[index]).toStrictEqual(await post("/step", { steps, observe: observableNames }));
    }),
    { seed: 20200101, numRuns: countOf(100, 5) },
  );
});

test("J17: whoever asks anything else sees all that a session has done", async () => {
  await worker.get("/time/hold");
  await worker.get("/restart?clock=start&units=3");
  const session = await openSession();
  for (let index = 0; index < 10; index++) {
    const { timeS } = await session.ask({
      id: index,
      actions: [{ unit: "E003", set: { rsoc: 40 + index } }],
      seconds: 10,
    });
    const time = (await (await worker.get("/time")).json()) as Told;
    expect(time.timeS).toBe(timeS);
    const log = (await (await worker.get("/commands")).json()) as { commands: { get: string }[] };
    expect(log.commands.filter(({ get }) => get.startsWith("/set/emu"))).toHaveLength(index + 1);
    // What was kept for others is kept for the session.
    const { step, keptUntil } = await session.ask({ id: "now", seconds: 0, wait: true });
    expect(keptUntil).toBe(step);
  }
  session.close();
});

test("J17: what waits is kept after 50 ms, and at the session's end", async () => {
  await worker.get("/restart?clock=start&units=3");
  const session = await openSession();
  await session.ask({ id: 1, seconds: 10 });
  await expect.poll(async () => (await session.ask({ id: 2, plans: [[{ seconds: 1 }]] })).keptUntil).toBe(1);
  await session.ask({ id: 3, actions: [{ unit: "E001", set: { rsoc: 33 } }], seconds: 5 });
  session.close();
  await expect
    .poll(
      async () => (await worker.query("SELECT count(*) AS n FROM command WHERE path LIKE '%rsoc=33%'"))[0],
    )
    .toEqual({ n: 1 });
});

test("J18: a session sleeps with its object: what it observes, and how far it has come, stays", async () => {
  await worker.get("/restart?clock=start&units=3");
  const session = await openSession();
  const told = { observe: ["stateOfChargePercent"], units: ["E003", "E001"] };
  const first = await session.ask({ id: 1, ...told, seconds: 60, wait: true });
  expect(first.observations.stateOfChargePercent).toHaveLength(2);
  await worker.hibernate();
  const second = await session.ask({ id: 2, seconds: 60 });
  expect(second).toMatchObject({ step: 2, timeS: first.timeS + 60 });
  expect(second.observations.stateOfChargePercent).toHaveLength(2);
  const seen = await session.ask({ id: 3 });
  expect(seen).toMatchObject({ step: 3, timeS: second.timeS, observations: second.observations });
  session.close();
});

test("J18: a wrong message changes nothing, and the session goes on", async () => {
  await worker.get("/restart?clock=start&units=3");
  const session = await openSession();
  const { timeS } = await session.ask({ id: 0, seconds: 60 });
  const wrong: readonly (readonly [message: unknown, id: unknown, parameter: string | undefined])[] = [
    ["{", null, undefined],
    ["[1]", null, undefined],
    [{ seconds: 60 }, null, "id"],
    [{ id: {}, seconds: 60 }, null, "id"],
    [{ id: 1, seconds: 60, wait: 1 }, 1, "wait"],
    [{ id: 2, seconds: 0.5 }, 2, "seconds"],
    [
      { id: 3, steps: [{ seconds: 1 }, { actions: [{ unit: "E009", set: { rsoc: 1 } }], seconds: 1 }] },
      3,
      "steps[1].actions[0].unit",
    ],
    [{ id: 4, expectS: timeS + 1, seconds: 60 }, 4, "expectS"],
    [{ id: 5, observe: ["rsoc"], seconds: 60 }, 5, "observe[0]"],
    [{ id: 6, units: Array.from({ length: 300 }, (_, index) => `E${index + 100}`), seconds: 60 }, 6, "units"],
  ];
  for (const [message, id, parameter] of wrong) {
    const { error, ...rest } = await session.ask(message);
    expect([rest.id, error?.parameter], JSON.stringify(message)).toEqual([id, parameter]);
    expect(rest).toMatchObject({ step: 1 });
  }
  expect(await session.ask({ id: "on", seconds: 0 })).toMatchObject({ timeS, step: 2 });
  session.close();
});
