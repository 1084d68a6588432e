import { describe, expect, test } from "vitest";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";
import { ask, readLog, readUnit } from "./api.ts";

const autonomy = (id: string, dvg: number) => `/set/dcdc/${id}?mode=0x0014&dvg=${dvg}&dig=2`;
const meterOf = async (tested: TestEmulator, id = "E001") => (await readUnit(tested, id)).dcdc.meter;

describe("the bus on the wire", () => {
  test("A13: a dead bus rises for 120 s in whole volts and holds exactly dvg then", async () => {
    const tested = createTestEmulator({ acceleration: 10 });
    await ask(tested, autonomy("E001", 350.75));
    for (let second = 0; second < 120; second++) {
      tested.wallMs = second * 100;
      const wanted = Math.floor((350.75 * second) / 120);
      const { vg } = await meterOf(tested, second % 2 === 0 ? "E001" : "E003");
      expect(Number.isInteger(vg)).toBe(true);
      expect(Math.abs(vg - wanted), `at ${second} s`).toBeLessThanOrEqual(second === 0 ? 0 : 1);
    }
    tested.wallMs = 12_000;
    expect((await meterOf(tested)).vg).toBe(350.75);
    expect((await meterOf(tested, "E004")).vg).toBe(350.75);
    expect(tested.log.at(-1)).toEqual({ level: "INFO", message: "The bus has reached 350.75 V" });
  });

  test("A13: while the bus rises no current flows; at its end currents follow at once", async () => {
    const tested = createTestEmulator();
    await ask(tested, autonomy("E001", 350));
    await ask(tested, "/set/dcdc/E002?mode=0x0041&dvg=350&dig=1.5");
    await ask(tested, "/set/dcdc/E003?mode=0x0002&dvg=350&dig=0.5");
    const flows = async () =>
      Object.values(await readLog(tested)).map(({ dcdc }) => [dcdc.meter.ig, dcdc.meter.wg]);
    tested.wallMs = 11_999;
    expect(await flows()).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    tested.wallMs = 12_000;
    expect(await flows()).toEqual([
      [-1, -350],
      [1.5, 525],
      [-0.5, -175],
      [0, 0],
    ]);
  });

  test("A13: above an acceleration of 120 the bus is there at once", async () => {
    for (const [acceleration, vg] of [
      [120, 0],
      [121, 350],
    ] as const) {
      const tested = createTestEmulator({ acceleration });
      await ask(tested, autonomy("E001", 350));
      expect((await meterOf(tested)).vg).toBe(vg);
    }
  });

  test("A13: on a live bus every new voltage holds at once, at any acceleration", async () => {
    for (const acceleration of [1, 10, 200]) {
      const tested = createTestEmulator({ acceleration });
      await ask(tested, autonomy("E001", 350));
      tested.wallMs = 120_000;
      for (const dvg of [330, 370, 340.25, 310, 350]) {
        const reply = await ask(tested, `/set/dcdc/voltage/E001?dvg=${dvg}`);
        expect(reply).toMatchObject({ meter: { vg: dvg }, vdis: { dvg } });
        expect((await meterOf(tested, "E002")).vg).toBe(dvg);
      }
      expect(await ask(tested, autonomy("E001", 360))).toMatchObject({ meter: { vg: 360 } });
    }
  });

  test("A13: handed back at 65 V the bus goes on from there, also after an eviction", async () => {
    const tested = createTestEmulator();
    await ask(tested, autonomy("E001", 350));
    tested.wallMs = 2230;
    await ask(tested, autonomy("E002", 380));
    expect((await meterOf(tested)).vg).toBe(65);
    await ask(tested, "/set/dcdc/E002?mode=0x0000&dvg=380&dig=2");
    expect((await meterOf(tested)).vg).toBe(65);
    tested.evict();
    tested.wallMs = 11_900;
    expect((await meterOf(tested)).vg).toBe(347);
    tested.wallMs = 12_001;
    expect((await meterOf(tested)).vg).toBe(350);
  });

  test("A13: a ramp that is left is gone, and others' commands neither cut nor disturb it", async () => {
    const tested = createTestEmulator();
    await ask(tested, autonomy("E001", 350));
    tested.wallMs = 6000;
    expect((await meterOf(tested)).vg).toBe(175);
    await ask(tested, "/set/dcdc/voltage/E002?dvg=222");
    await ask(tested, "/set/dcdc/E003?mode=0x0000&dvg=350&dig=2");
    await ask(tested, "/set/emu/E004?rsoc=40");
    expect((await meterOf(tested)).vg).toBe(175);
    await ask(tested, "/set/dcdc/E001?mode=0x0000&dvg=350&dig=2");
    expect((await meterOf(tested)).vg).toBe(0);
    tested.wallMs = 20_000;
    expect((await meterOf(tested)).vg).toBe(0);
  });

  test("A13: the unit that entered last is the reference; when it leaves, the one before it is again", async () => {
    const tested = createTestEmulator({ acceleration: 121 });
    await ask(tested, autonomy("E001", 350));
    await ask(tested, autonomy("E002", 345));
    await ask(tested, "/set/dcdc/E003?mode=0x0041&dvg=350&dig=1");
    const state = async () =>
      Object.values(await readLog(tested)).map(({ dcdc }) => [dcdc.meter.vg, dcdc.meter.ig]);
    expect(await state()).toEqual([
      [345, 0],
      [345, -1],
      [345, 1],
      [345, 0],
    ]);
    await ask(tested, "/set/dcdc/E002?mode=0x0000&dvg=345&dig=0");
    expect(await state()).toEqual([
      [350, -1],
      [350, 0],
      [350, 1],
      [350, 0],
    ]);
    await ask(tested, "/set/dcdc/E001?mode=0x0000&dvg=350&dig=0");
    expect(await state()).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  test("A13: removing or resetting the reference kills the bus", async () => {
    for (const path of ["/remove/unit", "/restart"]) {
      const tested = createTestEmulator({ acceleration: 121 });
      await ask(tested, autonomy("E004", 350));
      await ask(tested, "/set/dcdc/E001?mode=0x0041&dvg=350&dig=1");
      expect((await meterOf(tested)).wg).toBe(350);
      await ask(tested, path);
      expect(await meterOf(tested), path).toMatchObject({ vg: 0, ig: 0, wg: 0 });
    }
  });

  test("A13: with doUpdates = false commands and bus still work, and energies stand still", async () => {
    const tested = createTestEmulator({ doUpdates: false });
    await ask(tested, autonomy("E001", 350));
    await ask(tested, "/set/dcdc/E002?mode=0x0041&dvg=350&dig=1.5");
    tested.wallMs = 6000;
    expect((await meterOf(tested)).vg).toBe(175);
    tested.wallMs = 12_000;
    expect(await meterOf(tested, "E002")).toMatchObject({ vg: 350, ig: 1.5, wg: 525, wb: 454 });
    const before = (await readUnit(tested, "E002")).emu.rsoc;
    tested.wallMs = 12_000_000;
    const { emu, dcdc } = await readUnit(tested, "E002");
    expect([emu.rsoc, dcdc.powermeter.kwh1]).toEqual([before, 0]);
  });
});
