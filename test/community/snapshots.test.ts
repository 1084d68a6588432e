import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import { readCommandLog } from "../../src/cli/headless/repeat-run.ts";
import { openBackup, restoreBackup } from "../../src/community/storage/backup.ts";
import { createSqliteStorage } from "../../src/community/storage/sqlite-storage.ts";
import type { StoredCommunity } from "../../src/community/storage/storage.ts";
import type { KeptSnapshot } from "../../src/community/storage/stored-shapes.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import { ask, refused } from "../http/api.ts";
import { countOf } from "../support/counts.ts";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";
import { repeatRun } from "../support/whole-runs.ts";
import { commandOrFault as command, variedInput } from "./random-requests.ts";

interface Snapshots {
  readonly snapshots: readonly Record<string, unknown>[];
}

interface Stretch {
  readonly seconds: number;
  readonly path: string;
}

const stretches = fc.array(
  fc.record({
    seconds: fc.oneof(fc.constantFrom(0, 0, 1800, 86_400), fc.integer({ min: 0, max: 60_000 })),
    path: command,
  }),
  { minLength: 1, maxLength: 6 },
);

/** All that is told of the community and its past, but not of its clock and its commands. */
async function tell(tested: TestEmulator): Promise<string> {
  const paths = [
    "/get/log",
    "/summary",
    "/history?resolution=1800",
    "/history?unit=E001",
    "/data/output/indivLog.csv",
  ];
  const told = [];
  for (const path of paths) told.push(await (await tested.get(path)).text());
  const { units, bus } = tested.storage.load() ?? {};
  const past = Array.from({ length: tested.storage.highestUnitNumber() }, (_, index) =>
    tested.storage.readEvents(index + 1, 0, 1e9),
  );
  // After which command, and so with another name of the past.
  const named = told.map((text) => text.replace(/"past":"[^"]*"/, ""));
  return JSON.stringify([named, units, bus, past, [...tested.storage.readDays(0, 1e6)]]);
}

async function perform(tested: TestEmulator, list: readonly Stretch[]): Promise<string[]> {
  const told: string[] = [];
  for (const { seconds, path } of list) {
    await tested.get(`/time/step?seconds=${seconds}`);
    await tested.get(path);
    told.push(await tell(tested));
  }
  return told;
}

const create = () => createTestEmulator({ acceleration: 10, units: 3, atEndOfData: "repeat" }, variedInput);

test("T9: a community that goes back to a snapshot is what it was, and goes on to the bit as it did", async () => {
  await fc.assert(
    fc.asyncProperty(
      stretches,
      stretches,
      stretches,
      stretches,
      fc.boolean(),
      async (before, first, astray, further, evicts) => {
        const tested = create();
        await ask(tested, "/time/hold");
        await perform(tested, before);
        await ask(tested, "/snapshots/keep?name=a");
        const atA = await tell(tested);
        const told = await perform(tested, first);
        await ask(tested, "/snapshots/keep?name=b");
        const atB = await tell(tested);
        await perform(tested, astray);
        if (evicts) tested.evict();
        await ask(tested, "/snapshots/restore?name=b");
        expect(await tell(tested)).toBe(atB);
        const fromB = await perform(tested, further);
        await ask(tested, "/snapshots/restore?name=a");
        expect(await tell(tested)).toBe(atA);
        if (evicts) tested.evict();
        expect(await perform(tested, first)).toEqual(told);
        await ask(tested, "/snapshots/keep?name=b");
        expect(await perform(tested, further)).toEqual(fromB);
      },
    ),
    { numRuns: countOf(100, 10), seed: 43_900 },
  );
}, 600_000);

const list = async (tested: TestEmulator) => (await ask<Snapshots>(tested, "/snapshots")).snapshots;

test("T10: snapshots are listed, kept under names of their own and deleted; one that is not there is named", async () => {
  const tested = create();
  expect(await list(tested)).toEqual([]);
  await ask(tested, "/time/until?time=2020-01-02T06:00:00");
  expect(await ask<Snapshots>(tested, "/snapshots/keep?name=Before the deal")).toMatchObject({
    snapshots: [
      {
        name: "Before the deal",
        time: "2020/01/02-06:00:00",
        timeS: 108_000,
        taken: "1970-01-01T00:00:00.000Z",
        reason: "kept",
        units: 3,
        run: "1970-01-01T00:00:00.000Z",
        restorable: true,
      },
    ],
  });
  expect(await refused(tested, "/snapshots/keep?name=Before the deal")).toMatchObject({ code: "conflict" });
  for (const name of ["", "a/b", "x".repeat(41), "before-reset-1", "%00"])
    expect(await refused(tested, `/snapshots/keep?name=${name}`), name).toMatchObject({
      code: "invalid_parameter",
      parameter: "name",
    });
  for (const path of ["/snapshots/restore?name=b", "/snapshots/delete?name=b", "/snapshots/file?name=b"])
    expect(await refused(tested, path), path).toMatchObject({ code: "not_found", parameter: "name" });
  expect(await ask<Snapshots>(tested, "/snapshots/delete?name=Before the deal")).toEqual({ snapshots: [] });
});

test("T11: a snapshot is taken by itself before Reset, Load Last, Remove Unit and restore; the last ten remain", async () => {
  const tested = create();
  await ask(tested, "/snapshots/keep?name=mine");
  for (const path of ["/restart?units=3", "/get/last", "/remove/unit", "/snapshots/restore?name=mine"])
    await ask(tested, path);
  expect((await list(tested)).map(({ reason, restorable }) => [reason, restorable])).toEqual([
    ["kept", true],
    ["restore", false],
  ]);
  const before = await tell(tested);
  await ask(tested, "/restart?units=2");
  const [, , own] = await list(tested);
  await ask(tested, `/snapshots/restore?name=${own?.name}`);
  expect(await tell(tested)).toBe(before);
  for (let again = 0; again < 13; again++) await ask(tested, "/restart?units=3");
  const names = (await list(tested)).map(({ name }) => name);
  expect(names).toHaveLength(11);
  expect(names[0]).toBe("mine");
  const numbers = names.slice(1).map((name) => Number(/^before-reset-(\d+)$/.exec(String(name))?.[1]));
  expect(numbers.at(-1)).toBe(tested.storage.lastCommandId() - 1);
});

test("T12: a snapshot of another run, or of what was gone back behind, is restored by nobody", async () => {
  const tested = create();
  await ask(tested, "/snapshots/keep?name=old");
  tested.wallMs += 1000;
  await ask(tested, "/restart?clock=start");
  expect(await list(tested)).toMatchObject([
    { name: "old", restorable: false },
    { reason: "reset", restorable: false },
  ]);
  expect(await refused(tested, "/snapshots/restore?name=old")).toMatchObject({
    code: "conflict",
    parameter: "name",
  });
});

test("T9: going back into an earlier chapter keeps the chapters up to then, and begins one where the configuration is another", async () => {
  const tested = create();
  await ask(tested, "/time/step?seconds=10000");
  await ask(tested, "/snapshots/keep?name=a");
  const atA = await tell(tested);
  await ask(tested, "/time/step?seconds=100000");
  tested.evict({ UPS_TRIGGER_AC_ON: 19 });
  await ask(tested, "/snapshots/keep?name=b");
  await ask(tested, "/time/step?seconds=100000");
  await ask(tested, "/snapshots/restore?name=b");
  expect(await ask(tested, "/time")).toMatchObject({ timeS: 110_000, chapter: 2 });
  await ask(tested, "/snapshots/restore?name=a");
  expect(await ask(tested, "/time")).toMatchObject({ timeS: 10_000, chapter: 2, held: true });
  expect(tested.storage.readChapters().map(({ fromS }) => fromS)).toEqual([0, 10_000]);
  expect(await tell(tested)).toBe(atA);
  await ask(tested, "/time/step?seconds=100000");
  expect(await ask(tested, "/summary")).toMatchObject({ toDay: 0 });
});

test("T9: what Save All kept, a claim's owner and a database's progress go back too, and the log says so", async () => {
  const tested = create();
  await ask(tested, "/snapshots/keep?name=a");
  await ask(tested, "/set/emu/E001?rsoc=77");
  await ask(tested, "/save");
  await ask(tested, "/time/step?seconds=5000&claim=me");
  const progress = {
    runBeganMs: 0,
    untilS: 5000,
    day: 0,
    afterCommandId: 3,
    sentReadings: 9,
    droppedReadings: 0,
    triedUntilS: null,
    goneBack: false,
  };
  tested.storage.keepProgress(progress);
  expect(await refused(tested, "/snapshots/restore?name=a")).toMatchObject({
    code: "conflict",
    parameter: "claim",
  });
  await ask(tested, "/snapshots/restore?name=a&claim=me");
  expect(tested.storage.load()?.lastSave).toBeNull();
  expect(tested.storage.readProgress()).toEqual({
    ...progress,
    untilS: 0,
    afterCommandId: 0,
    goneBack: true,
  });
  const { commands } = await ask<{ commands: Record<string, unknown>[] }>(tested, "/commands");
  expect(commands).toMatchObject([
    { time_s: 0, get: "/snapshots/restore?name=a&claim=me", effect: "went back to a, held at 0 s" },
  ]);
});

test("T13: a log with snapshots is performed again to the bit, and a backup holds them", async () => {
  const tested = create();
  for (const path of [
    "/time/step?seconds=12345",
    "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2",
    "/snapshots/keep?name=a",
    "/time/step?seconds=1000",
    "/set/dcdc/E002?mode=0x0041&dvg=350&dig=1",
    "/snapshots/keep?name=b",
    "/time/step?seconds=100000",
    "/snapshots/restore?name=b",
    "/snapshots/delete?name=a",
    "/time/step?seconds=100000",
    "/set/emu/E001?rsoc=50",
  ])
    await ask(tested, path);
  const log = readCommandLog(await (await tested.get("/commands")).text());
  const again = await repeatRun(log, (config) => createWorld(config, variedInput), "even", log.untilS);
  const now = tested.emulator.readUnitsAt(log.untilS).map((unit) => unit.stateOfChargePercent);
  expect(again.hourlyRsoc.at(-1)).toEqual([log.untilS, ...now]);
  const open = () => createNodeDatabase(new DatabaseSync(":memory:"));
  const [source, target] = [open(), open()];
  const copy = createSqliteStorage(source);
  copy.load();
  // What a community of three units keeps, as rows.
  const content = tested.storage.readSnapshot("b") as KeptSnapshot;
  const { units, bus, clock } = tested.storage.load() as StoredCommunity;
  copy.save({
    timeS: clock.anchorSimulatedS,
    units,
    bus,
    clock,
    unitCount: 3,
    snapshot: { name: "b", content },
  });
  createSqliteStorage(target).load();
  const lines = [...{ [Symbol.iterator]: () => openBackup(source) }].join("").split("\n");
  expect(restoreBackup(target, lines, 1000)).toBeNull();
  expect(createSqliteStorage(target).readSnapshot("b")).toEqual(content);
  for (const spoil of [
    (line: string) => line.replace('\\"stateOfChargePercent\\":', '\\"stateOfChargePercent\\":10'),
    (line: string) => line.replace('{\\"head\\":', '{\\"heads\\":'),
    () => "",
  ]) {
    const spoilt = lines
      .filter((line) => !line.startsWith('["end"'))
      .map((line) =>
        (line.startsWith('["snapshot_piece"') ? spoil(line) : line).replace(
          '"hasEnd":true',
          '"hasEnd":false',
        ),
      );
    expect(spoilt).not.toEqual(lines.filter((line) => !line.startsWith('["end"')));
    expect(() => restoreBackup(open(), spoilt, 1000)).toThrow(/snapshot 1: /);
  }
});

test("T10: a snapshot is downloaded as a file", async () => {
  const tested = create();
  await ask(tested, "/snapshots/keep?name=a b");
  const response = await tested.get("/snapshots/file?name=a b");
  expect(response.headers.get("content-disposition")).toBe('attachment; filename="a b.json"');
  expect(await response.json()).toMatchObject({
    format: "apis-emulator snapshot",
    snapshot: { head: { timeS: 0, unitCount: 3 } },
  });
});

test.each(["/restart?clock=start", "/time/start?at=2020-01-01", "/snapshots/restore?name=early"])(
  "T19: what %s lost is begun with again, to the bit, and goes on as it would have",
  async (path) => {
    const [tested, twin] = [create(), create()];
    for (const each of [tested, twin]) {
      await ask(each, "/time/step?seconds=1000");
      await ask(each, "/snapshots/keep?name=early");
      await ask(each, "/set/dcdc/E001?mode=0x0014&dvg=350&drg=0&dig=2");
      await ask(each, "/faults/add?unit=E002&kind=meterOffset&meter=rsoc&offset=5");
      await ask(each, "/save");
      await ask(each, "/time/step?seconds=100000");
      await ask(each, "/set/emu/E002?rsoc=44");
      await ask(each, "/snapshots/keep?name=twin");
    }
    const now = async (each: TestEmulator) => [
      await (await each.get("/get/log")).text(),
      await ask(each, "/faults"),
      each.storage.load()?.lastSave?.units.length,
    ];
    const before = await now(tested);
    tested.wallMs += 1000;
    await ask(tested, path);
    tested.wallMs += 1000;
    await ask(tested, "/save");
    expect(await now(tested)).not.toEqual(before);
    const own = async () => (await list(tested)).findLast(({ name }) => /^before-/.test(String(name)))?.name;
    const lost = await own();
    expect(await refused(tested, `/snapshots/restore?name=${lost}`)).toMatchObject({ code: "conflict" });
    expect(await ask(tested, `/snapshots/begin?name=${lost}`)).toMatchObject({ timeS: 101_000, held: true });
    expect(await now(tested)).toEqual(before);
    expect(await ask(tested, "/summary")).toMatchObject({ fromDay: 1 });
    tested.evict();
    for (const each of [tested, twin]) {
      await ask(each, "/time/step?seconds=50000");
      await ask(each, "/get/last");
      await ask(each, "/time/step?seconds=5000");
    }
    expect((await now(tested))[0]).toEqual((await now(twin))[0]);
    const log = readCommandLog(await (await tested.get("/commands")).text());
    const again = await repeatRun(log, (config) => createWorld(config, variedInput), "even", log.untilS);
    expect(again.hourlyRsoc.at(-1)).toEqual([
      log.untilS,
      ...tested.emulator.readUnitsAt(log.untilS).map((unit) => unit.stateOfChargePercent),
    ]);
    const begun = await ask(tested, "/time");
    tested.wallMs += 1000;
    await ask(tested, "/snapshots/begin?name=early");
    expect(await ask(tested, "/time")).toMatchObject({ timeS: 1000, held: true });
    tested.wallMs += 1000;
    await ask(tested, `/snapshots/begin?name=${await own()}`);
    expect(await ask(tested, "/time")).toMatchObject({ timeS: (begun as { timeS: number }).timeS });
  },
);

test("T19: a snapshot that is not there begins nothing, and nobody begins another run while the clock is claimed", async () => {
  const tested = create();
  await ask(tested, "/snapshots/keep?name=here");
  expect(await refused(tested, "/snapshots/begin?name=there")).toMatchObject({ code: "not_found" });
  await ask(tested, "/time/hold?claim=ann&claimSeconds=60");
  expect(await refused(tested, "/snapshots/begin?name=here")).toMatchObject({ parameter: "claim" });
  expect(await ask(tested, "/snapshots/begin?name=here&claim=ann")).toMatchObject({ claimedBy: "ann" });
});
