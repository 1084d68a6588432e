import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, test } from "vitest";
import { answerWriter } from "../../src/api/wire/answers.ts";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import { Emulator } from "../../src/community/state/emulator.ts";
import {
  BackupReader,
  type OpenBackup,
  openBackup,
  restoreBackup,
} from "../../src/community/storage/backup.ts";
import { BackupError } from "../../src/community/storage/backup-lines.ts";
import type { SqliteDatabase } from "../../src/community/storage/sqlite-database.ts";
import { createSqliteStorage } from "../../src/community/storage/sqlite-storage.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import type { Config } from "../../src/input/config/entries.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { readUnitFiles } from "../../src/input/units/unit-files.ts";
import { createBus } from "../../src/simulation/dc-bus.ts";
import { variedInput } from "./random-requests.ts";

const config = readConfig({ units: 3, solarUnit: "W", acceleration: 1 });

function openEmulator(
  database: SqliteDatabase,
  beforeForgetting?: () => void,
  atEndOfData: Config["atEndOfData"] = "stop",
): Emulator {
  const storage = createSqliteStorage(database, beforeForgetting);
  storage.load();
  const worldOf = (of: Config) => createWorld(of, variedInput);
  const given = { worldOf, inputHash: "varied", inputName: "varied", writer: answerWriter, log: () => {} };
  return new Emulator({ config: { ...config, atEndOfData }, ...given, files: readUnitFiles(), storage }, 0);
}

/** A community with two days, commands and a save behind it. */
function createCommunity(): SqliteDatabase {
  const database = createNodeDatabase(new DatabaseSync(":memory:"));
  const emulator = openEmulator(database);
  const origin = { path: "/x", source: "test" };
  const change = { converterMode: "gridAutonomy", targetBusVoltageV: 350, dcGridCurrentLimitA: 2 } as const;
  emulator.answer({ kind: "changeUnit", unitNumber: 1, change, echo: {}, reply: "set" }, 90_000_500, origin);
  emulator.answer({ kind: "save", asFile: false }, 100_000_000, origin);
  emulator.answer({ kind: "removeUnit" }, 150_000_000, origin);
  emulator.answer({ kind: "addUnit" }, 180_000_000, origin);
  return database;
}

const readAllOf = (backup: OpenBackup): string => {
  let text = "";
  for (let piece = backup.next(); !piece.done; piece = backup.next()) text += piece.value;
  return text;
};
const readLines = (database: SqliteDatabase) => readAllOf(openBackup(database)).split("\n");
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
  ["a later version", [head.replace("3}", "99}"), "[]"], /version 99; allowed: 1 to 5/],
  ["another table", [head, '["sqlite_master",{"name":"x"}]'], /Line 2 is no row/],
  [
    "other columns",
    [head, '["part",{"name":"clock"}]'],
    /Line 2 does not have the columns name, version, body/,
  ],
  [
    "no clock",
    [head, JSON.stringify(["part", { name: "bus", version: 2, body: JSON.stringify(createBus()) }])],
    /no clock/,
  ],
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

test("P9: once a backup is taken nothing is left to be done in the storage, which could fail", () => {
  const lines = readLines(createCommunity());
  const database = createNodeDatabase(new DatabaseSync(":memory:"));
  const reader = new BackupReader(database, 1000);
  for (const line of lines) reader.take(line);
  reader.finish();
  database.sql.exec = () => {
    throw new Error("the disk is full");
  };
  expect(() => reader.close()).not.toThrow();
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

const restoreInto = (lines: readonly string[]) => {
  const database = createNodeDatabase(new DatabaseSync(":memory:"));
  openEmulator(database);
  return { database, warning: restoreBackup(database, lines, 1000) };
};

test("P8: a backup is of the moment at which it was begun, whatever is commanded while it is read", () => {
  const origin = { path: "/x", source: "test" };
  const commands = [
    { kind: "setAcceleration", accelerationFactor: 7 },
    { kind: "addUnit" },
    { kind: "removeUnit" },
    { kind: "save", asFile: false },
    { kind: "changeUnit", unitNumber: 2, change: { stateOfChargePercent: 3 }, echo: {}, reply: "set" },
    { kind: "reset", restartClock: false },
    { kind: "reset", restartClock: true },
  ] as const;
  for (let piecesBefore = 0; piecesBefore < 6; piecesBefore++) {
    const database = createNodeDatabase(new DatabaseSync(":memory:"));
    openEmulator(database);
    restoreBackup(database, readLines(createCommunity()), 1000);
    let backup: OpenBackup | null = null;
    const emulator = openEmulator(database, () => backup?.readRest());
    // At this very second a command of the moment before can still be replaced.
    emulator.answer({ kind: "addUnit" }, 300_000_000, origin);
    const wanted = readLines(database);
    backup = openBackup(database);
    let text = "";
    for (let piece = 0; piece < piecesBefore; piece++) text += backup.next().value ?? "";
    commands.forEach((command, index) => {
      emulator.answer(command, 300_000_000 + (index > 1 ? 90_000_000 * index : 0), origin);
    });
    text += readAllOf(backup);
    expect(text.split("\n")).toEqual(wanted);
    expect(readLines(restoreInto(wanted).database)).toEqual(wanted);
  }
});

test("P8: a backup that was cut or changed anywhere restores nothing", () => {
  const text = readLines(createCommunity()).join("\n");
  const lines = text.split("\n");
  const { database } = restoreInto(lines);
  const before = readLines(database);
  const wrong = (of: string) => () => restoreBackup(database, of.split("\n"), 1000);
  for (let line = 1; line < lines.length - 1; line++) {
    expect(wrong(lines.slice(0, line).join("\n")), `cut before line ${line + 1}`).toThrow(BackupError);
    expect(wrong(lines.toSpliced(line, 1).join("\n")), `without line ${line + 1}`).toThrow(BackupError);
    expect(
      wrong(lines.toSpliced(line, 0, lines[line] as string).join("\n")),
      `line ${line + 1} twice`,
    ).toThrow(BackupError);
  }
  const changes = fc.sample(fc.tuple(fc.nat(text.length - 2), fc.nat(89)), { seed: 14, numRuns: 300 });
  for (const [at, letter] of changes) {
    const other = String.fromCharCode(33 + letter);
    if (other === text[at] || at < text.indexOf("\n")) continue;
    expect(wrong(text.slice(0, at) + other + text.slice(at + 1)), `${other} at ${at}`).toThrow(BackupError);
    expect(wrong(text.slice(0, at)), `cut at ${at}`).toThrow(BackupError);
  }
  expect(readLines(database)).toEqual(before);
});

/** As the release before wrote it: without an end. */
const withoutEnd = (lines: readonly string[]) => [
  (lines[0] as string).replace(',"hasEnd":true', ""),
  ...lines.slice(1).filter((line) => !line.startsWith('["end"')),
];

test("P8: a backup from before there were checksums restores with a warning", () => {
  const lines = readLines(createCommunity());
  const { database, warning } = restoreInto(withoutEnd(lines));
  expect(warning).toContain("no checksum");
  expect(readLines(database)).toEqual(lines);
  expect(restoreInto(lines).warning).toBeNull();
});

/** `lines` with the first row of `table` changed, its body too. */
function changeRow(table: string, change: (row: Record<string, unknown>, body: never) => unknown): string[] {
  const lines = withoutEnd(readLines(createCommunity()));
  const at = lines.findIndex((line) => line.startsWith(`["${table}"`));
  const [, row] = JSON.parse(lines[at] as string);
  const body = typeof row.body === "string" ? JSON.parse(row.body) : null;
  change(row, body as never);
  if (body !== null) row.body = JSON.stringify(body);
  lines[at] = JSON.stringify([table, row]);
  return lines;
}

/** Puts another number in the place of number `index` of a row's bytes. */
function spoil(row: Record<string, unknown>, column: string, index: number, value = Number.NaN): void {
  const bytes = Buffer.from((row[column] as { base64: string }).base64, "base64");
  bytes.writeDoubleLE(value, 8 * (index < 0 ? bytes.length / 8 + index : index));
  row[column] = { base64: bytes.toString("base64") };
}

type Body = { state: Record<string, unknown> } & Record<string, unknown>;
test.each<[string, string, (row: Record<string, unknown>, body: Body) => void, RegExp]>([
  [
    "a charge above 100 %",
    "unit",
    (_, { state }) => Object.assign(state, { stateOfChargePercent: 101 }),
    /state\.stateOfChargePercent/,
  ],
  [
    "a charge that is no number",
    "unit",
    (_, { state }) => Object.assign(state, { stateOfChargePercent: null }),
    /state\.stateOfChargePercent/,
  ],
  [
    "a mode that is none",
    "unit",
    (_, { state }) => Object.assign(state, { converterMode: "off" }),
    /state\.converterMode/,
  ],
  [
    "an energy as text",
    "unit",
    (_, { state }) => Object.assign(state.today as object, { solarWh: "1" }),
    /state\.today\.solarWh/,
  ],
  [
    "a time that has not come",
    "unit",
    (_, { state }) => Object.assign(state, { timeS: 1e12 }),
    /simulated second 1000000000000/,
  ],
  ["a time before the data", "unit", (_, { state }) => Object.assign(state, { timeS: -1 }), /state\.timeS/],
  [
    "the state of another unit",
    "unit",
    (_, { state }) => Object.assign(state, { number: 2 }),
    /its state is of unit 2, not 1/,
  ],
  [
    "a gap in the units",
    "unit",
    (row, { state }) => [row, state].map((each) => Object.assign(each, { number: 4 })),
    /number is 4; expected 1/,
  ],
  ["a template without its emu", "unit", (_, body) => Object.assign(body, { template: {} }), /template\.emu/],
  ["a later version", "unit", (row) => Object.assign(row, { version: 99 }), /version 99/],
  [
    "a saved unit of another number",
    "saved_unit",
    (row) => Object.assign(row, { number: 3 }),
    /number is 3; expected 1/,
  ],
  ["an event of unit 0", "unit_event", (row) => Object.assign(row, { number: 0 }), /number/],
  ["a command without limits", "command", (row) => Object.assign(row, { id: 2 ** 53 }), /id/],
  ["a command in no time", "command", (row) => Object.assign(row, { wall_ms: 1e300 }), /wall_ms/],
  [
    "a torn day",
    "day",
    (row) => Object.assign(row, { units: { base64: "AAAAAAAAAAA=" } }),
    /a record is not whole/,
  ],
  ["a day with an energy that is none", "day", (row) => spoil(row, "units", -1), /an energy is no number/],
  ["a day with a charge that is none", "day", (row) => spoil(row, "units", 0), /stateOfChargePercent/],
  ["a day that is no bytes", "day", (row) => Object.assign(row, { units: "x" }), /units/],
  ["a day at the end of time", "day", (row) => Object.assign(row, { day: 1e12 }), /has not come/],
  ["an account that is none", "departed", (_, body) => Object.assign(body, { solarWh: null }), /solarWh/],
  [
    "a chapter with a wrong parameter",
    "chapter",
    (_, body) => Object.assign(body.config as object, { sleeptime: 0 }),
    /sleeptime is 0/,
  ],
  [
    "a chapter of no day",
    "chapter",
    (_, body) => Object.assign(body.config as object, { startTime: "never" }),
    /startTime/,
  ],
  ["a chapter too late", "chapter", (row) => Object.assign(row, { number: 1 }), /number is 1; expected 0/],
  [
    "a bus held by nobody",
    "bus_event",
    (row) => Object.assign(row, { body: { base64: Buffer.alloc(40).toString("base64") } }),
    /autonomyOrder/,
  ],
  ["a bus below 0 V", "bus_event", (row) => spoil(row, "body", 2, -1), /startVoltageV/],
  [
    "a bus that is cut",
    "bus_event",
    (row) => Object.assign(row, { body: { base64: Buffer.alloc(24).toString("base64") } }),
    /not whole/,
  ],
  [
    "an event of a charge that is none",
    "unit_event",
    (row) => spoil(row, "body", 0, 101),
    /stateOfChargePercent/,
  ],
  ["an event of an energy that is none", "unit_event", (row) => spoil(row, "body", 20), /solarWh|Wh/],
  [
    "an event that is cut",
    "unit_event",
    (row) => Object.assign(row, { body: { base64: "AAAAAAAAAAA=" } }),
    /not whole/,
  ],
  [
    "an event that is a text",
    "unit_event",
    (row) => Object.assign(row, { body: "{}" }),
    /stateOfCharge|number/,
  ],
])("P8: a backup with %s restores nothing, and says in which line it is", (_, table, change, reason) => {
  const lines = changeRow(table, change as never);
  const database = createCommunity();
  const before = readLines(database);
  expect(() => restoreBackup(database, lines, 1000)).toThrow(BackupError);
  expect(() => restoreBackup(database, lines, 1000)).toThrow(/line \d+, /i);
  expect(() => restoreBackup(database, lines, 1000)).toThrow(reason);
  expect(readLines(database)).toEqual(before);
});

test.each<[string, string, Record<string, unknown>]>([
  ["a clock that could never have come so far", "clock", { anchorSimulatedS: 1e15 }],
  ["a clock that began before all time", "clock", { anchorWallMs: -1e15 }],
  ["a clock faster than any", "clock", { accelerationFactor: 1e9 }],
  ["a bus of a unit that is not there", "bus", { autonomyOrder: [3] }],
  ["a bus that a unit holds twice", "bus", { autonomyOrder: [1, 1] }],
  ["a run in no time", "run", { beganWallMs: "today" }],
])("P8: a backup with %s restores nothing", (_, name, change) => {
  const lines = withoutEnd(readLines(createCommunity())).map((line) => {
    if (!line.startsWith(`["part",{"name":"${name}"`)) return line;
    const [table, row] = JSON.parse(line);
    return JSON.stringify([table, { ...row, body: JSON.stringify({ ...JSON.parse(row.body), ...change }) }]);
  });
  const database = createCommunity();
  const before = readLines(database);
  expect(() => restoreBackup(database, lines, 1000)).toThrow(BackupError);
  expect(readLines(database)).toEqual(before);
});

/** A community of which older events are kept as changes. */
function createOldCommunity(): SqliteDatabase {
  const database = createNodeDatabase(new DatabaseSync(":memory:"));
  const emulator = openEmulator(database, undefined, "repeat");
  const origin = { path: "/x", source: "test" };
  for (let k = 0; k < 60; k++) {
    const change = { converterMode: k % 2 ? "charging" : "discharging", dcGridCurrentLimitA: k % 3 } as const;
    const unitNumber = 1 + (k % 3);
    emulator.answer(
      { kind: "changeUnit", unitNumber, change, echo: {}, reply: "set" },
      k * 21_000_000,
      origin,
    );
  }
  return database;
}

test("P6, P8: a backup with shortened events restores to the bit, and is of its moment whatever is shortened meanwhile", () => {
  const database = createOldCommunity();
  const lines = readLines(database);
  expect(lines.filter((line) => line.startsWith('["unit_change"')).length).toBeGreaterThan(10);
  const { database: restored } = restoreInto(lines);
  expect(readLines(restored)).toEqual(lines);
  let backup: OpenBackup | null = null;
  const emulator = openEmulator(database, () => backup?.readRest(), "repeat");
  backup = openBackup(database);
  let text = `${backup.next().value}${backup.next().value}`;
  emulator.answer({ kind: "addUnit" }, 3_000_000_000, { path: "/x", source: "test" });
  text += readAllOf(backup);
  expect(text.split("\n")).toEqual(lines);
});

test("P8: a backup that is being read has no steps that were taken since", () => {
  const database = createCommunity();
  const storage = createSqliteStorage(database, undefined, () => backup !== null && !backup.isRead);
  storage.load();
  let backup: OpenBackup | null = null;
  const worldOf = (of: Config) => createWorld(of, variedInput);
  const given = { worldOf, inputHash: "varied", inputName: "varied", writer: answerWriter, log: () => {} };
  const emulator = new Emulator({ config, ...given, files: readUnitFiles(), storage }, 200_000_000);
  const step = () =>
    emulator.answer({ kind: "stepTime", seconds: 900 }, 200_000_000, { path: "/x", source: "test" });
  for (let k = 0; k < 3; k++) step();
  const lines = readLines(database);
  const rows = () => storage.readCommands(0, 99).length;
  expect(rows()).toBe(4 + 1);
  backup = openBackup(database);
  let text = `${backup.next().value}`;
  step();
  text += readAllOf(backup);
  expect(text.split("\n")).toEqual(lines);
  expect(rows()).toBe(4 + 2);
  step();
  expect(rows()).toBe(4 + 2);
});

test("P8: wrong changes in a backup are named with their line, and restore nothing", () => {
  const lines = withoutEnd(readLines(createOldCommunity()));
  const at = lines.findIndex((line) => line.startsWith('["unit_change"'));
  const wrong: [(row: Record<string, unknown>) => void, RegExp][] = [
    [(row) => spoil(row, "events", 0, 5e6), /not of its time/],
    [(row) => Object.assign(row, { events: { base64: "AAAA" } }), /not whole/],
    [(row) => Object.assign(row, { events: "x" }), /events/],
    [(row) => Object.assign(row, { number: 0 }), /number/],
    [(row) => Object.assign(row, { version: 99 }), /version 99/],
  ];
  for (const [change, reason] of wrong) {
    const [table, row] = JSON.parse(lines[at] as string);
    change(row);
    const restore = () => restoreInto(lines.with(at, JSON.stringify([table, row])));
    expect(restore).toThrow(BackupError);
    expect(restore).toThrow(reason);
    expect(restore).toThrow(`Line ${at + 1}, unit_change`);
  }
});

const hostile = [-1, 0, 0.5, 1e-300, 101, 86_400, 1e9, 1e15, 2 ** 53, -1e300, null, true, "x", [], {}];

/** All places of values within `json`, as paths. */
function listPlaces(json: unknown, path: readonly string[] = []): string[][] {
  if (typeof json !== "object" || json === null) return [[...path]];
  return Object.entries(json).flatMap(([key, inner]) => listPlaces(inner, [...path, key]));
}

function put(json: unknown, [key = "", ...rest]: readonly string[], value: unknown): void {
  const object = json as Record<string, unknown>;
  if (rest.length === 0) object[key] = value;
  else put(object[key], rest, value);
}

test("P8: whatever number is another, a backup is refused, or what is restored can be used", () => {
  const lines = withoutEnd(readLines(createCommunity()));
  const trials = fc.sample(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom(...hostile)), {
    seed: 8,
    numRuns: 400,
  });
  let taken = 0;
  for (const [ofLine, ofPlace, value] of trials) {
    const at = 1 + (ofLine % (lines.length - 2));
    const [table, row] = JSON.parse(lines[at] as string);
    const whole = typeof row.body === "string" ? { ...row, body: JSON.parse(row.body) } : row;
    const places = listPlaces(whole);
    const place = places[ofPlace % places.length] as string[];
    put(whole, place, value);
    if (typeof row.body === "string") whole.body = JSON.stringify(whole.body);
    const changed = lines.with(at, JSON.stringify([table, whole]));
    const said = `${table} ${place.join(".")} = ${JSON.stringify(value)}`;
    const database = createNodeDatabase(new DatabaseSync(":memory:"));
    openEmulator(database);
    try {
      restoreBackup(database, changed, 1000);
    } catch (error) {
      expect(error, said).toBeInstanceOf(BackupError);
      continue;
    }
    taken++;
    try {
      readAll(database, 300_000_000);
      openEmulator(database).answer({ kind: "addUnit" }, 400_000_000, { path: "/x", source: "test" });
      readAll(database, 500_000_000);
    } catch (error) {
      throw new Error(`${said}: ${(error as Error).message}`, { cause: error });
    }
  }
  expect(taken).toBeGreaterThan(20);
});
