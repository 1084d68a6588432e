import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Command, LongQuery } from "../../src/community/state/request.ts";
import { Turns } from "../../src/community/state/turns.ts";
import { streamText } from "../../src/community/storage/text-streams.ts";
import { atOnce, type InParts, writeJsonInParts } from "../../src/notation/in-parts.ts";
import { countOf } from "../support/counts.ts";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";

const hourMs = 3_600_000;
const kept = Number.POSITIVE_INFINITY;

const history = { kind: "history", fromS: 0, toS: Number.MAX_VALUE, resolutionS: 7200 } as const;
const queries: readonly LongQuery[] = [
  { kind: "log" },
  { kind: "state" },
  { ...history, of: "community" },
  { ...history, of: "charges" },
  { kind: "summary", fromDay: 0, toDay: 99 },
];

const change = { echo: {}, reply: "set" } as const;
const commands: readonly Command[] = [
  { kind: "changeUnit", unitNumber: 1, change: { stateOfChargePercent: 3 }, ...change },
  { kind: "changeUnit", unitNumber: 2, change: { demandPowerW: 900, solarPowerW: 10 }, ...change },
  { kind: "addUnit" },
  { kind: "removeUnit" },
  { kind: "save", asFile: false },
  { kind: "loadLast" },
  { kind: "reset", restartClock: false, units: 6 },
  { kind: "setAcceleration", accelerationFactor: 30 },
];

/** Four homes after some commands in more than two days. */
function createLived(): TestEmulator {
  const tested = createTestEmulator({ units: 4 });
  commands.slice(0, 5).forEach((command, index) => {
    tested.emulator.answer(command, (1 + index * 9) * hourMs);
  });
  tested.wallMs = 55 * hourMs;
  return tested;
}

test("P41: an answer in parts is of one moment, whatever is commanded between its parts, at the same second too", () => {
  const step = fc.record({
    afterParts: fc.nat(4),
    command: fc.constantFrom(...commands),
    laterMs: fc.constantFrom(0, 0, 1, 1000, 30 * hourMs),
  });
  fc.assert(
    fc.property(fc.constantFrom(...queries), fc.array(step, { maxLength: 12 }), (query, steps) => {
      const tested = createLived();
      const expected = tested.emulator.answer(query, tested.wallMs);
      const parts = tested.emulator.answerInParts(query, tested.wallMs, kept);
      let result = parts.next();
      for (const { afterParts, command, laterMs } of steps) {
        for (let part = 0; part < afterParts && !result.done; part++) result = parts.next();
        tested.wallMs += laterMs;
        tested.emulator.answer(command, tested.wallMs);
      }
      expect(result.done ? result.value : atOnce(parts)).toEqual(expected);
    }),
    { numRuns: countOf(2000, 30) },
  );
});

test("P41: an export in pieces is of one moment too, but that ends with the run", () => {
  for (const of of ["summary", "individual", "commands"] as const) {
    const request = { of, fromDay: 0, toDay: 99, format: "json" } as const;
    const whole = createLived();
    const expected = [...whole.emulator.writeExport(request, whole.wallMs)].join("");
    const tested = createLived();
    let text = "";
    let next = 0;
    for (const piece of tested.emulator.writeExport(request, tested.wallMs)) {
      text += piece;
      tested.emulator.answer(commands[next++ % commands.length] as Command, tested.wallMs);
    }
    // The log's head tells of the clock's run, which has gone on.
    expect(text, of).toBe(expected);
  }
});

test.each(["summary", "individual"] as const)(
  "P41: an export of %s ends with an error where days that it was to tell of are forgotten, and not where none is",
  (of) => {
    const request = { of, fromDay: 0, toDay: 99, format: "csv" } as const;
    const whole = createLived();
    const pieces = [...whole.emulator.writeExport(request, whole.wallMs)];
    const expected = pieces.join("");
    for (let before = 1; before <= pieces.length; before++) {
      const tested = createLived();
      const told = tested.emulator.writeExport(request, tested.wallMs);
      let text = "";
      for (let piece = 0; piece < before; piece++) text += told.next().value ?? "";
      tested.storage.forgetBefore(1);
      let failure = "";
      try {
        text += [...told].join("");
      } catch (error) {
        failure = String(error);
      }
      if (failure === "") expect(text, `forgotten after ${before} pieces`).toBe(expected);
      else expect(failure).toContain("was forgotten before it was told");
      if (before === 1) expect(failure).toContain("Day 0 ");
      if (before === pieces.length) expect(failure).toBe("");
    }
  },
);

test("P41: JSON in parts is JSON", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.array(fc.jsonValue(), { maxLength: 40 }),
      (given, list) => {
        const value = { ...given, list, lists: list.map((each) => [each]) };
        expect(atOnce(writeJsonInParts(value))).toBe(JSON.stringify(value));
      },
    ),
  );
});

describe("turns", () => {
  /** Waits end only when the test lets them; all that happens is noted in order. */
  function createTurns() {
    const notes: string[] = [];
    const waiting: { ms: number; end: () => void }[] = [];
    let nowMs = 0;
    const wait = (ms: number) =>
      new Promise<void>((end) => {
        waiting.push({ ms, end });
      });
    const turns = new Turns({ nowMs: () => nowMs, wait });
    return {
      turns,
      notes,
      compute: (name: string, parts: number) => turns.compute(async () => countParts(name, parts, notes)),
      async pass(ms: number) {
        nowMs += ms;
        for (const each of waiting.splice(0)) {
          if (each.ms <= ms) each.end();
          else waiting.push({ ...each, ms: each.ms - ms });
        }
        for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      },
    };
  }

  function* countParts(name: string, parts: number, notes: string[]): InParts<string> {
    for (let part = 0; part < parts; part++) {
      notes.push(name);
      yield;
    }
    return name;
  }

  test("X6: of eight long answers one is computed at a time, and others have their turn after eight parts", async () => {
    const { notes, compute, pass } = createTurns();
    const answers = Array.from({ length: 8 }, (_, index) => compute(String(index), 40));
    let done = 0;
    for (const answer of answers) answer.then(() => done++);
    let before = notes.length;
    for (let slice = 0; slice < 60 && done < 8; slice++) {
      await pass(1);
      expect(notes.length - before).toBeLessThanOrEqual(2 * 8);
      before = notes.length;
    }
    expect(await Promise.all(answers)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
    expect(notes).toEqual(Array.from({ length: 320 }, (_, part) => String(Math.floor(part / 40))));
  });

  test("X6: what is under way is computed to its end before something is deleted", async () => {
    const { notes, turns, compute, pass } = createTurns();
    const answer = compute("a", 1000);
    await pass(1);
    expect([notes.length < 1000, turns.isReading]).toEqual([true, true]);
    turns.finish();
    expect(notes).toHaveLength(1000);
    await pass(1);
    expect(await answer).toBe("a");
    expect(turns.isReading).toBe(false);
  });

  test("X6: one that fails, or that the platform drops in a wait, keeps nobody from the turn", async () => {
    const { turns, compute, pass } = createTurns();
    await expect(turns.compute(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    const dropped = new Turns({
      nowMs: performance.now.bind(performance),
      wait: () => new Promise(() => {}),
    });
    dropped.compute(async () => countParts("dropped", 99, []));
    const answer = compute("after", 3);
    await pass(1);
    expect(await answer).toBe("after");
  });

  test("X6: a turn whose holder does nothing for two seconds is free", async () => {
    let nowMs = 0;
    const ends: (() => void)[] = [];
    const wait = () => new Promise<void>((end) => ends.push(end));
    const turns = new Turns({ nowMs: () => nowMs, wait });
    turns.compute(async () => countParts("dropped", 99, []));
    await Promise.resolve();
    const after = turns.compute(async () => countParts("after", 3, []));
    for (let turn = 0; turn < 9; turn++) await Promise.resolve();
    nowMs = 2001;
    // The wait of the holder never ends, that of the next one does.
    ends.at(-1)?.();
    expect(await after).toBe("after");
  });
});

describe("streams", () => {
  const read = async (stream: ReadableStream<Uint8Array>) => new Response(stream).text();

  test("X6: a stream rests after eight pieces, or 64 kB, and before the first", async () => {
    let rests = 0;
    const rest = async () => rests++;
    const pieces = Array.from({ length: 80 }, (_, index) => (index % 2 === 0 ? "" : `${index},`));
    expect(await read(streamText(pieces.values(), rest))).toBe(pieces.join(""));
    expect(rests).toBeGreaterThanOrEqual(10);
    rests = 0;
    const long = ["x".repeat(70_000), "y".repeat(70_000), ""];
    expect(await read(streamText(long.values(), rest))).toBe(long.join(""));
    expect(rests).toBeGreaterThanOrEqual(3);
  });

  test("P41: whoever reads what was replaced meanwhile is told by an error", async () => {
    let isValid = true;
    const rest = async () => {};
    const pieces = (function* () {
      for (let n = 0; n < 100; n++) {
        if (n === 50) isValid = false;
        yield `${n},`;
      }
    })();
    await expect(read(streamText(pieces, rest, () => isValid))).rejects.toThrow("replaced");
  });
});
