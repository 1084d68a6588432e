import { DatabaseSync } from "node:sqlite";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import { Emulator } from "../../src/community/state/emulator.ts";
import type { Surroundings } from "../../src/community/state/surroundings.ts";
import type { SqliteDatabase } from "../../src/community/storage/sqlite-database.ts";
import { createSqliteStorage } from "../../src/community/storage/sqlite-storage.ts";
import type { CommunityStorage } from "../../src/community/storage/storage.ts";
import { readConfig } from "../../src/input/config/read-config.ts";

const stepS = 900;
/** Simulated time moves by a step a second. */
export const wallMsAt = (timeS: number) => (timeS / stepS) * 1000;

interface SteppedDays {
  readonly database: SqliteDatabase;
  readonly storage: CommunityStorage;
  readonly emulator: Emulator;
  /** Size of the database [bytes]. */
  bytes(): number;
}

/** Lives `days` in steps of 15 min with `actions` on converters at each, of one home after another; the first holds the bus. */
export function liveSteppedDays(
  given: Surroundings,
  homes: number,
  days: number,
  actions: number,
  prepare: (storage: CommunityStorage) => void = () => {},
): SteppedDays {
  const sqlite = new DatabaseSync(":memory:");
  const database = createNodeDatabase(sqlite);
  const storage = createSqliteStorage(database);
  storage.load();
  prepare(storage);
  const config = { ...given.config, ...readConfig({ units: homes, acceleration: stepS }) };
  const emulator = new Emulator({ ...given, config, storage }, 0);
  const act = (unitNumber: number, mode: string, currentA: number, timeS: number) => {
    const modes = { "0x0014": "gridAutonomy", "0x0041": "charging", "0x0002": "discharging" } as const;
    const path = `/set/dcdc/E${String(unitNumber).padStart(3, "0")}?mode=${mode}&dvg=350&dig=${currentA}`;
    const change = {
      converterMode: modes[mode as keyof typeof modes],
      targetBusVoltageV: 350,
      dcGridCurrentLimitA: currentA,
    };
    const command = { kind: "changeUnit", unitNumber, change, echo: {}, reply: "set" } as const;
    const answer = emulator.answer(command, wallMsAt(timeS), { path, source: "127.0.0.1" });
    if (!answer.ok) throw new Error(answer.refusal.message);
  };
  act(1, "0x0014", 2, 0);
  for (let step = 0, turn = 0; step < (days * 86_400) / stepS; step++)
    for (let action = 0; action < actions; action++, turn++) {
      const unitNumber = 2 + (turn % (homes - 1));
      const mode = (turn + Math.floor(turn / 7)) % 2 ? "0x0041" : "0x0002";
      act(unitNumber, mode, 0.5 + (turn % 5) / 2, step * stepS);
    }
  const pragma = (name: string) => Number(sqlite.prepare(`PRAGMA ${name}`).get()?.[name]);
  const bytes = () => (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
  return { database, storage, emulator, bytes };
}
