import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readInputFiles } from "../../src/cli/build/compile-input.ts";
import { readCommandLog } from "../../src/cli/headless/repeat-run.ts";
import { replayUnit } from "../../src/community/records/replay.ts";
import type { StoredChange } from "../../src/community/storage/storage.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import { loadInput } from "../../src/input/series/load-input.ts";
import { countOf } from "../support/counts.ts";
import { createTestEmulator, evenInput, type TestEmulator } from "../support/emulators.ts";
import { repeatRun } from "../support/whole-runs.ts";
import { anyRequest, checkAsync, variedInput, wait } from "./random-requests.ts";

const postJson = (body: unknown) => {
  const headers = { "content-type": "application/json" };
  return { method: "POST", headers, body: JSON.stringify(body) };
};

const read = async (tested: TestEmulator, path: string, init?: RequestInit) => {
  const response = await tested.get(path, init);
  return { status: response.status, text: await response.text() };
};
const json = async (tested: TestEmulator, path: string, init?: RequestInit) =>
  JSON.parse((await read(tested, path, init)).text);

/** E001 holds the bus, E002 and E004 sell, E003 buys: E002 trips at 5047 s and E001 at 13195 s. */
async function beginExchange(tested: TestEmulator): Promise<void> {
  for (const path of [
    "/set/emu/E001?rsoc=71.85",
    "/set/emu/E002?rsoc=17.697",
    "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2",
    "/set/dcdc/E002?mode=0x0002&dvg=350&dig=2",
    "/set/dcdc/E003?mode=0x0041&dvg=350&dig=3",
    "/set/dcdc/E004?mode=0x0002&dvg=350&dig=0.5",
  ])
    expect((await tested.get(path)).status, path).toBe(200);
}

const create = (parameters: Record<string, unknown> = {}) =>
  createTestEmulator({ protection: "on", acceleration: 1, ...parameters });

const tellAll = async (tested: TestEmulator) => {
  const paths = ["/get/log", "/state", "/summary", "/data/output/indivLog.csv", "/data/output/summary.csv"];
  const histories = ["E001", "E002", "E003", "E004"].map((unit) => `/history?unit=${unit}&resolution=600`);
  const told: string[] = [];
  for (const path of [...paths, ...histories]) told.push((await read(tested, path)).text);
  return told;
};

test("P51: E001, E002 and E003: a command to E003 and a reload keep the trips of E002 and E001 before it", async () => {
  const tested = create();
  await beginExchange(tested);
  const never = create();
  await beginExchange(never);
  for (const one of [tested, never]) {
    one.wallMs = 20_000_000;
    const { text } = await read(one, "/set/emu/E003?rsoc=60");
    expect(JSON.parse(text).E001.dcdc.status.operationMode).toBe("Waiting");
  }
  tested.evict();
  const log = await json(tested, "/get/log");
  const status = (unit: string) => log[unit].dcdc.status;
  for (const unit of ["E001", "E002"])
    expect(status(unit)).toMatchObject({
      status: "0x0000",
      operationMode: "Waiting",
      alarm: "9001 0000 0000",
      alarmState: "Light alarm",
    });
  expect(status("E003")).toMatchObject({ status: "0x0041", alarm: "4010 0080 0000" });
  expect(log.E003.dcdc.meter).toMatchObject({ vg: 0, ig: 0 });
  expect(
    tested.log.filter(({ message }) => message === "A converter was protected: cannotGive"),
  ).toHaveLength(2);
  const momentsOf = (number: number) =>
    tested.storage.readEvents(number, 0, 86_400).map(({ timeS }) => Math.floor(timeS));
  expect(momentsOf(1)).toEqual([0, 5047, 13_195]);
  expect(momentsOf(2)).toEqual([0, 5047]);
  expect(momentsOf(3)).toEqual([0, 13_195, 20_000]);
  const ofBus = tested.storage.readBusEvents(0, 86_400).map(({ timeS }) => Math.floor(timeS));
  expect(ofBus).toContain(13_195);
  for (const one of [tested, never]) one.wallMs = 100_000_000;
  tested.evict();
  expect(await tellAll(tested)).toEqual(await tellAll(never));
  // What was once kept is not found again: nothing more is in the log.
  expect(tested.log.filter(({ message }) => message.includes("protected"))).toHaveLength(2);
});

test("P51: what tripped is told alike by a step, a rollout, time until it, and who never looked", async () => {
  const stepped = create({ acceleration: 0 });
  await beginExchange(stepped);
  const rolled = await json(
    stepped,
    "/rollout",
    postJson({ plans: [[{ untilS: 30_000 }]], observe: ["converterMode"] }),
  );
  const trips = [
    { timeS: expect.closeTo(5047.46, 1), unit: "E002", kind: "trip", cause: "cannotGive" },
    { timeS: expect.closeTo(13_195.4, 1), unit: "E001", kind: "trip", cause: "cannotGive" },
  ];
  const tripsOf = (events: { kind: string }[]) => events.filter(({ kind }) => kind === "trip");
  expect(tripsOf(rolled.plans[0].events)).toEqual(trips);
  const until = await json(stepped, "/time/until?event=trip&unit=E001");
  expect(until.timeS).toBeCloseTo(13_195.4, 1);
  const { events, observations } = await json(
    stepped,
    "/step",
    postJson({ untilS: 30_000, observe: ["converterMode", "gridCurrentA"] }),
  );
  expect(tripsOf(events)).toEqual([]);
  expect(observations).toEqual({ converterMode: [0, 0, 65, 2], gridCurrentA: [0, 0, 0, 0] });
  const other = create({ acceleration: 0 });
  await beginExchange(other);
  const told = await json(other, "/step", postJson({ untilS: 30_000 }));
  expect(tripsOf(told.events)).toEqual(trips);
  expect(told.events.filter(({ kind }: { kind: string }) => kind.startsWith("bus"))).toEqual([
    { timeS: 120, unit: null, kind: "busUp" },
    { timeS: expect.closeTo(13_195.4, 1), unit: null, kind: "busDown" },
  ]);
  expect((await read(other, "/get/log")).text).toBe((await read(stepped, "/get/log")).text);
});

test("P51: the reply of a command that trips at its own moment already shows Waiting, and an accepted mode ends the alarm", async () => {
  const tested = create();
  await tested.get("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  await tested.get("/set/emu/E002?rsoc=0");
  tested.wallMs = 200_000;
  await tested.get("/set/emu/E002?rsoc=0");
  const reply = await json(tested, "/set/dcdc/E002?mode=0x0002&dvg=350&dig=2");
  expect(reply.status).toEqual({ status: "0x0000", alarmState: "Light alarm", operationMode: "Waiting" });
  expect(reply.meter.ig).toBe(0);
  const { alarm } = (await json(tested, "/get/log")).E002.dcdc.status;
  expect(alarm).toBe("9001 0000 0000");
  expect((await tested.get("/set/dcdc/E002?mode=0x0007&dvg=350&dig=2")).status).toBe(400);
  expect((await json(tested, "/get/log")).E002.dcdc.status.alarm).toBe("9001 0000 0000");
  await tested.get("/set/dcdc/E002?mode=0x0000&dvg=350&dig=0");
  expect((await json(tested, "/get/log")).E002.dcdc.status.alarm).toBe("4010 0080 0000");
});

/** Homes of little power, the first two of which share a bus with droop by at most 3 A. */
const limitedHomes = {
  default: {
    battery: { floorPercent: 5, ceilingPercent: 95, chargeLimitW: 900, dischargeLimitW: 900 },
    ac: { importLimitW: 1200 },
  },
  homes: [{ converter: { currentLimitA: 3 } }, { converter: { currentLimitA: 3, gridOvervoltageV: 360 } }],
};

test("P52: with protection, evictions, reads and records at any moment change no byte of any answer", async () => {
  const id = fc.constantFrom("E001", "E002", "E003", "E004");
  const exchange = fc.oneof(
    fc
      .tuple(id, fc.constantFrom("0x0014", "0x0002", "0x0041"), fc.constantFrom(1, 2, 2.3))
      .map(([unit, mode, dig]) => `/set/dcdc/${unit}?mode=${mode}&dvg=350&dig=${dig}`),
    fc.tuple(id, fc.constantFrom(0, 0.5, 3, 97, 99.5, 100)).map(([unit, c]) => `/set/emu/${unit}?rsoc=${c}`),
  );
  const step = fc.record({
    waitMs: wait,
    path: fc.oneof({ weight: 3, arbitrary: exchange }, { weight: 1, arbitrary: anyRequest }),
    evicted: fc.boolean(),
    looks: fc.constantFrom("", "/get/log", "/summary", "/history?unit=E001"),
  });
  const parameters = fc.record({
    protection: fc.constantFrom("on", "on", "off"),
    units: fc.constant(4),
    acceleration: fc.constantFrom(1, 10, 121, 1000),
    atEndOfData: fc.constantFrom("stop", "repeat"),
    homes: fc.constantFrom({ default: {}, homes: [] }, limitedHomes),
    outages: fc.constantFrom([], [{ from: 20_000, until: 60_000, homes: ["E001", "E002"] }]),
    busModel: fc.constantFrom("ideal", "droop"),
  });
  let trips = 0;
  const steps = fc.array(step, { maxLength: 30 });
  await checkAsync(
    fc.asyncProperty(parameters, steps, async (given, steps) => {
      const stays = createTestEmulator(given, variedInput);
      const evicted = createTestEmulator(given, variedInput);
      for (const { waitMs, path, evicted: isEvicted, looks } of steps) {
        stays.wallMs += waitMs;
        evicted.wallMs += waitMs;
        if (looks !== "") await evicted.get(looks);
        if (isEvicted) evicted.evict();
        expect(await read(evicted, path), path).toEqual(await read(stays, path));
      }
      evicted.evict();
      for (const path of [
        "/state",
        "/get/log",
        "/summary",
        "/history?unit=E001",
        "/data/output/indivLog.csv",
      ])
        expect(await read(evicted, path), path).toEqual(await read(stays, path));
      trips += stays.log.filter(({ message }) => message.includes("protected")).length;
    }),
    countOf(1000, 15),
  );
  expect(trips).toBeGreaterThan(0);
});

test("P52: a trip is kept once, before what comes after it, and reads alone keep nothing", async () => {
  const tested = create();
  await beginExchange(tested);
  const saves: StoredChange[] = [];
  const { save } = tested.storage;
  tested.storage.save = (change) => {
    saves.push(change);
    save(change);
  };
  tested.wallMs = 6_000_000;
  await tested.get("/get/log");
  expect(saves).toEqual([]);
  await tested.get("/history?unit=E001");
  expect(saves.map(({ timeS, command }) => [Math.floor(timeS), command])).toEqual([[5047, undefined]]);
  tested.wallMs = 14_000_000;
  await tested.get("/set/emu/E004?rsoc=50");
  expect(saves.map(({ timeS }) => Math.floor(timeS))).toEqual([5047, 13_195, 14_000]);
  await tested.get("/summary");
  expect(saves).toHaveLength(3);
});

test("P51: a run is performed again from its log, which has no trips, to the same trips and charges", async () => {
  const tested = create({ acceleration: 0 });
  await beginExchange(tested);
  await tested.get("/step", postJson({ untilS: 20_000 }));
  await tested.get("/set/emu/E003?rsoc=60");
  await tested.get("/step", postJson({ untilS: 90_000 }));
  const toDay = Number.MAX_SAFE_INTEGER;
  const request = { of: "commands", fromDay: 0, toDay, format: "json" } as const;
  const text = [...tested.emulator.writeExport(request, tested.wallMs)].join("");
  expect(text).not.toMatch(/trip|protected/);
  const log = readCommandLog(text);
  const again = await repeatRun(log, (config) => createWorld(config, evenInput), "even", 1800);
  const charges = tested.emulator.readUnitsAt(90_000).map(({ stateOfChargePercent }) => stateOfChargePercent);
  expect(again.hourlyRsoc.at(-1)).toEqual([90_000, ...charges]);
  // Just after both trips too, as the records have it.
  expect(again.hourlyRsoc.find(([timeS]) => timeS === 14_400)?.slice(1)).toEqual(
    [1, 2, 3, 4].map((number) => chargeAt(tested, number, 14_400)),
  );
});

const chargeAt = (tested: TestEmulator, number: number, timeS: number) =>
  replayUnit(tested.storage, tested.emulator.readChapters(), number, timeS, timeS).readAt(timeS)?.reading
    .stateOfChargePercent;

test("G3: with protection E005, full and taking 720 W, ends the golden exchange in Waiting at second 216000", async () => {
  const golden = new URL("../golden/", import.meta.url);
  const { commands, units } = JSON.parse(readFileSync(new URL("trajectory-deals.json", golden), "utf8")) as {
    commands: { at: number; get: string }[];
    units: string[];
  };
  const files = ["solar.csv", "load.csv"].map((name) => new URL(name, golden).pathname);
  const compiled = await readInputFiles(files[0] as string, files[1] as string);
  const input = await loadInput(compiled, units.keys(), 60);
  const parameters = { units: units.length, demandIntervalMinutes: "60", acceleration: 121 };
  const states = async (protection: string) => {
    const tested = createTestEmulator({ ...parameters, protection }, input, (wallMs) => wallMs / 121);
    for (const { at, get } of commands.filter(({ at }) => at <= 216_000)) {
      tested.wallMs = at * 1000;
      expect((await tested.get(get)).status, get).toBe(200);
    }
    const before = await json(tested, "/get/unit/E005");
    tested.wallMs = 216_001_000;
    const after = await json(tested, "/get/unit/E005");
    return [before, after].map(({ dcdc }) => dcdc.status.operationMode);
  };
  expect(await states("off")).toEqual(["Grid Autonomy", "Grid Autonomy"]);
  expect((await states("on"))[1]).toBe("Waiting");
});

test("P53: without protection one WARNING a unit and day says that an empty battery sells or a full one burns", async () => {
  const tested = create({ protection: "off", acceleration: 0 });
  await tested.get("/set/emu/E001?rsoc=100&ups_output_power=0");
  await tested.get("/set/emu/E002?rsoc=1");
  await tested.get("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  await tested.get("/set/dcdc/E002?mode=0x0002&dvg=350&dig=2");
  const untilDay = async (day: number) => {
    for (let hour = 0; hour < 24; hour += 6)
      await tested.get("/step", postJson({ untilS: day * 86_400 + hour * 3600 + 1 }));
  };
  await untilDay(0);
  // A full one burns at once, with neither house nor sun; the empty one sells what AC brings soon after.
  expect(tested.log.filter(({ message }) => message.startsWith("An empty battery sells"))).toHaveLength(1);
  expect(tested.log.filter(({ message }) => message.startsWith("A full battery burns"))).toHaveLength(1);
  await untilDay(1);
  expect(tested.log.filter(({ message }) => message.startsWith("An empty battery sells"))).toHaveLength(2);
  const on = create({ protection: "on", acceleration: 0 });
  await on.get("/set/emu/E002?rsoc=1");
  await on.get("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  await on.get("/set/dcdc/E002?mode=0x0002&dvg=350&dig=2");
  await on.get("/step", postJson({ untilS: 86_400 }));
  expect(on.log.filter(({ message }) => /sells|burns/.test(message))).toEqual([]);
  expect(on.log.filter(({ message }) => message.startsWith("The bus has reached"))).toHaveLength(1);
});
