import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import standardFile from "../../jsontmp/standard.json" with { type: "json" };
import { createHeadlessStorage, createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import type { DayRecord } from "../../src/community/records/record-storage.ts";
import { readCharges, readEnergies, unitRecordLength } from "../../src/community/records/unit-record.ts";
import { createSqliteStorage } from "../../src/community/storage/sqlite-storage.ts";
import type { StoredChange, StoredCommunity } from "../../src/community/storage/storage.ts";
import type { StoredUnit } from "../../src/community/storage/stored-shapes.ts";
import { type Faults, noFaults } from "../../src/input/faults/fault.ts";
import { describeUnit, readUnitFile } from "../../src/input/units/read-unit-file.ts";
import type { Save } from "../../src/input/units/save.ts";
import { createBus } from "../../src/simulation/dc-bus.ts";
import { createLedger } from "../../src/simulation/ledger.ts";
import { createUnit } from "../../src/simulation/unit.ts";
import { check } from "../support/worlds.ts";

const standard = readUnitFile("standard.json", standardFile);

function createStoredUnit(number: number, stateOfChargePercent = 50, timeS = 0): StoredUnit {
  const { template, settings } = describeUnit(standard, number);
  return { state: createUnit(number, timeS, { ...settings, stateOfChargePercent }), template };
}

const createUnits = (count: number) =>
  Array.from({ length: count }, (_, index) => createStoredUnit(index + 1));

/** A save of so many units, whole if their charge is given, else as a file of the published form has them. */
function createSave(count: number, charge: number | null): Save {
  const units = Array.from({ length: count }, (_, index) => describeUnit(standard, index + 1));
  if (charge === null) return { units, snapshot: null };
  const states = units.map((_, index) => createStoredUnit(index + 1, charge, 7).state);
  return { units, snapshot: { timeS: 7, units: states, bus: { ...createBus(), autonomyOrder: [count] } } };
}

const clock = {
  anchorWallMs: 1_700_000_000_123.5,
  anchorSimulatedS: 0.1,
  accelerationFactor: 10,
  held: false,
  claim: null,
};
const first = (count: number): StoredChange => {
  return { timeS: 0, units: createUnits(count), unitCount: count, bus: createBus(), clock };
};

const createFaults = (id: number, offset: number): Faults => {
  const values = { meter: "vg", offset } as const;
  return {
    lastId: id,
    list: [{ id, kind: "meterOffset", unitNumber: null, fromS: id, untilS: null, values }],
  };
};

/** What must be kept after `changes`, by the words of `StoredChange`. */
function expectedAfter(changes: readonly StoredChange[]): StoredCommunity {
  const units = new Map<number, StoredUnit>();
  let rest: Partial<StoredCommunity> = { lastSave: null, faults: noFaults };
  for (const { units: changed = [], unitCount, bus, clock: newClock, lastSave, faults } of changes) {
    for (const unit of changed) units.set(unit.state.number, unit);
    for (const number of units.keys())
      if (number > (unitCount ?? Number.POSITIVE_INFINITY)) units.delete(number);
    rest = {
      ...rest,
      ...(bus === undefined ? {} : { bus }),
      ...(newClock === undefined ? {} : { clock: newClock }),
      ...(lastSave === undefined ? {} : { lastSave }),
      ...(faults === undefined ? {} : { faults }),
    };
  }
  const present = [...units.keys()].sort((a, b) => a - b).map((number) => units.get(number) as StoredUnit);
  return { ...rest, units: present } as StoredCommunity;
}

const number = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => value + 0);

/** Changes as the emulator makes them: of units that there are, or of as many as there will be. */
const changeList = fc
  .array(
    fc.record({
      count: fc.integer({ min: 1, max: 12 }),
      touched: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 4 }),
      charge: fc.double({ min: 0, max: 100, noNaN: true }).map((value) => value + 0),
      held: fc.option(number),
      anchor: fc.option(number),
      target: fc.option(number),
      save: fc.boolean(),
    }),
    { maxLength: 15 },
  )
  .map((plans) => {
    const changes: StoredChange[] = [first(3)];
    let present = 3;
    for (const [index, plan] of plans.entries()) {
      const grown =
        plan.count > present ? Array.from({ length: plan.count - present }, (_, i) => present + i + 1) : [];
      const touched = [...new Set([...plan.touched.filter((n) => n <= plan.count), ...grown])];
      present = plan.count;
      const units = touched.map((n) => {
        const unit = createStoredUnit(n, plan.charge, index);
        unit.state.heldSolarPowerW = plan.held;
        return unit;
      });
      changes.push({
        timeS: index,
        units,
        unitCount: present,
        ...(plan.anchor === null ? {} : { clock: { ...clock, anchorSimulatedS: plan.anchor } }),
        ...(plan.target === null
          ? {}
          : { bus: { ...createBus(), autonomyOrder: [1], targetVoltageV: plan.target } }),
        ...(plan.target === null || plan.held === null ? {} : { faults: createFaults(index, plan.target) }),
        ...(plan.save ? { lastSave: createSave(present, plan.held === null ? null : plan.charge) } : {}),
      });
    }
    return changes;
  });

describe("storage", () => {
  test("P1: where nothing was saved there is nothing to load", () => {
    const storage = createHeadlessStorage();
    expect(storage.load()).toBeNull();
    expect(storage.load()).toBeNull();
  });

  test("P1: what is loaded is what the changes left, to the bit", () => {
    check(
      fc.property(changeList, (changes) => {
        const storage = createHeadlessStorage();
        storage.load();
        for (const change of changes) storage.save(change);
        expect(storage.load()).toEqual(expectedAfter(changes));
        expect(storage.load()).toEqual(expectedAfter(changes));
      }),
      60,
    );
  });

  test("R16: accounts of units that went stay with their day, one a number, until it is forgotten", () => {
    const storage = createHeadlessStorage();
    storage.load();
    storage.save(first(3));
    const depart = (timeS: number, number: number, demandWh: number) =>
      storage.save({ timeS, departed: [{ number, ledger: { ...createLedger(), demandWh } }] });
    depart(86_399.5, 2, 0.1);
    depart(86_400, 3, 4);
    depart(100_000, 2, 0.1);
    depart(100_000, 2, 0.2);
    const told = (day: number) =>
      storage.readDeparted(day).map(({ number, ledger }) => [number, ledger.demandWh]);
    for (const day of [0, 1, 2]) storage.appendDay({ day, units: new Float64Array(unitRecordLength) });
    expect([0, 1, 2].map(told)).toEqual([
      [[2, 0.1]],
      [
        [2, 0.1 + 0.2],
        [3, 4],
      ],
      [],
    ]);
    expect([...storage.readDays(0, 9)].map(({ departed }) => departed)).toEqual(
      [0, 1, 2].map((day) => storage.readDeparted(day)),
    );
    storage.forgetBefore(1);
    expect([0, 1].map((day) => told(day).length)).toEqual([0, 2]);
    storage.save({ ...first(1), restart: true });
    expect(told(1)).toEqual([]);
  });

  test("P1: what is loaded or was saved is a copy", () => {
    const storage = createHeadlessStorage();
    storage.load();
    const units = createUnits(2);
    storage.save({ ...first(2), units });
    (units[0] as StoredUnit).state.stateOfChargePercent = 1;
    const loaded = storage.load() as StoredCommunity;
    expect(loaded.units[0]?.state.stateOfChargePercent).toBe(50);
    (loaded.units[0] as StoredUnit).state.stateOfChargePercent = 2;
    loaded.bus.targetVoltageV = 99;
    expect(storage.load()).toEqual(expectedAfter([first(2)]));
  });

  test("P1: a save that throws keeps nothing of its change", () => {
    const storage = createHeadlessStorage();
    storage.load();
    storage.save(first(3));
    const before = storage.load();
    const good = createStoredUnit(1, 77);
    const bad = { ...createStoredUnit(2, 77), template: { no: 1n } } as unknown as StoredUnit;
    const change = {
      timeS: 5,
      units: [good, bad],
      unitCount: 2,
      clock: { ...clock, accelerationFactor: 99 },
    };
    expect(() => storage.save(change)).toThrow();
    expect(storage.load()).toEqual(before);
    storage.save({ timeS: 6, units: [good] });
    expect(storage.load()?.units[0]?.state.stateOfChargePercent).toBe(77);
  });

  test("P1: removed units are gone, and one that comes again is as it was saved then", () => {
    const storage = createHeadlessStorage();
    storage.load();
    storage.save(first(5));
    storage.save({ timeS: 1, unitCount: 2 });
    expect(storage.load()?.units.map(({ state }) => state.number)).toEqual([1, 2]);
    storage.save({ timeS: 2, units: [createStoredUnit(3, 33)], unitCount: 3 });
    expect(storage.load()?.units.map(({ state }) => state.stateOfChargePercent)).toEqual([50, 50, 33]);
  });

  test("P1: more than 999 units are kept in the order of their numbers", () => {
    const storage = createHeadlessStorage();
    storage.load();
    storage.save(first(1000));
    const numbers = storage.load()?.units.map(({ state }) => state.number);
    expect(numbers).toEqual(Array.from({ length: 1000 }, (_unit, index) => index + 1));
  });

  test("P1: lastSave is what was saved last, whole, and null before", () => {
    const storage = createHeadlessStorage();
    storage.load();
    storage.save(first(2));
    expect(storage.load()?.lastSave).toBeNull();
    for (const save of [createSave(6, 1 / 3), createSave(2, null), createSave(3, 0.1)]) {
      storage.save({ timeS: 1, lastSave: save });
      expect(storage.load()?.lastSave).toEqual(save);
    }
    expect(storage.load()?.units).toEqual(createUnits(2));
  });
});

describe("SQLite", () => {
  test("P1: a save that fails at any of its queries keeps nothing of its change", () => {
    const database = new DatabaseSync(":memory:");
    let left = Number.POSITIVE_INFINITY;
    const mayExec = () => {
      if (left-- <= 0) throw new Error("disk full");
    };
    const storage = createSqliteStorage(createNodeDatabase(database, mayExec));
    storage.load();
    storage.save(first(4));
    const before = storage.load();
    const dump = () =>
      JSON.stringify(database.prepare("SELECT * FROM unit_event ORDER BY number, time_s").all());
    const eventsBefore = dump();
    const change: StoredChange = {
      timeS: 9,
      units: [createStoredUnit(1, 11), createStoredUnit(2, 12)],
      unitCount: 2,
      bus: { ...createBus(), targetVoltageV: 5 },
      clock: { ...clock, accelerationFactor: 3 },
      lastSave: createSave(2, 3),
    };
    let failures = 0;
    for (let at = 0; ; at++) {
      left = at;
      try {
        storage.save(change);
        break;
      } catch {
        failures++;
      }
      left = Number.POSITIVE_INFINITY;
      expect(storage.load(), `after a failure at query ${at}`).toEqual(before);
      expect(dump()).toBe(eventsBefore);
    }
    left = Number.POSITIVE_INFINITY;
    expect(failures).toBeGreaterThan(6);
    expect(storage.load()).toEqual(expectedAfter([first(4), change]));
  });

  test("P1: what is kept is there when the database is opened again", () => {
    const database = new DatabaseSync(":memory:");
    const storage = createSqliteStorage(createNodeDatabase(database));
    storage.load();
    storage.save(first(3));
    expect(createSqliteStorage(createNodeDatabase(database)).load()).toEqual(expectedAfter([first(3)]));
  });

  test("P1: rows of a version that this program does not know are refused, not misread", () => {
    const database = new DatabaseSync(":memory:");
    const storage = createSqliteStorage(createNodeDatabase(database));
    storage.load();
    storage.save(first(3));
    database.exec("UPDATE unit SET version = 99 WHERE number = 2");
    expect(() => storage.load()).toThrow(/version 99/);
  });

  test("P1: rows of version 1, which counted less, are taken up", () => {
    const database = new DatabaseSync(":memory:");
    const storage = createSqliteStorage(createNodeDatabase(database));
    storage.load();
    storage.save(first(2));
    database.exec(`UPDATE unit SET version = 1, body = replace(body, ',"batteryChargedWh":0', '')`);
    expect(JSON.stringify(database.prepare("SELECT body FROM unit").all())).not.toContain("batteryChargedWh");
    expect(storage.load()).toEqual(expectedAfter([first(2)]));
    // 15 conditions and 12 energies.
    const length = 27;
    const old = Float64Array.from({ length: 2 * length }, (_, i) => i);
    const insert = database.prepare("INSERT INTO day (day, version, units) VALUES (0, 1, ?)");
    insert.run(new Uint8Array(old.buffer));
    const { units } = storage.findDay(0) as DayRecord;
    expect(units).toHaveLength(2 * unitRecordLength);
    expect(readCharges(units)).toEqual([0, length]);
    const [, energies] = readEnergies(units);
    expect(energies).toMatchObject({ setByHandWh: 2 * length - 1, batteryChargedWh: 0 });
    expect(energies?.solarWh).toBe(2 * length - 12);
  });

  test("P1: rows of version 2, whose saved units are of the published form alone, are taken up", () => {
    const database = new DatabaseSync(":memory:");
    const storage = createSqliteStorage(createNodeDatabase(database));
    storage.load();
    storage.save({ ...first(2), lastSave: createSave(2, null) });
    for (const table of ["unit", "saved_unit", "part"]) database.exec(`UPDATE ${table} SET version = 2`);
    expect(storage.load()).toEqual(expectedAfter([first(2), { timeS: 0, lastSave: createSave(2, null) }]));
    const run = { beganWallMs: 1, lastSave: createSave(2, null).units };
    const insert = database.prepare("INSERT INTO part VALUES ('run', 2, ?)");
    insert.run(JSON.stringify(run));
    expect(storage.readRun()).toEqual({ ...run, lastSave: createSave(2, null) });
  });

  test("P1: a row a unit: a change of one unit writes one unit's row", () => {
    const database = new DatabaseSync(":memory:");
    const storage = createSqliteStorage(createNodeDatabase(database));
    storage.load();
    storage.save(first(50));
    const rows = () => database.prepare("SELECT number, body FROM unit ORDER BY number").all();
    const before = rows();
    storage.save({ timeS: 1, units: [createStoredUnit(7, 12)], unitCount: 50 });
    const changed = rows().filter((row, index) => row.body !== before[index]?.body);
    expect(changed.map((row) => row.number)).toEqual([7]);
  });
});
