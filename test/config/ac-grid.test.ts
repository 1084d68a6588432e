import { expect, test } from "vitest";
import { createWorld } from "../../src/input/config/create-world.ts";
import { ConfigError, readConfig } from "../../src/input/config/read-config.ts";
import { variedInput } from "../community/random-requests.ts";

const worldOf = (parameters: Record<string, unknown>) => createWorld(readConfig(parameters), variedInput);

test("HM9: outages are a list in seconds or dates, or come from a seed, for all homes or some", () => {
  const listed = worldOf({
    startTime: "2021-03-01T00:00:00",
    outages: JSON.stringify([
      { from: 3600, until: 7200, homes: ["E001", "E003"] },
      { from: "2021-03-01T01:30", until: "2021/03/01-03:00:00", homes: ["E001"] },
      { from: "2021-03-02 00:00:00", until: 90_000 },
      { from: "2021/03/03-00:00:00", until: "2021/03/03 00:00:01" },
    ]),
  });
  const first = listed.homeOf(1).outages;
  expect(first?.endingAfter(0)).toEqual({ startS: 3600, endS: 10_800 });
  expect(first?.endingAfter(10_800)).toEqual({ startS: 86_400, endS: 90_000 });
  expect(first?.endingAfter(90_000)).toEqual({ startS: 172_800, endS: 172_801 });
  expect(first?.endingAfter(172_801)).toBeNull();
  expect(listed.homeOf(2).outages?.endingAfter(0)).toEqual({ startS: 86_400, endS: 90_000 });

  const plan = { seed: 7, gapS: [3600, 7200], durationS: [60, 600], homes: ["E002"] };
  const seeded = worldOf({ outages: plan });
  expect(seeded.homeOf(1).outages).toBeUndefined();
  const outage = seeded.homeOf(2).outages?.endingAfter(0);
  expect(outage?.startS).toBeGreaterThanOrEqual(3600);
  expect(outage?.startS).toBeLessThanOrEqual(7200);
  expect(outage).toEqual(worldOf({ outages: plan }).homeOf(2).outages?.endingAfter(0));
  expect(worldOf({}).homeOf(1).outages).toBeUndefined();
});

test("HM9: a tariff is one price, 24 for the hours of a day, or seven lists of them from Monday on", () => {
  expect(worldOf({}).tariff).toBeUndefined();
  // 1 March 2021 was a Monday.
  const monday = "2021-03-01T00:00:00";
  const day = Array.from({ length: 24 }, (_, hour) => hour);
  const week = Array.from({ length: 7 }, (_, weekday) => day.map((hour) => 100 * weekday + hour));
  const plain = worldOf({ startTime: monday, tariff: { import: day, export: 0.1 } }).tariff;
  expect(plain?.importPrices).toEqual(Array.from({ length: 168 }, (_, hour) => hour % 24));
  expect(plain?.exportPrices).toEqual(new Array(168).fill(0.1));
  const tariff = JSON.stringify({ import: week });
  expect(worldOf({ startTime: monday, tariff }).tariff?.importPrices).toEqual(week.flat());
  const fromWednesday = worldOf({ startTime: "2021-03-03T00:00:00", tariff }).tariff?.importPrices;
  expect(fromWednesday).toEqual([...week.slice(2), ...week.slice(0, 2)].flat());
});

test.each([
  ["outages", '[{"from":10,"until":5}]'],
  ["outages", '[{"from":"2021-02-31T00:00","until":"2021-03-01T00:00"}]'],
  ["outages", '[{"from":"2021/02/01-00:00","until":"2021/01/31 23:00"}]'],
  ["outages", '[{"from":"2021-12-31T00:00","until":"2021/01/01T00:00"}]'],
  ["outages", '[{"from":"2021-01-31T00:00","until":"2021-01-31T00:00:00"}]'],
  ["outages", '[{"from":1.5,"until":5}]'],
  ["outages", '[{"from":1,"until":5,"homes":["bakery"]}]'],
  ["outages", '[{"from":1,"until":5,"home":"E001"}]'],
  ["outages", '{"seed":1,"gapS":[5,1],"durationS":[1,2]}'],
  ["outages", '{"seed":1,"gapS":[0,1],"durationS":[1,2]}'],
  ["outages", "never"],
  ["tariff", '{"import":[1,2,3]}'],
  ["tariff", '{"import":"cheap"}'],
  ["tariff", '{"buy":1}'],
  ["initialCharge", '{"E001":101}'],
])("HM9: %s %s is refused with what is allowed", (name, given) => {
  expect(() => readConfig({ [name]: given })).toThrow(ConfigError);
  expect(() => readConfig({ [name]: given })).toThrow(new RegExp(`^${name} is .*; allowed: `));
});

test("HM9: a home's demand is that of the home of the data that its file names, and homes beyond the data live in the same again", () => {
  const input = { ...variedInput, homes: 2 };
  const plain = createWorld(readConfig({}), input);
  const chosen = createWorld(
    readConfig({ homes: [{ data: { demandHome: 2 } }, {}, { data: { demandHome: 1 } }] }),
    input,
  );
  expect(chosen.homeOf(1).demand).toEqual(plain.homeOf(2).demand);
  expect(chosen.homeOf(2).demand).toEqual(plain.homeOf(2).demand);
  expect(chosen.homeOf(3).demand).toEqual(plain.homeOf(1).demand);
  expect(chosen.homeOf(4).demand).toEqual(plain.homeOf(2).demand);
});

test("HM9: limits that a file leaves out are none, and all that it says reaches the home", () => {
  expect(worldOf({}).homeOf(1).limits).toBeUndefined();
  expect(worldOf({ homes: [{ id: "only-a-name" }] }).homeOf(1).limits).toBeUndefined();
  const world = worldOf({
    homes: {
      default: { battery: { chargeLimitW: 2000, floorPercent: 10 }, pv: { peakPowerW: 5000 } },
      homes: [
        {
          battery: { chargeLimitW: 1500 },
          pv: { areaM2: 20 },
          ups: { limitW: 4000, batteryLossW: 1, restartPercent: 12 },
          ac: { importLimitW: 3000, exportLimitW: 500 },
          converter: { currentLimitA: 7, lossRatio: 0.01 },
        },
      ],
    },
  });
  const home = world.homeOf(1);
  expect(home.limits).toMatchObject({
    batteryFloorPercent: 10,
    batteryCeilingPercent: 100,
    chargeLimitW: 1500,
    dischargeLimitW: Number.POSITIVE_INFINITY,
    upsLimitW: 4000,
    acImportLimitW: 3000,
    acExportLimitW: 500,
    converterCurrentLimitA: 7,
    converterLossRatio: 0.01,
    restartPercent: 12,
  });
  expect(home.parameters).toEqual({ ...world.parameters, batteryModeLossW: 1 });
  expect(home.solarFactor).toBe(20 * 0.19 * 0.9);
  expect(world.homeOf(2)).toMatchObject({
    solarFactor: 5,
    limits: { chargeLimitW: 2000, restartPercent: null },
  });
});
