import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCommandLog } from "../../src/cli/headless/repeat-run.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import { type Live, lives, performLive, performWhole } from "../community/held-lives.ts";
import { variedInput } from "../community/random-requests.ts";
import { countOf } from "../support/counts.ts";
import { createTestEmulator } from "../support/emulators.ts";
import { repeatRun } from "../support/whole-runs.ts";
import { ask, readLog, refused, snapshot } from "./api.ts";

type Time = Record<string, unknown> & { timeS: number };

describe("steps", () => {
  test("T4: /time/step holds time and moves it on by whole seconds, and says whether it ran", async () => {
    const tested = createTestEmulator({ acceleration: 10 });
    tested.wallMs = 1234.5;
    expect(await ask(tested, "/time/step?seconds=3600")).toMatchObject({
      timeS: 3612.345,
      time: "2020/01/01-01:00:12",
      held: true,
      acceleration: 10,
      heldByThisStep: true,
    });
    tested.wallMs += 1e6;
    tested.evict();
    expect(await ask(tested, "/time")).toMatchObject({ timeS: 3612.345, held: true });
    expect(await ask(tested, "/time/step?seconds=1")).toMatchObject({
      timeS: 3613.345,
      heldByThisStep: false,
    });
    expect(await ask(tested, "/time/step?seconds=0")).toMatchObject({ timeS: 3613.345 });
    await ask(tested, "/time/run");
    tested.wallMs += 1000;
    expect(await ask(tested, "/time")).toMatchObject({ timeS: 3623.345, held: false });
  });

  test("T4: /time/until moves time to a moment, said in seconds or as a calendar shows it", async () => {
    const tested = createTestEmulator();
    await ask(tested, "/time/hold");
    expect(await ask(tested, "/time/until?time=1800.25")).toMatchObject({ timeS: 1800.25 });
    for (const [time, timeS] of [
      ["2020/01/01-06:00:00", 21_600],
      ["2020-01-01T07:30:05", 27_005],
      ["2020-01-02", 86_400],
    ] as const)
      expect(await ask(tested, `/time/until?time=${time}`)).toMatchObject({ timeS });
    const body = new URLSearchParams({ time: "90000" });
    expect(await ask(tested, "/time/until", { method: "POST", body })).toMatchObject({ timeS: 90_000 });
    // Whoever was not sure that it was done asks again.
    expect(await ask(tested, "/time/until?time=90000")).toMatchObject({ timeS: 90_000 });
  });

  test("T4: at the end of the data it ends, and stays there", async () => {
    const tested = createTestEmulator();
    for (let again = 0; again < 2; again++)
      expect(await ask(tested, "/time/step?seconds=1000000")).toMatchObject({ timeS: 259_200, ended: true });
    await ask(tested, "/time/run");
    tested.wallMs += 1000;
    expect(await ask(tested, "/time")).toMatchObject({ timeS: 259_200, ended: true });
  });

  test("T5: /time/until moves time to the first of some events, of one home or of any, or to latest", async () => {
    const tested = createTestEmulator({ acceleration: 1, units: 2 }, variedInput);
    await ask(tested, "/set/emu/E001?rsoc=31");
    await ask(tested, "/set/emu/E002?rsoc=60");
    const first = await ask<Time>(tested, "/time/until?event=upsSwitch");
    expect(first).toMatchObject({ eventCame: true, held: true });
    expect((await readLog(tested)).E001?.emu).toMatchObject({ rsoc: 30 });
    expect(
      await ask(tested, `/time/until?event=upsSwitch,full&unit=E002&latest=${first.timeS + 60}`),
    ).toMatchObject({
      eventCame: false,
      timeS: first.timeS + 60,
    });
    const second = await ask<Time>(tested, "/time/until?event=upsSwitch&unit=E002");
    expect(second).toMatchObject({ eventCame: true });
    expect((await readLog(tested)).E002?.emu).toMatchObject({ rsoc: 30 });
    // One at the beginning ends no step.
    await ask(tested, "/time/until?event=dayEnd");
    expect(await ask(tested, "/time/until?event=dayEnd")).toMatchObject({ timeS: 172_800, eventCame: true });
    tested.evict();
    expect(await ask(tested, "/time")).toMatchObject({ timeS: 172_800 });
  });

  test("T5: time that stands between two milliseconds is told in full, and goes on from the later", async () => {
    const tested = createTestEmulator({ acceleration: 1, units: 2 }, variedInput);
    await ask(tested, "/set/emu/E001?rsoc=31");
    const { timeS } = await ask<Time>(tested, "/time/until?event=upsSwitch");
    expect(timeS * 1000).not.toBe(Math.round(timeS * 1000));
    tested.evict();
    expect(await ask(tested, "/time")).toMatchObject({ timeS });
    await ask(tested, "/time/run");
    expect(await ask(tested, "/time")).toMatchObject({ timeS: Math.ceil(timeS * 1000) / 1000 });
  });

  test.each([
    ["/time/step", "missing_parameter", "seconds"],
    ["/time/step?seconds=1.5", "invalid_parameter", "seconds"],
    ["/time/step?seconds=-1", "invalid_parameter", "seconds"],
    ["/time/step?seconds=1&other=2", "invalid_parameter", "other"],
    ["/time/until", "missing_parameter", "time"],
    ["/time/until?time=soon", "invalid_parameter", "time"],
    ["/time/until?time=2020-02-31", "invalid_parameter", "time"],
    ["/time/until?time=99", "invalid_parameter", "time"],
    ["/time/until?time=2019-12-31", "invalid_parameter", "time"],
    ["/time/until?time=200&unit=E001", "missing_parameter", "event"],
    ["/time/until?time=200&latest=300", "missing_parameter", "event"],
    ["/time/until?time=200&event=full", "invalid_parameter", "time"],
    ["/time/until?event=rain", "invalid_parameter", "event"],
    ["/time/until?event=full&unit=x", "unknown_unit", "unit"],
    ["/time/until?event=full&unit=E099", "unknown_unit", "unit"],
    ["/time/until?event=full&latest=99", "invalid_parameter", "latest"],
    ["/time/hold?claimSeconds=3", "missing_parameter", "claim"],
    ["/time/hold?claim=", "invalid_parameter", "claim"],
    ["/time/hold?claim=a%0ab", "invalid_parameter", "claim"],
    ["/time/hold?claim=me&claimSeconds=3601", "invalid_parameter", "claimSeconds"],
  ])("T6: %s is refused, and changes nothing", async (path, code, parameter) => {
    const tested = createTestEmulator();
    tested.wallMs = 10_000;
    expect(await refused(tested, path)).toMatchObject({ code, parameter });
  });

  test("T6: a request carries homes over at most 2,000,000 points of their data, and waits for ever for nothing", async () => {
    const tested = createTestEmulator({ atEndOfData: "repeat" });
    const longestS = 500_000 * 3600;
    const tooLong = { code: "too_large", parameter: "seconds", status: 413 };
    const refusal = await refused(tested, `/time/step?seconds=${longestS / 2 + 1}`);
    expect(refusal).toMatchObject(tooLong);
    expect(refusal.message).toContain("allowed: 2000000 in one request");
    expect(await refused(tested, "/time/until?event=full")).toMatchObject({
      code: "missing_parameter",
      parameter: "latest",
    });
    expect(await refused(tested, "/time/until?event=busUp&latest=1e11")).toMatchObject({ status: 400 });
    expect(await refused(tested, "/time/until?event=busUp&latest=100000000000")).toMatchObject({
      code: "too_large",
      parameter: "latest",
    });
  });
});

describe("a claim", () => {
  test("T7: while a clock is claimed others' changes of time are refused and say by whom; all else goes on", async () => {
    const tested = createTestEmulator({ acceleration: 10 });
    expect(await ask(tested, "/time/step?seconds=60&claim=Mias")).toMatchObject({
      claimedBy: "Mias",
      claimedUntil: "1970-01-01T00:01:00.000Z",
    });
    tested.wallMs = 59_999;
    tested.evict();
    for (const path of [
      "/time/hold",
      "/time/run?claim=other",
      "/time/step?seconds=1",
      "/time/until?time=100",
      "/set/acc/5",
      "/set/acc/0",
      "/restart?clock=start",
    ]) {
      const { status, code, message } = await refused(tested, path);
      expect([status, code], path).toEqual([409, "conflict"]);
      expect(message).toContain("claimed by Mias until 1970-01-01T00:01:00.000Z");
    }
    for (const path of [
      "/time",
      "/state",
      "/set/emu/E001?rsoc=40",
      "/save",
      "/get/last",
      "/restart",
      "/get/acc",
    ])
      await ask(tested, path);
    expect(await ask(tested, "/set/acc/5?claim=Mias&claimSeconds=10")).toBe(5);
    expect(await ask(tested, "/time")).toMatchObject({ claimedUntil: "1970-01-01T00:01:09.999Z" });
    await ask(tested, "/restart?clock=start&claim=Mias&claimSeconds=10");
    tested.wallMs = 69_998;
    expect((await refused(tested, "/time/run")).status).toBe(409);
    tested.wallMs = 69_999;
    expect(await ask(tested, "/time/run")).toMatchObject({ claimedBy: null, claimedUntil: null });
  });

  test("T7: a clock of the machine that is set back prolongs a claim, but not beyond an hour more", async () => {
    const tested = createTestEmulator({}, undefined, () => 0);
    tested.wallMs = 100_000_000;
    await ask(tested, "/time/hold?claim=Mias&claimSeconds=3600");
    tested.wallMs -= 3_600_000;
    expect((await refused(tested, "/time/run")).status).toBe(409);
    expect(await ask(tested, "/time")).toMatchObject({ claimedBy: "Mias" });
    tested.wallMs -= 1;
    expect(await ask(tested, "/time")).toMatchObject({ claimedBy: null, claimedUntil: null });
    expect(await ask(tested, "/time/run?claim=other")).toMatchObject({ claimedBy: "other" });
  });

  test("T7: a claim of 0 seconds ends it, and another may claim what nobody has claimed", async () => {
    const tested = createTestEmulator();
    await ask(tested, "/time/hold?claim=a");
    await ask(tested, "/time/hold?claim=a&claimSeconds=0");
    expect(await ask(tested, "/time/step?seconds=1&claim=b")).toMatchObject({ claimedBy: "b" });
  });
});

test(`T8: ${countOf(200, 20)} lives with holds, steps and evictions come to the bit to where a whole run comes`, async () => {
  await fc.assert(
    fc.asyncProperty(lives, async (life: Live) => {
      const whole = await performWhole(life);
      expect(await performLive(life)).toEqual(whole);
    }),
    { numRuns: countOf(200, 20), seed: 43_900 },
  );
}, 600_000);

test("T8: the log of commands of steps is performed again, to the bit", async () => {
  const tested = createTestEmulator({ acceleration: 200, units: 3 }, variedInput);
  for (const path of [
    "/time/step?seconds=5000",
    "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2",
    "/set/dcdc/E002?mode=0x0041&dvg=350&dig=1",
    "/time/until?event=upsSwitch",
    "/set/dcdc/E002?mode=0x0000&dvg=350&dig=1",
    "/set/emu/E003?rsoc=30.5",
    "/time/until?event=upsSwitch,empty&unit=E003",
    "/time/run",
    "/set/dcdc/E001?mode=0x0000&dvg=350&dig=2",
    "/time/step?seconds=90000&claim=me",
  ]) {
    await ask(tested, path);
    tested.wallMs += 777;
  }
  const log = readCommandLog(await (await tested.get("/commands")).text());
  expect(log.commands.map(({ effect }) => effect)).toContain(
    "1 step, time goes to 5000 s, held, acceleration 200",
  );
  const again = await repeatRun(log, (config) => createWorld(config, variedInput), "even", log.untilS);
  const now = tested.emulator.readUnitsAt(log.untilS).map((unit) => unit.stateOfChargePercent);
  expect(again.hourlyRsoc.at(-1)).toEqual([log.untilS, ...now]);
  expect(await snapshot(tested)).toContain('"held":true');
});
