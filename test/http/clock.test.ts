import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTestEmulator, readUnits, type TestEmulator } from "../support/emulators.ts";
import { ask, readUnit } from "./api.ts";

const timeOf = (tested: TestEmulator) => readUnits(tested, tested.wallMs)[0]?.timeS as number;

describe("acceleration", () => {
  test("A11: the rate is a JSON number, read and set", async () => {
    const tested = createTestEmulator();
    expect(await ask(tested, "/get/acc")).toBe(10);
    expect(await ask(tested, "/set/acc/2.5")).toBe(2.5);
    expect(await ask(tested, "/get/acc")).toBe(2.5);
    tested.evict();
    expect(await ask(tested, "/get/acc")).toBe(2.5);
  });

  test("A11: 0 pauses, and time goes on from there", async () => {
    const tested = createTestEmulator();
    tested.wallMs = 60_000;
    await ask(tested, "/set/acc/0");
    const before = await (await tested.get("/get/log")).text();
    tested.wallMs = 86_400_000;
    expect(await (await tested.get("/get/log")).text()).toBe(before);
    tested.evict();
    expect(await (await tested.get("/get/log")).text()).toBe(before);
    await ask(tested, "/set/acc/10");
    expect(timeOf(tested)).toBe(600);
    tested.wallMs += 1000;
    expect(timeOf(tested)).toBe(610);
  });

  test("A11: a change of rate never makes time jump", async () => {
    const steps = fc.array(fc.tuple(fc.double({ min: 0, max: 1000, noNaN: true }), fc.nat(60_000)), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (changes) => {
        const tested = createTestEmulator({ atEndOfData: "repeat" });
        let wantedS = 0;
        let rate = 10;
        for (const [next, waitMs] of changes) {
          tested.wallMs += waitMs;
          wantedS += (waitMs * rate) / 1000;
          await ask(tested, `/set/acc/${String(next).replace("+", "%2B")}`);
          rate = next;
          expect(Math.abs(timeOf(tested) - wantedS)).toBeLessThan(0.001);
        }
      }),
      { seed: 20200101, numRuns: 60 },
    );
  });

  test("A11: sleeptime divides the rate", async () => {
    const tested = createTestEmulator({ sleeptime: 4, acceleration: 10 });
    tested.wallMs = 8000;
    expect(timeOf(tested)).toBe(20);
  });

  test("A11: at the end of the data time stands still, says so once, and can be left", async () => {
    const tested = createTestEmulator({ acceleration: 1000 });
    tested.wallMs = 259_000;
    await readUnit(tested);
    expect(tested.log).toEqual([]);
    tested.wallMs = 300_000;
    expect((await readUnit(tested)).time).toBe("2020/01/04-00:00:00");
    tested.wallMs = 400_000;
    expect((await readUnit(tested)).time).toBe("2020/01/04-00:00:00");
    expect(tested.log.filter(({ message }) => message.includes("data end"))).toHaveLength(1);
    expect(await ask(tested, "/state")).toMatchObject({ atEndOfData: true, timeS: 259_200 });
  });

  test('A11: with atEndOfData = "repeat" the data begin again', async () => {
    const tested = createTestEmulator({ acceleration: 1000, atEndOfData: "repeat" });
    tested.wallMs = 259_200 + 43_200;
    const { time, emu } = await readUnit(tested);
    expect(time).toBe("2020/01/04-12:00:00");
    expect(emu.pvc_charge_power).toBe(300);
  });
});

describe("the wall clock", () => {
  test("A12: simulated time never goes back, whatever the wall clock does", async () => {
    const moment = fc.record({ wallMs: fc.integer({ min: -100_000, max: 500_000 }), command: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { maxLength: 20 }), async (moments) => {
        const tested = createTestEmulator();
        let highestS = 0;
        for (const { wallMs, command } of moments) {
          tested.wallMs = wallMs;
          if (command) await ask(tested, "/set/dcdc/current/E001?dig=1");
          const timeS = timeOf(tested);
          expect(timeS).toBeGreaterThanOrEqual(highestS);
          highestS = timeS;
        }
        expect(highestS).toBeCloseTo(Math.max(0, ...moments.map(({ wallMs }) => wallMs)) / 100, 6);
      }),
      { seed: 20200101, numRuns: 100 },
    );
  });

  test("A12: what a command has reached is not undone by an eviction while the wall clock is set back", async () => {
    const tested = createTestEmulator();
    tested.wallMs = 100_000;
    await ask(tested, "/set/dcdc/E002?mode=0x0014&dvg=350&dig=1");
    tested.wallMs = 5000;
    tested.evict();
    expect(timeOf(tested)).toBe(1000);
    await ask(tested, "/set/emu/E002?rsoc=40");
    tested.wallMs = 101_000;
    expect(timeOf(tested)).toBe(1010);
  });

  test("A12: a new rate lets time go on at once after the wall clock was set back", async () => {
    const tested = createTestEmulator();
    tested.wallMs = 100_000;
    expect(timeOf(tested)).toBe(1000);
    tested.wallMs = 0;
    await ask(tested, "/set/acc/10");
    tested.wallMs = 1000;
    expect(timeOf(tested)).toBe(1010);
  });
});
