import { randomLcg } from "d3-random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePath } from "../../src/api/http/router.ts";
import { parseBody } from "../../src/api/http/step-bodies.ts";
import { Slices } from "../../src/community/state/catch-up.ts";
import type { Command } from "../../src/community/state/request.ts";
import { secondsPerDay } from "../../src/simulation/world.ts";
import { countOf } from "../support/counts.ts";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";
import { checkAsync, commandOrFault as command, query, variedInput } from "./random-requests.ts";

const dayMs = 86_400_000;
const historyDays = 40;

/** A community that lives as fast as may be, on data that repeat. */
const create = (parameters: Record<string, unknown> = {}) =>
  createTestEmulator({ acceleration: 1, atEndOfData: "repeat", ...parameters }, variedInput);

/** Slices as small as they can be: each ends after the days that are passed at once. */
const smallest = 1;
const textOf = async (tested: TestEmulator, path: string) => {
  const response = await tested.get(path);
  return `${response.status} ${await response.text()}`;
};
/** The same without how far computing is behind, in which slices do differ. */
const toldOf = async (tested: TestEmulator, path: string) =>
  (await textOf(tested, path)).replace(/"behindS":[\d.]+/, "");

/** Says how many days are kept, as each request to an object does. */
function keepDays({ emulator, wallMs }: TestEmulator): void {
  emulator.answer({ kind: "acceleration" }, wallMs, undefined, historyDays);
}

/** One slice; returns whether it was the last. */
const carryOn = ({ emulator, wallMs }: TestEmulator, withRecords: boolean) =>
  emulator.carryOn(wallMs, withRecords, historyDays, smallest);

/** All that is kept but for the rows of units, which only say how far these were carried. */
function keptOf({ storage }: TestEmulator) {
  const { bus, clock } = storage.load() ?? {};
  const units = Array.from({ length: storage.highestUnitNumber() }, (_, index) => index + 1);
  return {
    bus,
    clock,
    days: [...storage.readDays(0, 1e9)],
    events: units.flatMap((unit) => storage.readEvents(unit, 0, 1e12)),
    busEvents: storage.readBusEvents(0, 1e12),
    commands: storage.readCommands(0, 1e6),
    chapters: storage.readChapters().map(({ beganWallMs: _, ...chapter }) => chapter),
  };
}

const records = fc.constantFrom("/summary", "/history?unit=E001", "/data/output/summary.csv");
const clock = fc.constantFrom("/set/acc/0", "/set/acc/1", "/set/acc/7", "/time/hold", "/time/run");
const step = fc.record({
  waitDays: fc.oneof(
    fc.double({ min: 0, max: 3, noNaN: true }),
    fc.double({ min: 300, max: 1500, noNaN: true }),
  ),
  path: fc.oneof(
    { weight: 4, arbitrary: command },
    { weight: 2, arbitrary: query },
    { weight: 2, arbitrary: records },
    { weight: 1, arbitrary: clock },
    { weight: 1, arbitrary: fc.constant("/restart?clock=start") },
  ),
  /** After how many slices it is killed, if it comes to so many; 0 is never. */
  killedAfter: fc.nat(4),
});
const worlds = fc.record({
  units: fc.integer({ min: 1, max: 4 }),
  doUpdates: fc.boolean(),
  atEndOfData: fc.constantFrom("repeat", "repeat", "stop"),
});

describe("catching up", () => {
  test("P31: in slices, with kills between them, comes to the same bits as at once", async () => {
    let slices = 0;
    await checkAsync(
      fc.asyncProperty(worlds, fc.array(step, { maxLength: 6 }), async (parameters, steps) => {
        const [sliced, whole] = [create(parameters), create(parameters)];
        for (const { waitDays, path, killedAfter } of steps) {
          const isClocks = /acc|time|clock=start/.test(path);
          const reads = /^\/(get|state)/.test(path);
          for (const tested of [sliced, whole]) {
            tested.wallMs += Math.round(waitDays * dayMs);
            keepDays(tested);
          }
          for (let done = 1; !isClocks && !carryOn(sliced, !reads); done++) {
            slices++;
            if (done === killedAfter) sliced.evict();
          }
          expect(await toldOf(sliced, path), path).toBe(await toldOf(whole, path));
        }
        for (const tested of [sliced, whole]) keepDays(tested);
        while (!carryOn(sliced, true)) slices++;
        for (const path of ["/get/log", "/state", "/summary"])
          expect(await textOf(sliced, path), path).toBe(await textOf(whole, path));
        expect(keptOf(sliced)).toEqual(keptOf(whole));
        sliced.evict();
        sliced.wallMs = whole.wallMs += Math.round(1.3 * dayMs);
        expect(await textOf(sliced, "/get/log")).toBe(await textOf(whole, "/get/log"));
      }),
      countOf(400, 25),
    );
    expect(slices).toBeGreaterThan(20);
  });

  test("P31: each slice commits units at one midnight, and nothing else but the days before it", async () => {
    const tested = create({ units: 3 });
    await tested.get("/set/emu/E002?rsoc=33");
    const saves: unknown[] = [];
    tested.storage.save = (change) => saves.push(change);
    tested.wallMs = 2000.4 * dayMs;
    const middays: number[] = [];
    while (!carryOn(tested, false)) {
      const states = tested.storage.load()?.units.map(({ state }) => state) ?? [];
      expect(new Set(states.map(({ timeS }) => timeS)).size).toBe(1);
      middays.push((states[0]?.timeS ?? 0) / secondsPerDay);
      const last = tested.storage.findDay(1e9);
      expect(last?.day).toBe((middays.at(-1) ?? 0) - 1);
    }
    expect(middays.length).toBeGreaterThan(2);
    expect(middays.every(Number.isInteger)).toBe(true);
    expect(saves).toEqual([]);
  });

  test("P31: days that will be too old to be kept are not recorded, but the last before each commit", async () => {
    const tested = create({ units: 4 });
    tested.wallMs = 5000 * dayMs;
    const days: number[] = [];
    const { appendDay } = tested.storage;
    tested.storage.appendDay = (record) => {
      days.push(record.day);
      appendDay(record);
    };
    let slices = 1;
    while (!carryOn(tested, true)) slices++;
    const keptFrom = tested.storage.firstDay();
    expect(keptFrom).toBe(4956);
    expect(days.filter((day) => day < keptFrom).length).toBeLessThan(slices);
    expect([...tested.storage.readDays(0, 1e9)].map(({ day }) => day)).toEqual(
      Array.from({ length: 5000 - keptFrom }, (_, index) => keptFrom + index),
    );
  });

  test("P31: what a session has done is kept before a slice records the days after it", async () => {
    const [waits, keeps] = [create(), create()];
    for (const [waitDays, path] of [
      [0.3, "/set/emu/E001?rsoc=11"],
      [1.2, "/set/emu/E002?rsoc=77"],
      [400, "/set/emu/E001?rsoc=55"],
      [2.5, "/set/dcdc/E003?mode=0x0014&dvg=350&dig=1"],
    ] as const) {
      for (const tested of [waits, keeps]) tested.wallMs += waitDays * dayMs;
      while (!carryOn(waits, waitDays > 2));
      const parsed = await parsePath(path, 1000);
      if (!parsed.ok) throw new Error(path);
      const origin = { path, source: "" };
      waits.emulator.answerAndWait(parsed.value as Command, waits.wallMs, origin, historyDays);
      keeps.emulator.answer(parsed.value as Command, keeps.wallMs, origin, historyDays);
    }
    waits.emulator.keepWaiting();
    expect(keptOf(waits)).toEqual(keptOf(keeps));
  });

  test("J17: many steps that are kept at once leave the rows that each by itself does", async () => {
    const random = randomLcg(0.17);
    const [waits, keeps] = [create(), create()];
    const origin = { path: "/session", source: "" };
    for (let step = 0; step < 300; step++) {
      const unit = `E00${1 + Math.floor(random() * 3)}`;
      const set =
        random() < 0.5 ? { rsoc: Math.floor(random() * 100) } : { mode: "0x0014", dvg: 350, dig: 1 };
      const actions = random() < 0.6 ? [{ unit, set }] : [];
      const seconds = Math.floor(random() * 9000);
      const read = await parseBody("/step", JSON.stringify({ actions, seconds }));
      if (!read.ok) throw new Error(read.refusal.message);
      for (const tested of [waits, keeps]) tested.wallMs += 1000;
      waits.emulator.answerAndWait(read.value, waits.wallMs, origin, historyDays);
      keeps.emulator.answer(read.value, keeps.wallMs, origin, historyDays);
      if (random() < 0.05) waits.emulator.keepWaiting();
    }
    waits.emulator.keepWaiting();
    expect(waits.storage.load()).toEqual(keeps.storage.load());
    expect(keptOf(waits)).toEqual(keptOf(keeps));
  });

  test("J17: of steps that cannot all be kept none is", async () => {
    const tested = create();
    await tested.get("/time/hold");
    const kept = keptOf(tested);
    for (let step = 0; step < 40; step++) {
      const body = { actions: [{ unit: "E001", set: { rsoc: step } }], seconds: 3600 };
      const read = await parseBody("/step", JSON.stringify(body));
      if (!read.ok) throw new Error(read.refusal.message);
      tested.emulator.answerAndWait(read.value, tested.wallMs, { path: "/session", source: "" }, historyDays);
    }
    tested.storage.appendDay = () => {
      throw new Error("The disk is full");
    };
    expect(() => tested.emulator.keepWaiting()).toThrow("full");
    expect(keptOf(tested)).toEqual(kept);
  });

  test("P32: the clock starts anew without recording what is forgotten, however long it was only read", async () => {
    const tested = create({ units: 4 });
    for (let days = 0; days < 9000; days += 200) {
      tested.wallMs = days * dayMs;
      await tested.get("/state");
    }
    const before = tested.emulator.advancedSegments;
    tested.storage.appendDay = () => {
      throw new Error("recorded");
    };
    expect(await textOf(tested, "/restart?clock=start")).toContain("200 ");
    expect(tested.emulator.advancedSegments - before).toBeLessThan(10_000);
  });

  test("P31: what one slice can do commits nothing", async () => {
    const tested = create();
    tested.wallMs = 240 * dayMs;
    tested.storage.keepUnits = () => {
      throw new Error("committed");
    };
    expect(tested.emulator.carryOn(tested.wallMs, false, historyDays)).toBe(true);
    expect(tested.emulator.carryOn(tested.wallMs, true, historyDays)).toBe(true);
  });

  test("P31: each time that a battery became empty is told of, or counted where there are many", async () => {
    const told = async (isSliced: boolean) => {
      const tested = create({ units: 2, ACChargeAmount: 0, UPS_TRIGGER_BATT_OFF: 0, UPS_TRIGGER_BATT_ON: 5 });
      await tested.get("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
      await tested.get("/set/dcdc/E002?mode=0x0002&dvg=350&dig=1");
      tested.wallMs = 1600.5 * dayMs;
      while (isSliced && !carryOn(tested, false));
      await tested.get("/get/log");
      const lines = tested.log.map(({ message }) => message);
      const named = lines.filter((line) => line === "A battery is empty").length;
      const counts = lines.map((line) =>
        Number(/^Batteries became empty (\d+) more times$/.exec(line)?.[1] ?? 0),
      );
      return { named, counted: counts.reduce((sum, count) => sum + count, 0) };
    };
    const [sliced, whole] = [await told(true), await told(false)];
    expect(whole.counted).toBe(0);
    expect(whole.named).toBeGreaterThan(500);
    expect(sliced.named).toBeLessThan(whole.named / 2);
    expect(sliced.named + sliced.counted).toBe(whole.named);
  });

  test("P32: a change of rate while behind counts from now on: what has passed is computed at the old one", async () => {
    for (const path of ["/set/acc/0", "/set/acc/100", "/time/hold"]) {
      const [behind, prompt] = [create(), create()];
      for (const tested of [behind, prompt]) tested.wallMs = 3000.25 * dayMs;
      const before = behind.emulator.advancedSegments;
      const answer = await textOf(behind, path);
      expect(behind.emulator.advancedSegments - before).toBeLessThan(10_000);
      expect(await textOf(behind, "/time")).toContain(`"timeS":${3000.25 * secondsPerDay},`);
      while (!carryOn(prompt, true));
      // The answer of hold says besides how far the community is behind.
      expect(answer.replace(/"behindS":\d+/, '"behindS":0')).toBe(await textOf(prompt, path));
      for (const tested of [behind, prompt]) tested.wallMs += dayMs;
      behind.evict();
      while (!carryOn(behind, true));
      expect(await textOf(behind, "/get/log"), path).toBe(await textOf(prompt, "/get/log"));
      expect(behind.storage.readCommands(0, 9)).toEqual(prompt.storage.readCommands(0, 9));
    }
  });

  test("P32: the clock starts anew without computing what is forgotten", async () => {
    const tested = create({ units: 4 });
    tested.wallMs = 1e6 * dayMs;
    expect(carryOn(tested, false)).toBe(false);
    const before = tested.emulator.advancedSegments;
    expect(await textOf(tested, "/restart?clock=start")).toContain("200 ");
    expect(tested.emulator.advancedSegments).toBe(before);
    expect(await textOf(tested, "/get/log")).toBe(await textOf(create({ units: 4 }), "/restart?clock=start"));
    expect(tested.emulator.isBehind(tested.wallMs)).toBe(false);
  });

  test("P32: time that is behind is told of: since when, how far, up to when", async () => {
    const tested = create({ units: 4 });
    tested.wallMs = 2000.5 * dayMs;
    const told = async () => JSON.parse(await (await tested.get("/time")).text()).behindS / secondsPerDay;
    expect(await told()).toBe(2000.5);
    const shares: number[] = [];
    while (!carryOn(tested, false)) {
      const { refusal } = tested.emulator.refuseAsBehind(tested.wallMs);
      const { fromS, reachedS, toS, share } = refusal.progress ?? { fromS: 0, reachedS: 0, toS: 0, share: 0 };
      expect([refusal.code, fromS, toS]).toEqual(["catching_up", 0, 2000.5 * secondsPerDay]);
      expect(share).toBe(Math.floor((1000 * reachedS) / toS) / 1000);
      shares.push(share);
    }
    expect(shares.length).toBeGreaterThan(5);
    expect(shares.every((share, index) => share > (shares[index - 1] ?? 0) && share < 1)).toBe(true);
    expect(await told()).toBe(0);
  });

  test("P33: a chapter ends once its units have come to its end, through kills, and the clock may start anew before", async () => {
    const turn = async (isKilled: boolean, path: string) => {
      const tested = create({ units: 4 });
      await tested.get("/set/emu/E002?rsoc=33");
      tested.wallMs = 6000.75 * dayMs;
      const wake = () => tested.evict({ ACChargeAmount: 300 });
      wake();
      expect(tested.storage.readChapters().length).toBe(1);
      while (isKilled && !carryOn(tested, true)) if (tested.storage.firstDay() % 3 === 0) wake();
      const answer = await textOf(tested, path);
      tested.wallMs += 2 * dayMs;
      const log = await textOf(tested, "/get/log");
      return {
        answer,
        log,
        chapters: tested.storage.readChapters().map(({ fromS, config }) => [fromS, config]),
      };
    };
    const before = create({ units: 4 });
    await before.get("/set/emu/E002?rsoc=33");
    before.wallMs = 6000.75 * dayMs;
    for (const [path, chapters] of [
      ["/get/log", 2],
      ["/restart?clock=start", 1],
    ] as const) {
      const killed = await turn(path === "/get/log", path);
      expect(killed).toEqual(await turn(false, path));
      expect(killed.chapters.length).toBe(chapters);
      if (chapters === 2) expect(chargesIn(killed.answer)).toEqual(chargesIn(await textOf(before, path)));
    }
  });
});

const chargesIn = (log: string) => [...log.matchAll(/"rsoc":([\d.]+)/g)].map(([, charge]) => charge);

/** A clock that goes on at rests alone, 100 ms each. */
function createPacer() {
  const pacer = {
    ms: 0,
    nowMs: () => pacer.ms,
    rest: async () => {
      pacer.ms += 100;
      await Promise.resolve();
    },
  };
  return pacer;
}

describe("one request", () => {
  test("P34: works 2 s on catching up, and no rest is needed where one slice does", async () => {
    const pacer = createPacer();
    const slices = new Slices(pacer);
    let left = 1;
    const slice = () => --left === 0;
    expect(await slices.work(slice)).toBe(true);
    expect(pacer.ms).toBe(0);
    left = 20;
    expect(await slices.work(slice)).toBe(true);
    left = 21;
    pacer.ms = 0;
    expect(await slices.work(slice)).toBe(false);
    expect([left, pacer.ms]).toEqual([1, 2000]);
  });

  test("P34: of several that wait one does the slices, and the next where it ends or fails", async () => {
    const pacer = createPacer();
    const slices = new Slices(pacer);
    const done: string[] = [];
    const work = (name: string, count: number) =>
      slices.work(() => {
        done.push(name);
        return done.filter((each) => each === name).length === count;
      });
    const failing = slices.work(() => {
      done.push("a");
      if (done.length === 3) throw new Error("disk full");
      return false;
    });
    const others = Promise.all([work("b", 3), work("c", 1)]);
    await expect(failing).rejects.toThrow("disk full");
    expect(await others).toEqual([true, true]);
    expect(done.join("")).toBe("aaabbbc");
  });

  test("P34: a request that was dropped in the middle keeps nobody else from it", async () => {
    const pacer = createPacer();
    let isDropped = true;
    const slices = new Slices({ ...pacer, rest: () => (isDropped ? new Promise(() => {}) : pacer.rest()) });
    void slices.work(() => false);
    isDropped = false;
    const next = async () => slices.work(() => true);
    expect(await next()).toBe(false);
    expect(await next()).toBe(true);
  });
});
