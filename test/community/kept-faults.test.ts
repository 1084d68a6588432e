import fc from "fast-check";
import { expect, test } from "vitest";
import { openBackup, restoreBackup } from "../../src/community/storage/backup.ts";
import { ask } from "../http/api.ts";
import { countOf } from "../support/counts.ts";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";
import { checkAsync, variedInput } from "./random-requests.ts";

/* Faults of the hardware are part of what is true: wherever a community goes, they go with it. */

const lengthS = 100_000;
const unit = fc.constantFrom("E001", "E002", "E003", "all");
const kind = fc.constantFrom(
  "trip",
  "trip&alarm=heavy&number=4010 0080 0000",
  "busCollapse",
  "ignoreCommands",
  "meterStuck&meter=vg",
  "meterStuck&meter=rsoc&value=12",
  "meterOffset&meter=ig&offset=0.5",
  "meterNoisy&meter=vb&deviation=1&seed=7",
  "batteryStatus",
  "overTemperature",
);
/** Now, at a whole second or within one; for some time or for good. */
const fault = fc
  .tuple(kind, unit, fc.option(fc.nat({ max: lengthS * 4 })), fc.option(fc.integer({ min: 1, max: lengthS })))
  .map(([of, whose, quarters, forS]) => {
    const target = of === "busCollapse" ? "" : `&unit=${whose}`;
    return `/faults/add?kind=${of}${target}${quarters === null ? "" : `&at=${quarters / 4}`}${forS === null ? "" : `&for=${forS}`}`;
  });
const faults = fc.array(fault, { minLength: 1, maxLength: 6 });
const commandOf = fc.constantFrom(
  "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2",
  "/set/dcdc/E002?mode=0x0041&dvg=350&dig=1.5",
  "/set/dcdc/E003?mode=0x0002&dvg=350&dig=1",
  "/set/dcdc/voltage/E001?dvg=360",
  "/set/emu/E003?rsoc=44",
);
/** After how many seconds a step ends, and a command that follows it. */
const pieces = fc.array(fc.tuple(fc.integer({ min: 1, max: 30_000 }), commandOf), {
  minLength: 1,
  maxLength: 5,
});

const readAllOf = ({ database }: TestEmulator) => {
  const backup = openBackup(database);
  let text = "";
  for (let piece = backup.next(); !piece.done; piece = backup.next()) text += piece.value;
  return text.split("\n");
};

async function begin(queries: readonly string[]): Promise<TestEmulator> {
  const tested = createTestEmulator({ acceleration: 10, units: 3 }, variedInput);
  await ask(tested, "/time/hold");
  for (const path of ["/set/dcdc/E001?mode=0x0014&dvg=350&dig=2", "/set/dcdc/E002?mode=0x0041&dvg=350&dig=1"])
    await ask(tested, path);
  for (const query of queries) await ask(tested, query.replaceAll(" ", "%20"));
  return tested;
}

/** All that is told that hangs on faults, and what a controller reads. */
async function tell(tested: TestEmulator): Promise<string[]> {
  const paths = [
    "/faults",
    "/get/log",
    "/state",
    "/events?kind=faultBegin,faultEnd,trip,busUp,busDown",
    "/data/output/indivLog.csv",
  ];
  const units = ["E001", "E002", "E003"].flatMap((id) => [`/get/unit/${id}`, `/get/dcdc/${id}`]);
  return Promise.all([...paths, ...units].map(async (path) => (await tested.get(path)).text()));
}

async function live(tested: TestEmulator, way: readonly (readonly [number, string])[]): Promise<void> {
  for (const [seconds, command] of way) {
    await ask(tested, `/time/step?seconds=${seconds}`);
    await tested.get(command);
  }
}

test("A66: faults are kept in backups: what is restored tells the same and goes on to the bit", () =>
  checkAsync(
    fc.asyncProperty(faults, pieces, pieces, async (queries, before, after) => {
      const tested = await begin(queries);
      await live(tested, before);
      const lines = readAllOf(tested);
      const restored = createTestEmulator({ acceleration: 10, units: 3 }, variedInput);
      restoreBackup(restored.database, lines, 1000);
      restored.evict();
      expect(await tell(restored)).toEqual(await tell(tested));
      await live(tested, after);
      await live(restored, after);
      expect(await tell(restored)).toEqual(await tell(tested));
      expect(readAllOf(restored)).toEqual(readAllOf(tested));
    }),
    countOf(100, 12),
  ));

test("A66: a backup from before there were faults restores without any, and takes some", async () => {
  const tested = await begin([]);
  const old = readAllOf(tested)
    .filter((line) => !line.startsWith('["part",{"name":"faults"') && !line.startsWith('["end"'))
    .map((line, index) => (index === 0 ? line.replace(',"hasEnd":true', "") : line));
  const restored = createTestEmulator({ acceleration: 10, units: 3 }, variedInput);
  await ask(restored, "/faults/add?kind=trip&unit=E001&alarm=heavy");
  restoreBackup(restored.database, old, 1000);
  restored.evict();
  expect(await ask(restored, "/faults")).toEqual({ faults: [] });
  expect(await tell(restored)).toEqual(await tell(tested));
  expect(await ask(restored, "/faults/add?kind=trip&unit=E001")).toMatchObject({ id: 1 });
});

test("A66: a snapshot goes back to the faults of its moment, which go on to the bit as they did", () =>
  checkAsync(
    fc.asyncProperty(faults, pieces, faults, pieces, async (queries, before, others, after) => {
      const tested = await begin(queries);
      await live(tested, before);
      await ask(tested, "/snapshots/keep?name=then");
      const then = await tell(tested);
      await live(tested, after);
      const later = await tell(tested);
      // Which of these begin in the past is not asked here.
      for (const query of others) await tested.get(query.replaceAll(" ", "%20"));
      await ask(tested, "/snapshots/restore?name=then");
      tested.evict();
      expect(await tell(tested)).toEqual(then);
      await live(tested, after);
      expect(await tell(tested)).toEqual(later);
    }),
    countOf(100, 12),
  ));

const post = (tested: TestEmulator, path: string, body: object) =>
  ask<Record<string, unknown>>(tested, path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

test("A62: a meter is stuck at what it read after a trip that nobody had looked at before", async () => {
  const faults = [
    "/faults/add?kind=trip&unit=E001&at=300.25",
    "/faults/add?kind=meterStuck&meter=vg&unit=E002&at=300.5",
  ];
  const tested = await begin(faults);
  await ask(tested, "/time/run");
  tested.wallMs = 40_000;
  const meterOf = async () => (await ask<{ dcdc: { meter: object } }>(tested, "/get/unit/E002")).dcdc.meter;
  expect(await meterOf()).toMatchObject({ vg: 0 });
  await ask(tested, "/set/emu/E003?rsoc=44");
  tested.evict();
  expect(await meterOf()).toMatchObject({ vg: 0 });
});

test("A69: a fault begins and ends within a step as it does when time runs, however long steps are, and a plan tells of it", () =>
  checkAsync(
    fc.asyncProperty(
      faults,
      fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 5 }),
      async (queries, seconds) => {
        const endS = seconds.reduce((sum, one) => sum + one, 0);
        const observe = ["stateOfChargePercent", "gridCurrentA", "busVoltageV"];
        const stepped = await begin(queries);
        const steps = seconds.map((one) => ({ seconds: one }));
        const kept = JSON.stringify(stepped.storage.load());
        const planned = await post(stepped, "/rollout", { plans: [steps], observe });
        expect(JSON.stringify(stepped.storage.load())).toBe(kept);
        const told = await post(stepped, "/step", { steps, observe });
        const [plan] = planned.plans as Record<string, unknown>[];
        for (const name of ["observations", "events"]) expect(plan?.[name]).toEqual(told[name]);
        const leapt = await begin(queries);
        await ask(leapt, `/time/until?time=${endS}`);
        const run = await begin(queries);
        await ask(run, "/time/run");
        run.wallMs = endS * 100;
        await ask(run, "/get/log");
        await ask(run, "/time/hold");
        const withoutClock = ([listed, log, , ...rest]: string[]) => [listed, log, ...rest];
        const byStep = withoutClock(await tell(stepped));
        expect(withoutClock(await tell(leapt))).toEqual(byStep);
        expect(withoutClock(await tell(run))).toEqual(byStep);
      },
    ),
    countOf(300, 12),
  ));

test.each(["/time/hold", "/set/acc/5", "/set/acc/200"])(
  "P52: a command of the clock alone keeps what tripped before it, and the day is recorded with it: %s",
  async (command) => {
    const live = async (commands: readonly string[]) => {
      const tested = createTestEmulator({ acceleration: 10, units: 3, protection: "on" }, variedInput);
      for (const path of [
        "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2",
        "/set/dcdc/E002?mode=0x0041&dvg=350&dig=1",
        "/faults/add?kind=trip&unit=E003&alarm=heavy&at=70000&for=600",
      ])
        await ask(tested, path);
      tested.wallMs = 8_640_100;
      for (const path of commands) await tested.get(path);
      tested.evict();
      const csv = await (await tested.get("/data/output/indivLog.csv?to=86401")).text();
      return [
        csv,
        await ask(tested, "/summary?to=86400"),
        await ask(tested, "/events?kind=trip,faultEnd&to=86400"),
      ];
    };
    const quiet = await live([]);
    expect(await live([command])).toEqual(quiet);
    expect(await live(["/get/log", command])).toEqual(quiet);
  },
);
