import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LivingClock } from "../../src/community/state/living-clock.ts";
import { createTestEmulator } from "../support/emulators.ts";

const aheadMs = 3500;

/** A clock that has begun at 0 with the wall clock at `wallMs`. */
function beginAt(wallMs: number): LivingClock {
  const clock = new LivingClock();
  clock.begin(0, aheadMs, wallMs);
  return clock;
}

/** What may happen between two looks: real time passes, the wall clock is set, a beat comes. */
const happening = fc.oneof(
  fc.record({ passMs: fc.integer({ min: 0, max: 20_000 }) }),
  fc.record({ setByMs: fc.integer({ min: -1e9, max: 1e9 }) }),
  fc.constant({ beats: true as const }),
);

describe("the clock of a local run", () => {
  test("L14: whatever passes or is set, it never goes back and never beyond what it was let go", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        let wallMs = 1e12;
        let untilMs = aheadMs;
        const clock = beginAt(wallMs);
        let latestMs = 0;
        for (const each of happenings) {
          if ("passMs" in each) wallMs += each.passMs;
          else if ("setByMs" in each) wallMs += each.setByMs;
          else {
            untilMs = clock.at(wallMs) + aheadMs;
            clock.renew(untilMs, wallMs);
          }
          const nowMs = clock.at(wallMs);
          expect(nowMs).toBeGreaterThanOrEqual(latestMs);
          expect(nowMs).toBeLessThanOrEqual(untilMs);
          latestMs = nowMs;
        }
      }),
    );
  });

  test("L14: heard of every second, it goes with real time to the millisecond", () => {
    const clock = beginAt(1e12);
    for (let second = 1; second <= 3600; second++) {
      clock.renew(clock.at(1e12 + second * 1000) + aheadMs, 1e12 + second * 1000);
      expect(clock.at(1e12 + second * 1000)).toBe(second * 1000);
    }
  });

  test.each([
    ["a suspension of 10 s", 10_000, aheadMs],
    ["a clock set an hour ahead", 3_600_000, aheadMs],
    ["a clock set an hour back", -3_600_000, 0],
  ])("L14: %s moves it by no more than it was let go, and it goes on from there", (_, byMs, movedMs) => {
    const clock = beginAt(1e12);
    const afterMs = 1e12 + byMs;
    expect(clock.at(afterMs)).toBe(movedMs);
    expect(clock.renew(clock.at(afterMs) + aheadMs, afterMs)).toBe(byMs - movedMs);
    expect(clock.at(afterMs + 1000)).toBe(movedMs + 1000);
  });

  test("L14: stopped it stands, and begun again it goes on from where it stood", () => {
    const clock = beginAt(1e12);
    expect(clock.stop(1e12 + 1200)).toBe(1200);
    expect(clock.at(2e12)).toBe(1200);
    const next = new LivingClock();
    next.begin(1200, 1200 + aheadMs, 3e12);
    expect(next.at(3e12 + 800)).toBe(2000);
  });
});

test("L14: simulated time follows it, and the log of commands the wall clock", async () => {
  const clock = beginAt(1e12);
  const tested = createTestEmulator({ acceleration: 10, units: 1 }, undefined, (ms) => clock.at(ms));
  const secondsAt = async (wallMs: number) => {
    tested.wallMs = wallMs;
    return (await (await tested.get("/state")).json()).timeS;
  };
  expect(await secondsAt(1e12 + 1000)).toBe(10);
  expect(await secondsAt(1e12 + 3_600_000)).toBe(35);
  clock.renew(clock.at(tested.wallMs) + aheadMs, tested.wallMs);
  await tested.get("/set/acc/20");
  expect(await secondsAt(1e12 + 3_601_000)).toBe(55);
  const { commands } = await (await tested.get("/commands")).json();
  expect(commands.at(-1).wall_ms).toBe(1e12 + 3_600_000);
});
