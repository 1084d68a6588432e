import type { D1Database } from "@cloudflare/workers-types";
import { expect, test } from "vitest";
import { answerWriter } from "../../src/api/wire/answers.ts";
import { createOutbox } from "../../src/community/sinks/create-outbox.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { createTestEmulator } from "../support/emulators.ts";

/** A database that keeps the rows that it is given, by table. */
function createDatabase() {
  const rows: Record<string, { time: string }[]> = {};
  const database = {
    prepare: (sql: string) => ({ bind: (text: string) => [/INTO (\w+)/.exec(sql)?.[1], JSON.parse(text)] }),
    async batch(statements: [string, { time: string }[]][]) {
      for (const [table, added] of statements) rows[table] = [...(rows[table] ?? []), ...added];
    },
  };
  return { rows, database: database as unknown as D1Database };
}

test("I30: a database is told of a run in the time that it began with, and of the next in its own", async () => {
  const tested = createTestEmulator({ units: 1, acceleration: 1 });
  tested.evict({ startTime: "2013-07-01T00:00:00" });
  const { emulator, storage } = tested;
  const { rows, database } = createDatabase();
  const outbox = createOutbox({
    community: "default",
    config: readConfig({ saveIndividualToDB: true }),
    chapters: () => emulator.readChapters(),
    storage,
    log: () => {},
    writeUnit: answerWriter.writeUnit,
    database,
    templateOf: (unitNumber) => emulator.templateOf(unitNumber),
  });
  const datesOf = (table: string) => [
    ...new Set((rows[table] ?? []).map(({ time }) => time.slice(0, 10).replaceAll("/", "-"))),
  ];
  const deliver = (timeS: number) => outbox?.deliver(emulator.recordUntil(timeS), () => timeS * 1000);
  await deliver(90_000);
  expect([datesOf("sample"), datesOf("daily_summary")]).toEqual([
    ["2020-01-01", "2020-01-02"],
    ["2020-01-01"],
  ]);
  for (const table of Object.keys(rows)) rows[table] = [];
  const answer = emulator.answer({ kind: "reset", restartClock: true }, 90_000_000);
  expect(answer.ok && answer.json).toContain("2013/07/01-00:00:00");
  await deliver(90_000);
  expect([datesOf("sample"), datesOf("daily_summary"), datesOf("command")]).toEqual([
    ["2013-07-01", "2013-07-02"],
    ["2013-07-01"],
    ["2013-07-01"],
  ]);
});
