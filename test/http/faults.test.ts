import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FaultJson } from "../../src/api/wire/faults-json.ts";
import {
  entryOf,
  faultKindNames,
  faultMeters,
  faultParameters,
  type HardwarePath,
  hardwarePaths,
  parametersOf,
} from "../../src/input/faults/kinds.ts";
import type { UnitJson } from "../../src/input/units/unit-json.ts";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";
import { ask, readLog, readUnit, refused } from "./api.ts";

interface Changed {
  readonly id: number;
  readonly faults: readonly FaultJson[];
}

const add = (tested: TestEmulator, query: string) => ask<Changed>(tested, `/faults/add?${query}`);
const list = async (tested: TestEmulator) => (await ask<Changed>(tested, "/faults")).faults;
/** As a controller reads it. */
const read = (tested: TestEmulator, id = "E001") => ask<UnitJson>(tested, `/get/unit/${id}`);
const meterOf = async (tested: TestEmulator, id = "E001") => (await read(tested, id)).dcdc.meter;

/** What each kind needs besides. */
const needed: Partial<Record<string, string>> = {
  late: "&ms=1",
  httpStatus: "&status=503",
  meterStuck: "&meter=vg",
  meterOffset: "&meter=vg&offset=1",
  meterNoisy: "&meter=vg&deviation=1",
};

describe("faults of the hardware", () => {
  test("A61: a fault is added, listed and ended, at once or at a simulated time, of one unit or of all", async () => {
    const tested = createTestEmulator();
    const { id, faults } = await add(tested, "kind=overTemperature&unit=E002");
    const parameters = { tmp: 60 };
    const times = { from: "2020/01/01-00:00:00", fromS: 0, until: null, untilS: null };
    expect(faults).toEqual([{ id, kind: "overTemperature", unit: "E002", on: true, ...times, parameters }]);
    await add(tested, "kind=late&ms=100&unit=all&at=2020-01-01T01:00:00&for=60");
    await add(tested, "kind=ignoreCommands&at=60&untilS=3000");
    const told = (each: FaultJson) => [each.unit, each.on, each.fromS, each.untilS];
    expect((await list(tested)).map(told)).toEqual([
      ["E002", true, 0, null],
      [null, false, 3600, 3660],
      [null, false, 60, 3000],
    ]);
    expect(await ask(tested, "/state")).toMatchObject({ faults: await list(tested) });
    expect((await ask<Changed>(tested, "/faults/end?id=1")).faults.map((each) => each.id)).toEqual([2, 3]);
    tested.wallMs = 3660_000;
    expect(await list(tested)).toEqual([]);
    expect((await add(tested, "kind=batteryStatus")).id).toBe(4);
  });

  test.each(faultKindNames)("A61: a body says what a query says: %s", async (kind) => {
    const [byQuery, byForm, byJson] = [createTestEmulator(), createTestEmulator(), createTestEmulator()];
    const query = new URLSearchParams(`kind=${kind}${needed[kind] ?? ""}&at=60&for=5`);
    const added = await add(byQuery, query.toString());
    expect(await ask(byForm, "/faults/add", { method: "POST", body: query })).toEqual(added);
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify(Object.fromEntries(query));
    expect(await ask(byJson, "/faults/add", { method: "POST", headers, body })).toEqual(added);
  });

  test("A61: begin and end are in the log, of a scheduled fault at their seconds", async () => {
    const tested = createTestEmulator();
    await add(tested, "kind=meterStuck&meter=rsoc&unit=E001");
    await ask(tested, "/faults/end?id=1");
    await add(tested, "kind=noAnswer&at=100&for=50&unit=E003");
    tested.wallMs = 500_000;
    await ask(tested, "/get/acc");
    const lines = tested.log.filter(({ message }) => message.startsWith("Fault"));
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      "WARNING Fault 1, meterStuck meter=rsoc of E001, begins",
      "INFO Fault 1, meterStuck meter=rsoc of E001, ends",
      "WARNING Fault 2, noAnswer ms=10000 of E003, begins",
      "INFO Fault 2, noAnswer ms=10000 of E003, ends",
    ]);
  });

  test("A62: meters tell what they tell at the paths of a controller alone", async () => {
    const tested = createTestEmulator();
    await ask(tested, "/set/emu/E001?rsoc=80");
    await ask(tested, "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
    tested.wallMs = 300_000;
    await ask(tested, "/set/dcdc/E002?mode=0x0002&dvg=350&dig=1");
    const truth = { log: await readLog(tested), unit: await read(tested) };
    await add(tested, "kind=meterOffset&meter=vg&offset=-20&unit=E001");
    await add(tested, "kind=meterStuck&meter=ig&value=3.5&unit=E001");
    await add(tested, "kind=meterStuck&meter=rsoc&value=12&unit=E001");
    const told = await read(tested);
    expect(told.dcdc.meter).toEqual({ ...truth.unit.dcdc.meter, vg: 330, ig: 3.5 });
    expect(told.emu).toEqual({ ...truth.unit.emu, rsoc: 12, battery_rsoc: 12 });
    for (const path of ["/get/dcdc/E001", "/get/dcdc/status/E001", "/set/dcdc/current/E001?dig=2"])
      expect((await ask<UnitJson["dcdc"]>(tested, path)).meter.vg, path).toBe(330);
    expect(await ask(tested, "/get/emu/E001")).toMatchObject({ rsoc: 12 });
    expect(await readLog(tested)).toEqual(truth.log);
    expect(await ask(tested, "/state")).toMatchObject({
      busVoltageV: 350,
      units: [{ stateOfChargePercent: truth.unit.emu.rsoc }, {}, {}, {}],
    });
    expect((await read(tested, "E002")).dcdc.meter.vg).toBe(350);
  });

  test("A62: at one path alone where one is told", async () => {
    const tested = createTestEmulator();
    await add(tested, "kind=meterOffset&meter=tmp&offset=100&path=/get/dcdc/status");
    const { tmp } = (await readUnit(tested)).dcdc.meter;
    expect((await ask<UnitJson["dcdc"]>(tested, "/get/dcdc/status/E001")).meter.tmp).toBe(tmp + 100);
    expect((await meterOf(tested)).tmp).toBe(tmp);
  });

  test.each([
    ["at once", "", 0],
    ["at a simulated second", "&at=1000", 1000],
  ])("A62: a meter is stuck at what it read when that began, whoever looked: %s", async (_, at, beginS) => {
    const lookOften = createTestEmulator({ acceleration: 1 });
    const lookLate = createTestEmulator({ acceleration: 1 });
    const truth = createTestEmulator({ acceleration: 1 });
    const values: number[] = [];
    for (const tested of [lookOften, lookLate, truth]) {
      await ask(tested, "/set/emu/E001?rsoc=50");
      if (tested !== truth) await add(tested, `kind=meterStuck&meter=rsoc${at}`);
    }
    truth.wallMs = beginS * 1000;
    const stuck = (await read(truth)).emu.rsoc;
    for (let wallMs = 0; wallMs <= 40_000_000; wallMs += 500_000) {
      lookOften.wallMs = wallMs;
      const { rsoc } = (await read(lookOften)).emu;
      if (wallMs >= beginS * 1000) values.push(rsoc);
      if (wallMs === 10_000_000) lookOften.evict();
      // Kept with a command, it stays what it was.
      if (wallMs === 20_000_000) await ask(lookOften, "/set/emu/E001?rsoc=90");
    }
    lookLate.wallMs = 20_000_000;
    await ask(lookLate, "/set/emu/E001?rsoc=90");
    lookLate.evict();
    expect(new Set([...values, (await read(lookLate)).emu.rsoc])).toEqual(new Set([stuck]));
    expect((await readUnit(lookLate)).emu.rsoc).toBe(90);
  });

  test.each(["", "&at=1000"])(
    "A62: a meter that other faults mislead is stuck at what it told: begins %s",
    async (at) => {
      const tested = createTestEmulator({ acceleration: 1 });
      await ask(tested, "/set/emu/E001?rsoc=60");
      await add(tested, "kind=meterStuck&meter=rsoc&unit=E001&for=3000");
      await add(tested, "kind=meterOffset&meter=rsoc&offset=-20");
      await add(tested, "kind=meterOffset&meter=rsoc&offset=-3&path=/get/emu");
      await add(tested, `kind=meterStuck&meter=rsoc${at}`);
      const told = async () => (await read(tested)).emu.rsoc;
      for (const timeS of [1000, 2000, 4000]) {
        tested.wallMs = timeS * 1000;
        expect(await told(), String(timeS)).toBe(40);
        expect((await ask<{ rsoc: number }>(tested, "/get/emu/E001")).rsoc).toBe(40);
      }
      await ask(tested, "/faults/end?id=2");
      tested.evict();
      expect(await told()).toBe(40);
    },
  );

  test("A62: on a held clock a meter is stuck at what it read before the next command", async () => {
    const tested = createTestEmulator();
    await ask(tested, "/time/hold");
    await ask(tested, "/set/acc/200");
    await ask(tested, "/time/hold");
    await add(tested, "kind=meterStuck&meter=vg");
    await ask(tested, "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
    expect((await readUnit(tested)).dcdc.meter.vg).toBe(350);
    expect((await meterOf(tested)).vg).toBe(0);
    tested.evict();
    expect((await meterOf(tested, "E003")).vg).toBe(0);
  });

  test("A63: noise follows from seed, unit, meter and simulated second: who polls does not matter", async () => {
    const readAll = async (stepMs: number, seed: number) => {
      const tested = createTestEmulator({ acceleration: 1 });
      await ask(tested, "/set/emu/E001?rsoc=50");
      await add(tested, `kind=meterNoisy&meter=tmp&deviation=2&seed=${seed}`);
      await add(tested, `kind=meterNoisy&meter=vg&deviation=2&seed=${seed}`);
      const seen = new Map<number, string>();
      for (let wallMs = 0; wallMs <= 600_000; wallMs += stepMs) {
        tested.wallMs = wallMs;
        const [one, two] = [await meterOf(tested), await meterOf(tested, "E002")];
        seen.set(wallMs, JSON.stringify([one.tmp, one.vg, two.tmp]));
        if (wallMs === 300_000) tested.evict();
      }
      return { seen, truth: (await readUnit(tested)).dcdc.meter.tmp };
    };
    const often = await readAll(1000, 7);
    const rarely = await readAll(60_000, 7);
    for (const [wallMs, told] of rarely.seen) expect(told).toBe(often.seen.get(wallMs));
    expect([...(await readAll(60_000, 8)).seen.values()]).not.toEqual([...rarely.seen.values()]);
    const values = [...often.seen.values()].map((told) => JSON.parse(told) as [number, number, number]);
    const errors = values.map(([tmp]) => tmp - often.truth);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length);
    expect(Math.abs(mean)).toBeLessThan(0.3);
    expect(deviation).toBeGreaterThan(1.7);
    expect(deviation).toBeLessThan(2.3);
    expect(values.some(([one, , two]) => one !== two)).toBe(true);
    expect(values.some(([tmp, vg]) => Math.abs(tmp - often.truth - vg) > 1e-6)).toBe(true);
  });

  test("A64: commands that are ignored are answered, logged and change nothing", async () => {
    const tested = createTestEmulator();
    await add(tested, "kind=ignoreCommands&unit=E001&path=/set/dcdc&for=100");
    const before = await readLog(tested);
    const reply = await ask<UnitJson["dcdc"]>(tested, "/set/dcdc/E001?mode=0x0014&dvg=351&dig=2");
    expect(reply.status.operationMode).toBe("Waiting");
    expect(await readLog(tested)).toEqual(before);
    const commands = await ask<{ commands: { get: string; effect: string }[] }>(
      tested,
      "/commands?format=json",
    );
    expect(commands.commands.at(-1)).toMatchObject({ effect: "ignored by fault 1" });
    const other = await ask<UnitJson["dcdc"]>(tested, "/set/dcdc/voltage/E001?dvg=351");
    expect(other.vdis.dvg).toBe(351);
    tested.wallMs = 100_000;
    const taken = await ask<UnitJson["dcdc"]>(tested, "/set/dcdc/E001?mode=0x0014&dvg=351&dig=2");
    expect(taken.status.operationMode).toBe("Grid Autonomy");
  });

  test("A65: answers are late, an error of HTTP or lost, of one unit at one path; commands are carried out", async () => {
    const tested = createTestEmulator();
    await add(tested, "kind=httpStatus&status=503&unit=E001&path=/set/dcdc");
    await add(tested, "kind=noAnswer&ms=20&unit=E002");
    await add(tested, "kind=late&ms=60&unit=E003");
    const failed = await tested.get("/set/dcdc/E001?mode=0x0000&dvg=333&dig=2");
    expect(failed.status).toBe(503);
    expect(await failed.json()).toMatchObject({ error: { code: "fault" } });
    expect((await read(tested)).dcdc.vdis.dvg).toBe(333);
    const lost = await tested.get("/set/dcdc/voltage/E002?dvg=334");
    await expect(lost.text()).rejects.toThrow();
    expect((await readUnit(tested, "E002")).dcdc.vdis.dvg).toBe(334);
    const order: string[] = [];
    const note = (name: string) => () => order.push(name);
    const late = read(tested, "E003").then(note("E003"));
    await read(tested, "E004").then(note("E004"));
    await late;
    expect(order).toEqual(["E004", "E003"]);
    expect((await tested.get("/get/log")).status).toBe(200);
  });

  /** A live bus: E001 holds it at 350 V, E002 gives 1 A and E003 takes 2 A. */
  const startBus = async (tested: TestEmulator) => {
    for (const id of ["E001", "E002", "E003"]) await ask(tested, `/set/emu/${id}?rsoc=60`);
    await ask(tested, "/set/acc/200");
    await ask(tested, "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
    await ask(tested, "/set/acc/10");
    await ask(tested, "/set/dcdc/E002?mode=0x0002&dvg=350&dig=1");
    await ask(tested, "/set/dcdc/E003?mode=0x0041&dvg=350&dig=2");
  };
  const statusOf = async (tested: TestEmulator, id: string) => {
    const { dcdc } = await readUnit(tested, id);
    return [dcdc.status.operationMode, dcdc.status.alarmState, dcdc.status.alarm];
  };

  test("A68: a converter trips at once with its alarm, which a mode that is taken ends; its neighbours are told", async () => {
    const tested = createTestEmulator();
    await startBus(tested);
    await add(tested, "kind=trip&unit=E002&number=0abc%200000%200001");
    expect(await statusOf(tested, "E002")).toEqual(["Waiting", "Light alarm", "0ABC 0000 0001"]);
    expect((await read(tested, "E001")).dcdc.meter.ig).toBe(-2);
    expect(await ask(tested, "/get/dcdc/status/E002")).toMatchObject({
      status: { alarmState: "Light alarm" },
    });
    expect((await list(tested)).map(({ on }) => on)).toEqual([true]);
    // Another fault of other hardware changes nothing of it, nor does an eviction.
    await add(tested, "kind=late&ms=1&unit=E003&for=1");
    tested.evict();
    expect(await statusOf(tested, "E002")).toEqual(["Waiting", "Light alarm", "0ABC 0000 0001"]);
    await ask(tested, "/faults/end?id=2");
    const before = await statusOf(tested, "E004");
    await ask(tested, "/set/dcdc/E002?mode=0x0002&dvg=350&dig=1");
    expect(await statusOf(tested, "E002")).toEqual(["Heteronomy CV", ...before.slice(1)]);
    expect(await list(tested)).toEqual([]);
    tested.evict();
    expect((await statusOf(tested, "E002"))[0]).toBe("Heteronomy CV");
  });

  test.each([
    ["heavy", "kind=trip&unit=E001&alarm=heavy", "Heavy alarm"],
    ["light, for a time", "kind=trip&unit=E001&for=600", "Light alarm"],
  ])("A68: while a trip lasts no mode is taken: %s", async (_, query, alarm) => {
    const tested = createTestEmulator({ acceleration: 10 });
    await startBus(tested);
    await add(tested, query);
    expect((await statusOf(tested, "E001")).slice(0, 2)).toEqual(["Waiting", alarm]);
    expect((await read(tested, "E002")).dcdc.meter.vg).toBe(0);
    const reply = await ask<UnitJson["dcdc"]>(tested, "/set/dcdc/E001?mode=0x0014&dvg=340&dig=2");
    expect(reply.status).toMatchObject({ operationMode: "Waiting", alarmState: alarm });
    expect(reply.vdis.dvg).toBe(340);
    await ask(tested, "/set/emu/E001?mode=0x0041");
    await ask(tested, "/set/dcdc/E001?mode=0x0000&dvg=340&dig=2");
    expect((await statusOf(tested, "E001")).slice(0, 2)).toEqual(["Waiting", alarm]);
    await ask(tested, "/get/last");
    await ask(tested, "/restart");
    expect((await statusOf(tested, "E001")).slice(0, 2)).toEqual(["Waiting", alarm]);
    tested.evict();
    if (query.includes("heavy")) await ask(tested, "/faults/end?id=1");
    else tested.wallMs += 60_000;
    await ask(tested, "/set/dcdc/E001?mode=0x0014&dvg=340&dig=2");
    expect((await statusOf(tested, "E001"))[0]).toBe("Grid Autonomy");
    expect((await statusOf(tested, "E001"))[1]).not.toBe("Heavy alarm");
  });

  test("A68: a heavy alarm ends with its fault, at its second or by hand, and is told of a converter that waits too", async () => {
    const tested = createTestEmulator({ acceleration: 1 });
    const before = await statusOf(tested, "E004");
    await add(tested, "kind=trip&unit=E004&alarm=heavy&at=100&for=50");
    tested.wallMs = 99_000;
    expect(await statusOf(tested, "E004")).toEqual(before);
    tested.wallMs = 100_000;
    expect((await statusOf(tested, "E004"))[1]).toBe("Heavy alarm");
    tested.wallMs = 149_000;
    expect((await statusOf(tested, "E004"))[1]).toBe("Heavy alarm");
    tested.wallMs = 150_000;
    expect(await statusOf(tested, "E004")).toEqual(before);
    await add(tested, "kind=trip&alarm=heavy");
    expect((await statusOf(tested, "E004"))[1]).toBe("Heavy alarm");
    await ask(tested, "/faults/end?id=2");
    expect(await statusOf(tested, "E004")).toEqual(before);
    tested.evict();
    expect(await statusOf(tested, "E004")).toEqual(before);
  });

  test("A68: where a heavy alarm ends and a light trip still lasts, its light alarm stays, without another trip", async () => {
    const tested = createTestEmulator({ acceleration: 1 });
    await startBus(tested);
    await add(tested, "kind=trip&unit=E003&at=500&for=1000&number=0000 0000 0001");
    await add(tested, "kind=trip&unit=E003&alarm=heavy&at=600&for=100&number=0000 0000 0002");
    await add(tested, "kind=trip&unit=E003&alarm=heavy&at=800");
    const at = async (timeS: number) => {
      tested.wallMs = timeS * 1000;
      return (await statusOf(tested, "E003")).slice(1);
    };
    await ask(tested, "/set/acc/1");
    expect(await at(500)).toEqual(["Light alarm", "0000 0000 0001"]);
    expect(await at(600)).toEqual(["Heavy alarm", "0000 0000 0002"]);
    expect(await at(700)).toEqual(["Light alarm", "0000 0000 0001"]);
    tested.evict();
    expect(await at(799)).toEqual(["Light alarm", "0000 0000 0001"]);
    expect((await at(801))[0]).toBe("Heavy alarm");
    await ask(tested, "/faults/end?id=3");
    expect(await at(802)).toEqual(["Light alarm", "0000 0000 0001"]);
    const { events } = await ask<{ events: object[] }>(tested, "/events?kind=trip");
    expect(events).toHaveLength(3);
  });

  test.each(["by itself", "by hand"])(
    "A68: a light alarm keeps its number when its fault ends: %s",
    async (how) => {
      const tested = createTestEmulator({ acceleration: 1 });
      await startBus(tested);
      await ask(tested, "/set/acc/1");
      const endsItself = how === "by itself";
      await add(tested, `kind=trip&unit=E002&number=00AB 0000 0002${endsItself ? "&for=100" : ""}`);
      await add(tested, "kind=trip&unit=E003&at=50&for=10");
      tested.wallMs = 100_000;
      if (!endsItself) await ask(tested, "/faults/end?id=1");
      tested.wallMs = 200_000;
      expect(await list(tested)).toEqual([]);
      expect(await refused(tested, "/faults/end?id=1")).toMatchObject({ status: 404 });
      const numbers = async () => [(await statusOf(tested, "E002"))[2], (await statusOf(tested, "E003"))[2]];
      expect(await numbers()).toEqual(["00AB 0000 0002", "9021 0000 0000"]);
      await add(tested, "kind=late&ms=1&unit=E004");
      tested.evict();
      expect(await numbers()).toEqual(["00AB 0000 0002", "9021 0000 0000"]);
      await ask(tested, "/set/dcdc/E002?mode=0x0000&dvg=350&dig=1");
      expect((await numbers())[0]).toBe("4010 0080 0000");
      await add(tested, "kind=trip&unit=E002");
      expect((await numbers())[0]).toBe("9021 0000 0000");
    },
  );

  test("A68: the bus collapses, and comes again only once that is over", async () => {
    const tested = createTestEmulator({ acceleration: 10 });
    await startBus(tested);
    await add(tested, "kind=busCollapse&at=3000&untilS=4000");
    tested.wallMs = 299_000;
    expect((await read(tested, "E003")).dcdc.meter).toMatchObject({ vg: 350, ig: 2 });
    tested.wallMs = 300_000;
    expect((await read(tested, "E003")).dcdc.meter).toMatchObject({ vg: 0, ig: 0 });
    for (const id of ["E001", "E002", "E003"]) expect((await statusOf(tested, id))[0]).toBe("Waiting");
    const reply = await ask<UnitJson["dcdc"]>(tested, "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
    expect(reply.status.operationMode).toBe("Waiting");
    tested.wallMs = 400_000;
    await ask(tested, "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
    expect((await statusOf(tested, "E001"))[0]).toBe("Grid Autonomy");
    expect(await refused(tested, "/faults/add?kind=busCollapse&unit=E001")).toMatchObject({
      parameter: "unit",
    });
  });

  test("A69: a trip that is to come comes at its second, whoever polls, to the bit, through evictions and with days between", async () => {
    const run = async (looks: readonly number[], evicts: boolean) => {
      const tested = createTestEmulator({ acceleration: 10, atEndOfData: "repeat" });
      await startBus(tested);
      await add(tested, "kind=trip&unit=E001&at=5047");
      await add(tested, "kind=trip&unit=E002&alarm=heavy&at=13195.25&for=90000");
      await add(tested, "kind=busCollapse&at=20000&for=100");
      for (const timeS of looks) {
        tested.wallMs = timeS * 100;
        await read(tested, "E003");
        if (evicts) tested.evict();
      }
      tested.wallMs = 2_000_000;
      await ask(tested, "/set/emu/E003?rsoc=40");
      if (evicts) tested.evict();
      tested.wallMs = 20_000_000;
      const csv = await (await tested.get("/data/output/indivLog.csv")).text();
      const state = tested.storage.load();
      return {
        log: await readLog(tested),
        state: JSON.stringify([state?.bus, state?.units[2]]),
        events: [1, 2, 3].map((number) =>
          tested.storage.readEvents(number, 0, 1e6).map((event) => event.timeS),
        ),
        csv,
        summary: await ask(tested, "/summary"),
      };
    };
    const rarely = await run([], false);
    expect(await run([100, 5046, 5047, 9000, 13_196, 19_000], true)).toEqual(rarely);
    expect(await run([5048, 14_000], false)).toEqual(rarely);
    expect(rarely.events[0]).toEqual([0, 5047]);
    expect(rarely.events[2]).toContain(20_000);
    expect(rarely.events[1]).toContain(13_195.25);
    expect(rarely.events[1]).toContain(103_195.25);
  });

  test("A69: steps, a rollout and what is waited for come to the same trip, and tell of it", async () => {
    const tested = createTestEmulator({ acceleration: 10 });
    await startBus(tested);
    await ask(tested, "/time/hold");
    await add(tested, "kind=trip&unit=E003&at=1000.5");
    const post = (path: string, body: object) =>
      ask<{
        timeS: number;
        events: { timeS: number; unit: string; kind: string; cause?: string }[];
        plans: never;
      }>(tested, path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const before = JSON.stringify(tested.storage.load());
    const rolled = await post("/rollout", { plans: [[{ seconds: 3600 }]] });
    expect(JSON.stringify(rolled)).toContain('"timeS":1000.5,"unit":"E003","kind":"trip","cause":"fault"');
    expect(JSON.stringify(tested.storage.load())).toBe(before);
    const reached = await ask<{ timeS: number }>(tested, "/time/until?event=trip&unit=E003&latest=5000");
    expect(reached.timeS).toBe(1000.5);
    await add(tested, "kind=busCollapse&at=2000&for=10");
    const stepped = await post("/step", { steps: [{ seconds: 500 }, { seconds: 3600 }] });
    const trips = stepped.events.filter(({ kind }) => kind === "trip");
    expect(trips.map(({ timeS, unit }) => [timeS, unit])).toEqual([
      [2000, "E001"],
      [2000, "E002"],
    ]);
    expect(stepped.events.some(({ kind }) => kind === "busDown")).toBe(true);
    tested.evict();
    expect((await statusOf(tested, "E001"))[0]).toBe("Waiting");
  });

  test("A61: what comes and goes by itself is told by steps, waited for, and found again in the past", async () => {
    const tested = createTestEmulator({ acceleration: 1, atEndOfData: "repeat" });
    await ask(tested, "/time/hold");
    await add(tested, "kind=late&ms=1&unit=E002&at=100.5&for=50");
    await add(tested, "kind=batteryStatus&at=100.5");
    await add(tested, "kind=meterOffset&meter=vg&offset=1&for=90000");
    await add(tested, "kind=batteryStatus&at=400&for=100");
    expect(await ask(tested, "/time/until?event=faultEnd&unit=E002&latest=1000")).toMatchObject({
      timeS: 150.5,
    });
    await ask(tested, "/faults/end?id=2");
    await ask(tested, "/faults/end?id=4");
    await add(tested, "kind=trip&unit=E004&at=700");
    await ask(tested, "/remove/unit");
    const body = JSON.stringify({ steps: [{ seconds: 300 }, { seconds: 90_000 }], observe: [] });
    const headers = { "content-type": "application/json" };
    const stepped = await ask<{ events: { kind: string }[] }>(tested, "/step", {
      method: "POST",
      headers,
      body,
    });
    const ofFaults = ({ kind }: { kind: string }) => kind.startsWith("fault");
    expect(stepped.events.filter(ofFaults)).toEqual([{ timeS: 90_000, unit: null, kind: "faultEnd" }]);
    tested.evict();
    const { events } = await ask<{ events: { timeS: number; unit: string; kind: string; detail: string }[] }>(
      tested,
      "/events?kind=faultBegin,faultEnd",
    );
    expect(events.map(({ timeS, unit, kind, detail }) => [timeS, unit, kind, detail])).toEqual([
      [100.5, "E002", "faultBegin", "1"],
      [100.5, null, "faultBegin", "2"],
      [150.5, "E002", "faultEnd", "1"],
      [90_000, null, "faultEnd", "3"],
    ]);
  });

  test("A66: a fault outlives evictions, is kept in snapshots and goes with what it was of", async () => {
    const tested = createTestEmulator();
    await add(tested, "kind=batteryStatus&unit=E004&battery_operation_status=1");
    await add(tested, "kind=meterNoisy&meter=vg&deviation=1&at=90000&for=5");
    tested.evict();
    expect((await read(tested, "E004")).emu.battery_operation_status).toBe(1);
    await ask(tested, "/snapshots/keep?name=a");
    await ask(tested, "/remove/unit");
    expect((await list(tested)).map(({ id }) => id)).toEqual([2]);
    await ask(tested, "/faults/end?id=2");
    await ask(tested, "/snapshots/restore?name=a");
    expect((await list(tested)).map(({ id }) => id)).toEqual([1, 2]);
    await ask(tested, "/restart");
    expect(await list(tested)).toHaveLength(2);
    // A run that begins elsewhere begins with what is true now.
    tested.wallMs = 0;
    await ask(tested, "/time/start?at=2020-01-02");
    expect((await list(tested)).map(({ fromS }) => fromS)).toEqual([86_400, 176_400]);
    await ask(tested, "/restart?clock=start");
    expect(await list(tested)).toEqual([]);
  });

  test("A67: a wrong fault is refused by name, with what is allowed", async () => {
    const tested = createTestEmulator();
    tested.wallMs = 60_000;
    const wrong: [query: string, parameter: string | undefined, allowed: RegExp][] = [
      ["", "kind", /kind is missing/],
      ["kind=fire", "kind", /one of trip, busCollapse, ignoreCommands, late/],
      ["kind=late&ms=5&unit=E005", "unit", /E001 to E004/],
      ["kind=late&ms=5&unit=house", "unit", /E001, or all/],
      ["kind=late", "ms", /missing/],
      ["kind=late&ms=30001", "ms", /from 1 to 30000 real ms/],
      ["kind=late&ms=1.5", "ms", /whole number/],
      ["kind=late&ms=5&meter=vg", "meter", /allowed: kind, unit, at, untilS, for, ms, path/],
      ["kind=httpStatus&status=200", "status", /from 400 to 599/],
      ["kind=meterStuck&meter=wg", "meter", /one of vg, ig, vb, ib, tmp, rsoc/],
      ["kind=meterStuck&meter=rsoc&value=101", "value", /from 0 to 100 %/],
      ["kind=meterStuck&meter=rsoc&path=/get/dcdc", "path", /\/get\/unit, \/get\/emu/],
      ["kind=meterOffset&meter=vg&offset=volts", "offset", /a number from -1000 to 1000/],
      [
        "kind=ignoreCommands&path=/get/unit",
        "path",
        /\/set\/dcdc, \/set\/dcdc\/voltage, \/set\/dcdc\/current/,
      ],
      ["kind=ignoreCommands&path=/get/time", "path", /one of \/get\/unit/],
      ["kind=batteryStatus&battery_operation_status=3", "battery_operation_status", /from 0 to 2/],
      ["kind=batteryStatus&at=599", "at", /from the present, 600, to the end of the data, \d+$/],
      ["kind=batteryStatus&at=1000000000", "at", /to the end of the data/],
      ["kind=batteryStatus&at=someday", "at", /simulated seconds, or a time/],
      ["kind=batteryStatus&untilS=600", "untilS", /later than the fault begins/],
      ["kind=batteryStatus&for=0", "for", /from 0.001/],
      ["kind=batteryStatus&for=5&untilS=900", "for", /one of them/],
    ];
    for (const [query, parameter, message] of wrong) {
      const refusal = await refused(tested, `/faults/add?${query}`);
      expect(refusal.message, query).toMatch(message);
      expect(refusal.parameter, query).toBe(parameter);
      expect(await list(tested)).toEqual([]);
    }
    expect(await refused(tested, "/faults/end?id=1")).toMatchObject({ status: 404, parameter: "id" });
    expect(await refused(tested, "/faults/end")).toMatchObject({ code: "missing_parameter" });
  });

  test("A67: there are at most a hundred faults; those that are over count no more", async () => {
    const tested = createTestEmulator();
    for (let k = 0; k < 100; k++) await add(tested, "kind=batteryStatus&for=10");
    expect(await refused(tested, "/faults/add?kind=batteryStatus")).toMatchObject({
      status: 409,
      message: expect.stringContaining("allowed: 100"),
    });
    tested.wallMs = 10_000;
    expect((await add(tested, "kind=batteryStatus")).id).toBe(101);
  });

  test("A67: the limits in the schema are those that are enforced", async () => {
    const tested = createTestEmulator();
    const { oneOf } = await ask<{ oneOf: { title: string; properties: Record<string, Limits> }[] }>(
      tested,
      "/schema/faults.json",
    );
    expect(oneOf.map(({ title }) => title)).toEqual(faultKindNames);
    const limited = oneOf.flatMap(({ title, properties }) =>
      Object.entries(properties).flatMap(([name, limits]) =>
        limits.maximum === undefined || limits.minimum === undefined ? [] : [{ title, name, limits }],
      ),
    );
    expect(limited.length).toBeGreaterThan(8);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...limited),
        fc.double({ noNaN: true }),
        fc.boolean(),
        async (one, x, edge) => {
          const { minimum = 0, maximum = 0, type } = one.limits;
          const value = edge ? (x > 0 ? maximum : minimum) : type === "integer" ? Math.round(x) : x;
          const query = new URLSearchParams(`kind=${one.title}${needed[one.title] ?? ""}`);
          query.set(one.name, String(value));
          const { status } = await tested.get(`/faults/add?${query}`);
          expect(status, String(query)).toBe(value >= minimum && value <= maximum ? 200 : 400);
          if (status === 200) await tested.get("/faults/end?id=1");
          tested.evict();
          await tested.get("/restart?clock=start");
        },
      ),
      { numRuns: 60 },
    );
  });

  test("A67: docs/faults.md tells of each kind what the table does", () => {
    const text = readFileSync(new URL("../../docs/faults.md", import.meta.url), "utf8");
    for (const kind of faultKindNames) {
      const { text: what, noticed, needs, isOfAll } = entryOf(kind);
      const takes = parametersOf(kind).map((name) => (needs.includes(name) ? `**${name}**` : name));
      expect(text, kind).toContain(
        `| \`${kind}\` | ${isOfAll ? "all" : "one, or all"} | ${takes.join(", ")} | ${what} | ${noticed} |`,
      );
    }
    for (const [name, parameter] of Object.entries(faultParameters)) {
      const allowed =
        "options" in parameter
          ? parameter.options.map((option) => `\`${option}\``).join(", ")
          : "pattern" in parameter
            ? "`HHHH HHHH HHHH`"
            : `${parameter.min} to ${parameter.max}${parameter.unit === "" ? "" : ` ${parameter.unit}`}${parameter.whole ? ", whole" : ""}`;
      expect(text, name).toContain(`| \`${name}\` | ${allowed} | ${parameter.text} |`);
    }
    for (const [name, { min, max, unit }] of Object.entries(faultMeters))
      expect(text, name).toContain(`\`${name}\` ${min} to ${max} ${unit}`);
  });
});

interface Limits {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly type?: string;
}

test("A62: every path of a controller is one at which a fault can act", () => {
  const replies: readonly HardwarePath[] = hardwarePaths;
  expect(replies).toHaveLength(7);
});
