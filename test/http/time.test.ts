import { expect, test } from "vitest";
import { createTestEmulator } from "../support/emulators.ts";
import { ask, snapshot } from "./api.ts";

const pathsThatHold = ["/time/hold", "/set/acc/0"];

test("T1: /time tells where simulated time stands, how it moves and where it ends", async () => {
  const tested = createTestEmulator({ acceleration: 20 });
  tested.wallMs = 12_345;
  const before = await snapshot(tested);
  expect(await ask(tested, "/time")).toEqual({
    time: "2020/01/01-00:04:06",
    timeS: 246.9,
    held: false,
    acceleration: 20,
    dataEndTime: "2020/01/04-00:00:00",
    ended: false,
    behindS: 0,
    run: "1970-01-01T00:00:00.000Z",
    chapter: 1,
    claimedBy: null,
    claimedUntil: null,
  });
  expect(await snapshot(tested)).toBe(before);
  tested.evict({ UPS_TRIGGER_AC_ON: 19 });
  expect(await ask(tested, "/time")).toMatchObject({ timeS: 246.9, chapter: 2 });
  tested.wallMs = 1e9;
  expect(await ask(tested, "/time")).toMatchObject({
    time: "2020/01/04-00:00:00",
    timeS: 259_200,
    ended: true,
    behindS: 0,
  });
  await ask(tested, "/restart?clock=start");
  expect(await ask(tested, "/time")).toMatchObject({ timeS: 0, run: "1970-01-12T13:46:40.000Z", chapter: 1 });
});

test.each(pathsThatHold)(
  "T2: %s holds time and keeps its acceleration, and /time/run goes on at it",
  async (path) => {
    const tested = createTestEmulator({ acceleration: 25 });
    tested.wallMs = 40_000.4;
    await ask(tested, path);
    const held = { timeS: 1000.01, held: true, acceleration: 25, behindS: 0 };
    for (const wallMs of [40_000.4, 1e7, 3e9]) {
      tested.wallMs = wallMs;
      tested.evict();
      expect(await ask(tested, "/time")).toMatchObject(held);
      expect(await ask(tested, "/get/acc")).toBe(0);
      expect(await ask(tested, "/state")).toMatchObject({
        acceleration: 0,
        keptAcceleration: 25,
        held: true,
      });
    }
    expect(await ask(tested, "/time/hold")).toMatchObject(held);
    expect(await ask(tested, "/time/run")).toMatchObject({ ...held, held: false });
    tested.wallMs += 1000;
    expect(await ask(tested, "/time")).toMatchObject({ timeS: 1025.01, held: false });
    expect(await ask(tested, "/get/acc")).toBe(25);
    // To run what runs changes nothing of where it stands.
    await ask(tested, "/time/run");
    tested.wallMs += 1000;
    expect(await ask(tested, "/time")).toMatchObject({ timeS: 1050.01 });
    await ask(tested, "/time/hold");
    expect(await ask(tested, "/set/acc/5")).toBe(5);
    tested.wallMs += 1000;
    expect(await ask(tested, "/time")).toMatchObject({ timeS: 1055.01, held: false, acceleration: 5 });
  },
);

test("T2: a community that begins at acceleration 0 is held, and goes on as fast as real time", async () => {
  const tested = createTestEmulator({ acceleration: 0 });
  tested.wallMs = 5000;
  expect(await ask(tested, "/time")).toMatchObject({ timeS: 0, held: true, acceleration: 1 });
  await ask(tested, "/time/run");
  tested.wallMs = 6000;
  expect(await ask(tested, "/time")).toMatchObject({ timeS: 1, held: false });
});

test("T2: time that is held stays held when it begins anew, and in a new chapter", async () => {
  const tested = createTestEmulator({ acceleration: 25 });
  await ask(tested, "/time/hold");
  tested.wallMs = 1000;
  tested.evict({ UPS_TRIGGER_AC_ON: 19 });
  expect(await ask(tested, "/time")).toMatchObject({ timeS: 0, held: true, acceleration: 25, chapter: 2 });
  await ask(tested, "/restart?clock=start");
  tested.wallMs = 2000;
  expect(await ask(tested, "/time")).toMatchObject({ timeS: 0, held: true, acceleration: 25 });
});

test.each(pathsThatHold)(
  "T3: while %s holds time ramps are as at the acceleration that is kept",
  async (path) => {
    for (const [acceleration, busVoltageV] of [
      [200, 350],
      [100, 0],
    ]) {
      const tested = createTestEmulator({ acceleration });
      await ask(tested, path);
      await ask(tested, "/set/dcdc/E001?mode=0x0014&dvg=350&dig=1");
      expect(await ask(tested, "/state")).toMatchObject({ busVoltageV });
    }
  },
);
