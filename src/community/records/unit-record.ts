import { createLedger, type Ledger } from "../../simulation/ledger.ts";
import type { UnitState } from "../../simulation/unit.ts";

/**
 * One unit at the end of a simulated day, as numbers: its state but for its serial number, its time and its
 * energies, then its AC meter and the energies of that day [Wh]. A text is kept as its place in a list,
 * what is not held by hand as NaN.
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
const accounts = Object.keys(createLedger()) as (keyof Ledger)[];

/** Numbers in a record. */
export const unitRecordLength = numbers.length + held.length + textNames.length + 2 + accounts.length;

/** Writes the record of a unit and the day's energies into `record`, from `offset` on. */
export function packUnit(unit: UnitState, day: Ledger, record: Float64Array, offset: number): void {
  let at = offset;
  for (const name of numbers) record[at++] = unit[name];
  for (const name of held) record[at++] = unit[name] ?? Number.NaN;
  for (const name of textNames) record[at++] = (texts[name] as readonly string[]).indexOf(unit[name]);
  record[at++] = unit.acCharging ? 1 : 0;
  record[at++] = unit.finishedDays.acIntakeWh;
  for (const name of accounts) record[at++] = day[name];
}

/**
 * Reads the unit with this number back from the records of a day that ended at `timeS`, or gives null where it was not
 * there; of its energies there is only what its AC meter counts.
 */
export function unpackUnit(number: number, timeS: number, record: Float64Array): UnitState | null {
  let at = (number - 1) * unitRecordLength;
  if (at >= record.length) return null;
  const fields: Record<string, unknown> = { number, timeS };
  for (const name of numbers) fields[name] = record[at++];
  for (const name of held) fields[name] = nullOfNaN(record[at++] as number);
  for (const name of textNames) fields[name] = texts[name][record[at++] as number];
  fields.acCharging = record[at++] === 1;
  fields.today = createLedger();
  fields.finishedDays = { ...createLedger(), acIntakeWh: record[at] as number };
  return fields as unknown as UnitState;
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
  for (let end = unitRecordLength; end <= units.length; end += unitRecordLength) {
    const ledger = createLedger();
    accounts.forEach((name, index) => {
      ledger[name] = units[end - accounts.length + index] as number;
    });
    ledgers.push(ledger);
  }
  return ledgers;
}

function nullOfNaN(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
