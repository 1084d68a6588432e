import fc from "fast-check";
import { expect, test } from "vitest";
import { readCommandLog } from "../../src/cli/headless/repeat-run.ts";
import type { CommandLog } from "../../src/community/records/command-log.ts";
import { replayUnit } from "../../src/community/records/replay.ts";
import { readAccounts } from "../../src/community/records/summary.ts";
import { createWorld, type WorldInput } from "../../src/input/config/create-world.ts";
import type { Config } from "../../src/input/config/entries.ts";
import {
  checkAsync,
  commandOrFault as command,
  query,
  rates,
  variedInput,
  wait,
} from "../community/random-requests.ts";
import { atInterval, createTestEmulator, evenInput, type TestEmulator } from "../support/emulators.ts";
import { repeatRun } from "../support/whole-runs.ts";

const text = async (tested: TestEmulator, path: string) => (await tested.get(path)).text();
const readLog = async (tested: TestEmulator) => JSON.parse(await text(tested, "/commands")) as CommandLog;

/** Worlds of `input` for any configuration, whatever interval of demand it asks for. */
const worldOf = (input: WorldInput) => (config: Config) => createWorld(config, atInterval(input, config));

test("R5: the log names every command that was performed, and neither reads nor refusals", async () => {
  const tested = createTestEmulator({ acceleration: 2 });
  tested.wallMs = 1500;
  await tested.get("/set/dcdc/E002?mode=0x0014&dvg=350.5&dig=2&drg=", { headers: { "user-agent": "main" } });
  await tested.get("/get/log");
  await tested.get("/set/dcdc/E002?mode=0x0014");
  await tested.get("/set/emu/E009?rsoc=1");
  tested.wallMs = 2500;
  await tested.get("/set/emu/E001", {
    method: "POST",
    body: "rsoc=60",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  await tested.get("/set/acc/7.5");
  await tested.get("/save");
  await tested.get("/restart");
  await tested.get("/remove/unit");
  const { commands } = await readLog(tested);
  const common = { wall_time: "1970-01-01T00:00:02.500Z", wall_ms: 2500, time_s: 5, source: "" };
  const at = { ...common, time: "2020-01-01 00:00:05.000" };
  expect(commands).toEqual([
    {
      id: 1,
      wall_time: "1970-01-01T00:00:01.500Z",
      wall_ms: 1500,
      time_s: 3,
      time: "2020-01-01 00:00:03.000",
      source: "main",
      get: "/set/dcdc/E002?mode=0x0014&dvg=350.5&dig=2&drg=",
      effect: "changed E002",
    },
    { id: 2, ...at, get: "/set/emu/E001?rsoc=60", effect: "changed E001" },
    { id: 3, ...at, get: "/set/acc/7.5", effect: "acceleration 7.5" },
    { id: 4, ...at, get: "/save", effect: "kept 4 units" },
    { id: 5, ...at, get: "/restart", effect: "changed E001 E002 E003 E004 E005 E006" },
    { id: 6, ...at, get: "/remove/unit", effect: "removed E006" },
  ]);
});

test("R5: times are told in whole milliseconds at any rate", async () => {
  for (const acceleration of [7.77, 60, 12_345.678]) {
    const tested = createTestEmulator({ acceleration, sleeptime: 0.9 });
    for (const waitMs of [12_658, 1, 333, 777]) {
      tested.wallMs += waitMs;
      await tested.get("/set/emu/E001?rsoc=60");
    }
    for (const { time, time_s } of (await readLog(tested)).commands) {
      expect(String(time_s)).toMatch(/^\d+(\.\d{1,3})?$/);
      const date = new Date(Date.parse("2020-01-01T00:00:00Z") + Math.round(time_s * 1000));
      expect(time).toBe(date.toISOString().replace("T", " ").slice(0, 23));
    }
  }
});

test("R5: as CSV a cell that would be a formula is a text, and days choose", async () => {
  const tested = createTestEmulator({ acceleration: 100_000 });
  await tested.get("/set/acc/100000", { headers: { "user-agent": '=HYPERLINK("http://x")' } });
  tested.wallMs = 1000;
  await tested.get("/set/emu/E001?rsoc=60");
  const lines = (await text(tested, "/commands?format=csv")).split("\r\n");
  expect(lines[0]).toBe("id,wall_time,time,time_s,wall_ms,source,get,effect");
  expect(lines[1]).toContain(`"'=HYPERLINK(""http://x"")"`);
  expect(lines).toHaveLength(4);
  expect((await text(tested, "/commands?format=csv&from=1")).split("\r\n")[1]).toContain("/set/emu/E001");
});

const step = fc.oneof(
  { weight: 6, arbitrary: command },
  { weight: 2, arbitrary: query },
  { weight: 1, arbitrary: fc.constantFrom(...rates).map((rate) => `/set/acc/${rate}`) },
  { weight: 1, arbitrary: fc.constantFrom("evict", "/restart?clock=start", "/save", "/get/last") },
);
const script = fc.array(fc.tuple(wait, step), { maxLength: 30 });
const everyS = 900;

test("R6: the log of commands performed again gives the same trajectory to the bit", async () => {
  await checkAsync(
    fc.asyncProperty(script, async (steps) => {
      const tested = createTestEmulator({ acceleration: 8 }, variedInput);
      for (const [waitMs, path] of steps) {
        tested.wallMs += waitMs;
        if (path === "evict") tested.evict();
        else await tested.get(path);
      }
      tested.wallMs += 600_000;
      const log = readCommandLog(await text(tested, "/commands"));
      const again = await repeatRun(log, worldOf(variedInput), "even", everyS);
      const days = [...tested.storage.readDays(0, 9)].map(readAccounts);
      const energies = (name: "demandWh" | "acIntakeWh") =>
        days.map((accounts) => again.units.map((_, index) => accounts[index]?.[name] ?? 0));
      expect(again.dailyEnergyWh.map((day) => day.demand)).toEqual(energies("demandWh"));
      expect(again.dailyEnergyWh.map((day) => day.acin)).toEqual(energies("acIntakeWh"));
      again.units.forEach((_, index) => {
        const past = replayUnit(tested.storage, tested.emulator.readChapters(), index + 1, 0, log.untilS);
        for (const [timeS, ...charges] of again.hourlyRsoc) {
          const charge = past.readAt(timeS as number)?.reading.stateOfChargePercent;
          if (charge !== undefined) expect(charges[index], `unit ${index + 1} at ${timeS}`).toBe(charge);
        }
      });
    }),
    60,
  );
});

test("R7: a run is not repeated on other data, nor from a part of its log", async () => {
  const tested = createTestEmulator({ acceleration: 1 });
  tested.wallMs = 5000;
  await tested.get("/set/emu/E001?rsoc=50");
  const log = readCommandLog(await text(tested, "/commands"));
  await expect(repeatRun(log, worldOf(evenInput), "other", everyS)).rejects.toThrow(/not the data/);
  expect(() => readCommandLog("{}")).toThrow(/no whole log/);
  expect(() => readCommandLog("null")).toThrow(/no whole log/);
  expect(() => readCommandLog("[1]")).toThrow(/no whole log/);
  const part = await text(tested, "/commands?from=1");
  expect(() => readCommandLog(part)).toThrow(/no whole log/);
});

test("R6: a log with faults is performed again to the bit, those at simulated seconds too", async () => {
  const tested = createTestEmulator({ acceleration: 10, atEndOfData: "repeat" }, variedInput);
  const commands: [wallMs: number, path: string][] = [
    [0, "/set/acc/200"],
    [0, "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2"],
    [0, "/set/dcdc/E002?mode=0x0041&dvg=350&dig=2"],
    [0, "/set/acc/10"],
    [1000, "/faults/add?kind=trip&unit=E001&at=9000.5"],
    [2000, "/faults/add?kind=ignoreCommands&unit=E003&for=30000"],
    [2000, "/set/dcdc/E003?mode=0x0014&dvg=350&dig=2"],
    [1_200_000, "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2"],
    [1_300_000, "/faults/add?kind=busCollapse&at=2020-01-02T10:00:00&for=100"],
    [1_400_000, "/faults/add?kind=trip&alarm=heavy"],
    [1_500_000, "/set/dcdc/E002?mode=0x0041&dvg=350&dig=2"],
    [1_600_000, "/faults/end?id=4"],
    [1_700_000, "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2"],
    [1_700_000, "/set/dcdc/E002?mode=0x0041&dvg=350&dig=2"],
  ];
  for (const [wallMs, path] of commands) {
    tested.wallMs = wallMs;
    expect((await tested.get(path)).status, path).toBe(200);
    tested.evict();
  }
  tested.wallMs = 30_000_000;
  const log = readCommandLog(await text(tested, "/commands"));
  const again = await repeatRun(log, worldOf(variedInput), "even", everyS);
  again.units.forEach((_, index) => {
    const past = replayUnit(tested.storage, tested.emulator.readChapters(), index + 1, 0, log.untilS);
    for (const [timeS, ...charges] of again.hourlyRsoc)
      expect(charges[index]).toBe(past.readAt(timeS as number)?.reading.stateOfChargePercent);
  });
  const trips = await text(tested, "/events?kind=trip");
  for (const part of ['"timeS":9000.5', '"timeS":122400', '"detail":"heavyFault"'])
    expect(trips).toContain(part);
});

test("R7: a log of a later release, or with a wrong configuration, is refused in one line", async () => {
  const log = JSON.parse(await text(createTestEmulator(), "/commands")) as CommandLog;
  expect(() => readCommandLog(JSON.stringify({ ...log, version: 99 }))).toThrow(/version 99; allowed: 1 to/);
  const [chapter] = log.run.chapters;
  const config = { ...chapter?.config, DCCstLoss: "much" };
  const wrong = { ...log, run: { ...log.run, chapters: [{ ...chapter, config }] } };
  expect(() => readCommandLog(JSON.stringify(wrong))).toThrow(/^[^\n]*DCCstLoss is "much"[^\n]*$/);
  for (const none of [null, "none", 5]) {
    const without = { ...log, run: { ...log.run, chapters: [{ ...chapter, config: none }] } };
    expect(() => readCommandLog(JSON.stringify(without))).toThrow(/no whole log[^\n]*config: Invalid type/);
    const { chapters, ...run } = log.run;
    const earlier = { ...log, version: undefined, run: { ...run, config: none, alteredAtS: null } };
    expect(() => readCommandLog(JSON.stringify(earlier))).toThrow(/no whole log[^\n]*chapters/);
  }
  expect(() => readCommandLog(JSON.stringify({ ...log, untilS: -1 }))).toThrow(/no whole log[^\n]*untilS/);
});

const chapterStep = fc.oneof(
  { weight: 3, arbitrary: step },
  { weight: 1, arbitrary: fc.constantFrom("batterySize", "DCCstLoss", "doUpdates", "demandIntervalMinutes") },
);

test("R7: a run of several chapters on the same data performed again gives the same trajectory to the bit", async () => {
  await checkAsync(
    fc.asyncProperty(fc.array(fc.tuple(wait, chapterStep), { maxLength: 30 }), async (steps) => {
      const tested = createTestEmulator({ acceleration: 8 }, variedInput);
      let parameters = {};
      for (const [index, [waitMs, path]] of steps.entries()) {
        tested.wallMs += waitMs;
        if (path.startsWith("/")) await tested.get(path);
        else {
          parameters = { ...parameters, ...alter(path, index) };
          tested.evict(parameters);
        }
      }
      tested.wallMs += 600_000;
      const log = readCommandLog(await text(tested, "/commands"));
      const again = await repeatRun(log, worldOf(variedInput), "even", everyS);
      const days = [...tested.storage.readDays(0, 9)].map(readAccounts);
      const energies = (name: "setByHandWh" | "acIntakeWh") =>
        days.map((accounts) => again.units.map((_, index) => accounts[index]?.[name] ?? 0));
      expect(again.dailyEnergyWh.map((day) => day.acin)).toEqual(energies("acIntakeWh"));
      again.units.forEach((_, index) => {
        const chapters = tested.emulator.readChapters();
        const past = replayUnit(tested.storage, chapters, index + 1, 0, log.untilS);
        for (const [timeS, ...charges] of again.hourlyRsoc) {
          const charge = past.readAt(timeS as number)?.reading.stateOfChargePercent;
          if (charge !== undefined) expect(charges[index], `unit ${index + 1} at ${timeS}`).toBe(charge);
        }
      });
    }),
    60,
  );
});

test("R7: a run whose data changed, or of which not all is known, is refused in one line", async () => {
  const tested = createTestEmulator({ acceleration: 1 });
  tested.wallMs = 5000;
  tested.data.set("other", variedInput);
  tested.evict({}, "other");
  const changed = readCommandLog(await text(tested, "/commands"));
  await expect(repeatRun(changed, worldOf(evenInput), "even", everyS)).rejects.toThrow(
    /cannot be repeated: from simulated second 5 on/,
  );
  await tested.get("/restart?clock=start");
  const anew = readCommandLog(await text(tested, "/commands"));
  await repeatRun(anew, worldOf(variedInput), "other", everyS);
});

/** Another value of a parameter, or for `evict` none. */
function alter(name: string, index: number): Record<string, unknown> {
  if (name === "batterySize") return { batterySize: { default: 3000 + 100 * index, E002: 9000 } };
  if (name === "DCCstLoss") return { DCCstLoss: 10 + index };
  if (name === "doUpdates") return { doUpdates: index % 2 === 0 };
  return name === "evict" ? {} : { demandIntervalMinutes: index % 2 === 0 ? 30 : 60 };
}
