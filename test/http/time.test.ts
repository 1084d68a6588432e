import { expect, test } from "vitest";
import { createTestEmulator } from "../support/emulators.ts";
import { ask, snapshot } from "./api.ts";

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
