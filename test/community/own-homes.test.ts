import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import { readCommandLog } from "../../src/cli/headless/repeat-run.ts";
import { replayUnit } from "../../src/community/records/replay.ts";
import { openBackup, restoreBackup } from "../../src/community/storage/backup.ts";
import { createSqliteStorage } from "../../src/community/storage/sqlite-storage.ts";
import type { KeptSnapshot } from "../../src/community/storage/stored-shapes.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import type { Config } from "../../src/input/config/entries.ts";
import { countOf } from "../support/counts.ts";
import { createTestEmulator, readUnits, type TestEmulator } from "../support/emulators.ts";
import { repeatRun } from "../support/whole-runs.ts";
import { checkAsync, command, variedInput, wait } from "./random-requests.ts";

const put = (tested: TestEmulator, homes: unknown) =>
  tested.get("/homes", { method: "PUT", body: JSON.stringify(homes) });
const chargesOf = (tested: TestEmulator) =>
  readUnits(tested, tested.wallMs).map(({ stateOfChargePercent }) => stateOfChargePercent);
const text = async (tested: TestEmulator, path: string) => (await tested.get(path)).text();

const capacityWh = fc.integer({ min: 500, max: 20_000 });
const watts = fc.integer({ min: 0, max: 3000 });
const home = fc.record(
  {
    battery: fc.record(
      {
        capacityWh,
        initialPercent: fc.integer({ min: 30, max: 80 }),
        floorPercent: fc.integer({ min: 0, max: 30 }),
        ceilingPercent: fc.integer({ min: 80, max: 100 }),
        chargeLimitW: watts,
        dischargeLimitW: watts,
        chargeEfficiency: fc.constantFrom(0.9, 0.97),
        selfDischargeW: fc.integer({ min: 0, max: 20 }),
      },
      { requiredKeys: [] },
    ),
    pv: fc.record({ controllerLimitW: watts }, { requiredKeys: [] }),
    ups: fc.record({ batteryLossW: fc.integer({ min: 0, max: 300 }), limitW: watts }, { requiredKeys: [] }),
    converter: fc.record(
      {
        chargingLossW: fc.integer({ min: 0, max: 300 }),
        lossRatio: fc.constant(0.02),
        currentLimitA: fc.integer({ min: 1, max: 5 }),
      },
      { requiredKeys: [] },
    ),
    ac: fc.record({ importLimitW: watts, exportLimitW: watts }, { requiredKeys: [] }),
    data: fc.record({ demandHome: fc.integer({ min: 1, max: 2 }) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
/** A path, or the homes that are put. */
const step = fc.oneof(
  { weight: 5, arbitrary: command },
  { weight: 2, arbitrary: fc.array(home, { maxLength: 5 }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 3 }), capacityWh)
      .map(([unit, wh]) => `/set/home/E00${unit}?battery.capacityWh=${wh}`),
  },
  { weight: 1, arbitrary: fc.constantFrom("evict", "/restart", "/save", "/get/last") },
);

async function live(tested: TestEmulator, steps: readonly [number, string | object][]): Promise<void> {
  for (const [waitMs, path] of steps) {
    tested.wallMs += waitMs;
    if (path === "evict") tested.evict();
    else if (typeof path === "string") await tested.get(path);
    else expect((await put(tested, path)).status).toBe(200);
  }
}

test("Q10: other homes begin a chapter at this moment: percentages stay, the difference is set by hand, and the community keeps them", async () => {
  const tested = createTestEmulator({ acceleration: 1 });
  tested.wallMs = 30_000_000;
  const before = chargesOf(tested);
  expect((await put(tested, [{ battery: { capacityWh: 9600 } }])).status).toBe(200);
  expect(chargesOf(tested)).toEqual(before);
  const [first, second] = tested.storage.readChapters();
  expect(first?.own).toEqual([]);
  expect(second).toMatchObject({ fromS: 30_000, afterCommandId: 0, own: ["homes"] });
  const [energies] = tested.emulator.readTodayAt(30_000);
  expect(energies?.setByHandWh).toBeCloseTo(((before[0] as number) * 4800) / 100, 9);
  const [row] = tested.storage.readCommands(0, 10);
  expect(row).toMatchObject({ timeS: 30_000, path: "/homes", effect: "a chapter begins: homes" });

  tested.wallMs = 40_000_000;
  const told = chargesOf(tested);
  tested.evict({ homes: [{ battery: { capacityWh: 100 } }] });
  expect(tested.storage.readChapters()).toHaveLength(2);
  expect(chargesOf(tested)).toEqual(told);
  // Of another chapter they are its own, too.
  tested.evict({ DCCstLoss: 10 });
  expect(tested.storage.readChapters()).toMatchObject([{}, { own: ["homes"] }, { own: ["homes"] }]);
  await tested.get("/restart?clock=start");
  expect(tested.storage.readChapters()).toMatchObject([{ fromS: 0, own: ["homes"] }]);
  expect(await text(tested, "/homes")).toMatch(/"capacityWh":9600/);
});

test("Q11: through any changes of homes nothing that was told changes, and the log performs all of it again to the bit", () =>
  checkAsync(
    fc.asyncProperty(fc.array(fc.tuple(wait, step), { minLength: 1, maxLength: 20 }), async (steps) => {
      const outages = { seed: 3, gapS: [1000, 20_000], durationS: [100, 5000] };
      const tested = createTestEmulator(
        { acceleration: 8, units: 3, outages, tariff: { import: 0.3 } },
        variedInput,
      );
      const half = Math.ceil(steps.length / 2);
      await live(tested, steps.slice(0, half));
      const toS = tested.emulator.paceAt(tested.wallMs).nowS;
      const past = `/history?unit=E001&resolution=900&to=${Math.floor(toS / 900) * 900}`;
      const told = JSON.parse(await text(tested, past));
      await live(tested, steps.slice(half));
      expect(JSON.parse(await text(tested, past))).toEqual(told);

      tested.wallMs += 600_000;
      const log = readCommandLog(await text(tested, "/commands"));
      const worldOf = (config: Config) => createWorld(config, variedInput);
      const again = await repeatRun(log, worldOf, "even", 900);
      expect(Math.abs(again.balanceResidualWh)).toBeLessThan(1e-6);
      again.units.forEach((_, index) => {
        const replay = replayUnit(tested.storage, tested.emulator.readChapters(), index + 1, 0, log.untilS);
        for (const [timeS, ...charges] of again.hourlyRsoc) {
          const charge = replay.readAt(timeS as number)?.reading.stateOfChargePercent;
          if (charge !== undefined) expect(charges[index], `unit ${index + 1} at ${timeS}`).toBe(charge);
        }
      });
    }),
    countOf(500, 30),
  ));

test("Q12: backups and snapshots have the community's own homes, and going back brings back those of then", async () => {
  const tested = createTestEmulator({ acceleration: 1 });
  tested.wallMs = 10_000_000;
  await put(tested, [{ id: "first", battery: { capacityWh: 7000 } }]);
  const before = await text(tested, "/homes");
  await tested.get("/snapshots/keep?name=here");
  tested.wallMs = 20_000_000;
  await tested.get("/set/home/first?battery.capacityWh=8000");
  expect(await text(tested, "/homes")).not.toBe(before);
  expect((await tested.get("/snapshots/restore?name=here")).status).toBe(200);
  expect(await text(tested, "/homes")).toBe(before);
  expect(tested.storage.readChapters()).toHaveLength(2);
  const { snapshot } = JSON.parse(await text(tested, "/snapshots/file?name=here")) as {
    snapshot: KeptSnapshot;
  };
  expect(snapshot.chapter.config.homes.homes[0]).toEqual({ id: "first", battery: { capacityWh: 7000 } });
});

test("Q12: a restored backup has its homes, and refuses wrong ones", async () => {
  const database = createNodeDatabase(new DatabaseSync(":memory:"));
  const tested = createTestEmulator({ acceleration: 1 }, variedInput);
  await put(tested, [{ battery: { capacityWh: 7000 } }]);
  const chapters = tested.storage.readChapters();
  const storage = createSqliteStorage(database);
  storage.load();
  const { units, bus, clock } = tested.storage.load() as NonNullable<ReturnType<typeof storage.load>>;
  const run = tested.storage.readRun() as NonNullable<ReturnType<typeof storage.readRun>>;
  storage.save({ timeS: 0, units, unitCount: units.length, bus, clock, run, chapters });
  let lines = "";
  const backup = openBackup(database);
  for (let piece = backup.next(); !piece.done; piece = backup.next()) lines += piece.value;
  const restored = createNodeDatabase(new DatabaseSync(":memory:"));
  createSqliteStorage(restored).load();
  restoreBackup(restored, lines.split("\n"), 1000);
  expect(createSqliteStorage(restored).readChapters()).toEqual(chapters);
  const wrong = lines.replaceAll('\\"capacityWh\\":7000', '\\"capacityWh\\":7e99');
  expect(wrong).not.toBe(lines);
  expect(() => restoreBackup(restored, wrong.split("\n"), 1000)).toThrow(/battery\.capacityWh|checksum/);
});

test("HM6: homes that say what the published parameters say are the same to the bit as none", async () => {
  const plain = createTestEmulator({ acceleration: 60 }, variedInput);
  const described = createTestEmulator({ acceleration: 60, homes: await text(plain, "/homes") }, variedInput);
  for (const tested of [plain, described]) {
    await tested.get("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
    await tested.get("/set/dcdc/E002?mode=0x0041&dvg=350&dig=1.5");
    tested.wallMs = 3_000_000;
  }
  for (const path of ["/get/log", "/summary", "/history?resolution=1800"]) {
    const [one, other] = [await text(plain, path), await text(described, path)];
    expect(other.replaceAll(/"past":"[^"]*"/g, "")).toBe(one.replaceAll(/"past":"[^"]*"/g, ""));
  }
});

test("Q10: where a converter has another greatest current from now on, the bus carries that at once", async () => {
  const tested = createTestEmulator({ acceleration: 1 });
  await tested.get("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  tested.wallMs = 600_000;
  await tested.get("/set/dcdc/E002?mode=0x0041&dvg=350&dig=3");
  const currents = () => readUnits(tested, tested.wallMs).map(({ dcGridCurrentA }) => dcGridCurrentA);
  expect(currents()).toEqual([-3, 3, 0, 0]);
  await tested.get("/set/home/E002?converter.currentLimitA=2");
  expect(currents()).toEqual([-2, 2, 0, 0]);
  tested.evict();
  expect(currents()).toEqual([-2, 2, 0, 0]);
  await tested.get("/set/home/E002?converter.currentLimitA=");
  expect(currents()).toEqual([-3, 3, 0, 0]);
});

test("HM7: units begin with the charge of their home or of initialCharge, at Add Unit and Reset too; Load Last brings back what was saved", async () => {
  const tested = createTestEmulator({
    acceleration: 0,
    units: 3,
    initialCharge: '{"default":50,"E001":80}',
    homes: [{}, { battery: { initialPercent: 61 } }],
  });
  expect(chargesOf(tested)).toEqual([80, 61, 50]);
  await tested.get("/add/unit");
  expect(chargesOf(tested)).toEqual([80, 61, 50, 50]);
  await tested.get("/set/emu/E001?rsoc=33");
  await tested.get("/save");
  await tested.get("/restart?units=2");
  expect(chargesOf(tested)).toEqual([80, 61]);
  await tested.get("/get/last");
  expect(chargesOf(tested)).toEqual([33, 61, 50, 50]);
});

test("Q10: what another configuration makes wrong of one home stands in no other's way, and can be put right", async () => {
  const tested = createTestEmulator({ units: 3 });
  await put(tested, [{ battery: { floorPercent: 31 } }]);
  tested.evict({ UPS_TRIGGER_BATT_ON: 31 });
  const set = async (path: string) => (await tested.get(`/set/home/${path}`)).status;
  expect(await set("E002?battery.capacityWh=5000")).toBe(200);
  expect(await set("E002?battery.floorPercent=31")).toBe(400);
  expect(await set("E001?battery.floorPercent=32")).toBe(400);
  expect(await set("E001?battery.floorPercent=20")).toBe(200);
  expect((await put(tested, [{ battery: { floorPercent: 31 } }])).status).toBe(400);
});
