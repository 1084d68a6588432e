import fc from "fast-check";
import { expect, test } from "vitest";
import type { CommunityColumnsJson, CommunityJson } from "../../src/api/wire/community-json.ts";
import { checkAsync, command, variedInput, wait } from "../community/random-requests.ts";
import { ask, refused, snapshot } from "../http/api.ts";
import { countOf } from "../support/counts.ts";
import { createTestEmulator } from "../support/emulators.ts";

/** The clock is told as it is now. */
const ofMoment = ({ acceleration, keptAcceleration, held, ...rest }: CommunityJson) => rest;

test("R30: the state of a past moment is to the digit what the state was then, whatever came since", async () => {
  const step = fc.record({ command, waitMs: wait, evicts: fc.boolean() });
  await checkAsync(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const tested = createTestEmulator({ units: 3, acceleration: 1 }, variedInput);
      const seen = new Map<number, CommunityJson>();
      for (const { command, waitMs, evicts } of steps) {
        await tested.get(command);
        for (const share of [0, 0.4]) {
          tested.wallMs += share * waitMs;
          const state = await ask<CommunityJson>(tested, "/state");
          seen.set(state.timeS, state);
        }
        tested.wallMs += 0.6 * waitMs;
        if (evicts) tested.evict();
      }
      tested.wallMs += 50_000_000;
      const before = await snapshot(tested);
      for (const [timeS, state] of seen) {
        const past = await ask<CommunityJson>(tested, `/state?timeS=${timeS}`);
        expect(ofMoment(past)).toEqual(ofMoment(state));
      }
      expect(await snapshot(tested)).toBe(before);
    }),
    countOf(400, 20),
  );
});

test("R30: of the future, and of what is forgotten, no state is told; columns hold the same", async () => {
  const tested = createTestEmulator({ acceleration: 1 });
  tested.wallMs = 7_200_000;
  for (const timeS of ["7201", "-1", "noon"])
    expect(await refused(tested, `/state?timeS=${timeS}`)).toMatchObject({
      code: "invalid_parameter",
      parameter: "timeS",
    });
  expect((await refused(tested, "/state?timeS=7201")).message).toContain("from 0 to 7200");
  const { units } = await ask<CommunityJson>(tested, "/state?timeS=1800");
  const columns = await ask<CommunityColumnsJson>(tested, "/state/columns?timeS=1800");
  expect(columns.timeS).toBe(1800);
  expect(columns.units.stateOfChargePercent).toEqual(units.map((unit) => unit.stateOfChargePercent));
  expect(units[0]?.stateOfChargePercent).not.toBe(
    (await ask<CommunityJson>(tested, "/state")).units[0]?.stateOfChargePercent,
  );
});
