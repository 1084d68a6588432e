import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import { openBackup, restoreBackup } from "../../src/community/storage/backup.ts";
import { createWeekStore, forgetOtherInput } from "../../src/community/storage/input-weeks.ts";
import { keepData } from "../../src/community/storage/keep-data.ts";
import { createSqliteStorage } from "../../src/community/storage/sqlite-storage.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import type { ImportedData } from "../../src/input/import/combine.ts";
import { describeOwnData, writeWeeks } from "../../src/input/import/own-rows.ts";
import { emptyAccount, type SettledSeries } from "../../src/input/import/settled-series.ts";
import { createManifest, encodeInput } from "../../src/input/series/compiled-input.ts";
import { createDarkness } from "../../src/input/series/input-series.ts";
import { loadInput, storedAs } from "../../src/input/series/load-input.ts";
import { openOwnData } from "../../src/input/series/own-data.ts";
import { toWorldInput } from "../../src/laboratory/data.ts";
import { advanceCommunity, createCommunity } from "../../src/simulation/community.ts";
import { createUnit } from "../../src/simulation/unit.ts";
import type { World } from "../../src/simulation/world.ts";
import { createTestEmulator, type TestEmulator } from "../support/emulators.ts";
import { defaultSettings } from "../support/worlds.ts";

const dayS = 86_400;
const loadText = (days: number, kW: number, from = "2021-05-01") =>
  `time,a,b\n${Array.from({ length: days * 48 }, (_, step) => {
    const moment = new Date(Date.parse(`${from}T00:00Z`) + step * 1_800_000).toISOString();
    return `${moment.slice(0, 16)},${kW},${kW * 2}`;
  }).join("\n")}\n`;
const sunText = (days: number) =>
  `GHI [W/m2]\n${Array.from({ length: days * 24 }, (_, step) => (step % 24 > 5 && step % 24 < 18 ? 400 : 0)).join("\n")}\n`;

async function upload(to: TestEmulator, days: number, kW: number): Promise<string> {
  const form = new FormData();
  form.append("a", new Blob([loadText(days, kW)]), "load.csv");
  form.append("b", new Blob([sunText(days)]), "sun.csv");
  return (await (await to.get("/data", { method: "PUT", body: form })).json()).id;
}
const ask = async (of: TestEmulator, path: string) => {
  const response = await of.get(path);
  return { status: response.status, body: await response.json() };
};
const demandOf = async (of: TestEmulator, unit: string) =>
  (await ask(of, `/get/unit/${unit}`)).body.emu.ups_output_power;

test("I44: data that are used begin a chapter, and leave what was as it was", async () => {
  const tested = createTestEmulator({ acceleration: 3600 });
  const id = await upload(tested, 3, 0.7);
  tested.wallMs = 10_000;
  const past = await ask(tested, "/history?unit=E001&from=0&to=36000&resolution=3600");
  const before = await demandOf(tested, "E002");
  const used = await ask(tested, `/data/use?id=${id}`);
  expect([used.status, used.body.data[0].used]).toEqual([200, "now"]);
  expect([before, await demandOf(tested, "E001"), await demandOf(tested, "E002")]).toEqual([400, 700, 1400]);
  expect((await ask(tested, "/time")).body.chapter).toBe(2);
  tested.wallMs = 12_000;
  tested.evict();
  expect(await demandOf(tested, "E003")).toBe(700);
  expect(await ask(tested, "/history?unit=E001&from=0&to=36000&resolution=3600")).toEqual(past);
  const { commands } = (await ask(tested, "/commands?format=json")).body;
  expect(commands.at(-1)).toMatchObject({ get: `/data/use?id=${id}`, effect: "a chapter begins: data" });
});

test("I44: data in use stay until the run is forgotten, and time begins with their date then", async () => {
  const tested = createTestEmulator();
  const id = await upload(tested, 3, 0.7);
  tested.wallMs = 1000;
  await ask(tested, `/data/use?id=${id}`);
  expect((await ask(tested, `/data/delete?id=${id}`)).status).toBe(409);
  expect((await ask(tested, "/data/use?id=deployment")).status).toBe(200);
  expect(await demandOf(tested, "E001")).toBe(400);
  expect((await ask(tested, "/data")).body.data[0].used).toBe("before");
  expect((await ask(tested, `/data/delete?id=${id}`)).status).toBe(409);
  await ask(tested, `/data/use?id=${id}`);
  tested.evict();
  await ask(tested, "/restart?clock=start");
  expect((await ask(tested, "/time")).body.time).toBe("2021/05/01-00:00:00");
  expect(await demandOf(tested, "E001")).toBe(700);
});

test("I44: data that lack something, are used already, are over or are not there are refused", async () => {
  const tested = createTestEmulator({ acceleration: 86_400 });
  const lacking = await tested.get("/data?name=load.csv", { method: "PUT", body: loadText(3, 0.5) });
  const { id } = await lacking.json();
  const refusalOf = async (of: string) => {
    const { status, body } = await ask(tested, `/data/use?id=${of}`);
    return [status, body.error?.message];
  };
  expect(await refusalOf(id)).toEqual([
    409,
    expect.stringMatching(/^The data cannot be used: they have no sun/),
  ]);
  expect(await refusalOf("0123456789abcdef")).toEqual([
    404,
    expect.stringMatching(/^There are no data 0123/),
  ]);
  expect(await refusalOf("best")).toEqual([
    400,
    expect.stringMatching(/^id is "best"; allowed: deployment, or/),
  ]);
  expect(await refusalOf("deployment")).toEqual([409, "These data are used already"]);
  const short = await upload(tested, 1, 0.5);
  tested.wallMs = 2000;
  expect(await refusalOf(short)).toEqual([
    409,
    "The data have 1 days, and day 3 has come; Reset with clock=start, or another run, begins before",
  ]);
  expect((await ask(tested, "/time")).body.chapter).toBe(1);
});

/** Data with a value of its own at each step. */
function describe(days: number, minutes: number, isMeans: boolean): ImportedData {
  const series = (quantity: SettledSeries["quantity"], home: number, stepMinutes: number): SettledSeries => ({
    quantity,
    label: `${home}`,
    stepMinutes,
    kind: isMeans ? "means" : "points",
    firstDay: 18_262,
    days,
    isDated: true,
    values: Float64Array.from(
      { length: (days * 1440) / stepMinutes },
      (_, step) => ((step * 7919 + home * 104_729) % 1500) + 1,
    ),
    account: emptyAccount(),
  });
  return {
    firstDay: 18_262,
    days,
    demand: [1, 2].map((home) => series("demand", home, minutes)),
    pv: [1, 2].map((home) => series("pv", home + 5, 20)),
    irradiance: series("irradiance", 9, 60),
    notes: [],
  };
}

async function keep(data: ImportedData) {
  const database = createNodeDatabase(new DatabaseSync(":memory:"));
  const storage = createSqliteStorage(database);
  storage.load();
  const own = await describeOwnData(data);
  const rows = [...writeWeeks(own, data)] as unknown as Record<string, unknown>[];
  const bytes = rows.reduce((sum, row) => sum + (row.bytes as ArrayBuffer).byteLength, 0);
  const head = { ...own, name: "test", bytes };
  const frames = (async function* () {
    yield { table: "data_week" as const, rows };
  })();
  expect(await keepData(database, { head, report: "{}" }, frames, { dataBytes: 1e9 }, 0)).toMatchObject({
    ok: true,
  });
  return { database, storage, own };
}

function passAll(world: World) {
  const community = createCommunity();
  for (const number of [1, 2, 3]) community.units.push(createUnit(number, 0, defaultSettings));
  for (let day = 1; day * dayS <= world.dataLengthS; day++) advanceCommunity(community, day * dayS, world);
  return community.units;
}

test.each([
  [17, 30, false, "30"],
  [17, 15, false, "60"],
  [8, 1, false, "30"],
  [9, 30, true, "60"],
  [3, 15, true, "30"],
] as const)(
  "I45: %i days every %i minutes (means: %s), read by weeks at an interval of %s, are to the bit as if in memory",
  async (days, minutes, isMeans, demandIntervalMinutes) => {
    const data = describe(days, minutes, isMeans);
    const { storage, own } = await keep(data);
    const kept = storage.openData(own.id);
    const config = readConfig({ demandIntervalMinutes, units: 3 });
    const interval = Number(demandIntervalMinutes) as 30 | 60;
    const read: string[] = [];
    const paged = createWorld(
      config,
      openOwnData(
        own,
        (kind, home, week) => {
          read.push(`${kind} ${home} ${week}`);
          return kept?.readWeek(kind, home, week) as Float32Array;
        },
        interval,
      ),
    );
    const valuesOf = ({ values }: SettledSeries) => values;
    const whole = createWorld(
      config,
      toWorldInput(
        {
          solar: valuesOf(data.irradiance as SettledSeries),
          demand: data.demand.map(valuesOf),
          pv: data.pv.map(valuesOf),
          steps: {
            solar: { minutes: 60, means: isMeans },
            demand: { minutes, means: isMeans },
            pv: { minutes: 20, means: isMeans },
          },
        },
        config,
      ),
    );
    expect(passAll(paged)).toEqual(passAll(whole));
    expect(read.length).toBeGreaterThan(0);
  },
);

test("I45: going forth, each week of a home is read once", async () => {
  const { storage, own } = await keep(describe(30, 15, false));
  const kept = storage.openData(own.id);
  const read: string[] = [];
  const input = openOwnData(
    own,
    (kind, home, week) => {
      read.push(`${kind} ${home} ${week}`);
      return kept?.readWeek(kind, home, week) as Float32Array;
    },
    30,
  );
  passAll(createWorld(readConfig({ units: 2 }), input));
  expect(new Set(read).size).toBe(read.length);
});

test.each([
  [15, "30"],
  [15, "60"],
  [30, "30"],
] as const)(
  "I46: data every %i minutes that are too many to be held are copied once, read by weeks, and the same to the bit at an interval of %s",
  async (minutes, demandIntervalMinutes) => {
    const { demand, pv, irradiance, days } = describe(17, minutes, false);
    const homesOf = (series: readonly SettledSeries[], pointsPerDay: number) => ({
      days,
      pointsPerDay,
      isMeans: false,
      homes: series.map(({ values }) => values),
      survey: { firstDate: null, high: null, low: null },
    });
    const ofDemand = homesOf(demand, 1440 / minutes);
    const ofPv = homesOf(pv, 72);
    const { values } = irradiance as SettledSeries;
    const solar = { ...createDarkness(days), values };
    const source = { hash: "test", solarUnit: "W/m2", solarFile: "s", demandFile: "d", pvFile: "p" } as const;
    const files = new Map(encodeInput(createManifest(solar, ofDemand, source, ofPv), solar, ofDemand, ofPv));
    const read: string[] = [];
    const readFile = async (name: string) => {
      read.push(name);
      return files.get(name) as ArrayBuffer;
    };
    const database = createNodeDatabase(new DatabaseSync(":memory:"));
    const config = readConfig({ demandIntervalMinutes, units: 3 });
    const interval = Number(demandIntervalMinutes) as 30 | 60;
    const open = () => loadInput(readFile, [0, 1], interval, false, createWeekStore(database), 0);
    const whole = passAll(createWorld(config, await loadInput(readFile, [0, 1], interval)));
    expect(passAll(createWorld(config, await open()))).toEqual(whole);
    read.length = 0;
    const again = await open();
    expect(passAll(createWorld(config, again))).toEqual(whole);
    expect(read.filter((name) => name.endsWith(".bin"))).toEqual([]);
    const copied = [...files].filter(([name]) => name.endsWith(".bin"));
    const bytes = copied.reduce((sum, [, { byteLength }]) => sum + byteLength, 0);
    expect(forgetOtherInput(database, (source) => source === storedAs(again.manifest))).toBe(bytes);
    expect(forgetOtherInput(database, () => false)).toBe(0);
    expect(database.sql.exec("SELECT count(*) AS n FROM input_week").toArray()[0]).toEqual({ n: 0 });
  },
);

test("P8: data of its own are in a backup to the byte, and a spoiled one of them is refused", async () => {
  const other = createNodeDatabase(new DatabaseSync(":memory:"));
  createSqliteStorage(other).load();
  const tested = createTestEmulator();
  const id = await upload(tested, 9, 0.3);
  const lines = [...{ [Symbol.iterator]: () => openBackup(tested.database) }].join("").split("\n");
  expect(restoreBackup(other, lines, 1000)).toBeNull();
  const again = createSqliteStorage(other).openData(id);
  const first = tested.storage.openData(id);
  for (const [kind, home] of [
    ["demand", 0],
    ["demand", 1],
    ["sun", 0],
  ] as const)
    for (const week of [0, 1])
      expect(again?.readWeek(kind, home, week)).toEqual(first?.readWeek(kind, home, week));
  expect(createSqliteStorage(other).readDataReport(id)).toBe(tested.storage.readDataReport(id));
  const without = (test: RegExp) =>
    lines
      .filter((line) => !test.test(line))
      .join("\n")
      .replace(/\n\["end".*/, "");
  const spoiled = [
    [without(/^\["data_week",.*"kind":"demand","home":1,"week":1/), /data .* have 5 weeks of 6/],
    [without(/^\["data",/), /there are no data 1/],
  ] as const;
  for (const [text, reason] of spoiled) {
    const given = text.replace('"hasEnd":true', '"hasEnd":false').split("\n");
    expect(() => restoreBackup(other, given, 1000)).toThrow(reason);
    expect(createSqliteStorage(other).openData(id)?.own).toEqual(first?.own);
  }
});
