import { expect, test } from "vitest";
import { answerWriter } from "../../src/api/wire/answers.ts";
import { createHeadlessStorage } from "../../src/cli/headless/node-database.ts";
import { Emulator } from "../../src/community/state/emulator.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { readUnitFiles } from "../../src/input/units/unit-files.ts";
import { toWorldInput } from "../../src/laboratory/data.ts";
import {
  type Action,
  accounts,
  Community,
  type Observations,
  observableNames,
  readData,
  StepError,
} from "../../src/laboratory/index.ts";
import { createData } from "./sample.ts";

const waiting = "0x0000";
const data = createData(3, 8);

/** Every two hours home 1 holds the bus and homes 2 and 3 exchange, an hour long. */
function decide(timeS: number): Action[] {
  if (timeS % 3600 !== 0) return [];
  const isOn = (timeS / 3600) % 2 === 0;
  const set = (unit: string, mode: string, dig: number) => ({
    unit,
    set: isOn ? { mode, dvg: 350, dig } : { mode: waiting },
  });
  return [set("E001", "0x0014", 0), set("E002", "0x0041", 2), set("E003", "0x0002", 1.5)];
}

function total(columns: Record<string, Float64Array>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, column.reduce((sum, value) => sum + value, 0)]),
  );
}

test("J6: CityLearn's issue 163: results do not depend on the length of the step", () => {
  const runs = [60, 900, 3600].map((seconds) => {
    const community = Community.create({ data });
    const daily: Observations[] = [];
    const sums: Record<string, number> = {};
    while (community.timeS < 3 * 86_400) {
      community.step({ actions: decide(community.timeS), seconds });
      for (const [name, energyWh] of Object.entries(total(community.energies())))
        sums[name] = (sums[name] ?? 0) + energyWh;
      if (community.timeS % 86_400 === 0) daily.push(community.observe());
    }
    return { daily, ledger: community.ledger(), state: community.toJSON(), sums };
  });
  const [finest, ...others] = runs as [(typeof runs)[number], ...typeof runs];
  expect(Math.abs(total(finest.ledger).fromDcGridWh as number)).toBeGreaterThan(1000);
  for (const { daily, ledger, state, sums } of others) {
    expect(daily).toStrictEqual(finest.daily);
    expect(ledger).toStrictEqual(finest.ledger);
    expect(state).toStrictEqual(finest.state);
    for (const name of accounts)
      expect(Math.abs((sums[name] as number) - (finest.sums[name] as number))).toBeLessThanOrEqual(1e-9);
  }
});

test.each([
  ["alike", {}],
  [
    "of their own",
    {
      initialCharge: { default: 45, E003: 80 },
      homes: [
        { battery: { capacityWh: 7000, initialPercent: 60 }, converter: { chargingLossW: 30 } },
        { data: { demandHome: 3 }, pv: { areaM2: 30 } },
      ],
    },
  ],
])(
  "J7: a community of the package comes to the bits of a server's, with the same data and actions, with homes %s",
  (_, configuration) => {
    const config = readConfig({ units: 3, startTime: "2020-04-01T00:00:00", ...configuration });
    const world = createWorld(config, toWorldInput(data, config));
    const emulator = new Emulator(
      {
        config,
        worldOf: () => world,
        files: readUnitFiles(),
        writer: answerWriter,
        storage: createHeadlessStorage(),
        log: () => {},
        inputHash: "",
        inputName: "",
      },
      0,
    );
    const community = Community.create({ data, homes: 3, configuration });
    for (let timeS = 0; timeS < 2 * 86_400; timeS += 900) {
      const actions = decide(timeS);
      for (const { unit, set } of actions) {
        const { mode } = set;
        const modes = {
          "0x0000": "waiting",
          "0x0002": "discharging",
          "0x0014": "gridAutonomy",
          "0x0041": "charging",
        };
        const change = {
          converterMode: modes[mode as keyof typeof modes] as "waiting",
          ...(set.dvg !== undefined && { targetBusVoltageV: Number(set.dvg) }),
          ...(set.dig !== undefined && { dcGridCurrentLimitA: Number(set.dig) }),
        };
        const unitNumber = Number(unit.slice(1));
        const answer = emulator.answerAt(
          { kind: "changeUnit", unitNumber, change, echo: {}, reply: "set" },
          timeS,
          0,
        );
        expect(answer.ok).toBe(true);
      }
      const { time } = community.step({ actions, seconds: 900 });
      expect(time.startsWith("2020/04/0")).toBe(true);
    }
    const readings = emulator.readUnitsAt(community.timeS);
    const seen = community.observe();
    const ledger = community.ledger();
    readings.forEach((reading, index) => {
      expect(seen.stateOfChargePercent?.[index]).toBe(reading.stateOfChargePercent);
      expect(seen.acIntakePowerW?.[index]).toBe(reading.acIntakePowerW);
      expect(seen.gridCurrentA?.[index]).toBe(reading.dcGridCurrentA);
      expect(seen.busVoltageV?.[index]).toBe(reading.busVoltageV);
      for (const name of accounts) expect(ledger[name][index]).toBe(reading.ledger[name]);
    });
  },
);

test("J7: an action is seen in the observation of its own step", () => {
  const community = Community.create({ data });
  community.act([{ unit: "E002", set: { rsoc: 55.5, mode: "0x0041", dig: 3 } }]);
  const at = (names: Parameters<Community["observe"]>[0]) => community.observe(names, ["E002"]);
  expect(at(["stateOfChargePercent", "converterMode", "gridCurrentLimitA"])).toStrictEqual({
    stateOfChargePercent: Float64Array.of(55.5),
    converterMode: Float64Array.of(65),
    gridCurrentLimitA: Float64Array.of(3),
  });
  community.step({ actions: [{ unit: "E001", set: { mode: "0x0014", dvg: 350 } }], seconds: 120 });
  expect(at(["busVoltageV", "gridCurrentA"])).toStrictEqual({
    busVoltageV: Float64Array.of(350),
    gridCurrentA: Float64Array.of(3),
  });
});

test("J7: a step tells what came after its beginning up to its end, and what its actions brought at once", () => {
  const community = Community.create({ data });
  const hold = { unit: "E001", set: { mode: "0x0014", dvg: 350 } };
  expect(community.step({ actions: [hold], event: "busUp" })).toStrictEqual({
    time: "2020/04/01-00:02:00",
    timeS: 120,
    ended: false,
    events: [{ timeS: 120, unit: null, kind: "busUp" }],
    eventsLeftOut: 0,
  });
  const low = { unit: "E002", set: { rsoc: 10 } };
  const { events, timeS } = community.step({
    actions: [low, { unit: "E001", set: { mode: waiting } }],
    event: ["acCharging", "busDown"],
    unit: "E002",
  });
  expect(events.slice(0, 3)).toStrictEqual([
    { timeS: 120, unit: null, kind: "busDown" },
    { timeS: 120, unit: "E002", kind: "upsSwitch" },
    { timeS: 120, unit: "E002", kind: "acCharging" },
  ]);
  expect(timeS).toBeGreaterThan(120);
  expect(events.at(-1)).toStrictEqual({ timeS, unit: "E002", kind: "acCharging" });
  expect(community.advance({ untilS: 86_400 }).events.at(-1)).toStrictEqual({
    timeS: 86_400,
    unit: null,
    kind: "dayEnd",
  });
  const end = community.advance({ event: "dataEnd" });
  expect(end).toMatchObject({ timeS: 8 * 86_400, ended: true });
  expect(end.events.filter(({ timeS }) => timeS === 8 * 86_400).map(({ kind }) => kind)).toEqual([
    "dayEnd",
    "dataEnd",
  ]);
  expect(community.advance({ seconds: 60 })).toMatchObject({ timeS: 8 * 86_400, ended: true, events: [] });
});

test("J3: a step goes to the first of seconds, untilS and an event, and a moment may be no whole second", () => {
  const begin = () => {
    const community = Community.create({ data });
    community.step({ actions: [{ unit: "E001", set: { mode: "0x0014", dvg: 350 } }], untilS: 0.25 });
    return community;
  };
  expect(begin().advance({ seconds: 60, untilS: 100, event: "busUp" }).timeS).toBe(60.25);
  expect(begin().advance({ seconds: 600, untilS: 100, event: "busUp" }).timeS).toBe(100);
  expect(begin().advance({ seconds: 600, untilS: 1000, event: "busUp" }).timeS).toBe(120);
  expect(begin().advance({ event: ["dayEnd", "busUp"], latest: 110 }).timeS).toBe(110);
  const community = begin();
  expect(community.advance({ untilS: 120 }).events).toEqual([{ timeS: 120, unit: null, kind: "busUp" }]);
  expect(community.advance({ event: ["dayEnd", "busUp"] }).timeS).toBe(86_400);
  expect(community.advance({ seconds: 0 })).toMatchObject({ timeS: 86_400, events: [] });
});

test("J11: actions are performed in the order given, all at the beginning of the step", () => {
  const community = Community.create({ data });
  community.advance({ seconds: 1000 });
  const before = community.ledger().setByHandWh[1] as number;
  const charge = community.observe(["stateOfChargePercent"]).stateOfChargePercent?.[1] as number;
  const set = (rsoc: number) => ({ unit: "E002", set: { rsoc } });
  community.step({ actions: [set(10), set(90), set(40)], seconds: 0 });
  expect(community.observe(["stateOfChargePercent", "upsBypass"], ["E002"])).toStrictEqual({
    stateOfChargePercent: Float64Array.of(40),
    upsBypass: Float64Array.of(0),
  });
  expect((community.ledger().setByHandWh[1] as number) - before).toBeCloseTo((40 - charge) * 48, 6);
  expect(community.energies().setByHandWh[1]).toBeCloseTo((40 - charge) * 48, 6);
  const other = Community.create({ data });
  other.step({ actions: [set(90), set(40), set(10)], seconds: 0 });
  expect(other.observe(["upsBypass", "acCharging"], ["E002"])).toStrictEqual({
    upsBypass: Float64Array.of(1),
    acCharging: Float64Array.of(1),
  });
});

test("J8: a community that went through JSON, or a copy, goes on to the bit", () => {
  const community = Community.create({ data, configuration: { batterySize: 3000 } });
  for (let step = 0; step < 40; step++) community.step({ actions: decide(community.timeS), seconds: 777 });
  const copy = community.copy();
  const again = Community.fromJSON(JSON.parse(JSON.stringify(community)), data);
  const ends = [community, copy, again].map((each) => {
    for (let step = 0; step < 40; step++) each.step({ actions: decide(each.timeS), seconds: 1200 });
    return [each.toJSON(), each.observe(), each.ledger(), each.energies()];
  });
  expect(ends[1]).toStrictEqual(ends[0]);
  expect(ends[2]).toStrictEqual(ends[0]);
  const text = JSON.stringify(community);
  const wrong = (change: (json: Record<string, unknown>) => unknown) => () =>
    Community.fromJSON(change(JSON.parse(text)), data);
  expect(() => Community.fromJSON(JSON.parse(text), createData(3, 8, 2))).toThrow("other data");
  expect(wrong(() => null)).toThrow(RangeError);
  expect(wrong((json) => ({ ...json, timeS: -1 }))).toThrow("timeS");
  expect(wrong((json) => ({ ...json, units: [] }))).toThrow("units");
  expect(wrong((json) => ({ ...json, units: (json.units as unknown[]).toReversed() }))).toThrow("place");
  expect(wrong((json) => ({ ...json, version: 2 }))).toThrow("version");
});

test("J9: a wrong action or target changes nothing, and the error names its index and field", () => {
  const community = Community.create({ data });
  community.advance({ seconds: 900 });
  const before = community.toJSON();
  const good = { unit: "E001", set: { rsoc: 10 } };
  const wrong: readonly (readonly [given: unknown, parameter: string])[] = [
    [{ actions: [good, { unit: "E002", set: { rsoc: 101 } }], seconds: 1 }, "actions[1].set.rsoc"],
    [{ actions: [good, { unit: "E004", set: { rsoc: 1 } }], seconds: 1 }, "actions[1].unit"],
    [{ actions: [good, { unit: "2", set: { rsoc: 1 } }], seconds: 1 }, "actions[1].unit"],
    [{ actions: [good, { unit: "E002", set: {} }], seconds: 1 }, "actions[1].set"],
    [{ actions: [good, { unit: "E002", set: { mode: "0x0099" } }], seconds: 1 }, "actions[1].set.mode"],
    [{ actions: [good, { unit: "E002", set: { rsoc: [1] } }], seconds: 1 }, "actions[1].set.rsoc"],
    [{ actions: [good, { unit: "E002", set: { soc: 1 } }], seconds: 1 }, "actions[1].set.soc"],
    [{ actions: [good, { unit: "E002", sets: {} }], seconds: 1 }, "actions[1].sets"],
    [{ actions: [good, null], seconds: 1 }, "actions[1]"],
    [{ actions: {}, seconds: 1 }, "actions"],
    [{ actions: [good] }, "seconds"],
    [{ seconds: 0.1 }, "seconds"],
    [{ seconds: -1 }, "seconds"],
    [{ seconds: "60" }, "seconds"],
    [{ seconds: Number.NaN }, "seconds"],
    [{ untilS: 899 }, "untilS"],
    [{ event: "sunrise" }, "event"],
    [{ event: [] }, "event"],
    [{ event: "full", unit: "E009" }, "unit"],
    [{ seconds: 60, unit: "E001" }, "event"],
    [{ seconds: 60, latest: 1e5 }, "event"],
    [{ seconds: 60, steps: 2 }, "steps"],
    [[], "body"],
  ];
  for (const [given, parameter] of wrong) {
    const step = () => community.step(given as { seconds: 1 });
    expect(step, JSON.stringify(given)).toThrow(StepError);
    try {
      step();
    } catch (error) {
      expect((error as StepError).refusal.parameter, JSON.stringify(given)).toBe(parameter);
    }
  }
  expect(() => community.step({ expectS: 899, seconds: 1 })).toThrow("900");
  expect(() => community.observe(["soc" as "droopPercent"])).toThrow("names[0]");
  expect(() => community.observe(["droopPercent"], ["E004"])).toThrow("E004");
  expect(community.toJSON()).toStrictEqual(before);
  const endless = Community.create({ data, configuration: { atEndOfData: "repeat" } });
  expect(() => endless.advance({ event: "full" })).toThrow("latest");
  expect(endless.advance({ event: "dataEnd", latest: 9 * 86_400 }).timeS).toBe(9 * 86_400);
});

test("J9: wrong data and configurations are refused by name", () => {
  expect(() => Community.create({ data: { solar: [], demand: [[]] } })).toThrow("no whole day");
  expect(() => Community.create({ data: { ...data, demand: [] } })).toThrow("data.demand");
  const hole = {
    ...data,
    solar: Float64Array.from(data.solar, (value, index) => (index === 7 ? -1 : value)),
  };
  expect(() => Community.create({ data: hole })).toThrow("data.solar[7] is -1");
  expect(() => Community.create({ data, configuration: { batterySise: 1 } })).toThrow("batterySise");
  expect(() => Community.create({ data, homes: 1001 })).toThrow("units is 1001");
});

test("J9: data are read from the two CSV files, as text or in pieces", async () => {
  const solar = `${Array.from({ length: 24 }, (_, hour) => hour * 10).join(",")}\n`;
  const day = Array.from({ length: 48 }, (_, index) => index / 100).join(",");
  const demand = `n,home,year,month,day,weekday,${Array.from({ length: 48 }, (_, i) => i).join(",")}\n1,1,2021,5,6,4,${day}\n`;
  const expected = {
    solar: Float64Array.from({ length: 24 }, (_, hour) => hour * 10),
    demand: [Float64Array.from({ length: 48 }, (_, index) => (index / 100) * 1000)],
    firstDate: "2021-05-06",
  };
  const fromText = await readData({ solar, demand });
  expect(fromText.firstDate).toBe(expected.firstDate);
  expect(Array.from(fromText.solar)).toEqual([...expected.solar]);
  const streams = { solar: new Blob([solar]).stream(), demand: new Blob([demand]).stream() };
  expect(await readData(streams)).toStrictEqual(fromText);
  await expect(readData({ solar: "1,2\n", demand })).rejects.toThrow("solar");
  expect(observableNames.length).toBeGreaterThan(15);
});
