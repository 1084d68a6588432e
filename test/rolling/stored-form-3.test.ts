import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { answerWriter } from "../../src/api/wire/answers.ts";
import { readInputFiles } from "../../src/cli/build/compile-input.ts";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import { readCommandLog } from "../../src/cli/headless/repeat-run.ts";
import { projectFolder } from "../../src/cli/project-folder.ts";
import { Emulator } from "../../src/community/state/emulator.ts";
import { openBackup, restoreBackup } from "../../src/community/storage/backup.ts";
import { createSqliteStorage } from "../../src/community/storage/sqlite-storage.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import type { Config } from "../../src/input/config/entries.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { loadInput } from "../../src/input/series/load-input.ts";
import { readUnitFiles } from "../../src/input/units/unit-files.ts";
import type { Answer } from "../../src/notation/refusal.ts";
import { repeatRun } from "../support/whole-runs.ts";

const forms = join(projectFolder, "test/stored-forms");
const read = (name: string) => readFile(join(forms, "version-3", name), "utf8");
const stoppedWallMs = 1_795_668_912_000;

const readInput = async () => {
  const files = ["solar_data.csv", "load_data.csv"].map((name) => join(forms, "version-2/data", name));
  return loadInput(await readInputFiles(files[0] as string, files[1] as string), [0, 1, 2], 30);
};

test("V4: a clock that release 0.2.0 left in a pause is held, and all goes on from there as it was", async () => {
  const input = await readInput();
  const database = createNodeDatabase(new DatabaseSync(":memory:"));
  createSqliteStorage(database).load();
  expect(restoreBackup(database, (await read("paused/backup.ndjson")).split("\n"), 1000)).toBeNull();
  const storage = createSqliteStorage(database);
  expect(storage.load()?.clock).toMatchObject({ held: true, accelerationFactor: 1 });
  const worldOf = (of: Config) => createWorld(of, input);
  const rest = { files: readUnitFiles(), storage, writer: answerWriter, log: () => {} };
  const given = { worldOf, inputHash: input.sourceHash, inputName: "Sample", ...rest };
  const emulator = new Emulator({ config: readConfig({ units: 2, acceleration: 200 }), ...given }, 1.8e12);
  const told = emulator.answer({ kind: "log" }, 1.8e12);
  expect(told.ok && told.json).toBe(await read("paused/get-log.json"));
  const log = readCommandLog(await read("paused/commands.json"));
  const logNow = [
    ...emulator.writeExport(
      { of: "commands", fromDay: 0, toDay: Number.MAX_SAFE_INTEGER, format: "json" },
      1.8e12,
    ),
  ].join("");
  const wanted = emulator.readUnitsAt(log.untilS).map(({ stateOfChargePercent }) => stateOfChargePercent);
  for (const each of [log, readCommandLog(logNow)]) {
    const again = await repeatRun(each, worldOf, input.sourceHash, log.untilS);
    expect(again.hourlyRsoc.at(-1)).toEqual([log.untilS, ...wanted]);
  }
  emulator.answer({ kind: "runTime" }, 1.8e12);
  const ramping = emulator.answer({ kind: "state" }, 1.8e12 + 5000);
  expect(JSON.parse(ramping.ok ? ramping.json : "")).toMatchObject({
    timeS: log.untilS + 5,
    acceleration: 1,
    busRamping: true,
    busVoltageV: 14.17,
  });
});

test("V4: what release 0.2.0 told of a backup it tells again, to the last digit, now and once days have passed", async () => {
  const input = await readInput();
  const database = createNodeDatabase(new DatabaseSync(":memory:"));
  createSqliteStorage(database).load();
  expect(restoreBackup(database, (await read("backup.ndjson")).split("\n"), 1000, stoppedWallMs)).toBeNull();
  const parameters = { units: 3, acceleration: 60, atEndOfData: "repeat", individualIntervalMinutes: 360 };
  const wake = (wallMs: number) => {
    const storage = createSqliteStorage(database);
    storage.load();
    const data = {
      worldOf: (of: Config) => createWorld(of, input),
      inputHash: input.sourceHash,
      inputName: "Sample",
    };
    const rest = { files: readUnitFiles(), storage, writer: answerWriter, log: () => {} };
    return new Emulator(
      { config: readConfig({ ...parameters, batterySize: { default: 9600 } }), ...data, ...rest },
      wallMs,
    );
  };
  const tell = async (emulator: Emulator, wallMs: number) => {
    const json = (answer: Answer) => (answer.ok ? answer.json : answer.refusal.message);
    for (const of of [1, 2, 3, 4, "community", "charges"] as const) {
      const span = { fromS: 0, toS: 1_036_800, resolutionS: 21_600 };
      expect(json(emulator.answer({ kind: "history", of, ...span }, wallMs)), `${of}`).toBe(
        await read(`told/history-${of}.json`),
      );
    }
    for (const of of ["individual", "commands"] as const) {
      const pieces = emulator.writeExport({ of, fromDay: 0, toDay: 11, format: "csv" }, wallMs);
      const told = await read(`told/${of}.csv`);
      expect([...pieces].join("")).toBe(of === "commands" ? told : told.split(/^E00\d,2020-01-13/m)[0]);
    }
  };
  const emulator = wake(stoppedWallMs);
  const now = emulator.answer({ kind: "log" }, stoppedWallMs);
  expect(now.ok && now.json).toBe(await read("told/get-log.json"));
  await tell(emulator, stoppedWallMs);
  const later = stoppedWallMs + (20 * 86_400 * 1000) / 60;
  await tell(wake(later), later);
  // By then all but the last events are kept as changes.
  const count = (table: string) =>
    database.sql.exec(`SELECT count(*) AS n FROM ${table}`).toArray()[0]?.n as number;
  expect(count("unit_change")).toBeGreaterThan(20);
  expect(count("unit_event")).toBeLessThan(20);
  const restored = createNodeDatabase(new DatabaseSync(":memory:"));
  createSqliteStorage(restored).load();
  const backup = [...{ [Symbol.iterator]: () => openBackup(database) }].join("").split("\n");
  expect(restoreBackup(restored, backup, 1000, later)).toBeNull();
});
