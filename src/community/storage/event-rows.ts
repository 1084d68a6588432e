import type { UnitState } from "../../simulation/unit.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import { packEvents, packLeft, type UnitEvent } from "../records/unit-event.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import { formVersion, readChanges, readLeft, shortVersion } from "./stored-forms.ts";

/*
 * What commands left of units: whole, a row for each unit and moment, or of older days by what was changed, a few rows for all
 * of a unit on a day. They are read and replaced as `RecordStorage` says.
 */

type Sql = SqliteDatabase["sql"];

export function readEvents(sql: Sql, unitNumber: number, fromS: number, toS: number): UnitEvent[] {
  const whole = sql
    .exec(
      `SELECT * FROM unit_event WHERE number = ?1 AND time_s <= ?3 AND time_s >= coalesce(
         (SELECT max(time_s) FROM unit_event WHERE number = ?1 AND time_s <= ?2), 0) ORDER BY time_s`,
      unitNumber,
      fromS,
      toS,
    )
    .toArray()
    .map((row) => readLeft(unitNumber, row.time_s as number, row));
  const wholeS = whole[0] !== undefined && whole[0].timeS <= fromS ? whole[0].timeS : -1;
  const changed = sql
    .exec(
      `SELECT * FROM unit_change WHERE number = ?1 AND time_s <= ?3 AND time_s >= min(?4, coalesce(
         (SELECT max(time_s) FROM unit_change WHERE number = ?1 AND time_s <= ?2), 0)) ORDER BY time_s`,
      unitNumber,
      fromS,
      toS,
      Math.floor(fromS / secondsPerDay) * secondsPerDay,
    )
    .toArray()
    .flatMap((row) => readChanges(unitNumber, row))
    .filter(({ timeS }) => timeS > wholeS && timeS <= toS);
  if (changed.length === 0) return whole;
  const events = [...whole, ...changed].sort((a, b) => a.timeS - b.timeS);
  const needed = events.findLastIndex(({ timeS, isWhole }) => isWhole && timeS <= fromS);
  return events.slice(Math.max(0, needed));
}

export function listWholeEvents(sql: Sql): { unitNumber: number; day: number }[] {
  return sql
    .exec(
      `SELECT DISTINCT CAST(time_s / ${secondsPerDay} AS INTEGER) AS day, number AS unitNumber
       FROM unit_event WHERE time_s <
         (SELECT max(time_s) FROM unit_event AS later WHERE later.number = unit_event.number)
       ORDER BY day, unitNumber`,
    )
    .toArray() as { unitNumber: number; day: number }[];
}

/** In one transaction, where events may be replaced. */
export function replaceEvents(sql: Sql, unitNumber: number, events: readonly UnitEvent[]): void {
  const [first] = events;
  if (first === undefined) return;
  const dayS = Math.floor(first.timeS / secondsPerDay) * secondsPerDay;
  const lastS = sql
    .exec("SELECT max(time_s) AS time_s FROM unit_event WHERE number = ?", unitNumber)
    .toArray()[0]?.time_s as number;
  const ofDay = "number = ? AND time_s >= ? AND time_s < ?";
  sql.exec(`DELETE FROM unit_event WHERE ${ofDay}`, unitNumber, dayS, Math.min(lastS, dayS + secondsPerDay));
  sql.exec(`DELETE FROM unit_change WHERE ${ofDay}`, unitNumber, dayS, dayS + secondsPerDay);
  writeChanges(
    sql,
    unitNumber,
    events.filter(({ timeS }) => timeS < lastS),
  );
}

/** Adds events of one day, by what was changed. */
export function writeChanges(sql: Sql, unitNumber: number, events: readonly UnitEvent[]): void {
  for (const { timeS, bytes } of packEvents(events))
    sql.exec("INSERT INTO unit_change VALUES (?, ?, ?, ?)", unitNumber, timeS, formVersion, bytes);
}

/** Records what a command left of a unit; null where it removed it. */
export function writeLeft(
  sql: Sql,
  number: number,
  timeS: number,
  left: (UnitState & { readonly display: string }) | null,
): void {
  const { bytes, isShort } = packLeft(left);
  const version = isShort ? shortVersion : formVersion;
  sql.exec("INSERT OR REPLACE INTO unit_event VALUES (?, ?, ?, ?)", number, timeS, version, bytes);
}
