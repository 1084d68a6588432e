import { createLedger, type Ledger } from "../../simulation/ledger.ts";
import type { UnitState } from "../../simulation/unit.ts";

/**
 * How a unit is kept as numbers, in this order: its conditions, which are all of its state but for its number, its time and
 * its energies. A text is kept as its place in a list, what is not held by hand as NaN.
 *
 * The record of a day has of each unit its conditions at the day's end, then its AC meter and the energies of that day
 * [Wh]; a whole state its conditions, then its time, its energies of the day and those of the days before.
 */
const numbers = [
  "stateOfChargePercent",
  "upsSwitchedS",
  "acChargingSwitchedS",
  "targetBusVoltageV",
  "droopPercent",
  "dcGridCurrentLimitA",
  "dcGridCurrentA",
  "dcGridVoltageV",
  "dcGridFlowFromS",
] as const satisfies readonly (keyof UnitState)[];
const held = ["heldSolarPowerW", "heldDemandPowerW"] as const satisfies readonly (keyof UnitState)[];
const texts = {
  batteryLimit: ["none", "full", "empty"],
  upsMode: ["battery", "bypass"],
  converterMode: ["waiting", "charging", "discharging", "gridAutonomy"],
} as const;
const textNames = Object.keys(texts) as (keyof typeof texts)[];
export const conditionNames = [...numbers, ...held, ...textNames, "acCharging"] as const;
type ConditionName = (typeof conditionNames)[number];
const accounts = Object.keys(createLedger()) as (keyof Ledger)[];

/** Numbers in a record of a day. */
export const unitRecordLength = conditionNames.length + 1 + accounts.length;
/** Numbers of a whole state. */
export const unitStateLength = conditionNames.length + 1 + 2 * accounts.length;

/** A condition as a number. */
export function packCondition(unit: Readonly<UnitState>, name: ConditionName): number {
  const value = unit[name];
  if (value === null) return Number.NaN;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return value;
  return (texts[name as keyof typeof texts] as readonly string[]).indexOf(value);
}

/** What a condition is that was kept as a number; undefined where a number stands for nothing. */
export function unpackCondition(name: ConditionName, number: number): unknown {
  if (name in texts) return texts[name as keyof typeof texts][number];
  if (name === "acCharging") return number === 1;
  return Number.isNaN(number) ? null : number;
}

/** Writes the record of a unit and the day's energies into `record`, from `offset` on. */
export function packUnit(unit: UnitState, day: Ledger, record: Float64Array, offset: number): void {
  let at = offset;
  for (const name of conditionNames) record[at++] = packCondition(unit, name);
  record[at++] = unit.finishedDays.acIntakeWh;
  for (const name of accounts) record[at++] = day[name];
}

/**
 * Reads the unit with this number back from the records of a day that ended at `timeS`, or gives null where it was not
 * there; of its energies there is only what its AC meter counts.
 */
export function unpackUnit(number: number, timeS: number, record: Float64Array): UnitState | null {
  const offset = (number - 1) * unitRecordLength;
  if (offset >= record.length) return null;
  const acIntakeWh = record[offset + conditionNames.length] as number;
  const energies = { today: createLedger(), finishedDays: { ...createLedger(), acIntakeWh } };
  return { number, timeS, ...unpackConditions(record, offset), ...energies } as UnitState;
}

/** The whole state of a unit but for its number. */
export function packState(unit: Readonly<UnitState>): Float64Array<ArrayBuffer> {
  const packed = new Float64Array(unitStateLength);
  let at = 0;
  for (const name of conditionNames) packed[at++] = packCondition(unit, name);
  packed[at++] = unit.timeS;
  for (const name of accounts) packed[at++] = unit.today[name];
  for (const name of accounts) packed[at++] = unit.finishedDays[name];
  return packed;
}

/** The unit with this number whose whole state begins at `offset`. */
export function unpackState(number: number, packed: Float64Array, offset = 0): UnitState {
  const timeAt = offset + conditionNames.length;
  const today = unpackLedger(packed, timeAt + 1);
  const finishedDays = unpackLedger(packed, timeAt + 1 + accounts.length);
  const conditions = unpackConditions(packed, offset);
  return { number, timeS: packed[timeAt] as number, ...conditions, today, finishedDays } as UnitState;
}

function unpackConditions(packed: Float64Array, offset: number): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  conditionNames.forEach((name, index) => {
    fields[name] = unpackCondition(name, packed[offset + index] as number);
  });
  return fields;
}

function unpackLedger(packed: Float64Array, offset: number): Ledger {
  const ledger = createLedger();
  accounts.forEach((name, index) => {
    ledger[name] = packed[offset + index] as number;
  });
  return ledger;
}

/** Records of version 1, without the AC meter and what went into the battery: both begin at 0. */
export function upgradeRecords(units: Float64Array): Float64Array {
  const meterAt = unitRecordLength - accounts.length - 1;
  const oldLength = unitRecordLength - 2;
  const upgraded = new Float64Array((units.length / oldLength) * unitRecordLength);
  for (let old = 0, at = 0; old < units.length; old += oldLength, at += unitRecordLength) {
    upgraded.set(units.subarray(old, old + meterAt), at);
    upgraded.set(units.subarray(old + meterAt, old + oldLength), at + meterAt + 1);
  }
  return upgraded;
}

/** The charge [%] of each unit in the records of a day. */
export function readCharges(units: Float64Array): number[] {
  const at = numbers.indexOf("stateOfChargePercent");
  return Array.from(
    { length: units.length / unitRecordLength },
    (_, i) => units[i * unitRecordLength + at] as number,
  );
}

/** The day's energies of each unit in the records of a day. */
export function readEnergies(units: Float64Array): Ledger[] {
  const ledgers: Ledger[] = [];
  for (let end = unitRecordLength; end <= units.length; end += unitRecordLength)
    ledgers.push(unpackLedger(units, end - accounts.length));
  return ledgers;
}
