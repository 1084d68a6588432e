import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { answerWriter } from "../../src/api/wire/answers.ts";
import { readInputFiles } from "../../src/cli/build/compile-input.ts";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
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

const forms = join(projectFolder, "test/stored-forms");
const read = (name: string) => readFile(join(forms, "version-3", name), "utf8");
const stoppedWallMs = 1_795_668_912_000;

test("V4: what release 0.2.0 told of a backup it tells again, to the last digit, now and once days have passed", async () => {
  const files = ["solar_data.csv", "load_data.csv"].map((name) => join(forms, "version-2/data", name));
  const input = await loadInput(await readInputFiles(files[0] as string, files[1] as string), [0, 1, 2], 30);
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
  const restored = createNodeDatabase(new DatabaseSync(":memory:"));
  createSqliteStorage(restored).load();
  const backup = [...{ [Symbol.iterator]: () => openBackup(database) }].join("").split("\n");
  expect(restoreBackup(restored, backup, 1000, later)).toBeNull();
});
