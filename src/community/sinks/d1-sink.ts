import type { D1Database } from "@cloudflare/workers-types";
import { batteryCapacityWh } from "../../input/homes/complete-home.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import { chapterAt } from "../records/chapter.ts";
import { commandColumns } from "../records/command-log.ts";
import { type IndividualSource, individualColumns, writeReading } from "../records/individual.ts";
import { summaryColumns } from "../records/summary.ts";
import type { Chapter } from "../storage/stored-shapes.ts";
import type { Batch, Sink } from "./batch.ts";

const keys = ["community", "run_ms"] as const;
const columnsOf = {
  unit: [...keys, "id", "from_s", "oesunit_id", "battery_capacity_wh"],
  sample: [...keys, "time_s", ...individualColumns],
  daily_summary: [...keys, "day", ...summaryColumns],
  command: [...keys, ...commandColumns],
};

/** Writes batches into the tables of `migrations`, all of a batch or nothing; a row written again is the same. */
export function createD1Sink(
  database: D1Database,
  chapters: () => readonly Chapter[],
  displayOf: IndividualSource["displayOf"],
): Sink {
  const insert = (table: keyof typeof columnsOf, rows: readonly object[]) =>
    database.prepare(insertQueries[table]).bind(JSON.stringify(rows));
  const listUnits = ({ readings }: Batch) => {
    const { config, fromS } = chapterAt(chapters(), readings[0]?.reading.timeS ?? 0);
    const displays = new Map(readings.map(({ reading, display }) => [reading.number, display]));
    return [...displays].map(([number, display]) => ({
      id: formatUnitId(number),
      from_s: fromS,
      oesunit_id: display ?? displayOf(number),
      battery_capacity_wh: batteryCapacityWh(config, number),
    }));
  };
  return {
    async forgetBeyond(community, { runBeganMs, untilS, day, afterCommandId }) {
      const beyond = { unit: untilS, sample: untilS, daily_summary: day, command: afterCommandId };
      await database.batch(
        Object.entries(beyond).map(([table, last]) =>
          database.prepare(deleteQueries[table as keyof typeof beyond]).bind(community, runBeganMs, last),
        ),
      );
    },
    async send(batch) {
      const common = { community: batch.community, run_ms: batch.runBeganMs };
      const { startTime } = chapterAt(chapters(), 0).config;
      const add = (row: object) => ({ ...common, ...row });
      await database.batch([
        insert("unit", listUnits(batch).map(add)),
        insert(
          "sample",
          batch.readings.map(({ reading, display }) =>
            add({
              time_s: reading.timeS,
              ...writeReading(reading, display ?? displayOf(reading.number), startTime),
            }),
          ),
        ),
        insert("daily_summary", batch.days.map(add)),
        insert("command", batch.commands.map(add)),
      ]);
    },
  };
}

/** A chapter may begin at the moment up to which it was told; all else there was not told yet. */
const deleteQueries = {
  unit: "DELETE FROM unit WHERE community = ? AND run_ms = ? AND from_s > ?",
  sample: "DELETE FROM sample WHERE community = ? AND run_ms = ? AND time_s >= ?",
  daily_summary: "DELETE FROM daily_summary WHERE community = ? AND run_ms = ? AND day >= ?",
  command: "DELETE FROM command WHERE community = ? AND run_ms = ? AND id > ?",
} as const;

/** One bound text holds all rows, since a query may have no more than 100 parameters. */
const insertQueries = Object.fromEntries(
  Object.entries(columnsOf).map(([table, columns]) => {
    const values = columns.map((name) => `value ->> '${name}'`).join(", ");
    return [
      table,
      `INSERT OR REPLACE INTO ${table} (${columns.join(", ")}) SELECT ${values} FROM json_each(?1)`,
    ];
  }),
) as Record<keyof typeof columnsOf, string>;
