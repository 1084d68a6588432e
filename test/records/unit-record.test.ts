import fc from "fast-check";
import { expect, test } from "vitest";
import {
  packState,
  packUnit,
  shortenRecords,
  shortenState,
  unitRecordLength,
  upgradeRecords,
  upgradeState,
} from "../../src/community/records/unit-record.ts";
import { accounts, createLedger, type Ledger } from "../../src/simulation/ledger.ts";
import { createUnit, outageStates, type UnitState } from "../../src/simulation/unit.ts";
import { check, defaultSettings } from "../support/worlds.ts";

const ofAllHomes = accounts.slice(0, accounts.indexOf("batteryChargedWh") + 1);
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const ledgerOf = (names: readonly (keyof Ledger)[]) =>
  fc.array(number, { minLength: names.length, maxLength: names.length }).map((values): Ledger => {
    const named = Object.fromEntries(names.map((name, index) => [name, values[index] as number]));
    return { ...createLedger(), ...named };
  });
const unitOf = (names: readonly (keyof Ledger)[]) =>
  fc.tuple(number, ledgerOf(names), ledgerOf(names)).map(([timeS, today, finishedDays]): UnitState => {
    return { ...createUnit(1, 0, defaultSettings), timeS, today, finishedDays };
  });

function packDay(units: readonly UnitState[]): Float64Array {
  const records = new Float64Array(units.length * unitRecordLength);
  units.forEach((unit, index) => {
    packUnit(unit, unit.today, records, index * unitRecordLength);
  });
  return records;
}

test("V5: bytes of homes without limits are those of stored form 4, and come back to the bit", () => {
  check(
    fc.property(fc.array(unitOf(ofAllHomes), { minLength: 1, maxLength: 4 }), (units) => {
      const day = packDay(units);
      const shortened = shortenRecords(day) as Float64Array;
      expect(shortened.length).toBe(units.length * (15 + 1 + 13));
      expect(upgradeRecords(shortened, 4)).toStrictEqual(day);
      const whole = packState(units[0] as UnitState);
      expect(upgradeState(shortenState(whole) as Float64Array)).toStrictEqual(whole);
    }),
    200,
  );
});

test("V5: whatever that form did not know keeps them as they are", () => {
  const plain = createUnit(1, 0, defaultSettings);
  for (const name of accounts.slice(ofAllHomes.length)) {
    const counted = { ...createLedger(), [name]: 1e-300 };
    expect(shortenRecords(packDay([plain, { ...plain, today: counted }])), name).toBeNull();
    expect(shortenState(packState({ ...plain, today: counted })), name).toBeNull();
    expect(shortenState(packState({ ...plain, finishedDays: counted })), name).toBeNull();
  }
  for (const outage of outageStates.slice(1))
    expect(shortenRecords(packDay([{ ...plain, outage }, plain])), outage).toBeNull();
  expect(shortenState(packState({ ...plain, tripCause: "imax" }))).toBeNull();
});
