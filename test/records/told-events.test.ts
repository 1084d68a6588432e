import fc from "fast-check";
import { expect, test } from "vitest";
import type { ToldEvent } from "../../src/community/records/told-events.ts";
import { checkAsync, variedInput } from "../community/random-requests.ts";
import { ask, refused, snapshot } from "../http/api.ts";
import { givenStep } from "../laboratory/drawn-steps.ts";
import { countOf } from "../support/counts.ts";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";

interface EventsAnswer {
  readonly recordedFromS: number;
  readonly fromS: number;
  readonly toS: number;
  readonly more: boolean;
  readonly events: ToldEvent[];
}

const ofThemselves = "empty,full,upsSwitch,acCharging,trip,busUp,busDown,dayEnd,dataEnd";
const readEvents = (tested: TestEmulator, query = "") => ask<EventsAnswer>(tested, `/events?${query}`);
const outline = ({ timeS, unit, kind }: Pick<ToldEvent, "timeS" | "unit" | "kind">) =>
  `${timeS} ${unit} ${kind}`;

test("R31: over any steps, what is told of the past is what the steps told when it came, in whatever spans it is asked for", async () => {
  await checkAsync(
    fc.asyncProperty(
      fc.array(givenStep, { minLength: 1, maxLength: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom("on", "off"),
      async (steps, share, protection) => {
        const tested = createTestEmulator({ acceleration: 10, units: 3, protection }, variedInput);
        await ask(tested, "/time/hold");
        const told: string[] = [];
        // Of several commands at one moment only what the last left is recorded: time passes between them.
        for (const step of [
          { seconds: 60 },
          ...steps.map((each) => ({ ...each, seconds: each.seconds || 1 })),
        ]) {
          const init = {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(step),
          };
          const { events } = await ask<{ events: ToldEvent[] }>(tested, "/step", init);
          told.push(...events.map(outline));
        }
        const before = await snapshot(tested);
        const all = await readEvents(tested, `kind=${ofThemselves}`);
        expect(all.events.map(outline).sort()).toEqual(told.sort());
        const cutS = Math.floor(all.toS * share);
        const first = await readEvents(tested, `kind=${ofThemselves}&to=${cutS}`);
        const second = await readEvents(tested, `kind=${ofThemselves}&from=${cutS}`);
        const atCut = first.events.filter(({ timeS }) => timeS === cutS).length;
        expect([...first.events, ...second.events.slice(atCut)]).toEqual(all.events);
        const one = await readEvents(tested, `kind=${ofThemselves}&unit=E002`);
        expect(one.events).toEqual(all.events.filter(({ unit }) => unit === "E002"));
        expect(await snapshot(tested)).toBe(before);
      },
    ),
    countOf(300, 15),
  );
});

test("R31: a converter that takes a mode and trips at once for what it did before is told of each time, as steps do", async () => {
  const tested = createTestEmulator({ acceleration: 0, units: 2, protection: "on" });
  await ask(tested, "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  await ask(tested, "/time/until?time=600");
  const sells = [
    { unit: "E002", set: { rsoc: 0 } },
    { unit: "E002", set: { mode: "0x0002", dvg: 350, dig: 1 } },
  ];
  const steps = [{ seconds: 60, actions: sells }, { seconds: 60 }, { seconds: 60, actions: sells }];
  const init = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ steps }),
  };
  const { events } = await ask<{ events: ToldEvent[] }>(tested, "/step", init);
  // What is no mode leaves the alarm, and is no trip.
  await ask(tested, "/set/emu/E002?rsoc=0");
  const told = events.filter(({ kind }) => kind === "trip").map(outline);
  expect(told).toEqual(["600 E002 trip", "720 E002 trip"]);
  expect((await readEvents(tested, "kind=trip")).events.map(outline)).toEqual(told);
});

test("R31: commands, modes and faults are told with who sent them and what they changed; midnights only if asked for", async () => {
  const tested = createTestEmulator({ acceleration: 1 });
  const from = { headers: { "user-agent": "Mia" } };
  tested.wallMs = 3_600_000;
  await ask(tested, "/set/dcdc/E002?mode=0x0014&dvg=350&drg=0&dig=2", from);
  tested.wallMs = 90_000_000;
  await ask(tested, "/set/acc/7");
  const { events, recordedFromS, toS, more } = await readEvents(tested);
  expect({ recordedFromS, toS, more }).toEqual({ recordedFromS: 0, toS: 90_000, more: false });
  expect(events.filter(({ kind }) => kind === "command" || kind === "mode")).toMatchObject([
    { timeS: 3600, time: "2020-01-01 01:00:00.000", unit: "E002", kind: "command", source: "Mia" },
    { timeS: 3600, unit: "E002", kind: "mode", detail: "gridAutonomy" },
    { timeS: 90_000, unit: null, kind: "command", detail: "/set/acc/7" },
  ]);
  expect(events.find(({ kind }) => kind === "busUp")?.timeS).toBe(3720);
  expect(events.map(({ kind }) => kind)).not.toContain("dayEnd");
  expect((await readEvents(tested, "kind=dayEnd")).events.map(({ timeS }) => timeS)).toEqual([86_400]);
});

test("R31: what is asked wrongly is refused by name", async () => {
  const tested = createTestEmulator({ acceleration: 1 });
  expect(await refused(tested, "/events?kind=party")).toMatchObject({ parameter: "kind" });
  expect(await refused(tested, "/events?unit=E099")).toMatchObject({
    code: "unknown_unit",
    parameter: "unit",
  });
  expect(await refused(tested, "/events?from=9&to=8")).toMatchObject({ parameter: "from" });
});

test("R31: a day of more events than a call can have arguments is told", async () => {
  const outages = { seed: 1, gapS: [1, 1], durationS: [1, 1] };
  const tested = createTestEmulator({ acceleration: 1, units: 1, outages }, variedInput);
  // Empty in each outage, so that it is dark.
  await ask(tested, "/set/emu/E001?rsoc=0");
  tested.wallMs = 90_000_000;
  await ask(tested, "/set/acc/0");
  const { events, toS } = await readEvents(tested, "kind=outageBegin,outageEnd");
  expect(toS).toBe(86_400);
  expect(events).toHaveLength(86_400);
});
