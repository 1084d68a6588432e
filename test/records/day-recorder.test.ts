import fc from "fast-check";
import { expect, test } from "vitest";
import { createHeadlessStorage } from "../../src/cli/headless/node-database.ts";
import { DayRecorder } from "../../src/community/records/day-recorder.ts";
import { readAccounts } from "../../src/community/records/summary.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { readUnitFiles } from "../../src/input/units/unit-files.ts";
import { createLedger } from "../../src/simulation/ledger.ts";
import { createUnit } from "../../src/simulation/unit.ts";
import { checkAsync, command, variedInput, wait } from "../community/random-requests.ts";
import { createTestEmulator, evenInput } from "../support/emulators.ts";

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

test("R13: a unit whose day does not end with the others' has no energies of it, least of all theirs", () => {
  const world = createWorld(readConfig({ solarUnit: "W" }), evenInput);
  const storage = createHeadlessStorage();
  storage.load();
  const { settings } = readUnitFiles().standard;
  const units = [createUnit(1, 0, settings), createUnit(2, 90_000, settings)];
  new DayRecorder(world, storage, units).recordUntil(86_400, 10);
  const [day] = [...storage.readDays(0, 0)].map(readAccounts);
  expect(day?.[0]?.demandWh).toBeCloseTo(9600, 6);
  expect(day?.[1]).toEqual(createLedger());
});
