import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StoredChange } from "../../src/community/storage/storage.ts";
import { createTestEmulator, readUnits, type TestEmulator } from "../support/emulators.ts";
import { anyRequest, checkAsync, command, query, variedInput, wait } from "./random-requests.ts";

const statuses = [200, 400, 404, 409];

async function request(tested: TestEmulator, path: string): Promise<string> {
  const response = await tested.get(path);
  const text = await response.text();
  expect(statuses, `${path}: ${text}`).toContain(response.status);
  return `${response.status} ${text}`;
}

const create = (parameters: Record<string, unknown> = {}) =>
  createTestEmulator({ units: 4, ...parameters }, variedInput);
const flags = fc.record({
  acceleration: fc.constantFrom(1, 10, 120, 121, 1000),
  doUpdates: fc.boolean().map((off) => !off),
  atEndOfData: fc.constantFrom("stop", "repeat"),
});

/** A mock of the hardware whose bus ramps. */
const stillMock = fc.constant({ acceleration: 10, doUpdates: false });

describe("eviction", () => {
  test("P2: an eviction at any moment changes no answer, to the byte", async () => {
    const step = fc.record({ waitMs: wait, path: anyRequest, evicted: fc.boolean() });
    await checkAsync(
      fc.asyncProperty(flags, fc.array(step, { maxLength: 30 }), async (parameters, steps) => {
        const stays = create(parameters);
        const evicted = create(parameters);
        for (const { waitMs, path, evicted: isEvicted } of steps) {
          stays.wallMs += waitMs;
          evicted.wallMs += waitMs;
          if (isEvicted) evicted.evict();
          expect(await request(evicted, path), path).toBe(await request(stays, path));
        }
        evicted.evict();
        expect(await request(evicted, "/state")).toBe(await request(stays, "/state"));
        expect(await request(evicted, "/get/log")).toBe(await request(stays, "/get/log"));
      }),
      120,
    );
  });

  test("P2: the end of a ramp, the end of the data and an empty battery are logged once, however often one looks", async () => {
    const tested = create({ acceleration: 100 });
    await request(tested, "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
    await request(tested, "/set/dcdc/E002?mode=0x0002&dvg=350&dig=2");
    for (let hour = 1; hour <= 110; hour++) {
      tested.wallMs = hour * 36_000;
      await request(tested, "/get/log");
    }
    const lines = (start: string) => tested.log.filter(({ message }) => message.startsWith(start)).length;
    expect([lines("The bus has reached"), lines("The data end")]).toEqual([1, 1]);
    expect(lines("A battery is empty")).toBeGreaterThan(0);
  });
});

/** Notes every change that is saved. */
function spyOnSaves(tested: TestEmulator): StoredChange[] {
  const saves: StoredChange[] = [];
  const { save } = tested.storage;
  tested.storage.save = (change) => {
    saves.push(change);
    save(change);
  };
  return saves;
}

/** Notes the days that are recorded. */
function spyOnDays(tested: TestEmulator): number[] {
  const days: number[] = [];
  const { appendDay } = tested.storage;
  tested.storage.appendDay = (record) => {
    days.push(record.day);
    appendDay(record);
  };
  return days;
}

const unitsOf = (change: StoredChange | undefined) =>
  (change?.units ?? []).map(({ state }) => state.number).sort((a, b) => a - b);

describe("what is written", () => {
  test("P3: reads write nothing, whatever the state and however long ago the last one was", async () => {
    await checkAsync(
      fc.asyncProperty(fc.array(fc.tuple(wait, command, wait, query), { maxLength: 10 }), async (steps) => {
        const tested = create();
        const saves = spyOnSaves(tested);
        for (const [firstMs, change, thenMs, read] of steps) {
          tested.wallMs += firstMs;
          await request(tested, change);
          const kept = JSON.stringify(tested.storage.load());
          const before = saves.length;
          const days = spyOnDays(tested);
          tested.wallMs += thenMs;
          await request(tested, read);
          expect(saves.length, read).toBe(before);
          expect(days, read).toEqual([]);
          expect(JSON.stringify(tested.storage.load())).toBe(kept);
        }
      }),
      60,
    );
  });

  test("P3: days that have ended are recorded once, by the first command or read of records after them", async () => {
    const day = 86_400_000;
    for (const first of [
      "/set/emu/E001?rsoc=40",
      "/summary",
      "/history?unit=E001",
      "/data/output/summary.csv",
    ]) {
      const tested = create({ acceleration: 1 });
      const days = spyOnDays(tested);
      for (const [wallMs, path, recorded] of [
        [2.5 * day, "/get/log", []],
        [2.6 * day, first, [0, 1]],
        [2.7 * day, "/summary", [0, 1]],
        [3.1 * day, "/state", [0, 1]],
        [3.2 * day, first, [0, 1, 2]],
      ] as const) {
        tested.wallMs = wallMs;
        await request(tested, path);
        expect(days, `${first}, then ${path}`).toEqual(recorded);
      }
    }
  });

  test("P3: a refused command writes nothing", async () => {
    const tested = create();
    const saves = spyOnSaves(tested);
    const days = spyOnDays(tested);
    tested.wallMs = 200_000_000;
    for (const path of [
      "/set/emu/E001?rsoc=x",
      "/set/dcdc/E099?mode=0x0000&dvg=1&dig=1",
      "/set/acc/x",
      "/nowhere",
    ])
      await request(tested, path);
    expect([saves, days]).toEqual([[], []]);
  });

  test("P3: a command saves only the units that it touches", async () => {
    const tested = create({ acceleration: 121, units: 6 });
    const saves = spyOnSaves(tested);
    const cases: [string, number[]][] = [
      ["/set/emu/E003?rsoc=40", [3]],
      ["/set/dcdc/E001?mode=0x0014&dvg=350&dig=2", [1]],
      ["/set/dcdc/E002?mode=0x0000&dvg=350&dig=2", [2]],
      ["/set/dcdc/E002?mode=0x0041&dvg=350&dig=1", [1, 2]],
      ["/set/dcdc/current/E002?dig=1.5", [1, 2]],
      ["/set/dcdc/current/E004?dig=1.5", [4]],
      ["/set/dcdc/voltage/E005?dvg=333", [5]],
      ["/set/dcdc/voltage/E001?dvg=345", [1, 2]],
      ["/set/emu/E002?ups_output_power=10", [2]],
      ["/add/unit", [7]],
      ["/remove/unit", []],
      ["/set/acc/5", []],
      ["/save", []],
      ["/restart", [1, 2, 3, 4, 5, 6]],
    ];
    for (const [path, touched] of cases) {
      tested.wallMs += 1000;
      saves.length = 0;
      await request(tested, path);
      expect(saves, path).toHaveLength(1);
      expect(unitsOf(saves[0]), path).toEqual(touched);
    }
  });

  test("P3: a command is saved in one piece, and is in the storage when its answer is there", async () => {
    const tested = create();
    const saves = spyOnSaves(tested);
    tested.wallMs = 5000;
    await request(tested, "/set/emu/E002?rsoc=12.3456789");
    expect(saves).toHaveLength(1);
    expect(tested.storage.load()?.units[1]?.state).toMatchObject({
      timeS: 50,
      stateOfChargePercent: 12.3456789,
    });
  });

  test("P3: an empty storage is begun at once, a kept one is taken up without a write", () => {
    const tested = create();
    expect(tested.storage.load()?.units).toHaveLength(4);
    const saves = spyOnSaves(tested);
    tested.evict();
    expect(saves).toEqual([]);
  });
});

function checkNumbers(value: unknown, path = ""): void {
  if (typeof value === "number") {
    expect(Number.isFinite(value), `${path} is ${value}`).toBe(true);
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) checkNumbers(part, `${path}.${key}`);
}

describe("invariants", () => {
  test("P4: no sequence of requests, right or wrong, breaks an invariant", async () => {
    const step = fc.tuple(wait, anyRequest);
    await checkAsync(
      fc.asyncProperty(flags, fc.array(step, { maxLength: 30 }), async (parameters, steps) => {
        const tested = create(parameters);
        for (const [waitMs, path] of steps) {
          tested.wallMs += waitMs;
          await request(tested, path);
          const readings = readUnits(tested, tested.wallMs);
          let sumA = 0;
          for (const reading of readings) {
            expect(reading.stateOfChargePercent, path).toBeGreaterThanOrEqual(0);
            expect(reading.stateOfChargePercent, path).toBeLessThanOrEqual(100);
            sumA += reading.dcGridCurrentA;
          }
          expect(Math.abs(sumA), path).toBeLessThan(1e-9);
          expect(readings.length).toBeGreaterThan(0);
          checkNumbers(readings);
          const text = await (await tested.get("/get/log")).text();
          expect(text).not.toContain("null");
          expect(JSON.stringify(JSON.parse(text))).toBe(text);
        }
      }),
      150,
    );
  });

  test("P4: wg is ig × vg in every answer, whatever came before", async () => {
    await checkAsync(
      fc.asyncProperty(
        fc.oneof(flags, stillMock),
        fc.array(fc.tuple(wait, command), { maxLength: 25 }),
        async (parameters, steps) => {
          const tested = create(parameters);
          for (const [waitMs, path] of [...steps, [500_000, "/get/log"] as const]) {
            tested.wallMs += waitMs;
            await request(tested, path);
            for (const { number, dcGridCurrentA, dcGridPowerW, busVoltageV } of readUnits(
              tested,
              tested.wallMs,
            ))
              expect(dcGridPowerW, `unit ${number} after ${path}`).toBeCloseTo(
                dcGridCurrentA * busVoltageV,
                6,
              );
          }
        },
      ),
      120,
    );
  });
});

interface TimedCommand {
  readonly atS: number;
  readonly path: string;
}

/** Performs commands at simulated seconds, polling in between, and returns the log at the end. */
async function perform(
  acceleration: number,
  commands: readonly TimedCommand[],
  polls: readonly TimedCommand[],
  endS: number,
): Promise<string> {
  const tested = create({ acceleration });
  const all = [
    ...polls.map((poll) => ({ ...poll, order: 0 })),
    ...commands.map((c, i) => ({ ...c, order: i + 1 })),
  ];
  all.sort((a, b) => a.atS - b.atS || a.order - b.order);
  for (const { atS, path } of all) {
    tested.wallMs = (atS * 1000) / acceleration;
    await request(tested, path);
  }
  tested.wallMs = (endS * 1000) / acceleration;
  return `${await request(tested, "/get/log")} ${await request(tested, "/state")}`;
}

const timed = (path: fc.Arbitrary<string>, endS: number): fc.Arbitrary<TimedCommand> =>
  fc.record({ atS: fc.oneof(fc.integer({ min: 0, max: endS }), fc.integer({ min: 0, max: 300 })), path });

describe("who looks", () => {
  test("P5: polling changes nothing: the same commands at the same moments give the same log", async () => {
    const endS = 3 * 86_400;
    const commands = fc.array(timed(command, endS), { maxLength: 12 });
    const polls = fc.array(timed(query, endS), { maxLength: 40 });
    await checkAsync(
      fc.asyncProperty(commands, polls, polls, async (given, some, others) => {
        const quiet = await perform(8, given, [], endS);
        expect(await perform(8, given, some, endS)).toBe(quiet);
        expect(await perform(8, given, [...some, ...others], endS)).toBe(quiet);
      }),
      50,
    );
  });

  test("P5: acceleration changes nothing: at 1, 8 and 64 the same moments give the same log", async () => {
    const endS = 2 * 86_400;
    const commands = fc.array(timed(command, endS), { maxLength: 12 });
    const polls = fc.array(timed(query, endS), { maxLength: 10 });
    const withoutRate = (text: string) => text.replaceAll(/"(a|keptA)cceleration":\d+/g, "");
    await checkAsync(
      fc.asyncProperty(commands, polls, async (given, some) => {
        const slow = withoutRate(await perform(1, given, some, endS));
        expect(withoutRate(await perform(8, given, [], endS))).toBe(slow);
        expect(withoutRate(await perform(64, given, some, endS))).toBe(slow);
      }),
      50,
    );
  });
});

describe("what the log tells", () => {
  const emptying = {
    acceleration: 1,
    units: 2,
    UPS_TRIGGER_BATT_OFF: 0,
    UPS_TRIGGER_BATT_ON: 5,
    UPS_TRIGGER_AC_ON: 0,
    ACChargeAmount: 0,
    solarUnit: "W/m2",
    default_Area: 0,
  };

  test.each([
    "/get/log",
    "/restart",
    "/restart?clock=start",
    "/get/last",
    "/remove/unit",
    "/summary",
    "/commands",
  ])("N8: %s tells of each battery that became empty, once", async (path) => {
    const tested = create(emptying);
    tested.wallMs = 2.5 * 86_400_000;
    await request(tested, path);
    const empty = () => tested.log.filter(({ message }) => message === "A battery is empty");
    expect(empty().map(({ level }) => level)).toEqual(["ERROR", "ERROR"]);
    await request(tested, "/get/unit/E001");
    await request(tested, "/summary");
    expect(empty()).toHaveLength(2);
  });
});
