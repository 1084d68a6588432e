import * as v from "valibot";
import { communityLimits } from "../input/config/limits.ts";
import { converterCodes, upsModeCodes } from "../input/units/unit-codes.ts";
import type { BusState } from "../simulation/dc-bus.ts";
import { createLedger, type Ledger } from "../simulation/ledger.ts";
import { tripCauses } from "../simulation/trip-causes.ts";
import { outageStates, type UnitState } from "../simulation/unit.ts";

/** What a community consists of, as it is written: one schema for each shape, by which what was written is checked. */

/** Longest simulated time [s]: beyond it a millisecond cannot be told any more. */
const longestS = Number.MAX_SAFE_INTEGER / 1000;
export const between = (min: number, max: number) => v.pipe(v.number(), v.minValue(min), v.maxValue(max));
export const finite = v.pipe(v.number(), v.finite());
export const unitNumber = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1),
  v.maxValue(communityLimits.units.most),
);
/** Since the start of the data. */
export const timeS = between(0, longestS);
/** When something that goes on began or will end: what was saved late and is loaded early began before the data do. */
const momentS = between(-longestS, longestS);
export const percent = between(0, 100);
export const voltageV = between(0, 1000);
export const powerW = between(0, 1e6);

export const ledgerSchema = v.object(
  Object.fromEntries(Object.keys(createLedger()).map((account) => [account, finite])) as Record<
    keyof Ledger,
    typeof finite
  >,
);

export const upsMode = v.picklist(Object.keys(upsModeCodes) as (keyof typeof upsModeCodes)[]);
export const converterMode = v.picklist(Object.keys(converterCodes) as (keyof typeof converterCodes)[]);

/** The schemas of all fields of `T`. */
export type FieldsOf<T> = { [K in keyof T]-?: v.GenericSchema<unknown, T[K]> };

// Not in the order of a unit's fields: the engine would take both for objects of one kind, and a unit's numbers for anything.
export const unitStateSchema = v.object({
  number: unitNumber,
  today: ledgerSchema,
  finishedDays: ledgerSchema,
  timeS,
  stateOfChargePercent: percent,
  batteryLimit: v.picklist(["none", "full", "empty"]),
  upsMode,
  upsSwitchedS: momentS,
  acCharging: v.boolean(),
  acChargingSwitchedS: momentS,
  converterMode,
  /** Earlier releases knew none. */
  tripCause: v.optional(v.picklist(["none", ...tripCauses]), "none"),
  outage: v.optional(v.picklist(outageStates), "none"),
  targetBusVoltageV: voltageV,
  droopPercent: percent,
  dcGridCurrentLimitA: between(0, 100),
  dcGridCurrentA: between(-1e6, 1e6),
  dcGridVoltageV: between(0, 1e4),
  dcGridFlowFromS: momentS,
  heldSolarPowerW: v.nullable(powerW),
  heldDemandPowerW: v.nullable(powerW),
} satisfies FieldsOf<UnitState>);

export const busSchema = v.object({
  autonomyOrder: v.pipe(
    v.array(unitNumber),
    v.check((numbers) => new Set(numbers).size === numbers.length, "a unit stands there twice"),
  ),
  rampStartS: momentS,
  rampEndS: momentS,
  startVoltageV: voltageV,
  targetVoltageV: voltageV,
} satisfies FieldsOf<BusState>);
