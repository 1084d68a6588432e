import { describe, expect, test } from "vitest";
import type { UnitJson } from "../../src/input/units/unit-json.ts";
import { createTestEmulator } from "../support/emulators.ts";
import { ask, readLog, readUnit } from "./api.ts";

/** Charges that put units in every state of the UPS, and an exchange of energy between two of them. */
async function createVariedEmulator(parameters: Record<string, unknown> = {}) {
  const tested = createTestEmulator({ units: 6, acceleration: 100, ...parameters });
  const charges = [95, 40, 28, 12, 0, 100];
  for (const [index, charge] of charges.entries())
    await ask(tested, `/set/emu/E00${index + 1}?rsoc=${charge}`);
  await ask(tested, "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  await ask(tested, "/set/dcdc/E002?mode=0x0041&dvg=350&dig=1.3");
  await ask(tested, "/set/dcdc/E003?mode=0x0002&dvg=350&dig=0.4");
  return tested;
}

/** Half a step of a value's two decimals, times the other factor, and that of the product itself. */
const product = (a: number, b: number) => 0.005 * (a + b) + 0.006;

function checkProducts({ emu, dcdc }: UnitJson): void {
  const { meter, powermeter } = dcdc;
  const near = (value: number, wanted: number, tolerance: number, what: string) =>
    expect(Math.abs(value - wanted), `${what}: ${value} is not ${wanted}`).toBeLessThanOrEqual(tolerance);
  const batteryW = emu.battery_voltage * emu.battery_current;
  near(Math.abs(batteryW), emu.charge_discharge_power, product(emu.battery_voltage, 0), "battery");
  const solarW = emu.pvc_charge_voltage * emu.pvc_charge_current;
  near(solarW, emu.pvc_charge_power, product(emu.pvc_charge_voltage, 0), "sun");
  const loadW = emu.ups_output_voltage * emu.ups_output_current;
  near(loadW, emu.ups_output_power, product(emu.ups_output_voltage, 0), "load");
  near(powermeter.v1 * powermeter.i1, powermeter.p1, product(powermeter.v1, 0) + 0.5, "intake");
  expect(powermeter.p1).toBe(powermeter.p2);
  expect(powermeter.kwh1).toBe(powermeter.kwh2);
  expect(Number.isInteger(powermeter.p2)).toBe(true);
  near(meter.ig * meter.vg, meter.wg, product(meter.vg, 0), "grid");
  near(meter.ib * meter.vb, meter.wb, product(meter.vb, 0), "battery side of the converter");
  const lossW = { "0x0000": 4.5, "0x0041": 71, "0x0002": 55, "0x0014": 55 }[dcdc.status.status];
  near(meter.wg - meter.wb, lossW as number, 0.011, "converter loss");
  const { hour, minute } = emu.dischargeable_time;
  expect(minute).toBeLessThan(60);
  if (emu.battery_current >= 0) {
    expect([hour, minute]).toEqual([0, 0]);
    return;
  }
  const hours = (Math.max(0, emu.rsoc - 30) * 48) / emu.charge_discharge_power;
  near(
    hour + minute / 60,
    hours,
    1 / 60 + hours / 500 + 0.24 / emu.charge_discharge_power,
    "dischargeable time",
  );
}

describe("live parameters", () => {
  test("A8: at every moment currents × voltages are the powers, and charges say how long they last", async () => {
    const tested = await createVariedEmulator();
    const seen = new Set<string>();
    for (let step = 0; step < 72; step++) {
      tested.wallMs += 36_000;
      for (const [id, json] of Object.entries(await readLog(tested))) {
        checkProducts(json);
        expect(json.emu.battery_rsoc, id).toBe(json.emu.rsoc);
        seen.add(`mode ${json.emu.ups_operation_mode.mode}`);
        seen.add(json.emu.battery_current < 0 ? "discharges" : "charges");
      }
    }
    expect([...seen].sort()).toEqual(["charges", "discharges", "mode 2", "mode 5"]);
  });

  test("A8: system_time and time are the simulated time, whole seconds, moving", async () => {
    const tested = await createVariedEmulator();
    const moments: [number, string][] = [
      [0, "2020/01/01-00:00:00"],
      [599.9, "2020/01/01-00:00:59"],
      [600, "2020/01/01-00:01:00"],
      [863_990, "2020/01/01-23:59:59"],
      [864_000, "2020/01/02-00:00:00"],
      [2_591_990, "2020/01/03-23:59:59"],
    ];
    for (const [deciseconds, time] of moments) {
      tested.wallMs = deciseconds;
      const unit = await readUnit(tested);
      expect(unit.time).toBe(time);
      const { year, month, day, hour, minute } = unit.emu.system_time;
      const pad = (value: number) => String(value).padStart(2, "0");
      expect(`${year}/${pad(month)}/${pad(day)}-${pad(hour)}:${pad(minute)}`).toBe(time.slice(0, 16));
    }
  });

  test("A8: startTime sets the calendar, leap days and turns of the year among them", async () => {
    const start = async (startTime: string, wallMs: number) => {
      const tested = createTestEmulator({ startTime, acceleration: 100 });
      tested.wallMs = wallMs;
      return (await readUnit(tested)).time;
    };
    expect(await start("2024-02-28T00:00:00", 863_990)).toBe("2024/02/28-23:59:59");
    expect(await start("2024-02-28T00:00:00", 864_000)).toBe("2024/02/29-00:00:00");
    expect(await start("2023-12-31T00:00:00", 864_000)).toBe("2024/01/01-00:00:00");
  });

  test("A8: battery_operation_status is absent, since apis-main takes any value but 3 for a fault", async () => {
    const tested = await createVariedEmulator();
    for (const path of ["/get/log", "/get/unit/E001", "/get/emu/E001", "/set/emu/E001?rsoc=50"])
      expect(await (await tested.get(path)).text()).not.toContain("battery_operation_status");
  });

  test("A8: a waiting unit's powers by hand: battery mode, no sun, 400 W of load", async () => {
    const tested = createTestEmulator({ units: 1 });
    const { emu, dcdc } = await readUnit(tested);
    // AC loss 57; DC loss 17.5 + 4.5 + 129 + 0.14 × 400 = 207; battery 57 − 400 − 57 − 207 = −607 W.
    expect(emu).toMatchObject({ rsoc: 50, charge_discharge_power: 607, battery_current: -12.65 });
    // 20 % of 4,800 Wh above the 30 % at which the UPS goes into bypass.
    expect(emu.dischargeable_time).toEqual({ hour: 1, minute: 34 });
    expect(emu).toMatchObject({ ups_output_power: 400, pvc_charge_power: 0, pvc_charge_current: 0 });
    expect(dcdc.powermeter).toMatchObject({ p1: 57, p2: 57, i1: 0.28, kwh1: 0, kwh2: 0 });
    expect(dcdc.meter).toMatchObject({ wg: 0, ig: 0, vg: 0, wb: -4.5, ib: -0.09, vb: 48 });
  });

  test("A8: the time that a home's own battery lasts is counted to its floor where that is higher, or in an outage, with what it loses", async () => {
    const lasts = async (battery: object, parameters = {}) => {
      const tested = createTestEmulator({ units: 1, homes: [{ battery }], ...parameters });
      return (await readUnit(tested)).emu.dischargeable_time;
    };
    // 17 % of 4,800 Wh above 33 % at 607 W are 1 h 20 min; at 607 W / 0.5 + 60 W 38 min.
    expect(await lasts({ floorPercent: 33 })).toEqual({ hour: 1, minute: 20 });
    const losses = { dischargeEfficiency: 0.5, selfDischargeW: 60 };
    expect(await lasts({ floorPercent: 33, ...losses })).toEqual({ hour: 0, minute: 38 });
    // Without AC the house goes on to the floor; there is no AC loss either, which brought 57 W.
    expect(await lasts({ floorPercent: 10 }, { outages: [{ from: 0, until: 9 }] })).toEqual({
      hour: 3,
      minute: 9,
    });
  });

  test("A8: the time that the battery lasts is counted to UPS_TRIGGER_BATT_OFF, and is none below or when charging", async () => {
    const lasts = async (path: string, parameters = {}) => {
      const tested = createTestEmulator({ units: 1, ...parameters });
      await ask(tested, path);
      return (await readUnit(tested)).emu.dischargeable_time;
    };
    const none = { hour: 0, minute: 0 };
    expect(await lasts("/set/emu/E001?rsoc=100")).toEqual({ hour: 5, minute: 32 });
    expect(await lasts("/set/emu/E001?rsoc=31")).toEqual({ hour: 0, minute: 4 });
    for (const charge of [30, 29, 0]) expect(await lasts(`/set/emu/E001?rsoc=${charge}`)).toEqual(none);
    expect(await lasts("/set/emu/E001?rsoc=60&pvc_charge_power=2000")).toEqual(none);
    const thresholds = { UPS_TRIGGER_BATT_OFF: 10, UPS_TRIGGER_AC_ON: 5, UPS_TRIGGER_AC_OFF: 8 };
    expect(await lasts("/set/emu/E001?rsoc=31", thresholds)).toEqual({ hour: 1, minute: 39 });
  });

  test("A8: the UPS's parameter is the share of the house that AC serves", async () => {
    const thresholds = { UPS_TRIGGER_BATT_OFF: 0, UPS_TRIGGER_BATT_ON: 5, UPS_TRIGGER_AC_ON: 0 };
    const tested = createTestEmulator({ units: 1, acceleration: 1, ...thresholds });
    const servedByAc = async (charge: number, sunW = 0) => {
      await ask(tested, `/set/emu/E001?rsoc=${charge}&pvc_charge_power=${sunW}&ups_output_power=400`);
      tested.wallMs += 1000;
      const { mode, parameter } = (await readUnit(tested)).emu.ups_operation_mode;
      return [mode, parameter];
    };
    expect(await servedByAc(50)).toEqual([2, 0]);
    expect(await servedByAc(0)).toEqual([5, 100]);
    // Back in battery mode, which it may not leave for 10 s, and empty at once: the house takes 400 W, 207 W are lost,
    // the sun gives 300 W and AC charging 150 W.
    expect(await servedByAc(6)).toEqual([2, 0]);
    expect(await servedByAc(1e-6, 300)).toEqual([2, 39.25]);
    expect(await servedByAc(1e-6)).toEqual([2, 100]);
  });

  test("A8: kwh1 and kwh2 add up the AC intake", async () => {
    const tested = createTestEmulator({ units: 1, acceleration: 100 });
    await ask(tested, "/set/emu/E001?rsoc=95");
    tested.wallMs = 4 * 36_000;
    expect((await readUnit(tested)).dcdc.powermeter).toMatchObject({ p2: 57, kwh1: 0.23, kwh2: 0.23 });
    await ask(tested, "/set/emu/E001?rsoc=26");
    tested.wallMs += 36_000;
    // One hour in bypass: 57 + 67 + 0.06 × 400 + 400 = 548 W.
    expect((await readUnit(tested)).dcdc.powermeter).toMatchObject({ p2: 548, kwh1: 0.78, kwh2: 0.78 });
  });

  test("A8: a full battery curtails the sun and an empty one draws from AC", async () => {
    const tested = createTestEmulator({ units: 2, acceleration: 100 });
    tested.wallMs = 10 * 36_000;
    await ask(tested, "/set/emu/E001?rsoc=100&ups_output_power=0&pvc_charge_power=2000");
    tested.wallMs += 1000;
    const full = (await readUnit(tested)).emu;
    expect(full).toMatchObject({ rsoc: 100, charge_discharge_power: 0, pvc_charge_power: 151 });
    await ask(tested, "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
    tested.wallMs += 2000;
    await ask(tested, "/set/emu/E002?rsoc=0&pvc_charge_power=0");
    await ask(tested, "/set/dcdc/E002?mode=0x0002&dvg=350&dig=3");
    const { emu, dcdc } = await readUnit(tested, "E002");
    expect(emu).toMatchObject({ rsoc: 0, charge_discharge_power: 0 });
    // Bypass 548, charger 160; 1,050 W to the grid, 55 + 17.5 of DC loss; the charger gives 150.
    expect(dcdc.powermeter.p2).toBe(Math.round(548 + 160 + 1050 + 55 + 17.5 - 150));
    tested.wallMs += 100;
    await readLog(tested);
    expect(tested.log.filter(({ level }) => level === "ERROR")).toHaveLength(1);
  });
});
