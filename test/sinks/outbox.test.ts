import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, test } from "vitest";
import { answerWriter } from "../../src/api/wire/answers.ts";
import { writeReading } from "../../src/community/records/individual.ts";
import type { Batch, Sink } from "../../src/community/sinks/batch.ts";
import { writeExtendedUnits } from "../../src/community/sinks/extended-unit.ts";
import { Outbox } from "../../src/community/sinks/outbox.ts";
import { dropOldest, retryAfterMs } from "../../src/community/sinks/progress.ts";
import type { Progress } from "../../src/community/storage/stored-shapes.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import type { UnitJson } from "../../src/input/units/unit-json.ts";
import { formatUnitId } from "../../src/notation/unit-id.ts";
import { checkAsync, command, variedInput, wait } from "../community/random-requests.ts";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";

const { startTime } = readConfig({});

/** A sink that keeps what it takes, and fails as often as it is told to. */
function createKeepingSink() {
  const kept: Batch[] = [];
  const sink: Sink & { kept: Batch[]; failures: number } = {
    kept,
    failures: 0,
    async send(batch) {
      if (sink.failures-- > 0) throw new Error("no");
      kept.push(batch);
    },
  };
  return sink;
}

function createOutbox(tested: TestEmulator, sink: Sink, intervalS = 1800): Outbox {
  const chapters = () =>
    tested.emulator.readChapters().map((chapter) => {
      return { ...chapter, config: { ...chapter.config, individualIntervalMinutes: intervalS / 60 } };
    });
  const source = { community: "default", storage: tested.storage, chapters };
  return new Outbox(source, sink, (level, message) => tested.log.push({ level, message }));
}

const readingsOf = (batches: Batch[]) =>
  batches.flatMap(({ readings }) =>
    readings.map(({ reading }) => writeReading(reading, `Sample_${formatUnitId(reading.number)}`, startTime)),
  );
const sortRows = (rows: object[]) => rows.map((row) => JSON.stringify(row)).sort();

async function readCsv(tested: TestEmulator, path: string): Promise<Record<string, unknown>[]> {
  const text = await (await tested.get(path)).text();
  const { data } = Papa.parse<Record<string, unknown>>(text, {
    header: true,
    skipEmptyLines: true,
    dynamicTyping: true,
  });
  return data;
}

const steps = fc.array(fc.tuple(wait, fc.oneof(command, fc.constantFrom("deliver", "fail", "evict"))), {
  maxLength: 40,
});

/** Records the days that have ended, as a community does before it tells its database; returns the simulated time. */
const recordNow = ({ emulator, wallMs }: TestEmulator) => emulator.recordUntil(emulator.paceAt(wallMs).nowS);

test("K1: batches hold each reading, day and command once, as the CSV files have them, come what may", async () => {
  await checkAsync(
    fc.asyncProperty(steps, async (list) => {
      const tested = createTestEmulator({ acceleration: 16 }, variedInput);
      const sink = createKeepingSink();
      let outbox = createOutbox(tested, sink);
      const deliver = () => outbox.deliver(recordNow(tested), () => tested.wallMs);
      for (const [waitMs, path] of list) {
        tested.wallMs += waitMs;
        if (path === "fail") sink.failures = 1;
        if (path === "deliver" || path === "fail") await deliver();
        else if (path === "evict") {
          tested.evict();
          outbox = createOutbox(tested, sink);
        } else await tested.get(path);
      }
      sink.failures = 0;
      tested.wallMs += 4_000_000;
      await deliver();
      const { kept } = sink;
      const expected = await readCsv(tested, "/data/output/indivLog.csv");
      expect(sortRows(readingsOf(kept))).toEqual(sortRows(expected));
      const days = (await readCsv(tested, "/data/output/summary.csv")).slice(0, -2).map(({ time }) => time);
      expect(kept.flatMap((batch) => batch.days.map(({ time }) => time))).toEqual(days);
      const log = (await (await tested.get("/commands")).json()) as { commands: object[] };
      expect(kept.flatMap((batch) => batch.commands)).toEqual(log.commands);
    }),
    40,
  );
});

test("K2: a batch that failed comes again, after 1 s, doubled each time, up to 5 min", async () => {
  expect([1, 2, 3, 8, 9, 10, 99].map(retryAfterMs)).toEqual([
    1000, 2000, 4000, 128_000, 256_000, 300_000, 300_000,
  ]);
  const tested = createTestEmulator({ acceleration: 1 }, variedInput);
  const sink = createKeepingSink();
  const outbox = createOutbox(tested, sink);
  tested.wallMs = 2_000_000;
  const pace = () => tested.emulator.paceAt(tested.wallMs);
  sink.failures = 2;
  await outbox.deliver(recordNow(tested), () => tested.wallMs);
  expect(outbox.dueMs(pace(), tested.wallMs)).toBe(2_001_000);
  tested.wallMs = 2_001_000;
  await outbox.deliver(recordNow(tested), () => tested.wallMs);
  expect(outbox.dueMs(pace(), tested.wallMs)).toBe(2_003_000);
  tested.wallMs = 2_003_000;
  await outbox.deliver(recordNow(tested), () => tested.wallMs);
  expect(readingsOf(sink.kept)).toHaveLength(8);
  expect(tested.storage.readProgress()).toMatchObject({ sentReadings: 8, droppedReadings: 0 });
  const messages = tested.log.map(({ level, message }) => `${level} ${message}`);
  expect(messages).toEqual([
    "WARNING The database does not take readings",
    "WARNING The database does not take readings",
    "INFO The database takes readings again",
  ]);
});

test("K10: a database that comes after days were forgotten is told of those that are kept", async () => {
  const tested = createTestEmulator({ acceleration: 1, atEndOfData: "repeat" }, variedInput);
  const historyDays = 20;
  tested.wallMs = 1000.5 * 86_400_000;
  while (!tested.emulator.carryOn(tested.wallMs, true, historyDays, 1));
  await tested.get("/set/acc/0");
  const firstDay = tested.storage.firstDay() + 1;
  expect(firstDay).toBeGreaterThan(970);
  const sink = createKeepingSink();
  const outbox = createOutbox(tested, sink, 86_400);
  for (let calls = 0; calls < 3; calls++) await outbox.deliver(recordNow(tested), () => tested.wallMs);
  expect(sink.kept.flatMap(({ days }) => days.map(({ day }) => day))).toEqual(
    Array.from({ length: 1000 - firstDay }, (_, index) => firstDay + index),
  );
  expect(outbox.dueMs(tested.emulator.paceAt(tested.wallMs), tested.wallMs)).toBe(null);
  const readings = sink.kept.flatMap((batch) => batch.readings.map(({ reading }) => reading.timeS));
  expect(Math.min(...readings)).toBe(firstDay * 86_400);
  expect(tested.storage.readProgress()?.droppedReadings).toBe(firstDay * 4);
});

test("K3: a database that is too far behind is not told of the oldest readings, and they are counted", async () => {
  const tested = createTestEmulator({ acceleration: 1 }, variedInput);
  const sink = createKeepingSink();
  tested.wallMs = 100_000_000;
  const nowS = recordNow(tested);
  await createOutbox(tested, sink, 1).deliver(nowS, () => tested.wallMs);
  const { droppedReadings, sentReadings } = tested.storage.readProgress() ?? {};
  expect(droppedReadings).toBe(4 * (nowS - 25_000));
  expect(sentReadings).toBe(20_000);
  expect(tested.log[0]).toMatchObject({ level: "WARNING" });
  const progress = {
    runBeganMs: 0,
    untilS: 900,
    day: 0,
    afterCommandId: 0,
    sentReadings: 0,
    droppedReadings: 3,
    triedUntilS: null,
    goneBack: false,
  };
  expect(dropOldest(progress, 1000, 60, 100)).toBe(progress);
});

test("K4: nothing is due in a pause or at the end of the data once all is told, and time says when else", async () => {
  const tested = createTestEmulator({ acceleration: 10 }, variedInput);
  const outbox = createOutbox(tested, createKeepingSink());
  const due = () => outbox.dueMs(tested.emulator.paceAt(tested.wallMs), tested.wallMs);
  const deliver = () => outbox.deliver(recordNow(tested), () => tested.wallMs);
  expect(due()).toBe(1);
  tested.wallMs = 1;
  await deliver();
  expect(due()).toBe(180_001);
  tested.wallMs = 20_000;
  await tested.get("/set/acc/0");
  expect(due()).toBe(20_000);
  await deliver();
  expect(due()).toBeNull();
  await tested.get("/set/acc/100000");
  tested.wallMs += 10_000;
  await deliver();
  tested.wallMs += 10_000;
  await deliver();
  expect(due()).toBeNull();
});

test("K4: the last day of the data is told when it ends", async () => {
  const tested = createTestEmulator({ acceleration: 100_000 }, variedInput);
  const sink = createKeepingSink();
  const outbox = createOutbox(tested, sink);
  for (let calls = 0; calls < 10; calls++) {
    const dueMs = outbox.dueMs(tested.emulator.paceAt(tested.wallMs), tested.wallMs);
    if (dueMs === null) break;
    tested.wallMs = dueMs;
    await outbox.deliver(recordNow(tested), () => tested.wallMs);
  }
  expect(outbox.dueMs(tested.emulator.paceAt(tested.wallMs), tested.wallMs)).toBeNull();
  expect(sink.kept.flatMap(({ days }) => days.map(({ day }) => day))).toEqual([0, 1, 2, 3]);
});

test("K4: without power flow days end too, and nothing has flowed in them", async () => {
  const tested = createTestEmulator({ acceleration: 1, doUpdates: false }, variedInput);
  const sink = createKeepingSink();
  const outbox = createOutbox(tested, sink);
  tested.wallMs = 200_000_000;
  await outbox.deliver(recordNow(tested), () => 0);
  expect(outbox.dueMs({ nowS: 200_000, accelerationFactor: 0, perMs: 0, endS: 345_600 }, 20_000)).toBeNull();
  const days = sink.kept.flatMap(({ days }) => days);
  expect(days.map(({ day, demand, avgrsoc }) => [day, demand, avgrsoc > 0])).toEqual([
    [0, 0, true],
    [1, 0, true],
  ]);
});

test("K5: a clock set back to the start begins another run for the database", async () => {
  const tested = createTestEmulator({ acceleration: 100 }, variedInput);
  const sink = createKeepingSink();
  const outbox = createOutbox(tested, sink);
  tested.wallMs = 40_000;
  await outbox.deliver(recordNow(tested), () => tested.wallMs);
  await tested.get("/restart?clock=start");
  tested.wallMs = 59_000;
  await outbox.deliver(recordNow(tested), () => tested.wallMs);
  const runs = sink.kept.map(({ runBeganMs, readings }) => [runBeganMs, readings[0]?.reading.timeS]);
  expect(runs).toEqual([
    [0, 0],
    [40_000, 0],
  ]);
});

test("K5: a run that is started at a date is another for the database, told from there on, whatever is under way", async () => {
  for (const isUnderWay of [false, true]) {
    const tested = createTestEmulator({ acceleration: 100, atEndOfData: "repeat" }, variedInput);
    const sink = createKeepingSink();
    tested.wallMs = 40_000;
    const start = () => tested.get("/time/start?at=2020-01-10");
    const meanwhile: Sink = {
      async send(batch) {
        await sink.send(batch);
        if (isUnderWay && sink.kept.length === 1) await start();
      },
    };
    await createOutbox(tested, meanwhile).deliver(recordNow(tested), () => tested.wallMs);
    if (!isUnderWay) await start();
    await tested.get("/time/step?seconds=100000");
    await tested.get("/set/emu/E001?rsoc=20");
    await createOutbox(tested, sink).deliver(recordNow(tested), () => tested.wallMs);
    const ofRun = sink.kept.filter(({ runBeganMs }) => runBeganMs === 40_000);
    expect(sortRows(readingsOf(ofRun))).toEqual(sortRows(await readCsv(tested, "/data/output/indivLog.csv")));
    expect(ofRun[0]?.readings[0]?.reading.timeS).toBe(9 * 86_400);
    expect(ofRun.flatMap(({ days }) => days.map(({ day }) => day))).toEqual([9]);
    expect(sink.kept.some(({ runBeganMs }) => runBeganMs === 0)).toBe(true);
  }
});

test("K9: a posted unit is what /get/log showed at its moment, with its losses and waste", async () => {
  const tested = createTestEmulator({ acceleration: 1 }, variedInput);
  const shown = new Map<string, string>();
  const paths: Record<number, string> = {
    4: "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2",
    5: "/set/dcdc/E002?mode=0x0041&dvg=350&dig=2.3",
    40: "/set/dcdc/voltage/E001?dvg=360",
    90: "/set/emu/E003?rsoc=99.9",
    // A trip with a number of its own, one to come that is told none, a heavy one that ends by itself, one that is ended.
    50: "/faults/add?kind=trip&unit=E002&number=0abc%200000%200001",
    51: "/faults/add?kind=trip&unit=E002&at=100800",
    60: "/faults/add?kind=trip&unit=E004&alarm=heavy&number=4010%200080%200000&at=108000&for=7200",
    70: "/faults/add?kind=late&ms=1",
    72: "/faults/add?kind=trip&unit=E003&alarm=heavy&number=4010%200080%200001",
    80: "/faults/end?id=5",
    120: "/set/dcdc/E001?mode=0x0000&dvg=350&dig=0",
  };
  const numbers = new Set<string>();
  for (let k = 0; k < 180; k++) {
    tested.wallMs = k * 1_800_000;
    const path = paths[k];
    if (path !== undefined) expect((await tested.get(path)).status).toBe(200);
    const log = (await (await tested.get("/get/log")).json()) as Record<string, UnitJson>;
    for (const [id, unit] of Object.entries(log)) shown.set(`${id} ${unit.time}`, JSON.stringify(unit));
  }
  const sink = createKeepingSink();
  await createOutbox(tested, sink).deliver(recordNow(tested), () => tested.wallMs);
  const source = {
    storage: tested.storage,
    chapters: () => tested.emulator.readChapters(),
    writeUnit: answerWriter.writeUnit,
    templateOf: (unitNumber: number) => tested.emulator.templateOf(unitNumber),
  };
  const units = sink.kept.flatMap(({ readings }) => writeExtendedUnits(source, readings));
  expect(units).toHaveLength(4 * 179);
  for (const { emul, ...unit } of units) {
    numbers.add(unit.dcdc.status.alarm);
    expect(JSON.stringify(unit)).toBe(shown.get(`${unit.oesunit.id} ${unit.time}`));
    expect(Object.keys(emul)).toEqual(["acloss", "dcloss", "loss", "wasted"]);
    expect(emul.loss).toBeCloseTo(emul.acloss + emul.dcloss, 1);
  }
  expect(units.some(({ emul }) => emul.wasted > 0)).toBe(true);
  const told = ["0ABC 0000 0001", "4010 0080 0000", "4010 0080 0001", "9021 0000 0000"];
  expect([...numbers]).toEqual(expect.arrayContaining(told));
});

test("K11: a batch whose answer was lost comes again as it was, however much time has passed, also after an eviction", async () => {
  const tested = createTestEmulator({ acceleration: 10 }, variedInput);
  const sent: string[] = [];
  let isLost = true;
  const sink: Sink = {
    async send({ past, readings }) {
      sent.push(JSON.stringify([past, readings.map(({ reading }) => [reading.number, reading.timeS])]));
      if (isLost) throw new Error("the answer was lost");
    },
  };
  for (let attempt = 0; attempt < 4; attempt++) {
    tested.wallMs += 500_000;
    isLost = attempt < 3;
    tested.evict();
    // Twenty batches at once would follow the one that was tried.
    await createOutbox(tested, sink).deliver(recordNow(tested), () => tested.wallMs);
  }
  expect(new Set(sent.slice(0, 4)).size).toBe(1);
  expect(sent.length).toBeGreaterThan(4);
  expect(new Set(sent.slice(3)).size).toBe(sent.length - 3);
});

describe("time that goes back or begins anew", () => {
  const day = 86_400_000;

  /** A community that has kept a snapshot after a day and gone on for another; what it was told of by then is sent. */
  async function createKept() {
    const tested = createTestEmulator({ acceleration: 1 }, variedInput);
    const sink = createKeepingSink();
    tested.wallMs = day;
    await tested.get("/snapshots/keep?name=a");
    await createOutbox(tested, sink).deliver(recordNow(tested), () => tested.wallMs);
    tested.wallMs = 2 * day;
    return { tested, sink };
  }

  /** What was told last of each moment is what the CSV file has, and nothing of the future was told after `from` batches. */
  async function expectTold(tested: TestEmulator, batches: Batch[], from: number) {
    const { nowS } = tested.emulator.paceAt(tested.wallMs);
    const later = batches.slice(from).flatMap(({ readings }) => readings.map(({ reading }) => reading.timeS));
    expect(later.length).toBeGreaterThan(0);
    expect(Math.max(...later)).toBeLessThanOrEqual(nowS);
    const rows = await readCsv(tested, "/data/output/indivLog.csv");
    const told = new Map(readingsOf(batches).map((row) => [`${row.id} ${row.time}`, row]));
    expect(rows.length).toBeGreaterThan(100);
    for (const row of rows) expect(told.get(`${row.id} ${row.time}`)?.emu_rsoc).toBe(row.emu_rsoc);
  }

  const back = "/snapshots/restore?name=a";
  test.each([back, "/restart?clock=start"])("K12: %s, while a batch is under way or failed", async (path) => {
    for (const fails of [false, true]) {
      const { tested, sink } = await createKept();
      let isFirst = true;
      const meanwhile: Sink = {
        async send(batch) {
          if (!isFirst) return sink.send(batch);
          isFirst = false;
          await sink.send(batch);
          if (!fails) await tested.get(path);
          else throw new Error("the answer was lost");
        },
      };
      await createOutbox(tested, meanwhile).deliver(recordNow(tested), () => tested.wallMs);
      const from = sink.kept.length;
      if (fails) await tested.get(path);
      await tested.get("/set/emu/E001?rsoc=20");
      await tested.get("/time/run");
      tested.wallMs += day / 2;
      await createOutbox(tested, sink).deliver(recordNow(tested), () => tested.wallMs);
      const run = sink.kept.at(-1)?.runBeganMs;
      const ofRun = sink.kept.filter(({ runBeganMs }) => runBeganMs === run);
      await expectTold(tested, ofRun, path === back ? from : 0);
    }
  });

  test("K13: a database that can forgets what it was told beyond the moment to which time went back, before it is told more", async () => {
    const { tested, sink } = await createKept();
    const deliver = (to: Sink) => createOutbox(tested, to).deliver(recordNow(tested), () => tested.wallMs);
    await deliver(sink);
    const forgotten: Progress[] = [];
    let failures = 1;
    const forgetting: Sink = {
      send: sink.send,
      async forgetBeyond(_, progress) {
        if (failures-- > 0) throw new Error("no");
        forgotten.push(progress);
      },
    };
    await tested.get(back);
    // Time is held, and yet it is due.
    const pace = () => tested.emulator.paceAt(tested.wallMs);
    expect(createOutbox(tested, forgetting).dueMs(pace(), tested.wallMs)).toBe(tested.wallMs);
    expect(createOutbox(tested, sink).dueMs(pace(), tested.wallMs)).toBe(tested.wallMs);
    await deliver(forgetting);
    expect(forgotten).toEqual([]);
    tested.evict();
    await deliver(forgetting);
    expect(forgotten).toMatchObject([{ untilS: 86_400, day: 1, afterCommandId: expect.any(Number) }]);
    await tested.get("/time/run");
    tested.wallMs += day / 2;
    const after = sink.kept.length;
    await deliver(forgetting);
    expect(forgotten).toHaveLength(1);
    expect(sink.kept.length).toBeGreaterThan(after);
  });

  test("K12: a batch of the same moments of another past is named otherwise", async () => {
    const { tested, sink } = await createKept();
    const deliver = () => createOutbox(tested, sink).deliver(recordNow(tested), () => tested.wallMs);
    const nameOf = ({ past, readings }: Batch) => `${readings[0]?.reading.timeS} ${readings.length} ${past}`;
    const before = sink.kept.length;
    await deliver();
    const abandoned = sink.kept.slice(before).map(nameOf);
    await tested.get("/snapshots/restore?name=a");
    await tested.get("/time/run");
    tested.wallMs += day;
    const after = sink.kept.length;
    await deliver();
    const present = sink.kept.slice(after);
    expect(present.map(({ readings }) => readings[0]?.reading.timeS)).toContain(86_400);
    for (const batch of present) expect(abandoned).not.toContain(nameOf(batch));
  });
});
