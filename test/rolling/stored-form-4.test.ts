import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { answerWriter } from "../../src/api/wire/answers.ts";
import { readInputFiles } from "../../src/cli/build/compile-input.ts";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import { projectFolder } from "../../src/cli/project-folder.ts";
import { Emulator } from "../../src/community/state/emulator.ts";
import { tellOf } from "../../src/community/state/request.ts";
import { openBackup, restoreBackup } from "../../src/community/storage/backup.ts";
import { createSqliteStorage } from "../../src/community/storage/sqlite-storage.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import type { Config } from "../../src/input/config/entries.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { loadInput } from "../../src/input/series/load-input.ts";
import { readUnitFiles } from "../../src/input/units/unit-files.ts";
import type { Answer } from "../../src/notation/refusal.ts";

const forms = join(projectFolder, "test/stored-forms");
const read = (name: string) => readFile(join(forms, "version-4", name), "utf8");
const stoppedWallMs = 1_795_685_136_000;

test("V4: what was told of a backup of stored form 4 is told again, to the last digit, now and once days have passed", async () => {
  const files = ["solar_data.csv", "load_data.csv"].map((name) => join(forms, "version-2/data", name));
  const compiled = await readInputFiles(files[0] as string, files[1] as string);
  const input = await loadInput(compiled, [0, 1, 2], 30);
  const database = createNodeDatabase(new DatabaseSync(":memory:"));
  createSqliteStorage(database).load();
  expect(restoreBackup(database, (await read("backup.ndjson")).split("\n"), 1000, stoppedWallMs)).toBeNull();
  const parameters = { units: 3, acceleration: 60, atEndOfData: "repeat", individualIntervalMinutes: 360 };
  const worldOf = (of: Config) => createWorld(of, input);
  const wake = (wallMs: number) => {
    const storage = createSqliteStorage(database);
    storage.load();
    const data = { worldOf, inputHash: input.sourceHash, inputName: "Sample" };
    const rest = { files: readUnitFiles(), storage, writer: answerWriter, log: () => {} };
    return new Emulator({ config: readConfig(parameters), ...data, ...rest }, wallMs);
  };
  const json = (answer: Answer) => (answer.ok ? answer.json : answer.refusal.message);
  const tell = async (emulator: Emulator, wallMs: number, lastHistoryS: number) => {
    for (const of of [1, 2, 3, 4, "community", "charges"] as const) {
      const told = JSON.parse(await read(`told/history-${of}.json`));
      const span = { fromS: 0, toS: lastHistoryS, resolutionS: 21_600 };
      const now = JSON.parse(json(emulator.answer({ kind: "history", of, ...span }, wallMs)));
      // Columns that later releases have added are not looked at.
      for (const [name, column] of Object.entries(told))
        expect(Array.isArray(now[name]) ? now[name].slice(0, 47) : [], `${name} of ${of}`).toEqual(
          Array.isArray(column) ? column.slice(0, 47) : [],
        );
    }
    for (const of of ["individual", "commands"] as const) {
      const pieces = emulator.writeExport({ of, fromDay: 0, toDay: 10, format: "csv" }, wallMs);
      const told = (await read(`told/${of}.csv`)).split("\n");
      const now = [...pieces].join("").split("\n");
      expect(now.length).toBeGreaterThan(50);
      for (const line of now) expect(told).toContain(line);
    }
  };
  const emulator = wake(stoppedWallMs);
  expect(json(emulator.answer(tellOf("/faults"), stoppedWallMs))).toBe('{"faults":[]}');
  expect(json(emulator.answer({ kind: "log" }, stoppedWallMs))).toBe(await read("told/get-log.json"));
  await tell(emulator, stoppedWallMs, 1_036_800);
  expect(json(emulator.answer({ kind: "runTime" }, stoppedWallMs))).toContain('"held":false');
  const later = stoppedWallMs + (20 * 86_400 * 1000) / 60;
  await tell(wake(later), later, 1_036_800);
  const restored = createNodeDatabase(new DatabaseSync(":memory:"));
  createSqliteStorage(restored).load();
  const backup = [...{ [Symbol.iterator]: () => openBackup(database) }].join("").split("\n");
  expect(restoreBackup(restored, backup, 1000, later)).toBeNull();
});
