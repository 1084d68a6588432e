import fc from "fast-check";
import { expect, test } from "vitest";
import { readCharges } from "../../src/community/records/unit-record.ts";
import { checkAsync, command, variedInput, wait } from "../community/random-requests.ts";
import { createTestEmulator } from "../support/emulators.ts";

const dayMs = 86_400_000;

test("R13: a day whose record could not be stored is stored later, as it was", async () => {
  const readDays = async (failures: number) => {
    const tested = createTestEmulator({ acceleration: 1 }, variedInput);
    const { appendDay } = tested.storage;
    let left = failures;
    tested.storage.appendDay = (record) => {
      if (record.day === 1 && left-- > 0) throw new Error("database or disk is full");
      appendDay(record);
    };
    tested.wallMs = 3.5 * dayMs;
    for (let attempt = 0; attempt < failures; attempt++)
      expect(() => tested.emulator.recordUntil(3.5 * 86_400)).toThrow("full");
    tested.emulator.recordUntil(3.5 * 86_400);
    return [...tested.storage.readDays(0, 9)];
  };
  const days = await readDays(2);
  expect(days.map(({ day }) => day)).toEqual([0, 1, 2]);
  expect(days).toEqual(await readDays(0));
});

test("R13: days recorded late are those recorded at once, to the bit", async () => {
  const steps = fc.array(fc.tuple(wait, fc.oneof(command, fc.constant("evict"))), { maxLength: 30 });
  await checkAsync(
    fc.asyncProperty(steps, async (list) => {
      const [prompt, late] = [1, 2].map(() => createTestEmulator({ acceleration: 64 }, variedInput));
      for (const tested of [prompt, late]) {
        if (tested === undefined) continue;
        for (const [waitMs, path] of list) {
          for (let part = 1; part <= 4 && tested === prompt; part++) {
            tested.wallMs += waitMs / 4;
            await tested.get("/summary");
          }
          if (tested === late) tested.wallMs += (waitMs / 4) * 4;
          if (path === "evict") tested.evict();
          else await tested.get(path);
        }
        await tested.get("/summary");
      }
      const daysOf = (tested: typeof prompt) => [...(tested?.storage.readDays(0, 9) ?? [])];
      expect(daysOf(late)).toEqual(daysOf(prompt));
    }),
    60,
  );
});

test("R13: days that an earlier release did not end, without power flow, are what its commands had left", async () => {
  const readDays = async (endsDays: boolean) => {
    const tested = createTestEmulator({ acceleration: 1, doUpdates: false, units: 2 }, variedInput);
    const { appendDay } = tested.storage;
    if (!endsDays) tested.storage.appendDay = () => {};
    await tested.get("/set/emu/E001?rsoc=70");
    for (const path of ["/add/unit", "/set/emu/E001?rsoc=30", "/remove/unit"]) {
      tested.wallMs += 0.9 * dayMs;
      await tested.get(path);
    }
    tested.storage.appendDay = appendDay;
    tested.evict();
    tested.wallMs += 0.5 * dayMs;
    await tested.get("/summary");
    return [...tested.storage.readDays(0, 9)];
  };
  const days = await readDays(false);
  expect(days.map(({ units }) => readCharges(units)[0])).toEqual([70, 30, 30]);
  expect(days).toEqual(await readDays(true));
});
