import { expect, test } from "vitest";
import { Community, type CommunityData, readData } from "../../src/laboratory/index.ts";
import { demandCells, joinCells, solarText } from "../input/csv-text.ts";

const quarters = (powerW: number) => Array.from({ length: 96 }, (_, step) => powerW + (step % 4));

test("J21: data of any step, of means, and of PV power of each home make a community", () => {
  const data: CommunityData = {
    solar: Array(24).fill(0),
    demand: [quarters(300), quarters(500)],
    pv: [Array(24).fill(0), Array(24).fill(100)],
    steps: { demand: { minutes: 15, means: true }, pv: { minutes: 60 } },
  };
  const community = Community.create({ data });
  community.step({ untilS: 86_400 });
  const { demandWh, solarWh } = community.energies();
  expect([...demandWh]).toEqual([301.5 * 24, 501.5 * 24].map((wh) => expect.closeTo(wh, 6)));
  expect([...solarWh]).toEqual([0, expect.closeTo(2400, 6)]);
  const json = JSON.parse(JSON.stringify(community.toJSON()));
  expect(Community.fromJSON(json, data).timeS).toBe(86_400);
  const { steps: _, ...points } = data;
  expect(() => Community.fromJSON(json, { ...points, demand: [quarters(300), quarters(500)] })).toThrow(
    RangeError,
  );
});

test("J21: an hour's interval takes the means of hours", () => {
  const data: CommunityData = {
    solar: Array(24).fill(0),
    demand: [quarters(300)],
    steps: { demand: { minutes: 15, means: true } },
  };
  const community = Community.create({ data, configuration: { demandIntervalMinutes: "60" } });
  community.step({ untilS: 86_400 });
  expect([...community.energies().demandWh]).toEqual([expect.closeTo(301.5 * 24, 6)]);
});

test.each([
  [
    { steps: { demand: { minutes: 7 } } },
    /^data\.steps\.demand\.minutes is 7; allowed: 1 to 60 whole minutes/,
  ],
  [{ pv: [] }, /^data\.pv has 0 series; allowed: one for each of 1 homes/],
])("J21: %j is refused", (given, reason) => {
  const data = { solar: Array(24).fill(0), demand: [Array(48).fill(1)], ...given };
  expect(() => Community.create({ data })).toThrow(reason);
});

test("J21: files of the package may hold them too", async () => {
  const demand = joinCells(demandCells(2, 2));
  const { pv, steps } = await readData({ solar: solarText(2), demand, pv: demand });
  expect([pv?.length, steps?.pv, steps?.solar]).toEqual([
    2,
    { minutes: 30, means: false },
    { minutes: 60, means: false },
  ]);
});
