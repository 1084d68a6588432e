import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import { restoreBackup } from "../../src/community/storage/backup.ts";
import { createSqliteStorage } from "../../src/community/storage/sqlite-storage.ts";
import type { StoredCommunity } from "../../src/community/storage/storage.ts";
import type { UnitJson } from "../../src/input/units/unit-json.ts";
import type { UnitState } from "../../src/simulation/unit.ts";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";
import { checkAsync, command, variedInput, wait } from "./random-requests.ts";

type Step = readonly [waitMs: number, path: string];

async function walk(tested: TestEmulator, steps: readonly Step[]): Promise<void> {
  for (const [waitMs, path] of steps) {
    tested.wallMs += waitMs;
    if (path === "evict") tested.evict();
    else await (await tested.get(path)).text();
  }
}

/** What is kept of a community but what its units have counted, and what it shows of that. */
async function describeState(tested: TestEmulator): Promise<unknown> {
  const strip = ({ today: _, finishedDays: __, ...state }: UnitState) => state;
  const stored = tested.storage.load() as StoredCommunity;
  const state = await (await tested.get("/state")).text();
  const { rampStartS, rampEndS, ...bus } = stored.bus;
  // Since when a bus has stood still matters to nobody.
  const ramp = JSON.parse(state).busRamping
    ? { rampStartS, rampEndS, startVoltageV: bus.startVoltageV }
    : null;
  const { autonomyOrder, targetVoltageV } = bus;
  return {
    units: stored.units.map((unit) => strip(unit.state)),
    autonomyOrder,
    targetVoltageV,
    ramp,
    state,
  };
}

const readMeters = async (tested: TestEmulator) =>
  Object.values((await (await tested.get("/get/log")).json()) as Record<string, UnitJson>).map(
    ({ dcdc }) => dcdc.powermeter.kwh1,
  );

test("P7: whatever comes between Save All and Load Last, all goes on to the bit as if it had not", async () => {
  const steps = (paths: fc.Arbitrary<string>, maxLength: number) =>
    fc.array(fc.tuple(wait, paths), { maxLength });
  const between = command.filter((path) => path !== "/save");
  const parameters = fc.record({
    acceleration: fc.constantFrom(1, 10, 121, 1000),
    doUpdates: fc.boolean().map((off) => !off),
  });
  await checkAsync(
    fc.asyncProperty(
      parameters,
      steps(command, 15),
      fc.array(fc.oneof({ weight: 5, arbitrary: between }, { weight: 1, arbitrary: fc.constant("evict") }), {
        maxLength: 10,
      }),
      steps(command, 15),
      async (given, before, meanwhile, after) => {
        const create = () => createTestEmulator({ units: 4, ...given }, variedInput);
        const [plain, loaded] = [create(), create()];
        for (const tested of [plain, loaded]) await walk(tested, [...before, [1234, "/save"]]);
        // A command is an event of its unit: Load Last is one of every unit, and so is a reading that is only echoed.
        const ids = Object.keys((await (await plain.get("/get/log")).json()) as object);
        await walk(
          plain,
          ids.map((id) => [0, `/set/emu/${id}?p2=0`] as const),
        );
        await walk(
          loaded,
          [...meanwhile, "/get/last"].map((path) => [0, path] as const),
        );
        expect(await describeState(loaded)).toStrictEqual(await describeState(plain));
        expect(await readMeters(loaded)).toEqual(await readMeters(plain));
        for (const tested of [plain, loaded]) await walk(tested, after);
        expect(await describeState(loaded)).toStrictEqual(await describeState(plain));
      },
    ),
    80,
  );
});

test("P7: what the first release saved is loaded as a file of the published form is", async () => {
  const lines = readFileSync(new URL("../stored-forms/version-2/backup.ndjson", import.meta.url), "utf8");
  const database = createNodeDatabase(new DatabaseSync(":memory:"));
  createSqliteStorage(database).load();
  restoreBackup(database, lines.split("\n"), 1000);
  const lastSave = createSqliteStorage(database).load()?.lastSave;
  expect(lastSave?.snapshot).toBeNull();
  const tested = createTestEmulator({ units: 1 });
  tested.storage.save({ timeS: 0, lastSave: lastSave as NonNullable<typeof lastSave> });
  tested.evict();
  const log = (await (await tested.get("/get/last")).json()) as Record<string, UnitJson>;
  expect(Object.values(log).map(({ emu, dcdc }) => [emu.rsoc, dcdc.status.status, dcdc.vdis.dvg])).toEqual([
    [18.27, "0x0014", 350],
    [77.7, "0x0041", 350],
  ]);
  // At 18.27 % AC charges; the bus stands at its voltage at once.
  expect(log.E001?.emu.ups_operation_mode.mode).toBe(5);
  expect(log.E002?.dcdc.meter).toMatchObject({ vg: 350, ig: 2.3 });
});
