import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import Papa from "papaparse";
import { beforeAll, expect, test } from "vitest";
import { answerWriter } from "../../src/api/wire/answers.ts";
import { readInputFiles } from "../../src/cli/build/compile-input.ts";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import { readCommandLog } from "../../src/cli/headless/repeat-run.ts";
import { projectFolder } from "../../src/cli/project-folder.ts";
import type { CommandLog } from "../../src/community/records/command-log.ts";
import type { ExportRequest } from "../../src/community/records/export.ts";
import { Emulator } from "../../src/community/state/emulator.ts";
import { restoreBackup } from "../../src/community/storage/backup.ts";
import { createSqliteStorage } from "../../src/community/storage/sqlite-storage.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import type { Config } from "../../src/input/config/entries.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { type InputData, loadInput } from "../../src/input/series/load-input.ts";
import { readUnitFiles } from "../../src/input/units/unit-files.ts";
import { startLocalServer } from "../support/local-server.ts";
import { repeatRun } from "../support/whole-runs.ts";

/** What the release of commit 9cd2936 has stored; its README says what. */
const stored = join(projectFolder, "test/stored-forms/version-2");
const stoppedAtS = 230_160.68;

const read = (name: string) => readFile(join(stored, name), "utf8");
type Row = Record<string, number | string>;
const parseCsv = (text: string) =>
  Papa.parse<Row>(text, { header: true, skipEmptyLines: true, dynamicTyping: true }).data;

let input: InputData;
let toldReadings: Row[];
let toldDays: Row[];
let toldLog: Record<string, { emu: Row; dcdc: { status: Row; vdis: Row; powermeter: Row } }>;
beforeAll(async () => {
  const files = [join(stored, "data/solar_data.csv"), join(stored, "data/load_data.csv")] as const;
  input = await loadInput(await readInputFiles(...files), [0, 1, 2], 30);
  toldReadings = parseCsv(await read("told/indivLog.csv"));
  toldDays = parseCsv(await read("told/summary.csv"));
  toldLog = JSON.parse(await read("told/get-log.json"));
});

const worldOf = (config: Config) => createWorld(config, input);
const log: string[] = [];

function wake(
  storage: ReturnType<typeof createSqliteStorage>,
  parameters: Record<string, unknown> = {},
): Emulator {
  storage.load();
  const data = { worldOf, inputHash: input.sourceHash, inputName: "Sample" };
  const rest = { files: readUnitFiles(), storage, writer: answerWriter };
  const config = readConfig({ UPS_TRIGGER_AC_ON: 22, ...parameters });
  return new Emulator({ config, ...data, ...rest, log: (_, message) => log.push(message) }, 1.8e12);
}

async function restore(): Promise<ReturnType<typeof createSqliteStorage>> {
  const database = createNodeDatabase(new DatabaseSync(":memory:"));
  createSqliteStorage(database).load();
  restoreBackup(database, (await read("backup.ndjson")).split("\n"), 1000);
  return createSqliteStorage(database);
}

function tell(emulator: Emulator, of: ExportRequest["of"]): Row[] {
  const request = { of, fromDay: 0, toDay: 9, format: "csv" } as const;
  return parseCsv([...emulator.writeExport(request, 1.8e12)].join(""));
}

const numbersOf = (row: Row) => [
  row.emu_rsoc,
  row.emu_pvc_charge_power,
  row.emu_ups_output_power,
  row.charge_discharge_power,
  row.dcdc_meter_wg,
  row.dcdc_powermeter_p2,
];

/** Days are told with more accounts now, and without taking off the sun what full batteries burnt of the bus. */
function expectDays(days: Row[]): void {
  expect(days).toHaveLength(toldDays.length);
  days.forEach((day, index) => {
    const { time, pv, sor, ...told } = toldDays[index] as Row;
    expect(Number(day.pv) - Number(day.wasted_import)).toBeCloseTo(Number(pv), 6);
    expect(Object.keys(told).length).toBeGreaterThan(8);
    for (const name of ["demand", "acin", "wasted", "acloss", "dcloss", "loss", "avgrsoc", "wg", "deltaBatt"])
      expect(day[name], name).toBeCloseTo(Number(told[name]), 6);
  });
}

test("V4: a backup of an earlier release is taken up with its past, and is the same run", async () => {
  const storage = await restore();
  const emulator = wake(storage);
  expect(tell(emulator, "individual").map(numbersOf)).toEqual(toldReadings.map(numbersOf));
  expectDays(tell(emulator, "summary"));
  const units = emulator.readUnitsAt(stoppedAtS);
  expect(units.map(({ stateOfChargePercent }) => stateOfChargePercent.toFixed(2))).toEqual(
    Object.values(toldLog).map(({ emu }) => Number(emu.rsoc).toFixed(2)),
  );
  expect(storage.readChapters().map(({ fromS, inputHash }) => [fromS, inputHash])).toEqual([
    [0, input.sourceHash],
  ]);
  expect(storage.readRun()).toEqual({ beganWallMs: 1795642214938, accelerationFactor: 0, lastSave: null });
});

test("V4: what an earlier release stored goes on in a new chapter where the configuration is another", async () => {
  const storage = await restore();
  const emulator = wake(storage, { batterySize: { default: 9600 } });
  expect(storage.readChapters().map(({ fromS }) => fromS)).toEqual([0, stoppedAtS]);
  expect(tell(emulator, "individual").map(numbersOf)).toEqual(toldReadings.map(numbersOf));
  expectDays(tell(emulator, "summary"));
});

test("V4: a run that an earlier release called altered is told of since then only, and is not altered again", async () => {
  const database = createNodeDatabase(new DatabaseSync(":memory:"));
  createSqliteStorage(database).load();
  restoreBackup(
    database,
    (await read("backup.ndjson")).replace('\\"alteredAtS\\":null', '\\"alteredAtS\\":90000').split("\n"),
    1000,
  );
  const storage = createSqliteStorage(database);
  const emulator = wake(storage);
  expect(storage.readChapters().map(({ fromS, inputHash }) => [fromS, inputHash])).toEqual([
    [0, null],
    [90_000, input.sourceHash],
  ]);
  const readings = tell(emulator, "individual").map(numbersOf);
  const since = toldReadings.filter(({ time }) => String(time) >= "2020/01/02-04:00:00");
  expect(since.length).toBeGreaterThan(60);
  for (const reading of since.slice(since.length / 2)) expect(readings).toContainEqual(numbersOf(reading));
  expectDays(tell(emulator, "summary"));
});

test("V4: a log of commands of an earlier release is performed again, to the bit", async () => {
  const text = await read("told/commands.json");
  const again = await repeatRun(readCommandLog(text), worldOf, input.sourceHash, 1800);
  const charges = new Map(again.hourlyRsoc.map(([timeS, ...rest]) => [timeS, rest]));
  let compared = 0;
  for (const { time, oesunit_id, emu_rsoc } of toldReadings) {
    const [date, clock] = String(time)
      .replaceAll("/", "-")
      .split(/-(?=\d\d:)/);
    const timeS = (Date.parse(`${date}T${clock}Z`) - Date.UTC(2020, 0, 1)) / 1000;
    const charge = charges.get(timeS)?.[Number(String(oesunit_id).slice(1)) - 1];
    if (typeof charge !== "number" || timeS % 1800 !== 0) continue;
    expect(Math.abs(charge - Number(emu_rsoc)), `${oesunit_id} at ${time}`).toBeLessThan(0.0051);
    compared++;
  }
  expect(compared).toBeGreaterThan(200);
});

test("V4: a log that lacks a parameter goes by its neutral value, and nothing in the result is null", async () => {
  const log = JSON.parse(await read("told/commands.json"));
  const whole = await repeatRun(readCommandLog(JSON.stringify(log)), worldOf, input.sourceHash, 3600);
  for (const name of ["atEndOfData", "pvc_sol_reg", "metricsPerUnit", "ACChargeAmount"])
    delete log.run.config[name];
  const again = await repeatRun(readCommandLog(JSON.stringify(log)), worldOf, input.sourceHash, 3600);
  expect(again).toEqual(whole);
  // The third unit came later.
  const hourlyRsoc = again.hourlyRsoc.map((row) => row.slice(0, 3));
  expect(JSON.stringify({ ...again, hourlyRsoc, stepSeconds: 0 })).not.toContain("null");
});

test("V4: a state folder of an earlier release is served with its past, and its files are what is served", async () => {
  const folder = await mkdtemp(join(tmpdir(), "apis-stored-"));
  await cp(join(stored, "folder"), folder, { recursive: true });
  const args = ["--data", join(stored, "data"), "--set", "UPS_TRIGGER_AC_ON=22"];
  const server = await startLocalServer({ folder, args });
  const get = async (path: string) => (await fetch(server.url + path)).text();
  const charges = (unit: string) => JSON.parse(unit) as Record<string, { emu: Row }>;
  const now = charges(await get("/get/log"));
  expect(Object.values(now).map(({ emu }) => emu.rsoc)).toEqual(
    Object.values(toldLog).map(({ emu }) => emu.rsoc),
  );
  const readings = await get("/data/output/indivLog.csv");
  expect(parseCsv(readings).map(numbersOf)).toEqual(toldReadings.map(numbersOf));
  expectDays(parseCsv(await get("/data/output/summary.csv")));
  const { run } = JSON.parse(await get("/commands")) as CommandLog;
  expect(run.chapters).toHaveLength(1);
  await server.stop();
  expect(await readFile(join(folder, "data/output/indivLog.csv"), "utf8")).toBe(readings);
  await rm(folder, { recursive: true });
});

test("V4: rows of an earlier release in D1 stay, and have the columns of later ones", async () => {
  const database = new DatabaseSync(":memory:");
  const migrate = async (name: string) =>
    database.exec(await readFile(join(projectFolder, "migrations", name), "utf8"));
  await migrate("0001_records.sql");
  const tables = JSON.parse(await read("d1-rows.json")) as Record<string, Row[]>;
  for (const [table, rows] of Object.entries(tables)) {
    for (const row of rows) {
      const names = Object.keys(row);
      const places = names.map(() => "?").join();
      database.prepare(`INSERT INTO ${table} (${names}) VALUES (${places})`).run(...Object.values(row));
    }
  }
  for (const name of (await readdir(join(projectFolder, "migrations"))).sort().slice(1)) await migrate(name);
  const all = (table: string) => database.prepare(`SELECT * FROM ${table}`).all() as Row[];
  for (const [table, rows] of Object.entries(tables)) expect(all(table), table).toHaveLength(rows.length);
  expect(all("sample").map(numbersOf)).toEqual((tables.sample as Row[]).map(numbersOf));
  expect(all("daily_summary").map(({ demand, acin, day }) => [demand, acin, day])).toEqual(
    (tables.daily_summary as Row[]).map(({ demand, acin, day }) => [demand, acin, day]),
  );
});
