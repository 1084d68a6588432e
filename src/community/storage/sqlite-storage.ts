import { noFaults } from "../../input/faults/fault.ts";
import type { Save } from "../../input/units/save.ts";
import type { BusState } from "../../simulation/dc-bus.ts";
import { addLedger, createLedger, type Departure, type Ledger } from "../../simulation/ledger.ts";
import type { Snapshot } from "../../simulation/snapshot.ts";
import type { UnitState } from "../../simulation/unit.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import { packBus } from "../records/bus-record.ts";
import type { DayRecord } from "../records/record-storage.ts";
import { shortenRecords } from "../records/unit-record.ts";
import {
  lastCommandBefore,
  lastCommandId,
  logCommand,
  readCommands,
  readFaultCommands,
} from "./command-rows.ts";
import { listData, readReport, readWeek } from "./data-rows.ts";
import { listWholeEvents, readEvents, replaceEvents, writeLeft } from "./event-rows.ts";
import { deleteSnapshot, forgetAfter, listSnapshots, readSnapshot, writeSnapshot } from "./snapshot-rows.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import type { CommunityStorage, StoredChange } from "./storage.ts";
import {
  formVersion,
  isRun2,
  readBody,
  readBus,
  readChapters2,
  readUnits,
  shortVersion,
  upgradeChapter,
  upgradeRun,
} from "./stored-forms.ts";
import type { Chapter, Progress, SavedUnit, StoredUnit } from "./stored-shapes.ts";

const schema = `
  CREATE TABLE IF NOT EXISTS unit (number INTEGER PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS saved_unit (number INTEGER PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS part (name TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS chapter (number INTEGER PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS day (day INTEGER PRIMARY KEY, version INTEGER NOT NULL, units BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS departed (
    day INTEGER NOT NULL, number INTEGER NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (day, number)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS unit_event (
    number INTEGER NOT NULL, time_s REAL NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (number, time_s)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS unit_change (
    number INTEGER NOT NULL, time_s REAL NOT NULL, version INTEGER NOT NULL, events BLOB NOT NULL,
    PRIMARY KEY (number, time_s)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS bus_event (time_s REAL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS command (
    id INTEGER PRIMARY KEY AUTOINCREMENT, wall_ms REAL NOT NULL, time_s REAL NOT NULL,
    path TEXT NOT NULL, source TEXT NOT NULL, effect TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS snapshot (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, body TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS snapshot_piece (
    snapshot INTEGER NOT NULL, piece INTEGER NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (snapshot, piece)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS data (number INTEGER PRIMARY KEY AUTOINCREMENT, version INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS data_week (
    data INTEGER NOT NULL, kind TEXT NOT NULL, home INTEGER NOT NULL, week INTEGER NOT NULL,
    version INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (data, kind, home, week)
  );
`;

/**
 * Keeps a community in SQLite: a row a unit, a row a saved unit, a row each for bus, saved bus, clock and run; of the
 * past, a row a chapter, a row a simulated day, a row a command, a row for each unit that a command touched, of older days
 * a few rows with all of these of a unit, and, for a day on which units went, a row for each of their numbers.
 * `beforeForgetting` is called before anything of the past is deleted; nothing is shortened or joined while `isBeingRead`.
 */
export function createSqliteStorage(
  database: SqliteDatabase,
  beforeForgetting = () => {},
  isBeingRead = () => false,
): CommunityStorage {
  const { sql } = database;
  const readRows = (query: string, ...bindings: string[]) =>
    sql
      .exec(query, ...bindings)
      .toArray()
      .map(parseRow);
  const readDeparted = (day: number): Departure[] =>
    sql
      .exec("SELECT * FROM departed WHERE day = ? ORDER BY number", day)
      .toArray()
      .map((row) => ({ number: row.number as number, ledger: parseRow(row) }));
  const readPart = (name: string) => readRows("SELECT version, body FROM part WHERE name = ?", name)[0];
  const readSaved = (): Save | null => {
    const rows: SavedUnit[] = readRows("SELECT version, body FROM saved_unit ORDER BY number");
    const units = rows.map(({ settings, template }) => ({ settings, template }));
    const rest: Omit<Snapshot, "units"> | undefined = readPart("saved_bus");
    const states = rows.map(({ state }) => state as UnitState);
    if (units.length === 0) return null;
    return { units, snapshot: rest === undefined ? null : { ...rest, units: states } };
  };
  return {
    load() {
      makeTables(sql);
      const clock = readPart("clock");
      if (clock === undefined) return null;
      return {
        units: readRows("SELECT version, body FROM unit ORDER BY number") as StoredUnit[],
        bus: readPart("bus"),
        clock,
        lastSave: readSaved(),
        faults: readPart("faults") ?? noFaults,
      };
    },
    save(change, present = change) {
      if (change.restart || change.snapshot !== undefined || change.withoutSnapshot !== undefined)
        beforeForgetting();
      database.transactionSync(() => {
        if (change.snapshot !== undefined) writeSnapshot(sql, change.snapshot);
        if (change.withoutSnapshot !== undefined) deleteSnapshot(sql, change.withoutSnapshot);
        if (change.restart) forgetPast(sql);
        if (change.start !== undefined) {
          deleteSnapshot(sql, change.start.name);
          writeSnapshot(sql, change.start);
        }
        const { units, bus, clock, ...rest } = change;
        writeChange(sql, { ...rest, ...present });
        recordChange(sql, change);
        logCommand(sql, change, isBeingRead());
      });
    },
    atOnce: (act) => database.transactionSync(act),
    keepUnits: (units) => database.transactionSync(() => writeUnits(sql, units)),
    appendDay({ day, units }) {
      const shortened = shortenRecords(units);
      const version = shortened === null ? formVersion : shortVersion;
      const kept = shortened ?? units;
      // Bound values are copied by the database.
      const bytes = new Uint8Array(kept.buffer, kept.byteOffset, kept.byteLength);
      sql.exec("INSERT INTO day (day, version, units) VALUES (?, ?, ?)", day, version, bytes);
    },
    findDay(day) {
      const row = sql.exec("SELECT * FROM day WHERE day <= ? ORDER BY day DESC LIMIT 1", day).toArray()[0];
      return row === undefined ? null : readDay(row);
    },
    *readDays(from, to) {
      // Each is looked up when it is asked for: meanwhile others may write.
      for (let next = from; ; ) {
        const query = "SELECT * FROM day WHERE day BETWEEN ? AND ? ORDER BY day LIMIT 1";
        const row = sql.exec(query, next, to).toArray()[0];
        if (row === undefined) return;
        yield { ...readDay(row), departed: readDeparted(row.day as number) };
        next = (row.day as number) + 1;
      }
    },
    readDeparted,
    readEvents: (unitNumber, fromS, toS) => readEvents(sql, unitNumber, fromS, toS),
    listWholeEvents: () => listWholeEvents(sql),
    replaceEvents(unitNumber, events) {
      if (events.length === 0) return true;
      if (isBeingRead()) return false;
      beforeForgetting();
      database.transactionSync(() => replaceEvents(sql, unitNumber, events));
      return true;
    },
    readBusEvents: (fromS, toS) =>
      sql
        .exec(
          `SELECT * FROM bus_event WHERE time_s <= ?2 AND time_s >= coalesce(
             (SELECT max(time_s) FROM bus_event WHERE time_s <= ?1), 0) ORDER BY time_s`,
          fromS,
          toS,
        )
        .toArray()
        .map((row) => ({ timeS: row.time_s as number, bus: readBus(row) })),
    listSnapshots: () => listSnapshots(sql),
    readSnapshot: (name) => readSnapshot(sql, name),
    goBack({ name, content }, change) {
      beforeForgetting();
      const { head, units, bus, lastSave, faults } = content;
      const { timeS, unitCount, afterCommandId } = head;
      const progress: Progress | undefined = readPart("progress");
      database.transactionSync(() => {
        forgetAfter(sql, name, content);
        forgetSaved(sql);
        const restored: StoredChange = {
          ...change,
          timeS,
          units,
          unitCount,
          bus,
          faults,
          ...(lastSave && { lastSave }),
        };
        writeChange(sql, restored);
        if (change.snapshot !== undefined) writeSnapshot(sql, change.snapshot);
        recordChange(sql, restored);
        if (progress !== undefined)
          writeRow(sql, "part", "name", "progress", {
            ...progress,
            triedUntilS: null,
            goneBack: true,
            untilS: Math.min(progress.untilS, timeS),
            day: Math.min(progress.day, Math.floor(timeS / secondsPerDay)),
            afterCommandId: Math.min(progress.afterCommandId, afterCommandId),
          });
        logCommand(sql, restored, isBeingRead());
      });
    },
    readProgress: () => readPart("progress") ?? null,
    keepProgress: (progress) => writeRow(sql, "part", "name", "progress", progress),
    readRun() {
      const run = readPart("run");
      return run === undefined ? null : upgradeRun(run);
    },
    readChapters() {
      const chapters = readRows("SELECT version, body FROM chapter ORDER BY number");
      if (chapters.length > 0) return chapters.map(upgradeChapter);
      const run = readPart("run");
      return run !== undefined && isRun2(run) ? readChapters2(run) : [];
    },
    runFromS: () =>
      (sql.exec("SELECT json_extract(body, '$.fromS') AS from_s FROM chapter WHERE number = 0").toArray()[0]
        ?.from_s ?? 0) as number,
    listData: () => listData(sql).map(({ head }) => head),
    openData(id) {
      const kept = listData(sql).find(({ head }) => head.id === id);
      if (kept === undefined) return null;
      return {
        own: kept.head,
        readWeek: (kind, home, week) => readWeek(sql, kept.number, kind, home, week),
      };
    },
    readDataReport(id) {
      const kept = listData(sql).find(({ head }) => head.id === id);
      return kept === undefined ? null : readReport(sql, kept.number);
    },
    lastEventS: () =>
      sql
        .exec(
          `SELECT max(coalesce((SELECT max(time_s) FROM unit_event), 0),
             coalesce((SELECT max(time_s) FROM bus_event), 0)) AS time_s`,
        )
        .toArray()[0]?.time_s as number,
    lastCommandId: () => lastCommandId(sql),
    lastCommandBefore: (timeS) => lastCommandBefore(sql, timeS),
    readFaultCommands: () => readFaultCommands(sql),
    readCommands: (afterId, limit) => readCommands(sql, afterId, limit),
    firstDay: () => sql.exec("SELECT coalesce(min(day), 0) AS day FROM day").toArray()[0]?.day as number,
    forgetBefore(day) {
      beforeForgetting();
      database.transactionSync(() => {
        sql.exec("DELETE FROM day WHERE day < ?", day);
        sql.exec("DELETE FROM departed WHERE day < ?", day);
        sql.exec("DELETE FROM unit_change WHERE time_s < ?", (day + 1) * secondsPerDay);
        sql.exec(
          `DELETE FROM unit_event WHERE time_s < ? AND time_s <
             (SELECT max(time_s) FROM unit_event AS later WHERE later.number = unit_event.number)`,
          (day + 1) * secondsPerDay,
        );
      });
    },
    highestUnitNumber: () =>
      (sql.exec("SELECT coalesce(max(number), 0) AS highest FROM unit_event").toArray()[0]?.highest ??
        0) as number,
  };
}

/** Makes what is missing of the tables. */
export function makeTables(sql: SqliteDatabase["sql"]): void {
  sql.exec(schema);
}

function writeChange(sql: SqliteDatabase["sql"], change: StoredChange): void {
  writeUnits(sql, change.units ?? []);
  if (change.unitCount !== undefined) sql.exec("DELETE FROM unit WHERE number > ?", change.unitCount);
  if (change.bus !== undefined) writeRow(sql, "part", "name", "bus", change.bus);
  if (change.clock !== undefined) writeRow(sql, "part", "name", "clock", change.clock);
  if (change.run !== undefined) writeRow(sql, "part", "name", "run", change.run);
  if (change.chapters !== undefined) writeChapters(sql, change.chapters);
  if (change.faults !== undefined) writeRow(sql, "part", "name", "faults", change.faults);
  if (change.lastSave !== undefined) writeSaved(sql, change.lastSave);
  else if (change.restart && change.run?.lastSave === null) forgetSaved(sql);
}

/** Those that are there stay as they are. */
function writeChapters(sql: SqliteDatabase["sql"], chapters: readonly Chapter[]): void {
  const kept = sql.exec("SELECT count(*) AS kept FROM chapter").toArray()[0]?.kept as number;
  for (let number = kept; number < chapters.length; number++)
    writeRow(sql, "chapter", "number", number, chapters[number]);
}

function writeUnits(sql: SqliteDatabase["sql"], units: readonly StoredUnit[]): void {
  for (const unit of units) writeRow(sql, "unit", "number", unit.state.number, unit);
}

function forgetSaved(sql: SqliteDatabase["sql"]): void {
  sql.exec("DELETE FROM saved_unit");
  sql.exec("DELETE FROM part WHERE name = 'saved_bus'");
}

function writeSaved(sql: SqliteDatabase["sql"], { units, snapshot }: Save): void {
  forgetSaved(sql);
  units.forEach((unit, index) => {
    const saved: SavedUnit = { ...unit, ...(snapshot && { state: snapshot.units[index] as UnitState }) };
    writeRow(sql, "saved_unit", "number", index + 1, saved);
  });
  if (snapshot === null) return;
  const { timeS, bus } = snapshot;
  writeRow(sql, "part", "name", "saved_bus", { timeS, bus });
}

function forgetPast(sql: SqliteDatabase["sql"]): void {
  for (const table of ["chapter", "unit_event", "unit_change", "day", "departed", "bus_event", "command"])
    sql.exec(`DELETE FROM ${table}`);
}

/** Records what the command left of each unit it touched, null for each that it removed, and accounts of those that went. */
function recordChange(
  sql: SqliteDatabase["sql"],
  { units = [], unitCount, timeS, bus, departed = [] }: StoredChange,
): void {
  const write = (number: number, left: (UnitState & { readonly display: string }) | null) =>
    writeLeft(sql, number, timeS, left);
  for (const departure of departed) recordDeparture(sql, Math.floor(timeS / secondsPerDay), departure);
  if (bus !== undefined) recordBus(sql, timeS, bus);
  for (const { state, template } of units)
    write(state.number, { ...state, display: template.oesunit.display });
  if (unitCount === undefined) return;
  // What a unit that went leaves is a byte or, of an earlier release, "null".
  const present = sql.exec(
    `SELECT number FROM unit_event AS latest WHERE number > ? AND length(body) > 4 AND time_s =
       (SELECT max(time_s) FROM unit_event WHERE number = latest.number)`,
    unitCount,
  );
  for (const { number } of present.toArray()) write(number as number, null);
}

/** Adds an account to that of the units with the same number that went on the same day. */
function recordDeparture(sql: SqliteDatabase["sql"], day: number, { number, ledger }: Departure): void {
  const kept = sql.exec("SELECT * FROM departed WHERE day = ? AND number = ?", day, number).toArray()[0];
  const sum: Ledger = { ...createLedger(), ...(kept && parseRow(kept)) };
  addLedger(sum, ledger);
  const body = JSON.stringify(sum);
  sql.exec("INSERT OR REPLACE INTO departed VALUES (?, ?, ?, ?)", day, number, formVersion, body);
}

/** Most commands leave the bus as it was: then nothing is written. */
function recordBus(sql: SqliteDatabase["sql"], timeS: number, bus: BusState): void {
  const last = sql.exec("SELECT version, body FROM bus_event ORDER BY time_s DESC LIMIT 1").toArray()[0];
  const packed = packBus(bus);
  if (last !== undefined && packBus(readBus(last)).join() === packed.join()) return;
  const bytes = new Uint8Array(packed.buffer);
  sql.exec("INSERT OR REPLACE INTO bus_event VALUES (?, ?, ?)", timeS, formVersion, bytes);
}

function readDay({ day, version, units }: Record<string, unknown>): DayRecord {
  return { day: day as number, units: readUnits(version, new Float64Array(units as ArrayBuffer)) };
}

/** What is there already is written over in its place: to replace it would write the index of its keys too. */
function writeRow(
  sql: SqliteDatabase["sql"],
  table: string,
  key: string,
  value: string | number,
  body: unknown,
): void {
  const text = JSON.stringify(body);
  sql.exec(
    `INSERT INTO ${table} (${key}, version, body) VALUES (?, ?, ?)
       ON CONFLICT (${key}) DO UPDATE SET version = excluded.version, body = excluded.body`,
    value,
    formVersion,
    text,
  );
}

// biome-ignore lint/suspicious/noExplicitAny: what is in a row is what this storage has put there
function parseRow({ version, body }: Record<string, unknown>): any {
  return readBody(version, body as string);
}
