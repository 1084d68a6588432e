import { expect, test } from "vitest";
import { readCommandLog } from "../../src/cli/headless/repeat-run.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import { ask, readLog, refused } from "../http/api.ts";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";
import { repeatRun } from "../support/whole-runs.ts";
import { variedInput } from "./random-requests.ts";

const create = (parameters = {}) =>
  createTestEmulator({ acceleration: 10, units: 3, ...parameters }, variedInput);

async function perform(tested: TestEmulator, paths: readonly string[]): Promise<void> {
  for (const path of paths) await ask(tested, path);
}

const before = [
  "/time/step?seconds=100000",
  "/set/emu/E001?rsoc=29",
  "/set/dcdc/E002?mode=0x0014&dvg=350&dig=2",
  "/time/step?seconds=30",
];
const after = [
  "/time/step?seconds=20000",
  "/set/dcdc/E003?mode=0x0041&dvg=350&dig=1",
  "/time/until?event=dayEnd",
  "/set/emu/E002?rsoc=70",
  "/time/step?seconds=90000",
];

test("T14: /time/start begins another run at a date: charges, switches, ramp and meters move with it, records begin there", async () => {
  const tested = create();
  await perform(tested, before);
  const then = await readLog(tested);
  const { busVoltageV } = await ask<{ busVoltageV: number }>(tested, "/state");
  expect(busVoltageV).toBeGreaterThan(0);
  tested.wallMs = 5000;
  expect(await ask(tested, "/time/start?at=2020-01-02")).toMatchObject({
    time: "2020/01/02-00:00:00",
    timeS: 86_400,
    held: true,
    run: "1970-01-01T00:00:05.000Z",
    chapter: 1,
  });
  const now = await readLog(tested);
  for (const unit of ["E001", "E002", "E003"]) {
    expect(now[unit]?.emu.rsoc).toBe(then[unit]?.emu.rsoc);
    expect(now[unit]?.emu.ups_operation_mode.mode).toBe(then[unit]?.emu.ups_operation_mode.mode);
    expect(now[unit]?.dcdc.powermeter.kwh1).toBe(then[unit]?.dcdc.powermeter.kwh1);
    expect(now[unit]?.dcdc.status).toEqual(then[unit]?.dcdc.status);
  }
  expect(await ask(tested, "/state")).toMatchObject({ busVoltageV, busRamping: true });
  await perform(tested, ["/time/step?seconds=90"]);
  expect(await ask(tested, "/state")).toMatchObject({ busVoltageV: 350, busRamping: false });
  await perform(tested, after);
  const { rows } = await ask<{ rows: { time: string; demand: number }[] }>(tested, "/summary");
  expect(rows.map(({ time }) => time)).toEqual(["2020/01/02", "2020/01/03"]);
  const history = await ask<{ timeS: number[]; rsoc: (number | null)[] }>(
    tested,
    "/history?unit=E001&resolution=3600",
  );
  expect(history.timeS[0]).toBe(86_400);
  expect(history.rsoc).not.toContain(null);
  const readings = await (await tested.get("/data/output/indivLog.csv")).text();
  expect(readings.split("\n")[1]).toMatch(/^E001,2020-01-02 00:00:00,/);
  const { snapshots } = await ask<{ snapshots: object[] }>(tested, "/snapshots");
  expect(snapshots).toMatchObject([
    { reason: "start", timeS: 100_030, restorable: false },
    { name: "start", timeS: 86_400, restorable: true },
  ]);
});

test("T14: a run that was started is performed again from its log, survives evictions, and goes back to its start", async () => {
  const tested = create();
  await perform(tested, [...before, "/save", "/time/start?at=2020-01-02"]);
  await perform(tested, after);
  const told = await (await tested.get("/get/log")).text();
  const log = readCommandLog(await (await tested.get("/commands")).text());
  const again = await repeatRun(log, (config) => createWorld(config, variedInput), "even", log.untilS);
  const now = tested.emulator.readUnitsAt(log.untilS).map((unit) => unit.stateOfChargePercent);
  expect(again.hourlyRsoc.at(-1)).toEqual([log.untilS, ...now]);
  tested.evict();
  expect(await (await tested.get("/get/log")).text()).toBe(told);
  await ask(tested, "/snapshots/restore?name=start");
  expect(await ask(tested, "/time")).toMatchObject({ timeS: 86_400, held: true });
  for (const path of after) {
    tested.evict();
    await ask(tested, path);
  }
  expect(await (await tested.get("/get/log")).text()).toBe(told);
});

test.each(["", "soon", "86400", "2020-01-01T12:00:00", "2019-12-31", "2020-01-05", "2020-02-31"])(
  "T14: /time/start?at=%s is no midnight of the data, and refused",
  async (at) => {
    const tested = create();
    expect(await refused(tested, `/time/start?at=${at}`)).toMatchObject({
      code: "invalid_parameter",
      parameter: "at",
    });
  },
);

test("T14: with data that repeat a run may begin at any date, with the sun and demand of that date, and is performed again", async () => {
  const tested = create({ atEndOfData: "repeat" });
  const twin = create({ atEndOfData: "repeat" });
  await perform(tested, [...before, "/time/start?at=2020-01-10"]);
  await perform(twin, ["/time/until?time=2020-01-10"]);
  interface Powers {
    readonly timeS: number;
    readonly units: readonly { readonly solarPowerW: number; readonly demandPowerW: number }[];
  }
  for (const seconds of [0, 1234, 43_200, 300_000]) {
    const powers = async (of: TestEmulator) => {
      await ask(of, `/time/step?seconds=${seconds}`);
      const { timeS, units } = await ask<Powers>(of, "/state");
      return { timeS, units: units.map(({ solarPowerW, demandPowerW }) => ({ solarPowerW, demandPowerW })) };
    };
    const [here, there] = [await powers(tested), await powers(twin)];
    expect(here.timeS).toBeGreaterThanOrEqual(9 * 86_400);
    expect(here).toEqual(there);
  }
  await perform(
    tested,
    after.filter((path) => !path.includes("event=")),
  );
  const { rows } = await ask<{ rows: { time: string }[] }>(tested, "/summary");
  expect(rows[0]?.time).toBe("2020/01/10");
  const log = readCommandLog(await (await tested.get("/commands")).text());
  const again = await repeatRun(log, (config) => createWorld(config, variedInput), "even", log.untilS);
  const now = tested.emulator.readUnitsAt(log.untilS).map((unit) => unit.stateOfChargePercent);
  expect(again.hourlyRsoc.at(-1)).toEqual([log.untilS, ...now]);
});
