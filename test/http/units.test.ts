import { describe, expect, test } from "vitest";
import resetFile from "../../jsontmp/fakeResponse.json" with { type: "json" };
import lastSaveFile from "../../jsontmp/lastSave.json" with { type: "json" };
import standardFile from "../../jsontmp/standard.json" with { type: "json" };
import { readUnitsFile } from "../../src/input/units/read-unit-file.ts";
import type { Save } from "../../src/input/units/save.ts";
import { createTestEmulator, readUnits, type TestEmulator } from "../support/emulators.ts";
import { ask, type LogJson, readLog, readUnit, refused } from "./api.ts";

const ids = (count: number) => Array.from({ length: count }, (_, i) => `E${String(i + 1).padStart(3, "0")}`);

describe("adding and removing", () => {
  test("A9: a unit is added with the next ID and the defaults of standard.json, at the present time", async () => {
    const tested = createTestEmulator({ doUpdates: false });
    tested.wallMs = 7000;
    const log = await ask<LogJson>(tested, "/add/unit");
    expect(Object.keys(log)).toEqual(ids(5));
    expect(log.E005).toMatchObject({
      time: "2020/01/01-00:01:10",
      emu: { rsoc: standardFile.emu.rsoc },
      dcdc: { status: { status: "0x0000" }, vdis: standardFile.dcdc.vdis, param: standardFile.dcdc.param },
      oesunit: { id: "E005", display: "Sample_E005" },
    });
  });

  test("A9: units beyond the homes of the data use its homes again in turn", async () => {
    const demand = (home: number) => ({ stepS: 1800, values: new Uint16Array(144).fill(100 * (home + 1)) });
    const { evenInput } = await import("../support/emulators.ts");
    const tested = createTestEmulator({ units: 5 }, { ...evenInput, homes: 3, demandOf: demand });
    await ask(tested, "/add/unit");
    const powers = Object.values(await readLog(tested)).map(({ emu }) => emu.ups_output_power);
    expect(powers).toEqual([100, 200, 300, 100, 200, 300]);
  });

  test("A9: the unit with the highest ID is removed, and is unknown then", async () => {
    const tested = createTestEmulator();
    expect(Object.keys(await ask<LogJson>(tested, "/remove/unit"))).toEqual(ids(3));
    expect(await refused(tested, "/get/unit/E004")).toMatchObject({ status: 404, code: "unknown_unit" });
    tested.evict();
    expect(Object.keys(await readLog(tested))).toEqual(ids(3));
  });

  test("A9: a unit that is added again begins anew", async () => {
    const tested = createTestEmulator();
    await ask(tested, "/set/emu/E004?rsoc=11");
    await ask(tested, "/set/dcdc/E004?mode=0x0014&dvg=311&dig=1&drg=0.3");
    await ask(tested, "/remove/unit");
    await ask(tested, "/add/unit");
    const fresh = await readUnit(createTestEmulator(), "E004");
    expect(await readUnit(tested, "E004")).toEqual(fresh);
  });

  test("A9: the last unit stays: 409", async () => {
    const tested = createTestEmulator({ units: 1 });
    const refusal = await refused(tested, "/remove/unit");
    expect(refusal).toMatchObject({ status: 409, code: "conflict" });
    expect(refusal.message).toContain("E001");
  });

  test("A9: IDs go on from E999 to E1000, and no unit is added beyond the limit: 409", async () => {
    const tested = createTestEmulator({ units: 998 });
    await ask(tested, "/add/unit");
    const log = await ask<LogJson>(tested, "/add/unit");
    expect(Object.keys(log).slice(-3)).toEqual(["E998", "E999", "E1000"]);
    const refusal = await refused(tested, "/add/unit");
    expect(refusal).toMatchObject({ status: 409, code: "conflict" });
    expect(refusal.message).toMatch(/1000.*maximumUnits/);
    expect(await ask(tested, "/set/dcdc/current/E1000?dig=1.5")).toMatchObject({ param: { dig: 1.5 } });
    expect(await ask(tested, "/get/unit/E1000")).toMatchObject({ oesunit: { id: "E1000" } });
    for (const id of ["E1001", "E01000", "E0999"])
      expect(await refused(tested, `/get/unit/${id}`), id).toMatchObject({ status: 404 });
    expect(Object.keys(await ask<LogJson>(tested, "/remove/unit")).at(-1)).toBe("E999");
  });

  test("A9: count adds several at once, of which each is like one that is added alone", async () => {
    const [together, alone] = [createTestEmulator(), createTestEmulator()];
    for (let added = 0; added < 7; added++) await ask(alone, "/add/unit");
    expect(await ask<LogJson>(together, "/add/unit?count=7")).toEqual(await readLog(alone));
    together.evict();
    expect(await readLog(together)).toEqual(await readLog(alone));
  });

  test.each(["0", "1000", "1.5", "many", ""])("A3: count=%s is refused and adds nothing", async (count) => {
    const tested = createTestEmulator();
    const refusal = await refused(tested, `/add/unit?count=${count}`);
    expect(refusal).toMatchObject({ status: 400, code: "invalid_parameter", parameter: "count" });
    expect(Object.keys(await readLog(tested))).toEqual(ids(4));
  });

  test("A9: more than the limit are refused whole, added or left by Reset", async () => {
    const tested = createTestEmulator({ units: 2, maximumUnits: 6 });
    for (const path of ["/add/unit?count=5", "/restart?units=7"])
      expect(await refused(tested, path), path).toMatchObject({ status: 409, code: "conflict" });
    expect(Object.keys(await readLog(tested))).toEqual(ids(2));
    expect(Object.keys(await ask<LogJson>(tested, "/add/unit?count=4"))).toEqual(ids(6));
  });

  test("A9: the limit is the configuration's maximumUnits", async () => {
    const tested = createTestEmulator({ units: 2, maximumUnits: 3 });
    await ask(tested, "/add/unit");
    const refusal = await refused(tested, "/add/unit");
    expect(refusal).toMatchObject({ status: 409, code: "conflict" });
    expect(refusal.message).toContain("3 units");
  });

  test("A9: Reset and Load Last bring no more units than maximumUnits either: 409, and what is there stays", async () => {
    const tested = createTestEmulator({ units: 7, maximumUnits: 7 });
    await ask(tested, "/save");
    tested.evict({ units: 4, maximumUnits: 6 });
    for (const path of ["/get/last", "/add/unit"]) {
      const refusal = await refused(tested, path);
      expect(refusal, path).toMatchObject({ status: 409, code: "conflict" });
      expect(refusal.message, path).toMatch(/There would be [78] units; allowed: 6 units \(maximumUnits\)/);
    }
    expect(Object.keys(await ask<LogJson>(tested, "/remove/unit"))).toHaveLength(6);
    expect(Object.keys(await ask<LogJson>(tested, "/restart"))).toHaveLength(6);
    tested.evict({ units: 4, maximumUnits: 5 });
    for (const path of ["/restart", "/restart?clock=start"])
      expect((await refused(tested, path)).message, path).toMatch(/6 units; allowed: 5 units/);
  });
});

const settingsOf = (log: LogJson) =>
  Object.values(log).map(({ emu, dcdc, oesunit }) => [
    emu.rsoc,
    dcdc.status.status,
    dcdc.vdis,
    dcdc.param,
    oesunit.display,
  ]);

async function stirUp(tested: TestEmulator): Promise<void> {
  await ask(tested, "/set/emu/E001?rsoc=12.5&ups_output_power=77");
  await ask(tested, "/set/dcdc/E002?mode=0x0014&dvg=344&dig=2&drg=0.1");
  await ask(tested, "/set/dcdc/E003?mode=0x0041&dvg=344&dig=1.5");
}

describe("Reset", () => {
  test.each([2, 6, 9])("A10: Reset leaves as many units as are asked for: %i", async (units) => {
    const tested = createTestEmulator();
    expect(await ask(tested, "/state")).toMatchObject({ resetUnits: 6 });
    await stirUp(tested);
    const log = await ask<LogJson>(tested, `/restart?units=${units}`);
    expect(Object.keys(log)).toEqual(ids(units));
    const fresh = createTestEmulator({ units: 9 });
    const expected = { ...(await readLog(fresh)), ...(resetFile as LogJson) };
    expect(settingsOf(log)).toEqual(settingsOf(expected).slice(0, units));
    tested.evict();
    expect(Object.keys(await readLog(tested))).toEqual(ids(units));
  });

  test("A10: Reset adopts the units of fakeResponse.json whole, and the clock runs on", async () => {
    const tested = createTestEmulator({ acceleration: 100 });
    await stirUp(tested);
    tested.wallMs = 360_000;
    const log = await ask<LogJson>(tested, "/restart");
    expect(settingsOf(log)).toEqual(settingsOf(resetFile as LogJson));
    expect(Object.keys(log)).toEqual(ids(6));
    for (const { time, dcdc } of Object.values(log)) {
      expect(time).toBe("2020/01/01-10:00:00");
      expect(dcdc.meter).toMatchObject({ vg: 0, ig: 0, wg: 0 });
      expect(dcdc.powermeter.kwh1).toBe(0);
    }
    tested.wallMs = 396_000;
    expect((await readUnit(tested)).time).toBe("2020/01/01-11:00:00");
    tested.evict();
    expect((await readUnit(tested, "E006")).time).toBe("2020/01/01-11:00:00");
  });

  test("A10: Reset takes back units that were added or removed", async () => {
    const tested = createTestEmulator({ units: 9 });
    expect(Object.keys(await ask<LogJson>(tested, "/restart"))).toEqual(ids(6));
    for (let i = 0; i < 4; i++) await ask(tested, "/remove/unit");
    expect(Object.keys(await ask<LogJson>(tested, "/restart"))).toEqual(ids(6));
  });

  test("A10: /restart?clock=start begins again at the start of the data, as the first time", async () => {
    const tested = createTestEmulator({ acceleration: 100 });
    const first = await (await tested.get("/restart")).text();
    tested.wallMs = 100_000;
    const laterFirst = await (await tested.get("/get/log")).text();
    await stirUp(tested);
    tested.wallMs = 1_234_567;
    expect(await (await tested.get("/restart?clock=start")).text()).toBe(first);
    tested.wallMs += 50_000;
    tested.evict();
    tested.wallMs += 50_000;
    expect(await (await tested.get("/get/log")).text()).toBe(laterFirst);
    expect(await ask(tested, "/get/acc")).toBe(100);
  });

  test("A10: /restart?clock=start leads out of the end of the data", async () => {
    const tested = createTestEmulator({ acceleration: 1000 });
    tested.wallMs = 10_000_000;
    expect((await readUnit(tested)).time).toBe("2020/01/04-00:00:00");
    await ask(tested, "/restart?clock=start");
    tested.wallMs += 60_000;
    expect((await readUnit(tested)).time).toBe("2020/01/01-16:40:00");
  });
});

describe("Save All and Load Last", () => {
  test("A10: Load Last of a fresh installation adopts lastSave.json", async () => {
    const tested = createTestEmulator();
    tested.wallMs = 3000;
    const log = await ask<LogJson>(tested, "/get/last");
    expect(settingsOf(log)).toEqual(settingsOf(lastSaveFile as LogJson));
    expect(log.E001?.time).toBe("2020/01/01-00:00:30");
  });

  test("A10: Load Last brings back exactly what Save All kept, however often and after an eviction", async () => {
    const tested = createTestEmulator({ acceleration: 1000 });
    await stirUp(tested);
    tested.wallMs = 3_333;
    const saved = await (await tested.get("/save")).text();
    expect((JSON.parse(saved) as LogJson).E003?.dcdc.meter.ig).toBe(1.5);
    expect((JSON.parse(saved) as LogJson).E001?.dcdc.powermeter.kwh1).toBeGreaterThan(0.1);
    for (let round = 0; round < 2; round++) {
      await ask(tested, "/set/emu/E003?rsoc=1");
      await ask(tested, "/set/dcdc/E002?mode=0x0000&dvg=300&dig=0&drg=0.9");
      await ask(tested, round === 0 ? "/add/unit" : "/remove/unit");
      tested.evict();
      expect(await (await tested.get("/get/last")).text()).toBe(saved);
    }
    await ask(tested, "/restart");
    expect(await (await tested.get("/get/last")).text()).toBe(saved);
  });

  test("A10: a ramp, the order of references and powers held by hand come back, also on a clock that began anew", async () => {
    const tested = createTestEmulator({ acceleration: 10 });
    const autonomy = (id: string, dvg: number) => `/set/dcdc/${id}?mode=0x0014&dvg=${dvg}&dig=2`;
    tested.wallMs = 100_000;
    await ask(tested, "/set/emu/E003?pvc_charge_power=123&ups_output_power=456");
    await ask(tested, autonomy("E002", 340));
    await ask(tested, autonomy("E001", 360));
    await ask(tested, "/set/dcdc/E004?mode=0x0041&dvg=360&dig=1");
    tested.wallMs += 2000;
    expect((await ask<LogJson>(tested, "/save")).E001?.dcdc.meter.vg).toBe(60);
    for (const path of ["/restart", "/restart?clock=start"]) {
      tested.wallMs += 50_000;
      await ask(tested, path);
      tested.evict();
      tested.wallMs += 10_000;
      const log = await ask<LogJson>(tested, "/get/last");
      expect(log.E004?.dcdc.meter, path).toMatchObject({ vg: 60, ig: 0 });
      expect(log.E003?.emu, path).toMatchObject({ pvc_charge_power: 123, ups_output_power: 456 });
      tested.evict();
      tested.wallMs += 9_900;
      expect((await readLog(tested)).E004?.dcdc.meter, path).toMatchObject({ vg: 357, ig: 0 });
      tested.wallMs += 101;
      expect((await readLog(tested)).E004?.dcdc.meter, path).toMatchObject({ vg: 360, ig: 1 });
      expect(await ask(tested, "/state"), path).toMatchObject({ voltageReference: "E001", busVoltageV: 360 });
      await ask(tested, "/set/dcdc/E001?mode=0x0000&dvg=360&dig=2");
      expect(await ask(tested, "/state"), path).toMatchObject({ voltageReference: "E002", busVoltageV: 340 });
      // The solar series has a point at each hour, the demand one at each half.
      tested.wallMs += 180_000;
      const { E003 } = await readLog(tested);
      expect(E003?.emu.ups_output_power, path).toBe(400);
      tested.wallMs += 180_000;
      expect((await readUnit(tested, "E003")).emu.pvc_charge_power, path).toBe(0);
    }
  });

  test("A10: with doUpdates=false all powers come back and stay", async () => {
    const tested = createTestEmulator({ doUpdates: false });
    await ask(tested, "/set/emu/E002?pvc_charge_power=123&rsoc=22.5");
    const saved = await ask<LogJson>(tested, "/save");
    await ask(tested, "/restart");
    tested.wallMs = 1e6;
    const log = await ask<LogJson>(tested, "/get/last");
    expect(log.E002?.emu).toMatchObject({ pvc_charge_power: 123, rsoc: 22.5 });
    expect(Object.values(log).map(({ dcdc }) => dcdc)).toEqual(Object.values(saved).map(({ dcdc }) => dcdc));
  });

  test("A10: a charge between two hundredths is saved at full precision", async () => {
    const tested = createTestEmulator();
    await ask(tested, "/set/emu/E001?rsoc=61.23456789");
    await ask(tested, "/save");
    await ask(tested, "/restart");
    await ask(tested, "/get/last");
    expect(readUnits(tested, tested.wallMs)[0]?.stateOfChargePercent).toBe(61.23456789);
  });

  test("A10: Load Last keeps the present time, and time runs on", async () => {
    const tested = createTestEmulator({ acceleration: 100 });
    await ask(tested, "/save");
    tested.wallMs = 36_000;
    expect((await ask<LogJson>(tested, "/get/last")).E001?.time).toBe("2020/01/01-01:00:00");
    tested.wallMs = 72_000;
    expect((await readUnit(tested)).time).toBe("2020/01/01-02:00:00");
  });

  test("A10: an AC charger that charges comes back charging; of a published file it is derived afresh", async () => {
    const tested = createTestEmulator({ units: 1, acceleration: 1 });
    await ask(tested, "/set/emu/E001?rsoc=19");
    await ask(tested, "/set/emu/E001?rsoc=22");
    const intake = async (path: string) => (await ask<LogJson>(tested, path)).E001?.dcdc.powermeter.p2;
    expect(await intake("/save")).toBe(548 + 160);
    await ask(tested, "/set/emu/E001?rsoc=90");
    const whole = await ask<LogJson>(tested, "/get/last");
    expect(whole.E001?.emu).toMatchObject({ rsoc: 22, ups_operation_mode: { mode: 5 } });
    expect(whole.E001?.dcdc.powermeter.p2).toBe(548 + 160);
    const saved = tested.storage.load()?.lastSave as Save;
    tested.storage.save({ timeS: 0, lastSave: { ...saved, snapshot: null } });
    tested.evict();
    expect(await intake("/get/last")).toBe(548);
  });

  test("A10: /save?format=file answers a file of the published form, of which all that it says can be loaded", async () => {
    const tested = createTestEmulator({ acceleration: 1000 });
    await stirUp(tested);
    tested.wallMs = 3_333;
    const response = await tested.get("/save?format=file");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="lastSave.json"');
    expect(response.headers.get("content-type")).toBe("application/json");
    const text = await response.text();
    expect(text).toBe(await (await tested.get("/get/log")).text());
    expect((await tested.get("/save")).headers.has("content-disposition")).toBe(false);
    expect(await (await tested.get("/save")).text()).toBe(text);
    const units = readUnitsFile("lastSave.json", JSON.parse(text));
    const other = createTestEmulator({ units: 1 });
    other.storage.save({ timeS: 0, lastSave: { units, snapshot: null } });
    other.evict();
    expect(settingsOf(await ask<LogJson>(other, "/get/last"))).toEqual(settingsOf(JSON.parse(text)));
    expect(await refused(tested, "/save?format=zip")).toMatchObject({ status: 400, parameter: "format" });
  });

  test("A10: the UPS follows the charge that is loaded, not the one that was there", async () => {
    const tested = createTestEmulator({ units: 2 });
    await ask(tested, "/set/emu/E001?rsoc=10");
    await ask(tested, "/save");
    await ask(tested, "/set/emu/E001?rsoc=90");
    await ask(tested, "/set/emu/E002?rsoc=10");
    const log = await ask<LogJson>(tested, "/get/last");
    const shown = (id: string) => [log[id]?.emu.ups_operation_mode.mode, log[id]?.dcdc.powermeter.p2];
    expect(shown("E001")).toEqual([5, 708]);
    expect(shown("E002")).toEqual([2, 57]);
  });
});
