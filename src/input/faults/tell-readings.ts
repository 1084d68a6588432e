import { roundToHundredths } from "../../notation/rounding.ts";
import { createRandom, normal } from "../../simulation/random.ts";
import type { UnitJson } from "../units/unit-json.ts";
import type { Fault } from "./fault.ts";
import { type FaultKind, type FaultMeter, faultMeters, faultParameters } from "./kinds.ts";

/** Where and when readings are told. */
interface Telling {
  readonly unitNumber: number;
  /** Simulated second. */
  readonly timeS: number;
  /** What the meter of a fault told when that began, or null where it is not known. */
  heldBy(fault: Fault): number | null;
}

type Teller = (told: UnitJson, fault: Fault, telling: Telling) => void;

/** What faults make of the JSON of a unit, which says what is true and stays as it is. */
export function tellReadings(truth: UnitJson, faults: readonly Fault[], telling: Telling): UnitJson {
  const acting = faults.filter(({ kind }) => tellers[kind] !== undefined);
  if (acting.length === 0) return truth;
  const { emu, dcdc } = truth;
  const told = { ...truth, emu: { ...emu }, dcdc: { ...dcdc, meter: { ...dcdc.meter } } };
  for (const fault of acting) tellers[fault.kind]?.(told, fault, telling);
  return told;
}

export function readMeter({ emu, dcdc }: UnitJson, meter: FaultMeter): number {
  return meter === "rsoc" ? emu.rsoc : dcdc.meter[meter];
}

/** Of several faults of one meter each takes up what the one before it makes of it, in the order in which they were added. */
const tellers: Partial<Record<FaultKind, Teller>> = {
  meterStuck(told, fault, { heldBy }) {
    const value = fault.values.value ?? heldBy(fault);
    if (value !== null) writeMeter(told, fault, value);
  },
  meterOffset(told, fault) {
    const { meter = "vg", offset = 0 } = fault.values;
    writeMeter(told, fault, readMeter(told, meter) + offset);
  },
  meterNoisy(told, fault, { unitNumber, timeS }) {
    const { meter = "vg", deviation = 0, seed = 0 } = fault.values;
    const place = faultParameters.meter.options.indexOf(meter);
    const random = createRandom([seed, unitNumber, place, Math.floor(timeS)]);
    writeMeter(told, fault, readMeter(told, meter) + deviation * normal(random));
  },
  batteryStatus(told, { values: { battery_operation_status = 0 } }) {
    told.emu.battery_operation_status = battery_operation_status;
  },
  overTemperature(told, { values: { tmp = 0 } }) {
    told.dcdc.meter.tmp = tmp;
  },
};

/** A meter tells hundredths; one of the charge nothing beyond empty and full. */
function writeMeter({ emu, dcdc }: UnitJson, { values: { meter = "vg" } }: Fault, value: number): void {
  const rounded = roundToHundredths(value);
  if (meter !== "rsoc") {
    dcdc.meter[meter] = rounded;
    return;
  }
  const { min, max } = faultMeters.rsoc;
  emu.rsoc = Math.min(max, Math.max(min, rounded));
  emu.battery_rsoc = emu.rsoc;
}
