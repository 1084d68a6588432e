import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { answerWriter } from "../../src/api/wire/answers.ts";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import { Emulator } from "../../src/community/state/emulator.ts";
import { BackupError, restoreBackup, writeBackup } from "../../src/community/storage/backup.ts";
import { createSqliteStorage, type SqliteDatabase } from "../../src/community/storage/sqlite-storage.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import type { Config } from "../../src/input/config/entries.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { readUnitFiles } from "../../src/input/units/unit-files.ts";
import { variedInput } from "./random-requests.ts";

const config = readConfig({ units: 3, solarUnit: "W", acceleration: 1 });

function openEmulator(database: SqliteDatabase): Emulator {
  const storage = createSqliteStorage(database);
  storage.load();
  const worldOf = (of: Config) => createWorld(of, variedInput);
  const given = { worldOf, inputHash: "varied", inputName: "varied", writer: answerWriter, log: () => {} };
  return new Emulator({ config, ...given, files: readUnitFiles(), storage }, 0);
}

/** A community with two days, commands and a save behind it. */
function createCommunity(): SqliteDatabase {
  const database = createNodeDatabase(new DatabaseSync(":memory:"));
  const emulator = openEmulator(database);
  const origin = { path: "/x", source: "test" };
  const change = { converterMode: "gridAutonomy", targetBusVoltageV: 350, gridCurrentLimitA: 2 } as const;
  emulator.answer({ kind: "changeUnit", unitNumber: 1, change, echo: {}, reply: "set" }, 90_000_500, origin);
  emulator.answer({ kind: "save", asFile: false }, 100_000_000, origin);
  emulator.answer({ kind: "removeUnit" }, 150_000_000, origin);
  emulator.answer({ kind: "addUnit" }, 180_000_000, origin);
  return database;
}

const readLines = (database: SqliteDatabase) => [...writeBackup(database)].join("").split("\n");
const readAll = (database: SqliteDatabase, wallMs: number) => {
  const emulator = openEmulator(database);
  const answer = (request: Parameters<Emulator["answer"]>[0]) =>
    JSON.stringify(emulator.answer(request, wallMs));
  const history = { kind: "history", of: 1, fromS: 0, toS: 200_000, resolutionS: 1800 } as const;
  const summary = { kind: "summary", fromDay: 0, toDay: 9 } as const;
  return [answer({ kind: "log" }), answer(history), answer(summary), answer({ kind: "loadLast" })];
};

test("P6: a community restored elsewhere has the same state, past and future to the bit", () => {
  const lines = readLines(createCommunity());
  const restored = createNodeDatabase(new DatabaseSync(":memory:"));
  openEmulator(restored);
  restoreBackup(restored, lines, 1000);
  expect(readLines(restored)).toEqual(lines);
  expect(readAll(restored, 300_000_000)).toEqual(readAll(createCommunity(), 300_000_000));
  expect(lines.filter((line) => line.startsWith('["day"'))).toHaveLength(2);
  expect(lines.filter((line) => line.startsWith('["departed"'))).toHaveLength(1);
});

const head = '{"format":"apis-emulator backup","version":3}';
test.each([
  ["nothing", [], /no rows/],
  ["another file", ['{"a":1}', "[]"], /Line 1 is not/],
  ["text", ["hello"], /Line 1 is no JSON/],
  ["a later version", [head.replace("3}", "99}"), "[]"], /version 99; allowed: 1 to 3/],
  ["another table", [head, '["sqlite_master",{"name":"x"}]'], /Line 2 is no row/],
  [
    "other columns",
    [head, '["part",{"name":"clock"}]'],
    /Line 2 does not have the columns name, version, body/,
  ],
  ["no clock", [head, '["part",{"name":"bus","version":2,"body":"{}"}]'], /no clock/],
  ["a cut line", [head, '["part",{"name":"bus","ver'], /Line 2 is no JSON/],
  ["prototype keys", [head, '["__proto__",{"name":"x"}]'], /Line 2 is no row/],
])("P6: a backup that is %s restores nothing", (_, lines, reason) => {
  const database = createCommunity();
  const before = readLines(database);
  const restore = () => restoreBackup(database, lines, 1000);
  expect(restore).toThrow(BackupError);
  expect(restore).toThrow(reason);
  expect(readLines(database)).toEqual(before);
});

test("P6: a backup of more units than maximumUnits restores nothing", () => {
  const database = createCommunity();
  const lines = readLines(database);
  const units = lines.filter((line) => line.startsWith('["unit",')).length;
  const other = createNodeDatabase(new DatabaseSync(":memory:"));
  openEmulator(other);
  const before = readLines(other);
  const restore = () => restoreBackup(other, lines, units - 1);
  expect(restore).toThrow(BackupError);
  expect(restore).toThrow(`The backup has ${units} units; allowed: ${units - 1} (units, maximumUnits)`);
  expect(readLines(other)).toEqual(before);
});
