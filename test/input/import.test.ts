import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createWorld } from "../../src/input/config/create-world.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { combine } from "../../src/input/import/combine.ts";
import { type ImportedFile, importFile } from "../../src/input/import/import-files.ts";
import { type ImportOptions, importDefaults } from "../../src/input/import/import-options.ts";
import { layoutNames } from "../../src/input/import/layouts.ts";
import { writeReport } from "../../src/input/import/report.ts";
import { writeReportPage } from "../../src/input/import/report-page.ts";
import { writeReportText } from "../../src/input/import/report-text.ts";
import { writeDataFiles } from "../../src/input/import/write-data.ts";
import { createManifest, encodeInput } from "../../src/input/series/compiled-input.ts";
import { createDarkness } from "../../src/input/series/input-series.ts";
import { loadInput } from "../../src/input/series/load-input.ts";
import { parseDemand } from "../../src/input/series/parse-demand.ts";
import { parseSolar } from "../../src/input/series/parse-solar.ts";
import { advanceCommunity, createCommunity } from "../../src/simulation/community.ts";
import { createUnit } from "../../src/simulation/unit.ts";
import { defaultSettings } from "../support/worlds.ts";
import { refusalOf, toBytes } from "./csv-text.ts";
import { inGerman, spoil, toUtf16 } from "./import-breaks.ts";
import { type Sample, samples, textOf } from "./import-samples.ts";

const read = (file: string, content: string | Uint8Array, options: Partial<ImportOptions> = {}) => {
  const bytes = typeof content === "string" ? toBytes(content) : content;
  return importFile({ name: file, open: () => [bytes] }, { ...importDefaults, ...options });
};
const readSample = (
  sample: Sample,
  content: string | Uint8Array = textOf(sample),
  options?: Partial<ImportOptions>,
) => read(sample.file, content, options);
const valuesOf = ({ settled }: ImportedFile) => settled.series.map(({ label, values }) => [label, ...values]);
const named = samples.map((sample) => [sample.layout, sample] as const);

test("I32: each layout is in the samples, once", () => {
  expect(samples.map(({ layout }) => layout).toSorted()).toEqual(layoutNames.toSorted());
});

describe.each(named)("%s", (_, sample) => {
  const { rows, valueCell, dateCell } = sample;
  const middle = Math.floor(rows.length / 2);

  test("I32: is recognised and says why, and its sums are those of the file", async () => {
    const found = await readSample(sample);
    const { series, stepMinutes } = found.settled;
    expect([found.layout, stepMinutes]).toEqual([sample.layout, sample.stepMinutes]);
    expect(found.why).not.toBe("");
    expect(series.map(({ label }) => label)).toEqual(sample.labels);
    for (const [index, { account, days }] of series.entries()) {
      expect(days).toBe(sample.days);
      expect(account.fileEnergyWh).toBeCloseTo(sample.energiesWh[index] as number, 6);
      expect(account.energyWh).toBeCloseTo(sample.energiesWh[index] as number, 6);
      expect([account.filled, account.negatives, account.repeated]).toEqual([0, 0, 0]);
    }
  });

  test("I33: a mark, line ends, quotation marks, encodings, separators and blank lines change nothing", async () => {
    const good = valuesOf(await readSample(sample));
    const text = textOf(sample);
    const quoted = textOf(
      sample,
      rows.map((row) => row.map((cell) => `"${cell}"`)),
    );
    const written = {
      mark: `\ufeff${text.replaceAll("\n", "\r\n")}`,
      "carriage returns": text.replaceAll("\n", "\r"),
      "UTF-16": toUtf16(text),
      quotes: quoted,
      German: inGerman(sample),
      "blank lines": `${text}\n\n`,
      "no last line end": text.trimEnd(),
    };
    for (const [name, content] of Object.entries(written))
      expect([name, valuesOf(await readSample(sample, content))]).toEqual([name, good]);
  });

  test("I33: how its bytes are cut changes nothing", async () => {
    const good = valuesOf(await readSample(sample));
    const bytes = toBytes(textOf(sample).replaceAll("\n", "\r\n"));
    const cuts = fc
      .uniqueArray(fc.nat(bytes.length), { maxLength: 5 })
      .map((found) => found.toSorted((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        const chunks = [0, ...at].map((start, index) => bytes.subarray(start, at[index] ?? bytes.length));
        const found = await importFile({ name: sample.file, open: () => chunks }, importDefaults);
        expect(valuesOf(found)).toEqual(good);
      }),
      { numRuns: 5 },
    );
  });

  if (dateCell !== null)
    test("I34: rows in any order are the same data", async () => {
      // Homes stand in the order in which they first appear.
      const sums = (found: ImportedFile) =>
        valuesOf(found)
          .map((one) => one.join())
          .toSorted();
      const shuffle = fc.shuffledSubarray([...rows], { minLength: rows.length });
      const good = sums(await readSample(sample));
      await fc.assert(
        fc.asyncProperty(shuffle, async (order) => {
          expect(sums(await readSample(sample, textOf(sample, order)))).toEqual(good);
        }),
        { numRuns: 3 },
      );
    });

  if (dateCell !== null)
    test("I34: a row that stands there twice counts once and is told of", async () => {
      const good = await readSample(sample);
      const found = await readSample(
        sample,
        textOf(sample, [...rows.slice(0, 3), rows[2] as string[], ...rows.slice(3)]),
      );
      expect(valuesOf(found)).toEqual(valuesOf(good));
      expect(found.settled.series.some(({ account }) => account.repeated > 0)).toBe(true);
    });

  test("I35: a missing value is filled as it was said, told of, or refused", async () => {
    const text = spoil(sample, middle, valueCell, "Null");
    for (const gap of ["hold", "interpolate", "day-before"] as const) {
      const { settled } = await readSample(sample, text, { gap });
      expect(settled.series.reduce((sum, { account }) => sum + account.filled, 0)).toBe(1);
      expect(settled.series.every(({ values }) => values.every((value) => value >= 0))).toBe(true);
    }
    const [file, , , reason] = await refusalOf(readSample(sample, text, { gap: "refuse" }));
    expect(file).toBe(sample.file);
    expect(reason).toMatch(/^1 value is missing of .*, the first at \d{4}-\d\d-\d\d \d\d:\d\d; --gap/);
  });

  if (dateCell !== null)
    test("I35: a row that is not there is filled", async () => {
      const { settled } = await readSample(
        sample,
        textOf(sample, rows.toSpliced(Math.floor(rows.length * 0.7), 1)),
      );
      const good = await readSample(sample);
      expect(settled.series.reduce((sum, { account }) => sum + account.filled, 0)).toBeGreaterThan(0);
      expect(settled.series.map(({ days }) => days)).toEqual(good.settled.series.map(({ days }) => days));
    });

  test("I36: a negative value is read as 0 and told of, or refused by its row", async () => {
    const text = spoil(sample, middle, valueCell, "-9000");
    const at = sample.above.length + (sample.header === null ? 0 : 1) + middle + 1;
    const { settled } = await readSample(sample, text);
    const { account } = settled.series.find(
      ({ account }) => account.negatives > 0,
    ) as (typeof settled.series)[number];
    expect([account.negatives, account.lowest?.row]).toEqual([1, at]);
    const [, row, , reason] = await refusalOf(readSample(sample, text, { negative: "refuse" }));
    expect([row, reason]).toEqual([
      at,
      expect.stringMatching(/^1 value is negative, the lowest -.*; --negative zero/),
    ]);
  });

  test("I37: what is no number, no date or no row is refused by its place", async () => {
    const at = sample.above.length + (sample.header === null ? 0 : 1) + middle + 1;
    expect(await refusalOf(readSample(sample, spoil(sample, middle, valueCell, "twelve")))).toEqual([
      sample.file,
      at,
      valueCell + 1,
      expect.stringMatching(/^"twelve" is not a number/),
    ]);
    if (dateCell !== null) {
      const [, row] = await refusalOf(readSample(sample, spoil(sample, middle, dateCell, "2021-13-45")));
      expect(row).toBe(at);
    }
    expect(await refusalOf(readSample(sample, ""))).toEqual([sample.file, 1, null, "the file is empty"]);
    const [, , , reason] = await refusalOf(readSample(sample, textOf(sample, [])));
    expect(reason.length).toBeLessThan(1200);
    expect(reason).not.toMatch(/undefined|NaN/);
  });

  test("I38: what is written is what was read", async () => {
    const data = combine([await readSample(sample)]);
    const series = [...data.demand, ...data.pv, ...(data.irradiance === null ? [] : [data.irradiance])];
    const written = [...writeDataFiles(data)].map(
      ([name, content]) => [name, [...content].join("")] as const,
    );
    const again = combine(await Promise.all(written.map(([name, content]) => read(name, content))));
    const found = [...again.demand, ...again.pv, ...(again.irradiance === null ? [] : [again.irradiance])];
    for (const [index, { values, account }] of found.entries()) {
      expect(account.energyWh).toBeCloseTo(series[index]?.account.energyWh as number, 3);
      expect(
        values.every((value, at) => Math.abs(value - (series[index]?.values[at] as number)) < 1e-6),
      ).toBe(true);
    }
    expect(found).toHaveLength(series.length);
  });

  test("I39: the report says it in text, JSON and one page", async () => {
    const file = await readSample(sample);
    const data = combine([file]);
    const report = writeReport([file], data, importDefaults);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(writeReportText(report)).toContain(`layout ${sample.layout} (`);
    const page = writeReportPage(report);
    expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(2);
    expect(page).not.toMatch(/NaN|undefined|<script|https?:/);
  });
});

test.each([
  [23, 60],
  [25, 15],
  [30, 30],
  [49, 60],
  [97, 15],
  [100, 30],
  [145, 10],
])("I32: a table of %i homes, every %i minutes, is wide and no table of days", async (homes, minutes) => {
  const steps = (2 * 1440) / minutes;
  for (const write of [
    (date: string, clock: string) => `${date} ${clock}`,
    (date: string, clock: string) => `${date.split("-").toReversed().join("/")},${clock}`,
  ]) {
    const rows = Array.from({ length: steps }, (_, step) => {
      const moment = new Date(Date.UTC(2021, 0, 14) + step * minutes * 60_000).toISOString();
      const values = Array.from({ length: homes }, (_, home) => (home + 1) / 10);
      return [write(moment.slice(0, 10), moment.slice(11, 16)), ...values].join(",");
    });
    const time = write("", "").includes(",") ? "date,clock" : "time";
    const header = [time, ...Array.from({ length: homes }, (_, home) => `home ${home + 1}`)].join(",");
    const found = await read("load.csv", `${header}\n${rows.join("\n")}\n`);
    expect([found.layout, found.settled.stepMinutes, found.homesInFile]).toEqual(["wide", minutes, homes]);
  }
});

describe("cases", () => {
  const folder = (name: string) => fileURLToPath(new URL(`cases/${name}/`, import.meta.url));
  const readCase = async (name: string) =>
    combine(
      await Promise.all(
        ["my_load_data.csv", "my_solar_data.csv"].map((file) =>
          read(file, readFileSync(`${folder(name)}${file}`)),
        ),
      ),
    );

  test("I32: 10-wide has two homes", async () => {
    const { demand, irradiance, days, firstDay } = await readCase("10-wide");
    expect(demand.map(({ label, account }) => [label, account.energyWh])).toEqual([
      ["home_1", expect.closeTo(21_600, 6)],
      ["home_2", expect.closeTo(28_800, 6)],
    ]);
    expect([days, firstDay, irradiance?.stepMinutes]).toEqual([3, 18_262, 60]);
  });

  test("I32: 12-ausgrid gives GC + CL twice as demand, and GG as each home's PV power", async () => {
    const { demand, pv } = await readCase("12-ausgrid");
    expect(demand.map(({ values }) => [...new Set(values)])).toEqual([[600], [600]]);
    expect(pv.map(({ values }) => [...values.slice(16, 19), ...values.slice(33, 36)])).toEqual(
      [0, 1].map(() => [0, 600, 600, 600, 0, 0]),
    );
  });

  test("I32: 13-hourly-8784 takes a column 24 to a day", async () => {
    const { irradiance, days } = await readCase("13-hourly-8784");
    expect(days).toBe(2);
    expect([...(irradiance?.values.slice(6, 9) ?? [])]).toEqual([0, 232.9, 450]);
  });

  test("I32: 14-load-15min has 96 values a day", async () => {
    const { demand } = await readCase("14-load-15min");
    expect(demand.map(({ stepMinutes, values }) => [stepMinutes, values.length])).toEqual(
      Array(demand.length).fill([15, 288]),
    );
  });

  test("I32: 17-home-ids-not-from-1 has its homes in the order of the file", async () => {
    const { demand } = await readCase("17-home-ids-not-from-1");
    expect(demand.map(({ label }) => label)).toEqual(["101", "102"]);
  });

  test.each(["08-german-excel", "09-utf16"])("I33: %s is read as it is meant", async (name) => {
    const { demand } = await readCase(name);
    expect(demand.map(({ values }) => values[0])).toEqual([421, 583]);
  });

  test("I32: columns of demand and of PV power of one name are one home", async () => {
    const rows = Array.from({ length: 24 }, (_, hour) => `2021-01-01 ${hour}:00,${hour},1,0.5,9`);
    const text = `time,home_1_load,home_1_pv,home_2_load,temperature\n${rows.join("\n")}\n`;
    const { demand, pv } = combine([await read("mine.csv", text)]);
    expect(demand.map(({ label }) => label)).toEqual(["home_1", "home_2"]);
    expect(pv.map(({ label, account }) => [label, account.energyWh])).toEqual([
      ["home_1", 24_000],
      ["home_2", 0],
    ]);
  });

  test("I32: of a table with an index, weather and sun each column is what it says", async () => {
    const rows = Array.from(
      { length: 24 },
      (_, hour) => `${hour},2021-01-01 ${hour}:00,0.5,${hour * 10},20,`,
    );
    const { demand, irradiance, pv } = combine([
      await read("mine.csv", `,time,load [kWh],ghi [W/m2],temp_c,\n${rows.join("\n")}\n`),
    ]);
    expect(demand.map(({ label, account }) => [label, account.energyWh])).toEqual([["load [kWh]", 12_000]]);
    expect([irradiance?.account.energyWh, irradiance?.kind, demand[0]?.kind, pv]).toEqual([
      2760,
      "points",
      "means",
      [],
    ]);
  });

  test("I33: a separator at the end of lines is no column", async () => {
    const rows = Array.from(
      { length: 48 },
      (_, step) => `01.03.2021;${Math.floor(step / 2)}:${step % 2 ? "30" : "00"};0,5;`,
    );
    const { demand } = combine([
      await read("haus.csv", `Datum;Uhrzeit;Verbrauch kW;\r\n${rows.join("\r\n")}\r\n`),
    ]);
    expect(demand.map(({ label, values }) => [label, new Set(values)])).toEqual([
      ["Verbrauch kW", new Set([500])],
    ]);
  });

  test("I37: homes that share no day are refused by name", async () => {
    const [, , , reason] = await refusalOf(readCase("02-homes-other-dates"));
    expect(reason).toMatch(/^home 2 begins on 2021-06-01, after home 1 ends on 2020-01-/);
  });
});

describe("clocks", () => {
  const rowsOf = (from: string, count: number, write: (date: Date, step: number) => string) =>
    Array.from({ length: count }, (_, step) =>
      write(new Date(Date.parse(from) + step * 1_800_000), step),
    ).join("\n");
  const londonHours = new Intl.DateTimeFormat("sv-SE", {
    timeZone: "Europe/London",
    dateStyle: "short",
    timeStyle: "short",
  });

  test("I40: summer time is taken out, in spring and in autumn", async () => {
    // Standard time of London is UTC: the value of each step is its number there.
    for (const from of ["2013-03-30T00:00Z", "2013-10-26T00:00Z"]) {
      const text = `id,time,kW\n${rowsOf(from, 144, (date, step) => `a,${londonHours.format(date)},${step + 1}`)}\n`;
      const { settled } = await read("load.csv", text, { dst: "Europe/London" });
      expect(settled.series[0]?.values).toEqual(
        Float64Array.from({ length: 144 }, (_, step) => (step + 1) * 1000),
      );
      expect(settled.notes.join()).toContain("Europe/London");
      const asWritten = (await read("load.csv", text)).settled.series[0]?.account;
      expect((asWritten?.filled ?? 0) + (asWritten?.contradicting ?? 0)).toBeGreaterThan(0);
    }
  });

  test("I40: the sun in UTC is moved by its place, or by what is said", async () => {
    const sunny = (hour: number) => (hour === 12 ? 500 : 0);
    const rows = rowsOf("2021-01-01T00:00Z", 96, (date) => date.toISOString())
      .split("\n")
      .filter((_, step) => step % 2 === 0);
    const table = rows.map(
      (time) =>
        `${time.slice(0, 13).replaceAll("-", "").replace("T", ":")}10,${sunny(Number(time.slice(11, 13)))}`,
    );
    const text = (longitude: number) =>
      `Longitude (decimal degrees):\t${longitude}\n\ntime,G(i)\n${table.join("\n")}\n`;
    const noon = async (longitude: number, zone: number | null) => {
      const { settled } = await read("pvgis.csv", text(longitude), { zone });
      return settled.series[0]?.values.indexOf(500);
    };
    expect([await noon(0, null), await noon(135, null), await noon(-75, null), await noon(135, 2)]).toEqual([
      12, 21, 7, 14,
    ]);
  });

  test.each(named.filter(([layout]) => /pvgis|power|nsrdb|epw|column/.test(layout)))(
    "I40: %s knows no summer time",
    async (_, sample) => {
      const found = await readSample(sample, textOf(sample), { dst: "Europe/London" });
      expect(valuesOf(found)).toEqual(valuesOf(await readSample(sample)));
      expect(found.settled.notes.join()).not.toContain("summer time");
    },
  );

  test("I40: offsets beside moments are taken to one clock", async () => {
    const write = (date: Date, step: number) => {
      const ahead = step < 48 ? 2 : 1;
      return `${new Date(date.getTime() + ahead * 3_600_000).toISOString().slice(0, 19)}+0${ahead}:00,${step + 1}`;
    };
    const text = `time,home kW\n${rowsOf("2021-10-30T23:00Z", 96, write)}\n`;
    const { settled } = await read("load.csv", text);
    expect(settled.series[0]?.values[0]).toBe(1000);
    expect(settled.series[0]?.account.filled).toBe(0);
  });

  test.each([
    ["13/02/2021", "14/02/2021", "day first", 18_671],
    ["02/13/2021", "02/14/2021", "month first", 18_671],
    ["13.02.21", "14.02.21", "day first", 18_671],
    ["13-Feb-21", "14-Feb-21", null, 18_671],
    ["2021年2月13日", "2021年2月14日", null, 18_671],
    ["20210213", "20210214", null, 18_671],
  ])("I40: %s is a date", async (first, second, order, day) => {
    const rows = [first, second].flatMap((date) =>
      Array.from({ length: 24 }, (_, hour) => `${date},${hour}:00,${hour + 1}`),
    );
    const { settled } = await read("load.csv", `date,time,home\n${rows.join("\n")}\n`);
    expect([settled.series[0]?.firstDay, settled.series[0]?.days]).toEqual([day, 2]);
    if (order !== null) expect(settled.notes.join()).toContain(order);
  });

  test("I40: 29 February is kept or dropped", async () => {
    const text = `time,kW\n${rowsOf("2020-02-28T00:00Z", 144, (date, step) => `${date.toISOString().slice(0, 16)},${Math.floor(step / 48) + 1}`)}\n`;
    const days = async (leapDay: "keep" | "drop") => {
      const { values } = (await read("load.csv", text, { leapDay })).settled.series[0] ?? {};
      return values?.filter((_, step) => step % 48 === 0);
    };
    expect([await days("keep"), await days("drop")]).toEqual([
      Float64Array.of(1000, 2000, 3000),
      Float64Array.of(1000, 3000),
    ]);
  });

  test("I40: labels that end the steps are seen, or said", async () => {
    const text = `time,home\n${rowsOf("2021-01-01T00:30Z", 48, (date, step) => `${date.toISOString().slice(0, 16)},${step + 1}`)}\n`;
    const { settled } = await read("load.csv", text);
    expect([settled.labels, settled.series[0]?.values[0], settled.series[0]?.days]).toEqual(["end", 1000, 1]);
    const begun = (await read("load.csv", text, { labels: "begin" })).settled.series[0];
    expect([begun?.values[1], begun?.account.filled]).toEqual([1000, 1]);
  });
});

describe("in a world", () => {
  test.each(named)("I38: %s becomes a world whose energies are the file's", async (_, sample) => {
    const data = combine([await readSample(sample)]);
    const texts = new Map(
      [...writeDataFiles(data)].map(([name, content]) => [name, toBytes([...content].join(""))]),
    );
    const bytesOf = (name: string) => texts.get(`imported_${name}_data.csv`);
    const even = `no,id,year,month,day,wday,${Array(24).fill("h").join(",")}\n${Array.from({ length: data.days }, () => `1,1,,,,,${Array(24).fill("0").join(",")}`).join("\n")}\n`;
    const demand = await parseDemand("load.csv", [bytesOf("load") ?? toBytes(even)]);
    const [sunBytes, pvBytes] = [bytesOf("solar"), bytesOf("pv")];
    const solar =
      sunBytes === undefined ? createDarkness(data.days) : await parseSolar("sun.csv", [sunBytes]);
    const pv = pvBytes === undefined ? null : await parseDemand("pv.csv", [pvBytes]);
    const source = {
      hash: "",
      solarUnit: "W/m2",
      solarFile: "sun.csv",
      demandFile: "load.csv",
      pvFile: "pv.csv",
    } as const;
    const files = new Map(encodeInput(createManifest(solar, demand, source, pv), solar, demand, pv));
    const input = await loadInput(async (name) => files.get(name) as ArrayBuffer, demand.homes.keys(), 30);
    const world = createWorld(readConfig({ default_Area: 1, r: 1, pr: 1 }), input);
    const community = createCommunity();
    const homes = demand.homes.length;
    for (let number = 1; number <= homes; number++)
      community.units.push(createUnit(number, 0, defaultSettings));
    advanceCommunity(community, data.days * 86_400, world);
    for (const [home, unit] of community.units.entries()) {
      const wanted = [data.demand[home], data.pv[home] ?? data.irradiance].map(
        (series) => series?.account.energyWh ?? 0,
      );
      const { demandWh, solarWh } = unit.finishedDays;
      for (const [at, foundWh] of [demandWh, solarWh].entries()) {
        const wantedWh = wanted[at] as number;
        // A line through points gives half a step of its ends to the days beside, which are not there.
        expect(Math.abs(foundWh - wantedWh)).toBeLessThanOrEqual(
          Math.max(1e-3 * wantedWh, isPoints(data, at) ? 0.02 * wantedWh : 0),
        );
      }
    }
  });

  const isPoints = ({ demand, pv, irradiance }: ReturnType<typeof combine>, at: number) =>
    (at === 0 ? demand[0] : (pv[0] ?? irradiance))?.kind === "points";
});
