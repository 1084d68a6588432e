import { describe, expect, test } from "vitest";
import { collectParameter } from "../../src/cli/read-parameters.ts";
import { completeConfig } from "../../src/input/config/complete-config.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import { configNames, defaultOf, notesOf } from "../../src/input/config/entries.ts";
import { ConfigError, readConfig } from "../../src/input/config/read-config.ts";
import { evenInput } from "../support/emulators.ts";

/** Section 7.1 of the specification, with the defaults of its emulator and of the model. */
const section71: Record<string, unknown> = {
  debug: false,
  dataSet: "Sample",
  sleeptime: 1,
  doUpdates: true,
  saveIndividualToDB: false,
  saveToSummaryToCSV: true,
  saveIndividualToCSV: true,
  constantSystemLoss: 17.5,
  DCCstLoss: 4.5,
  DCChargeLoss: 71,
  DCDischargeLoss: 55,
  battModeLoss_a: 0.14,
  battModeLoss_c: 129,
  transLoss_a: 0.027,
  transLoss_c: 57,
  bypassModeLoss_a: 0.033,
  bypassModeLoss_c: 67,
  ACChargeLoss: 10,
  UPS_TRIGGER_BATT_OFF: 30,
  UPS_TRIGGER_BATT_ON: 35,
  UPS_TRIGGER_AC_OFF: 25,
  UPS_TRIGGER_AC_ON: 20,
  batteryVoltage: 48,
  ACChargeAmount: 150,
  default_Area: 21.6,
  r: 0.19,
  pr: 0.9,
  batterySize: { default: 4800 },
  pvc_sol_reg: {},
  dburl: "",
  summaryPath: "data/output/summary.csv",
  indivLogPath: "data/output/indivLog.csv",
  b_host: "127.0.0.1",
  b_port: 4390,
  modes: {
    "0x0000": "Waiting",
    "0x0002": "Heteronomy CV Discharging",
    "0x0014": "Grid Autonomy Mode",
    "0x0041": "Heteronomy CV Charging - grid current limited",
  },
  modesOps: {
    "0x0000": "Waiting",
    "0x0002": "Heteronomy CV",
    "0x0014": "Grid Autonomy",
    "0x0041": "Heteronomy CV",
  },
  modesRunning: { "0x0000": "off", "0x0002": "discharge", "0x0014": "discharge", "0x0041": "charge" },
};
const ours: Record<string, unknown> = {
  homes: { default: {}, homes: [] },
  initialCharge: {},
  outages: [],
  tariff: { import: 0, export: 0 },
  baseDomain: "localhost",
  allowedHosts: [],
  defaultCommunity: true,
  defaultAccess: "closed",
  accessTeam: "",
  accessAudience: "",
  acceleration: 10,
  individualIntervalMinutes: 30,
  units: 0,
  maximumUnits: 1000,
  solarUnit: "W/m2",
  demandIntervalMinutes: "30",
  atEndOfData: "stop",
  protection: "off",
  busModel: "ideal",
  startTime: "2020-01-01T00:00:00",
  logLevel: "INFO",
  logTo: "both",
  logFile: "log/emulator.log",
  logFileLevel: "DEBUG",
  logFormat: "JSON",
  metricsPerUnit: true,
};

const messageOf = (given: Record<string, unknown>, strict = false): string => {
  try {
    readConfig(given, strict);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error(`${JSON.stringify(given)} was accepted`);
};

describe("defaults", () => {
  test("F1: every parameter of section 7.1 is there under its own name with its default", () => {
    expect(readConfig({})).toMatchObject(section71);
  });

  test("F1: there is no parameter beside them but ours", () => {
    expect(readConfig({})).toEqual({ ...section71, ...ours });
  });

  test("F1: every default is a value that is accepted", () => {
    expect(readConfig(readConfig({}), true)).toEqual(readConfig({}));
  });

  test("F1: by default a home's PV factor is area × yield × performance and its battery 4,800 Wh", () => {
    const { homeOf } = createWorld(readConfig({}), evenInput);
    expect(homeOf(1)).toMatchObject({ solarFactor: 21.6 * 0.19 * 0.9, batteryCapacityWh: 4800 });
  });
});

describe("wrong values", () => {
  const wrong: [string, unknown, string][] = [
    ["sleeptime", "0", "0.001 to 3600"],
    ["sleeptime", "abc", "0.001 to 3600"],
    ["constantSystemLoss", -1, "0 to 1000000"],
    ["constantSystemLoss", Number.NaN, "0 to 1000000"],
    ["battModeLoss_a", "10.1", "0 to 10"],
    ["UPS_TRIGGER_BATT_OFF", "101", "0 to 100"],
    ["batteryVoltage", 0, "1 to 1000"],
    ["batteryVoltage", null, "1 to 1000"],
    ["allowedHosts", "emulator.example:4390", "names of hosts without port"],
    ["allowedHosts", "http://emulator.example", "names of hosts without port"],
    ["allowedHosts", "*.example", "names of hosts without port"],
    ["allowedHosts", "a b", "names of hosts without port"],
    ["allowedHosts", "a.example,", "names of hosts without port"],
    ["allowedHosts", ["a.example", ""], "names of hosts without port"],
    ["allowedHosts", 5, "names of hosts without port"],
    ["batterySize", 0, "1 to 1000000000"],
    ["batterySize", '{"E001":0}', "1 to 1000000000"],
    ["batterySize", { home1: 4800 }, '{"E001": …, "default": …}'],
    ["batterySize", [4800], "1 to 1000000000"],
    ["batterySize", [], "1 to 1000000000"],
    ["batterySize", '{"__proto__":4800}', "1 to 1000000000"],
    ["pvc_sol_reg", { E001: "3" }, "0 to 1000000"],
    ["b_port", "65536", "whole numbers 0 to 65535"],
    ["b_port", "80.5", "whole numbers 0 to 65535"],
    ["units", 1001, "whole numbers 0 to 1000"],
    ["units", "-1", "whole numbers 0 to 1000"],
    ["maximumUnits", 0, "whole numbers 1 to 1000"],
    ["acceleration", "1e6", "0 to 100000"],
    ["acceleration", "Infinity", "0 to 100000"],
    ["acceleration", "", "0 to 100000"],
    ["doUpdates", "yes", "true, false"],
    ["doUpdates", 1, "true, false"],
    ["solarUnit", "kW", "W/m2, W"],
    ["demandIntervalMinutes", "15", "30, 60"],
    ["atEndOfData", "halt", "stop, repeat"],
    ["logLevel", "info", "INFO, DEBUG, WARNING, ERROR"],
    ["dataSet", { a: 1 }, "text"],
    ["modes", { "0x0000": "Waiting" }, "0x0000, 0x0002, 0x0014, 0x0041"],
    ["modesOps", '{"0x0000":"a","0x0002":"b","0x0014":"c","toString":"d"}', "0x0000, 0x0002, 0x0014, 0x0041"],
    ["modesRunning", "off", "0x0000, 0x0002, 0x0014, 0x0041"],
    ["startTime", "2020-01-01", "2020-01-01T00:00:00"],
    ["startTime", "2020-13-01T00:00:00", "2020-01-01T00:00:00"],
    ["startTime", "2021-02-30T00:00:00", "midnight of a day"],
    ["startTime", "0020-01-01T00:00:00", "midnight of a day"],
    ["startTime", "2021-02-29T00:00:00", "midnight of a day"],
    ["startTime", "2021-04-31T00:00:00", "midnight of a day"],
    ["startTime", "2020-01-01T00:00:01", "midnight of a day"],
    ["startTime", "2020-01-01T12:00:00", "midnight of a day"],
    ["startTime", "2020-01-01T24:00:00", "midnight of a day"],
    ["startTime", "2020-01-01T00:00:00Z", "midnight of a day"],
    ["startTime", "", "midnight of a day"],
  ];

  test.each(wrong)(
    "F2: %s = %j is refused with its name, its value and what is allowed",
    (name, value, allowed) => {
      const message = messageOf({ [name]: value });
      expect(message).toContain(`${name} is ${JSON.stringify(value)}; allowed: `);
      expect(message.split("allowed: ")[1]).toContain(allowed);
      expect(message.split("\n")).toHaveLength(1);
    },
  );

  test("F2: thresholds in the wrong order are refused", () => {
    expect(messageOf({ UPS_TRIGGER_BATT_OFF: 40 })).toBe(
      "UPS_TRIGGER_BATT_OFF is 40; allowed: up to UPS_TRIGGER_BATT_ON, 35",
    );
    expect(messageOf({ UPS_TRIGGER_AC_OFF: 10 })).toContain("UPS_TRIGGER_AC_ON is 20; allowed: up to");
    expect(readConfig({ UPS_TRIGGER_BATT_OFF: 35 }).UPS_TRIGGER_BATT_OFF).toBe(35);
  });

  test("F2: all wrong values are named together, a line each", () => {
    const lines = messageOf({ r: 2, units: "x", atEndOfData: "" }).split("\n");
    expect(lines.map((line) => line.split(" ")[0])).toEqual(["r", "units", "atEndOfData"]);
  });

  test("F2: an unknown name is refused where the configuration is all there is, else it is a binding", () => {
    expect(messageOf({ acelleration: 3 }, true)).toContain("acelleration");
    expect(messageOf({ toString: 3 }, true)).toBe("toString is no parameter of the configuration");
    expect(() => collectParameter("toString=3")).toThrow("--set toString=3: expected NAME=VALUE");
    expect(readConfig({ ASSETS: {}, COMMUNITY: {} })).toEqual(readConfig({}));
  });

  test("F2: more units than maximumUnits are refused", () => {
    expect(messageOf({ units: 5, maximumUnits: 4 })).toMatch(/units is 5; allowed: .*4/);
    expect(readConfig({ units: 4, maximumUnits: 4 }).units).toBe(4);
  });
});

describe("texts and JSON values", () => {
  const pairs: [string, string, unknown][] = [
    ["acceleration", "2.5", 2.5],
    ["units", "4", 4],
    ["doUpdates", "false", false],
    ["debug", "true", true],
    ["allowedHosts", '["a.example","b.example"]', ["a.example", "b.example"]],
    ["allowedHosts", "A.example., エミュ.example", ["a.example", "xn--ickzfsa.example"]],
    ["batterySize", "9600", { default: 9600 }],
    ["batterySize", '{"E001":9600,"default":4800}', { E001: 9600, default: 4800 }],
    ["pvc_sol_reg", '{"E1000":3.5}', { E1000: 3.5 }],
    [
      "modesRunning",
      '{"0x0000":"a","0x0002":"b","0x0014":"c","0x0041":"d"}',
      {
        "0x0000": "a",
        "0x0002": "b",
        "0x0014": "c",
        "0x0041": "d",
      },
    ],
    ["solarUnit", "W", "W"],
    ["dataSet", "Other", "Other"],
    ["startTime", "2024-02-29T00:00:00", "2024-02-29T00:00:00"],
  ];

  test.each(pairs)("F3: %s is read from the text %j and from its JSON value alike", (name, text, value) => {
    const wanted = { ...readConfig({}), [name]: value };
    expect(readConfig({ [name]: text }, true)).toEqual(wanted);
    expect(readConfig({ [name]: value }, true)).toEqual(wanted);
  });

  test("F3: a choice of numbers may be given as a number", () => {
    expect(readConfig({ demandIntervalMinutes: 60 }).demandIntervalMinutes).toBe("60");
  });

  test("F3: batterySize and pvc_sol_reg reach the homes they name", () => {
    const config = readConfig({ batterySize: '{"E002":9600}', pvc_sol_reg: { E001: 2, default: 3 } });
    const { homeOf } = createWorld(config, evenInput);
    expect([homeOf(1), homeOf(2)].map((home) => [home.batteryCapacityWh, home.solarFactor])).toEqual([
      [4800, 2],
      [9600, 3],
    ]);
    expect(createWorld(readConfig({ solarUnit: "W" }), evenInput).homeOf(1).solarFactor).toBe(1);
  });
});

test("F2: of a long value so much is told that the line stays short", () => {
  const hours = Array.from({ length: 5000 }, () => 0.25);
  for (const tariff of [{ import: hours, export: hours }, "x".repeat(5000)])
    expect(() => readConfig({ tariff } as never)).toThrow(/^tariff is .{10,90}…"?; allowed: .{1,200}$/);
});

test("F2: demand that was loaded at another interval than the configured is refused", () => {
  const world = createWorld(readConfig({ demandIntervalMinutes: 60 }), evenInput);
  expect(() => world.homeOf(1)).toThrow("Demand has a step of 1800 s, not 3600 s");
  expect(createWorld(readConfig({}), evenInput).homeOf(1).demand.stepS).toBe(1800);
});

test("Q6: a configuration that lacks parameters is completed with their neutral values, and what there is no more is left out", () => {
  for (const name of configNames) {
    const { [name]: _, ...older } = readConfig({});
    expect(completeConfig(older)[name], name).toEqual(notesOf(name).neutral ?? defaultOf(name));
  }
  expect(completeConfig({ ...readConfig({ DCCstLoss: 9 }), gone: 1 })).toEqual(readConfig({ DCCstLoss: 9 }));
});
