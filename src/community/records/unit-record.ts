import { createLedger, type Ledger } from "../../simulation/ledger.ts";
import { tripCauses } from "../../simulation/trip-causes.ts";
import { outageStates, type UnitState } from "../../simulation/unit.ts";

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
  tripCause: ["none", ...tripCauses],
  outage: outageStates,
} as const;
/** What later releases have added comes last, so that places are what they were; its neutral value is 0 as a number. */
export const conditionNames = [
  ...numbers,
  ...held,
  "batteryLimit",
  "upsMode",
  "converterMode",
  "acCharging",
  "tripCause",
  "outage",
] as const;
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

/** How many conditions, meters and accounts earlier releases kept of a unit: the first of those that there are now. */
const earlierCounts = {
  1: { conditions: 15, meters: 0, accounts: 12 },
  4: { conditions: 15, meters: 1, accounts: 13 },
} as const;
type EarlierForm = keyof typeof earlierCounts;

/** Records of a day that an earlier release kept: what it did not know begins at 0. */
export function upgradeRecords(units: Float64Array, form: EarlierForm): Float64Array {
  const { conditions, meters, accounts: known } = earlierCounts[form];
  const oldLength = conditions + meters + known;
  // What is torn stays so, for whoever checks it.
  if (units.length % oldLength !== 0) return units;
  const upgraded = new Float64Array((units.length / oldLength) * unitRecordLength);
  for (let old = 0, at = 0; old < units.length; old += oldLength, at += unitRecordLength) {
    upgraded.set(units.subarray(old, old + conditions), at);
    const rest = units.subarray(old + conditions, old + oldLength);
    upgraded.set(rest, at + unitRecordLength - accounts.length - meters);
  }
  return upgraded;
}

/** Numbers of a whole state that a release before version 5 kept. */
export const unitStateLength4 = earlierCounts[4].conditions + 1 + 2 * earlierCounts[4].accounts;

/** A whole state of a release before version 5: what it did not know begins at 0. */
export function upgradeState(packed: Float64Array): Float64Array {
  const { conditions, accounts: known } = earlierCounts[4];
  const upgraded = new Float64Array(unitStateLength);
  upgraded.set(packed.subarray(0, conditions));
  upgraded.set(packed.subarray(conditions, conditions + 1 + known), conditionNames.length);
  upgraded.set(
    packed.subarray(conditions + 1 + known, unitStateLength4),
    conditionNames.length + 1 + accounts.length,
  );
  return upgraded;
}

/** Whether a part of numbers says nothing, and so is what a form that does not have it is brought up to. */
function isNothing(packed: Float64Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!Object.is(packed[at], 0)) return false;
  return true;
}

/**
 * Records of a day as version 4 kept them, a third shorter, or null where they tell something that it did not know: outages, trips
 * or accounts of homes with limits. `upgradeRecords` gives them back.
 */
export function shortenRecords(units: Float64Array): Float64Array<ArrayBuffer> | null {
  const { conditions, accounts: known } = earlierCounts[4];
  const shortLength = conditions + 1 + known;
  const shortened = new Float64Array((units.length / unitRecordLength) * shortLength);
  for (let at = 0, short = 0; at < units.length; at += unitRecordLength, short += shortLength) {
    const meterAt = at + conditionNames.length;
    const endsAt = meterAt + 1 + known;
    if (!isNothing(units, at + conditions, meterAt) || !isNothing(units, endsAt, at + unitRecordLength))
      return null;
    shortened.set(units.subarray(at, at + conditions), short);
    shortened.set(units.subarray(meterAt, endsAt), short + conditions);
  }
  return shortened;
}

/** A whole state likewise, which `upgradeState` gives back. */
export function shortenState(packed: Float64Array): Float64Array<ArrayBuffer> | null {
  const { conditions, accounts: known } = earlierCounts[4];
  const timeAt = conditionNames.length;
  const finishedAt = timeAt + 1 + accounts.length;
  const isShort =
    isNothing(packed, conditions, timeAt) &&
    isNothing(packed, timeAt + 1 + known, finishedAt) &&
    isNothing(packed, finishedAt + known, packed.length);
  if (!isShort) return null;
  const shortened = new Float64Array(unitStateLength4);
  shortened.set(packed.subarray(0, conditions));
  shortened.set(packed.subarray(timeAt, timeAt + 1 + known), conditions);
  shortened.set(packed.subarray(finishedAt, finishedAt + known), conditions + 1 + known);
  return shortened;
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
