import fc from "fast-check";
import { expect, test } from "vitest";
import { replayUnit } from "../../src/community/records/replay.ts";
import { createTestEmulator } from "../support/emulators.ts";
import { commands, live } from "../support/lives.ts";

test("R1: the past runs again as it was, to the bit, through commands, removals and days' ends", async () => {
  await fc.assert(
    fc.asyncProperty(commands, fc.integer({ min: 0, max: 143 }), async (timed, first) => {
      const tested = createTestEmulator({ acceleration: 1 });
      const charges = await live(tested, timed);
      for (let unit = 1; unit <= tested.storage.highestUnitNumber(); unit++) {
        const replay = replayUnit(
          tested.storage,
          tested.emulator.readChapters(),
          unit,
          first * 1800,
          259_200,
        );
        for (let k = first; k <= 144; k++) {
          expect(replay.readAt(k * 1800)?.reading.stateOfChargePercent, `E00${unit} at ${k}`).toBe(
            charges[k]?.[unit - 1],
          );
        }
      }
    }),
    { numRuns: 40 },
  );
});

test("R4: a clock set back to the start forgets the past", async () => {
  const tested = createTestEmulator({ acceleration: 1 });
  await live(tested, []);
  await tested.get("/restart?clock=start");
  expect([...tested.storage.readDays(0, 10)]).toEqual([]);
  tested.wallMs += 90_000_000;
  expect((await tested.get("/summary")).status).toBe(200);
  expect([...tested.storage.readDays(0, 10)].map(({ day }) => day)).toEqual([0]);
});
