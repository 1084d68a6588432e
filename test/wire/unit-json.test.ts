import fc from "fast-check";
import { describe, expect, test } from "vitest";
import resetFile from "../../jsontmp/fakeResponse.json" with { type: "json" };
import standardFile from "../../jsontmp/standard.json" with { type: "json" };
import { writeUnit } from "../../src/api/wire/write-unit.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import {
  describeUnit,
  readUnitFile,
  readUnitsFile,
  UnitFileError,
} from "../../src/input/units/read-unit-file.ts";
import { roundToHundredths, roundToWhole } from "../../src/notation/rounding.ts";
import { formatCalendar, toCalendar } from "../../src/notation/simulated-time.ts";
import { formatUnitId, parseUnitId } from "../../src/notation/unit-id.ts";
import { createLedger } from "../../src/simulation/ledger.ts";
import type { UnitReading } from "../../src/simulation/reading.ts";
import { tripCauses } from "../../src/simulation/trip-causes.ts";
import { outageStates } from "../../src/simulation/unit.ts";
import { check } from "../support/worlds.ts";

const among = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const power = among(-5000, 5000);
const template = readUnitFile("standard.json", standardFile).template;

const reading: fc.Arbitrary<UnitReading> = fc.record({
  number: fc.integer({ min: 1, max: 1000 }),
  timeS: among(0, 1e9),
  stateOfChargePercent: among(0, 100),
  batteryPowerW: power,
  upsMode: fc.constantFrom("battery", "bypass"),
  acCharging: fc.boolean(),
  solarPowerW: among(0, 1e6),
  curtailedSolarPowerW: among(0, 5000),
  clippedSolarPowerW: among(0, 5000),
  demandPowerW: among(0, 1e6),
  unservedPowerW: fc.constant(0),
  acIntakePowerW: among(0, 1e6),
  acLossPowerW: among(0, 5000),
  dcLossPowerW: among(0, 5000),
  converterLossPowerW: fc.constantFrom(4.5, 55, 71),
  wastedPowerW: among(0, 5000),
  shortfallPowerW: among(0, 5000),
  dcGridCurrentA: among(-100, 100),
  dcGridPowerW: power,
  soldPowerW: among(0, 5000),
  saleLossPowerW: among(0, 5000),
  batteryLossPowerW: among(0, 5000),
  outage: fc.constantFrom(...outageStates),
  ledger: among(0, 1e7).map((acIntakeWh) => ({ ...createLedger(), acIntakeWh })),
  batteryCapacityWh: among(1, 1e9),
  mayExport: fc.boolean(),
  batteryVoltageV: among(1, 1000),
  converterMode: fc.constantFrom("waiting", "charging", "discharging", "gridAutonomy"),
  tripCause: fc.constantFrom("none", ...tripCauses),
  targetBusVoltageV: among(0, 1000),
  droopPercent: among(0, 100),
  dcGridCurrentLimitA: among(0, 100),
  busVoltageV: among(0, 1000),
  busRamping: fc.boolean(),
});

/** Paths of all numbers −0 in a value. */
function findNegativeZeros(value: unknown, path = ""): string[] {
  if (Object.is(value, -0)) return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => findNegativeZeros(part, `${path}.${key}`));
}

describe("JSON of a unit", () => {
  test("W1: powermeter.p3 is what is given to the AC grid, of homes that may give alone", () => {
    const config = readConfig({});
    check(
      fc.property(reading, (given) => {
        const { p3 } = writeUnit(given, template, config).dcdc.powermeter;
        expect(p3).toBe(given.mayExport ? roundToWhole(given.soldPowerW) : undefined);
      }),
      50,
    );
  });

  test("W1: what is written survives JSON and reads back as a unit file with the same settings", () => {
    const config = readConfig({});
    check(
      fc.property(reading, (given) => {
        const written = writeUnit(given, template, config);
        const parsed = JSON.parse(JSON.stringify(written));
        expect(parsed).toEqual(written);
        const description = readUnitFile("written.json", parsed);
        expect(description.template).toEqual(written);
        expect(description.settings).toEqual({
          stateOfChargePercent: roundToHundredths(given.stateOfChargePercent),
          upsMode: given.upsMode,
          converterMode: given.converterMode,
          targetBusVoltageV: given.targetBusVoltageV + 0,
          droopPercent: given.droopPercent + 0,
          dcGridCurrentLimitA: given.dcGridCurrentLimitA + 0,
          solarPowerW: roundToHundredths(given.solarPowerW),
          demandPowerW: roundToHundredths(given.demandPowerW),
        });
      }),
      300,
    );
  });

  test("W1: no reading is written as −0", () => {
    const small = { batteryPowerW: -1e-9, dcGridCurrentA: -0, dcGridPowerW: -0.004, converterLossPowerW: 0 };
    const [sample] = fc.sample(reading, { seed: 1, numRuns: 1 }) as [UnitReading];
    const config = readConfig({});
    expect(findNegativeZeros(writeUnit({ ...sample, ...small }, template, config))).toEqual([]);
  });
});

describe("rounding", () => {
  test("W1: hundredths and whole numbers are the nearest ones and never −0", () => {
    check(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
        for (const [round, step] of [
          [roundToHundredths, 0.01],
          [roundToWhole, 1],
        ] as const) {
          const rounded = round(value);
          expect(Object.is(rounded, -0)).toBe(false);
          expect(Math.abs(rounded - value)).toBeLessThanOrEqual(step / 2 + 1e-9);
          expect(Number(rounded.toFixed(step === 1 ? 0 : 2))).toBe(rounded);
        }
      }),
      1000,
    );
    for (const value of [-0, -1e-300, -0.0049, 0]) {
      expect(Object.is(roundToHundredths(value), 0)).toBe(true);
      expect(Object.is(roundToWhole(value), 0)).toBe(true);
    }
  });
});

describe("unit IDs", () => {
  test("W1: the ID of every number reads back as it", () => {
    for (let number = 1; number <= 10_000; number++) expect(parseUnitId(formatUnitId(number))).toBe(number);
    expect([1, 12, 999, 1000].map(formatUnitId)).toEqual(["E001", "E012", "E999", "E1000"]);
  });

  test.each([
    "E000",
    "E1",
    "E01",
    "E0001",
    "E0999",
    "e001",
    "001",
    "E001 ",
    "E-01",
    "E1.0",
    "",
    "E٠٠١",
    "E001\n",
  ])("W1: %j is no unit's ID", (id) => {
    expect(parseUnitId(id)).toBeNull();
  });
});

describe("calendar", () => {
  test("W1: simulated time is the calendar without a time zone", () => {
    const at = (timeS: number, start = "2020-01-01T00:00:00") => formatCalendar(toCalendar(start, timeS));
    expect(at(0)).toBe("2020/01/01-00:00:00");
    expect(at(0.999)).toBe("2020/01/01-00:00:00");
    expect(at(59 * 86_400)).toBe("2020/02/29-00:00:00");
    expect(at(366 * 86_400 - 1)).toBe("2020/12/31-23:59:59");
    // Hours at which Europe and America change their clocks are hours like any other.
    expect(at(3600, "2026-03-29T01:30:00")).toBe("2026/03/29-02:30:00");
    expect(at(3600, "2026-03-08T01:30:00")).toBe("2026/03/08-02:30:00");
  });

  test("W1: the calendar's text gives back the whole second", () => {
    check(
      fc.property(fc.double({ min: 0, max: 3e9, noNaN: true }), (timeS) => {
        const text = formatCalendar(toCalendar("2020-01-01T00:00:00", timeS));
        expect(text).toMatch(/^\d{4}\/\d\d\/\d\d-\d\d:\d\d:\d\d$/);
        const back = Date.parse(`${text.replaceAll("/", "-").replace(/-(?=\d\d:)/, "T")}Z`);
        expect((back - Date.parse("2020-01-01T00:00:00Z")) / 1000).toBe(Math.floor(timeS));
      }),
      300,
    );
  });
});

describe("unit files", () => {
  const changed = (path: string, value: unknown): unknown => {
    const json = structuredClone(standardFile) as Record<string, unknown>;
    const names = path.split(".");
    let part = json;
    for (const name of names.slice(0, -1)) part = part[name] as Record<string, unknown>;
    const last = names.at(-1) as string;
    if (value === undefined) delete part[last];
    else part[last] = value;
    return json;
  };
  const wrong: [string, unknown][] = [
    ["emu", undefined],
    ["emu.rsoc", "50"],
    ["emu.rsoc", 100.1],
    ["emu.rsoc", -1],
    ["emu.rsoc", undefined],
    ["emu.ups_output_power", -1],
    ["emu.ups_output_voltage", 0],
    ["emu.ups_operation_mode.mode", 3],
    ["emu.system_time.year", null],
    ["dcdc.status.status", "0x0003"],
    ["dcdc.powermeter.v1", 0],
    ["dcdc.vdis.dvg", 1001],
    ["dcdc.param.dig", -1],
    ["dcdc.meter.tmp", "26"],
    ["oesunit.display", 4],
    ["oesunit.on", "true"],
    ["time", undefined],
  ];

  test.each(wrong)("W1: %s = %j is refused with the file and the path", (path, value) => {
    const read = () => readUnitFile("jsontmp/standard.json", changed(path, value));
    expect(read).toThrow(UnitFileError);
    expect(read).toThrow(`jsontmp/standard.json: ${path}: `);
  });

  test.each([null, [], 4, "{}"])("W1: %j is no unit file", (json) => {
    expect(() => readUnitFile("a.json", json)).toThrow(UnitFileError);
    expect(() => readUnitsFile("a.json", json)).toThrow("a.json: no units; expected E001 and so on");
  });

  test("W1: a file of units has E001 and so on without a gap, and says which unit is wrong where", () => {
    expect(readUnitsFile("reset.json", resetFile)).toHaveLength(6);
    const { E003: _, ...withGap } = resetFile;
    expect(() => readUnitsFile("reset.json", withGap)).toThrow("reset.json: E003 is missing among 5 units");
    const bad = { ...resetFile, E002: changed("emu.rsoc", 200) };
    expect(() => readUnitsFile("reset.json", bad)).toThrow("reset.json: E002: emu.rsoc: ");
  });

  test("W1: units of a file are in the order of their IDs, whatever the order in the file", () => {
    const turned = Object.fromEntries(Object.entries(resetFile).reverse());
    expect(readUnitsFile("reset.json", turned)).toEqual(readUnitsFile("reset.json", resetFile));
  });

  test("W1: a description is made another unit's without changing the one it came from", () => {
    const standard = readUnitFile("standard.json", standardFile);
    const before = structuredClone(standard);
    const { template, settings } = describeUnit(standard, 1000);
    expect(template.oesunit).toMatchObject({
      id: "E1000",
      display: "Sample_E1000",
      ip: "localhost:4390/E999",
    });
    expect(settings).toEqual(standard.settings);
    expect(standard).toEqual(before);
  });
});
