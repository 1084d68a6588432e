import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import {
  courseAt,
  heatingAndCooling,
  monthlyMeanTemperaturesC,
  workday,
} from "../../scripts/sample-data/day-shape.ts";
import { cos, exp, log, power, sin, tanh } from "../../scripts/sample-data/exact-math.ts";
import { clearnessMeans } from "../../scripts/sample-data/irradiance.ts";
import { createNormals } from "../../scripts/sample-data/random.ts";
import { mean, standardDeviation } from "../../scripts/sample-data/statistics.ts";
import { clearSkyWPerM2, sunDirection } from "../../scripts/sample-data/sun.ts";
import { dayLines, demandLines, pvLines, solarLines } from "../../scripts/village-data/csv.ts";
import { isHoliday, nationalHolidays, villageYear } from "../../scripts/village-data/holidays.ts";
import { createHome } from "../../scripts/village-data/homes.ts";
import { homesFile } from "../../scripts/village-data/homes-file.ts";
import { diffuseShare, onPanelsWPerM2, panelPowerW, splitLight } from "../../scripts/village-data/panels.ts";
import { describeVillage, readVillage } from "../../scripts/village-data/statistics.ts";
import { villageCalendar, villageHomes, villageSeed } from "../../scripts/village-data/village.ts";
import { readHomes } from "../../src/input/homes/read-homes.ts";
import { countOf } from "../support/counts.ts";

const folder = "data/input/Village";
const read = (name: string) => readFile(`${folder}/${name}`, "utf8");
const village = await readVillage(folder);

describe("the files of the Village", () => {
  test("I61: a year from 1 January 2023 of 19 homes in whole watts, each with panels of its own or none", async () => {
    const halfHours = 365 * 48;
    expect([village.demand.length, village.pv.length, village.days.length]).toEqual([19, 19, 365]);
    expect(village.irradiance).toHaveLength(halfHours);
    for (const values of [...village.demand, ...village.pv]) {
      expect(values).toHaveLength(halfHours);
      expect(values.every((value) => Number.isInteger(value))).toBe(true);
    }
    const lines = (await read("village_load_data.csv")).split("\n");
    expect(lines[1]).toMatch(/^1,1,2023,1,1,0,/);
    expect(lines.at(-2)).toMatch(/^6935,19,2023,12,31,0,/);
    for (const [index, values] of village.pv.entries()) {
      const { peakW } = createHome(villageSeed, index + 1).panels;
      expect(Math.max(...values)).toBeLessThanOrEqual(peakW);
      expect(values.some((value) => value > 0)).toBe(peakW > 0);
    }
  });

  test("I61: its homes.json says of each home what its panels and its battery are", async () => {
    const { homes } = readHomes(JSON.parse(await read("homes.json")));
    expect(homes).toHaveLength(19);
    for (const [index, { battery, pv }] of homes.entries()) {
      const { batteryWh, panels } = createHome(villageSeed, index + 1);
      expect([battery?.capacityWh, pv?.peakPowerW]).toEqual([batteryWh, panels.peakW]);
    }
  });

  test("I61: its README tells the figures that they have", async () => {
    expect(await read("README.md")).toContain(describeVillage(village));
  });

  test("I62: the script makes them again, bit for bit", async () => {
    const homes = countOf(villageHomes, 2);
    const begins = async (name: string, lines: Iterable<string>) =>
      expect((await read(name)).startsWith([...lines].join(""))).toBe(true);
    await begins("village_solar_data.csv", solarLines(villageSeed));
    await begins("days.csv", dayLines(villageSeed));
    await begins("homes.json", [homesFile(villageSeed, villageHomes)]);
    await begins("village_load_data.csv", demandLines(villageSeed, homes));
    await begins("village_pv_data.csv", pvLines(villageSeed, homes));
  });

  test("I62: more homes change nothing before them; another seed makes other data", () => {
    const first = (lines: Generator<string>) => Array.from({ length: 400 }, () => lines.next().value);
    expect(first(pvLines(7, 3))).toEqual(first(pvLines(7, 2)));
    expect(first(demandLines(7, 3))).toEqual(first(demandLines(7, 2)));
    const homes = (count: number) => Array.from({ length: count }, (_, index) => createHome(7, index + 1));
    expect(homes(40).slice(0, 19)).toEqual(homes(19));
    expect([...solarLines(7)]).not.toEqual([...solarLines(8)]);
    expect(first(demandLines(7, 1))).not.toEqual(first(demandLines(8, 1)));
  });

  test("I63: each month has the irradiation and the temperature of its normal", () => {
    for (let month = 1; month <= 12; month++) {
      const days = villageCalendar.flatMap((day, index) => (day.month === month ? [index] : []));
      const halfHours = days.flatMap((day) =>
        Array.from({ length: 48 }, (_, point) => [day, point] as const),
      );
      const clear = mean(
        halfHours.map(([day, point]) =>
          clearSkyWPerM2(sunDirection(villageCalendar[day]?.dayOfYear ?? 0, point / 2).up),
        ),
      );
      const found = mean(halfHours.map(([day, point]) => village.irradiance[day * 48 + point] as number));
      // What would be above the clear sky is cut off.
      expect(Math.abs(found / clear - (clearnessMeans[month - 1] as number))).toBeLessThan(0.02);
      const temperatureC = mean(days.map((day) => village.days[day]?.temperatureC as number));
      expect(temperatureC).toBeCloseTo(monthlyMeanTemperaturesC[month - 1] as number, 1);
    }
  });

  test("I63: temperature has weather of its own, from day to day", () => {
    const february = village.days.filter(({ month }) => month === 2).map(({ temperatureC }) => temperatureC);
    expect(standardDeviation(february)).toBeGreaterThan(1.2);
    expect(standardDeviation(february)).toBeLessThan(4);
  });

  test("I64: demand follows the temperature of the day, and holidays have a holiday's course", () => {
    const meanW = (day: number, fromPoint = 0, toPoint = 48) =>
      mean(
        village.demand.map((values) => mean([...values.subarray(day * 48 + fromPoint, day * 48 + toPoint)])),
      );
    const correlation = (a: number[], b: number[]) => {
      const [meanA, meanB] = [mean(a), mean(b)];
      const products = mean(a.map((value, index) => (value - meanA) * ((b[index] as number) - meanB)));
      return (products * a.length) / (a.length - 1) / (standardDeviation(a) * standardDeviation(b));
    };
    const workdays = villageCalendar.flatMap((day, index) => (isHoliday(day) ? [] : [index]));
    const expected = workdays.map((day) => heatingAndCooling(village.days[day]?.temperatureC as number));
    expect(
      correlation(
        expected,
        workdays.map((day) => meanW(day)),
      ),
    ).toBeGreaterThan(0.8);
    const holidaysInTheWeek = villageCalendar.flatMap((day, index) =>
      isHoliday(day) && day.weekday % 6 !== 0 ? [index] : [],
    );
    const noonShare = (days: number[]) => mean(days.map((day) => meanW(day, 22, 30) / meanW(day)));
    expect(holidaysInTheWeek).toHaveLength(15);
    expect(noonShare(holidaysInTheWeek) / noonShare(workdays)).toBeGreaterThan(1.2);
  });

  test("I64: the national holidays are those of the Act in 2023", () => {
    const date = (month: number, day: number) =>
      `${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
    const weekdayOf = (month: number, day: number) =>
      new Date(Date.UTC(villageYear, month - 1, day)).getUTCDay();
    const monday = (month: number, which: number) =>
      date(month, 1 + ((8 - weekdayOf(month, 1)) % 7) + 7 * (which - 1));
    const fixed: [number, number][] = [
      [1, 1],
      [2, 11],
      [2, 23],
      [3, 21],
      [4, 29],
      [5, 3],
      [5, 4],
      [5, 5],
      [8, 11],
      [9, 23],
      [11, 3],
      [11, 23],
    ];
    const inLieu = fixed.flatMap(([month, day]) =>
      weekdayOf(month, day) === 0 ? [date(month, day + 1)] : [],
    );
    const all = [
      ...fixed.map(([month, day]) => date(month, day)),
      ...inLieu,
      ...[monday(1, 2), monday(7, 3), monday(9, 3), monday(10, 2)],
    ];
    expect([...nationalHolidays].sort()).toEqual(all.sort());
  });

  test("I64: nineteen homes show the shares that they are drawn from", () => {
    const homes = Array.from({ length: 19 }, (_, index) => createHome(villageSeed, index + 1));
    expect(homes.filter(({ panels }) => panels.peakW === 0)).toHaveLength(3);
    expect(homes.filter(({ atHomeByDay }) => atHomeByDay).length).toBe(6);
    expect(new Set(homes.map(({ batteryWh }) => batteryWh)).size).toBe(4);
    expect(new Set(homes.map(({ people }) => people)).size).toBeGreaterThan(3);
  });
});

describe("light on panels", () => {
  const panels = (tiltDeg: number, azimuthDeg: number) => ({ peakW: 1000, tiltDeg, azimuthDeg });
  const morning = sunDirection(172, 9);
  const noon = sunDirection(355, 12.5);

  test("I65: the diffuse share is Erbs's, without jumps but for his own at 0.8", () => {
    expect(diffuseShare(0)).toBe(1);
    expect(diffuseShare(0.22)).toBeCloseTo(0.9802, 4);
    expect(diffuseShare(0.220001)).toBeCloseTo(diffuseShare(0.22), 2);
    expect(diffuseShare(0.5)).toBeCloseTo(0.6592, 3);
    expect(diffuseShare(0.9)).toBe(0.165);
  });

  test("I65: level panels receive what falls on the ground, and its parts add up", () => {
    for (const global of [50, 300, 800]) {
      const light = splitLight(global, morning, 172);
      expect(light.diffuse + light.beamNormal * morning.up).toBeCloseTo(global, 9);
      expect(onPanelsWPerM2(light, morning, panels(0, 180))).toBeCloseTo(global, 9);
    }
  });

  test("I65: beam counts by the cosine of its angle, and not from behind", () => {
    const height = Math.asin(noon.up);
    const light = { global: 800 * noon.up, diffuse: 0, beamNormal: 800 };
    const tilt = 90 - (height * 180) / Math.PI;
    const azimuth = ((Math.atan2(noon.east, noon.north) * 180) / Math.PI + 360) % 360;
    const facing = onPanelsWPerM2(light, noon, panels(tilt, azimuth));
    const ground = (light.global * 0.2 * (1 - Math.cos((tilt * Math.PI) / 180))) / 2;
    expect(facing - ground).toBeCloseTo(800, 6);
    expect(onPanelsWPerM2({ ...light, global: 0 }, noon, panels(90, (azimuth + 180) % 360))).toBe(0);
    const [east, west] = [90, 270].map((side) =>
      onPanelsWPerM2(splitLight(600, morning, 172), morning, panels(30, side)),
    );
    expect(east as number).toBeGreaterThan(west as number);
  });

  test("I65: cells at 800 W/m² and 20 °C have 45 °C, and give 8 % less", () => {
    expect(panelPowerW(800, 20, 1000)).toBeCloseTo(0.9 * 800 * 0.92, 9);
    expect(panelPowerW(0, 20, 1000)).toBe(0);
  });
});

describe("the mathematics of the data", () => {
  test("I62: exp, log, sin, cos and the rest are those of the engine to 1e-14", () => {
    const near = (found: number, wanted: number) =>
      expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(wanted)));
    for (let x = -30; x <= 30; x += 0.137) {
      const relative = exp(x) / Math.exp(x);
      expect(Math.abs(relative - 1)).toBeLessThan(1e-14);
      near(sin(x), Math.sin(x));
      near(cos(x), Math.cos(x));
      near(tanh(x), Math.tanh(x));
      near(log(Math.exp(x)), Math.log(Math.exp(x)));
      near(power(0.37, x / 10), 0.37 ** (x / 10));
    }
    expect([exp(0), exp(-1e300), log(1), sin(0), cos(0), power(0, 2), power(0, 0)]).toEqual([
      1, 0, 0, 0, 1, 0, 1,
    ]);
  });

  test("I62: normal numbers have mean 0 and deviation 1", () => {
    const normals = createNormals(1, 2, 3);
    const drawn = Array.from({ length: 20_000 }, normals);
    expect(Math.abs(mean(drawn))).toBeLessThan(0.03);
    expect(Math.abs(standardDeviation(drawn) - 1)).toBeLessThan(0.02);
    expect(courseAt(workday, 20)).toBeGreaterThan(courseAt(workday, 3));
  });
});
