import { describe, expect, test } from "vitest";
import { createHeadlessStorage } from "../../src/cli/headless/node-database.ts";
import { chooseSpan } from "../../src/community/records/history.ts";
import type { StoredCommunity } from "../../src/community/storage/storage.ts";
import type { StoredUnit } from "../../src/community/storage/stored-shapes.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { createTestEmulator, evenInput } from "../support/emulators.ts";

const dayMs = 86_400_000;
const longInput = { ...evenInput, days: 30, solar: { stepS: 3600, values: new Float64Array(720).fill(300) } };
const input = { ...longInput, demandOf: () => ({ stepS: 1800, values: new Uint16Array(1440).fill(400) }) };
const summary = { kind: "summary", fromDay: 0, toDay: 0 } as const;

/** A community after 20 days, some commands on the way, that keeps `historyDays` of them, its events whole if asked to. */
async function liveThrough(historyDays: number, keepsWhole = false) {
  const tested = createTestEmulator({ acceleration: 1 }, input);
  if (keepsWhole) tested.storage.replaceEvents = () => false;
  const commands: [number, string][] = [
    [2.5, "/set/emu/E001?rsoc=10"],
    [3.1, "/set/dcdc/E002?mode=0x0014&dvg=350&dig=2"],
    [12.2, "/set/emu/E001?rsoc=90"],
    [15.7, "/remove/unit"],
  ];
  for (const [days, path] of commands) {
    tested.emulator.answer(summary, days * dayMs, undefined, historyDays);
    tested.wallMs = days * dayMs;
    await tested.get(path);
  }
  tested.emulator.answer(summary, 20 * dayMs, undefined, historyDays);
  tested.wallMs = 20 * dayMs;
  return tested;
}

const json = async (tested: Awaited<ReturnType<typeof liveThrough>>, path: string) =>
  (await (await tested.get(path)).json()) as { timeS: number[]; rsoc: (number | null)[] };

describe("forgetting", () => {
  test("R12: at least the days of the limit are kept, and no more than a tenth beyond", async () => {
    for (const historyDays of [1, 5, 10]) {
      const { storage } = await liveThrough(historyDays);
      const kept = 20 - 1 - storage.firstDay();
      expect(kept).toBeGreaterThanOrEqual(historyDays);
      expect(kept).toBeLessThanOrEqual(historyDays + Math.max(1, historyDays / 10));
    }
    expect((await liveThrough(100)).storage.firstDay()).toBe(0);
  });

  test("R12: what is kept is told as if nothing had been forgotten, and nothing of what was", async () => {
    const [whole, cut] = [await liveThrough(100), await liveThrough(5)];
    const fromS = (cut.storage.firstDay() + 1) * 86_400;
    for (const path of ["/history?unit=E001&resolution=3600", "/history?unit=E002&resolution=3600"]) {
      const [of, ofCut] = [await json(whole, path), await json(cut, path)];
      expect(ofCut.timeS[0]).toBe(fromS);
      expect(ofCut.rsoc).toEqual(of.rsoc.slice(of.timeS.indexOf(fromS)));
      expect(ofCut.rsoc).not.toContain(null);
    }
    const summaryOf = (tested: typeof cut, fromDay: number) => {
      const request = { of: "summary", fromDay, toDay: 99, format: "csv" } as const;
      return [...tested.emulator.writeExport(request, 20 * dayMs)].join("");
    };
    expect(summaryOf(cut, 0)).toBe(summaryOf(whole, fromS / 86_400));
  });

  test("R12: an unasked resolution never reaches back before what is kept", () => {
    const nowS = 900 * 86_400;
    const request = { fromS: 0, toS: nowS, resolutionS: null, units: 1000, earliestS: 100.5 * 86_400, nowS };
    expect(chooseSpan(request).fromS).toBeGreaterThanOrEqual(100.5 * 86_400);
  });

  test("R12: what led to a state that still holds is kept, whatever its age", async () => {
    const { storage: example } = await liveThrough(100, true);
    const world = createWorld(readConfig({}), input);
    expect(world.dataLengthS).toBe(30 * 86_400);
    const { units } = example.load() as StoredCommunity;
    const { template } = units[0] as StoredUnit;
    const storage = createHeadlessStorage();
    storage.load();
    for (const record of example.readDays(0, 99)) storage.appendDay(record);
    for (const unit of [1, 2, 3]) {
      for (const event of example.readEvents(unit, 0, 1e9)) {
        if (!event.isWhole || event.state === null) continue;
        storage.save({ timeS: event.timeS, units: [{ state: event.state, template }] });
      }
    }
    storage.forgetBefore(5);
    expect(storage.firstDay()).toBe(5);
    expect([...storage.readDays(0, 99)].map(({ day }) => day)).toEqual(
      Array.from({ length: 15 }, (_, i) => i + 5),
    );
    const events = [1, 2, 3].map((unit) =>
      storage.readEvents(unit, 0, 1e9).map(({ timeS }) => Math.round(timeS)),
    );
    expect(events).toEqual([[12.2 * 86_400], [3.1 * 86_400], [0]].map((times) => times.map(Math.round)));
    expect(storage.highestUnitNumber()).toBe(3);
  });
});
