import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { answerWriter } from "../../src/api/wire/answers.ts";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import { Emulator } from "../../src/community/state/emulator.ts";
import type { Surroundings } from "../../src/community/state/surroundings.ts";
import { openBackup, restoreBackup } from "../../src/community/storage/backup.ts";
import { createSqliteStorage } from "../../src/community/storage/sqlite-storage.ts";
import type { CommunityStorage } from "../../src/community/storage/storage.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { readUnitFiles } from "../../src/input/units/unit-files.ts";
import { variedInput } from "../community/random-requests.ts";
import { liveSteppedDays, wallMsAt } from "../support/stepped-days.ts";

const homes = 19;
const days = 60;
const nowMs = wallMsAt(days * 86_400);
/** Of a year. */
const mostBytes = 150e6;

const surroundings: Omit<Surroundings, "storage"> = {
  config: readConfig({ solarUnit: "W", atEndOfData: "repeat" }),
  worldOf: (config) => createWorld({ ...config, solarUnit: "W", atEndOfData: "repeat" }, variedInput),
  files: readUnitFiles(),
  writer: answerWriter,
  log: () => {},
  inputHash: "varied",
  inputName: "varied",
};
const given = surroundings as Surroundings;

const tellDay = (emulator: Emulator, day: number) =>
  ([3, "community", "charges"] as const).map((of) => {
    const span = { fromS: day * 86_400, toS: (day + 1) * 86_400, resolutionS: 900 };
    return JSON.stringify(emulator.answer({ kind: "history", of, ...span }, nowMs));
  });

test("R24: days in steps with an action of every home at each take no more than their share of 150 MB a year, and restore", () => {
  const lived = liveSteppedDays(given, homes, days, homes);
  // The last days are kept whole.
  expect(lived.bytes() - 10e6).toBeLessThan((mostBytes * days) / 365);
  const restored = createNodeDatabase(new DatabaseSync(":memory:"));
  createSqliteStorage(restored).load();
  const lines = [...{ [Symbol.iterator]: () => openBackup(lived.database) }].join("").split("\n");
  expect(restoreBackup(restored, lines, homes, nowMs)).toBeNull();
  const storage = createSqliteStorage(restored);
  storage.load();
  const again = new Emulator({ ...given, config: lived.emulator.config, storage }, nowMs);
  for (const day of [0, 20, 50, 58]) expect(tellDay(again, day)).toEqual(tellDay(lived.emulator, day));
});

test("R23: a home's days in steps are told as where all states are kept", () => {
  const keepWhole = (storage: CommunityStorage) => {
    storage.replaceEvents = () => false;
  };
  const [whole, short] = [
    liveSteppedDays(given, homes, 20, 2, keepWhole),
    liveSteppedDays(given, homes, 20, 2),
  ];
  for (let day = 0; day < 20; day++)
    expect(tellDay(short.emulator, day)).toEqual(tellDay(whole.emulator, day));
  expect(short.bytes()).toBeLessThan(0.7 * whole.bytes());
});
