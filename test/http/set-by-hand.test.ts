import { describe, expect, test } from "vitest";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";
import { ask, type LogJson, readUnit } from "./api.ts";

/** Puts the simulated time of an emulator at acceleration 10 to a second of the day. */
const moveTo = (tested: TestEmulator, simulatedS: number) => {
  tested.wallMs = simulatedS * 100;
};

describe("powers set by hand", () => {
  test("A7: ups_output_power holds until the next point of the demand, then the data take over", async () => {
    const tested = createTestEmulator();
    moveTo(tested, 100);
    const reply = await ask<LogJson>(tested, "/set/emu/E001?ups_output_power=1000");
    expect(reply.E001?.emu.ups_output_power).toBe(1000);
    moveTo(tested, 1799);
    expect((await readUnit(tested)).emu.ups_output_power).toBe(1000);
    expect((await readUnit(tested, "E002")).emu.ups_output_power).toBe(400);
    moveTo(tested, 1800);
    expect((await readUnit(tested)).emu.ups_output_power).toBe(400);
  });

  test("A7: pvc_charge_power holds until the next point of the sun, then the data take over", async () => {
    const tested = createTestEmulator();
    moveTo(tested, 12 * 3600 + 100);
    await ask(tested, "/set/emu/E001?pvc_charge_power=512.34");
    moveTo(tested, 12 * 3600 + 1800);
    expect((await readUnit(tested)).emu.pvc_charge_power).toBe(512.34);
    moveTo(tested, 13 * 3600 - 1);
    expect((await readUnit(tested)).emu.pvc_charge_power).toBe(512.34);
    moveTo(tested, 13 * 3600);
    expect((await readUnit(tested)).emu.pvc_charge_power).toBe(300);
  });

  test("A7: a power set by hand moves the battery: 600 W more for 1,700 s cost 6.73 % of 4,800 Wh", async () => {
    const chargeAfter = async (path: string) => {
      const tested = createTestEmulator();
      await ask(tested, "/set/emu/E001?rsoc=90");
      moveTo(tested, 100);
      await ask(tested, path);
      moveTo(tested, 1800);
      return (await readUnit(tested)).emu.rsoc;
    };
    const difference =
      (await chargeAfter("/get/log")) - (await chargeAfter("/set/emu/E001?ups_output_power=1000"));
    expect(difference).toBeCloseTo((600 * 1.14 * 1700) / 3600 / 48, 1);
  });

  test("A7: what was set by hand outlives an eviction", async () => {
    const tested = createTestEmulator();
    moveTo(tested, 100);
    await ask(tested, "/set/emu/E001?ups_output_power=1000");
    moveTo(tested, 900);
    const before = await (await tested.get("/get/log")).text();
    tested.evict();
    expect(await (await tested.get("/get/log")).text()).toBe(before);
    expect(before).toContain('"ups_output_power":1000');
  });

  test("A7: with doUpdates = false the values stay, and nothing moves", async () => {
    const tested = createTestEmulator({ doUpdates: false });
    await ask(tested, "/set/emu/E001?rsoc=77.77&ups_output_power=1000&pvc_charge_power=55");
    const before = (await readUnit(tested)).emu;
    moveTo(tested, 2 * 86_400);
    const { system_time, ...after } = (await readUnit(tested)).emu;
    expect(system_time.day).toBe(3);
    expect(after).toEqual({ ...before, system_time: undefined });
    expect(after).toMatchObject({ rsoc: 77.77, ups_output_power: 1000, pvc_charge_power: 55 });
  });
});

describe("charge set by hand", () => {
  test.each([
    [0, 5, true],
    [20, 5, true],
    [25, 5, false],
    [30, 5, false],
    [35, 2, false],
    [100, 2, false],
  ])("A7: rsoc %d puts the UPS in mode %d at once", async (rsoc, mode, acCharging) => {
    const tested = createTestEmulator();
    const reply = await ask<LogJson>(tested, `/set/emu/E001?rsoc=${rsoc}`);
    const { emu, dcdc } = reply.E001 ?? (await readUnit(tested));
    expect(emu).toMatchObject({ rsoc, battery_rsoc: rsoc, ups_operation_mode: { mode } });
    // 57 W of the transformer; 67 W + 6 % of 400 W of the bypass and the load; 160 W of the charger.
    expect(dcdc.powermeter.p2).toBe(57 + (mode === 5 ? 67 + 24 + 400 : 0) + (acCharging ? 160 : 0));
  });

  test("A7: charge, powers, converter and readings are set by one request", async () => {
    const tested = createTestEmulator();
    const path = "/set/emu/E001?rsoc=61&ups_output_power=500&mode=0x0014&dvg=333.3&drg=0.5&dig=1.75";
    const { E001 } = await ask<LogJson>(tested, path);
    expect(E001).toMatchObject({
      emu: { rsoc: 61, ups_output_power: 500 },
      dcdc: { status: { status: "0x0014" }, vdis: { dvg: 333.3, drg: 0.5 }, param: { dig: 1.75 } },
    });
  });
});

describe("derived readings", () => {
  const emuNames = [
    "charge_discharge_power",
    "battery_rsoc",
    "battery_voltage",
    "battery_current",
    "pvc_charge_voltage",
    "pvc_charge_current",
    "ups_input_voltage",
    "ups_output_voltage",
    "ups_output_current",
    "ups_output_frequency",
    "ups_operation_schedule",
  ] as const;

  test.each(emuNames)("A7: %s is echoed in the reply and nowhere else", async (name) => {
    const tested = createTestEmulator();
    moveTo(tested, 1234);
    const before = await (await tested.get("/get/log")).text();
    const reply = await ask<LogJson>(tested, `/set/emu/E001?${name}=-12.5`);
    expect(reply.E001?.emu[name]).toBe(-12.5);
    expect(reply.E002?.emu[name]).not.toBe(-12.5);
    expect(await (await tested.get("/get/log")).text()).toBe(before);
  });

  test.each(["p1", "p2"] as const)(
    "A7: %s is echoed by /set/emu and recomputed from then on",
    async (name) => {
      const tested = createTestEmulator();
      const before = await (await tested.get("/get/log")).text();
      const reply = await ask<LogJson>(tested, `/set/emu/E001?${name}=4321`);
      expect(reply.E001?.dcdc.powermeter[name]).toBe(4321);
      expect(await (await tested.get("/get/log")).text()).toBe(before);
      await ask(tested, `/set/dcdc/E001?mode=0x0000&dvg=359.98&dig=2&${name}=4321`);
      expect(await (await tested.get("/get/log")).text()).toBe(before);
    },
  );
});
