import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { summaryColumns } from "../../src/community/records/summary.ts";

type Row = Record<string, string | number | null>;
type Tables = Record<"unit" | "sample" | "daily_summary" | "command", Row[]>;

const stored = JSON.parse(
  readFileSync(new URL("../stored-forms/version-2/d1-rows.json", import.meta.url), "utf8"),
) as Tables;
const folder = new URL("../../migrations/", import.meta.url);
const migrations = readdirSync(folder).sort();

/** Rows of the first release after all migrations. */
function migrate(): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  for (const name of migrations) {
    database.exec(readFileSync(new URL(name, folder), "utf8"));
    if (name !== migrations[0]) continue;
    for (const [table, rows] of Object.entries(stored)) {
      for (const row of rows) {
        const names = Object.keys(row);
        const query = `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`;
        database.prepare(query).run(...Object.values(row));
      }
    }
  }
  return database;
}

const toDate = (time: unknown) =>
  String(time)
    .replaceAll("/", "-")
    .replace(/-(?=\d\d:)/, " ");

test("K7: what D1 stored before is told in today's columns: nothing is lost, and what is not known is null", () => {
  const database = migrate();
  const select = (sql: string) => database.prepare(sql).all() as Row[];
  const samples = select("SELECT * FROM sample ORDER BY id, time_s");
  expect(samples).toHaveLength(stored.sample.length);
  expect(samples.length).toBeGreaterThan(5);
  for (const { oesunit_id, time, ...row } of stored.sample)
    expect(samples).toContainEqual(
      expect.objectContaining({
        ...row,
        id: oesunit_id,
        oesunit_id: `Sample_${oesunit_id}`,
        time: toDate(time),
        dcdc_meter_wb: null,
      }),
    );
  expect(select("SELECT id, oesunit_id FROM unit ORDER BY id")).toEqual(
    stored.unit.map(({ oesunit_id }) => ({ id: oesunit_id, oesunit_id: `Sample_${oesunit_id}` })),
  );
  const days = select("SELECT * FROM daily_summary ORDER BY day");
  const added = summaryColumns.slice(summaryColumns.indexOf("set_by_hand"));
  const unknown = Object.fromEntries(added.map((name) => [name, null]));
  expect(days).toEqual(
    stored.daily_summary.map(({ time, ...row }) => ({ ...row, time: expect.anything(), ...unknown })),
  );
  const commands = select("SELECT * FROM command ORDER BY id");
  expect(commands.map(({ time, ...row }) => row)).toEqual(stored.command.map(({ time, ...row }) => row));
  commands.forEach(({ time, time_s }, index) => {
    const began = Date.parse("2020-01-01T00:00:00Z");
    const date = new Date(began + Math.round(Number(time_s) * 1000)).toISOString();
    expect(time).toBe(date.replace("T", " ").slice(0, 23));
    expect(String(time)).toContain(toDate(stored.command[index]?.time));
  });
});
