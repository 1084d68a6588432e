import * as v from "valibot";
import { converterCodes, parseConverterCode, upsModeCodes } from "./unit-codes.ts";

const number = v.pipe(v.number(), v.finite());
const between = (min: number, max: number) => v.pipe(v.number(), v.minValue(min), v.maxValue(max));

const converterCode = v.pipe(
  v.string(),
  v.check(
    (code) => parseConverterCode(code) !== null,
    `expected ${Object.values(converterCodes).join(", ")}`,
  ),
  v.metadata({ enum: Object.values(converterCodes) }),
);

/**
 * The JSON of one unit as APIS names and shapes it (specification, section 6.1). Files of units are checked by it, and
 * answers promise it.
 */
export const unitSchema = v.object({
  emu: v.object({
    charge_discharge_power: number,
    system_time: v.object({ year: number, month: number, day: number, hour: number, minute: number }),
    rsoc: between(0, 100),
    battery_rsoc: number,
    battery_voltage: number,
    battery_current: number,
    pvc_charge_voltage: number,
    pvc_charge_current: number,
    pvc_charge_power: between(0, 1e6),
    ups_input_voltage: number,
    ups_output_voltage: between(1, 1000),
    ups_output_current: number,
    ups_output_power: between(0, 1e6),
    ups_output_frequency: number,
    ups_operation_mode: v.object({
      parameter: number,
      mode: v.picklist(Object.values(upsModeCodes)),
      stop_mode: number,
    }),
    ups_operation_schedule: number,
    dischargeable_time: v.object({ hour: number, minute: number }),
    /** Told by a fault alone. */
    battery_operation_status: v.optional(v.pipe(number, v.integer(), v.minValue(0), v.maxValue(3))),
  }),
  dcdc: v.object({
    status: v.object({
      status: converterCode,
      statusName: v.string(),
      alarm: v.string(),
      alarmState: v.string(),
      runningState: v.string(),
      operationMode: v.string(),
    }),
    powermeter: v.object({
      p1: number,
      p2: number,
      v1: between(1, 1000),
      i1: number,
      kwh1: number,
      kwh2: number,
      /** Of homes that may give to the AC grid. */
      p3: v.optional(number),
    }),
    meter: v.object({ vg: number, ig: number, wg: number, vb: number, ib: number, wb: number, tmp: number }),
    vdis: v.object({ dvg: between(0, 1000), drg: between(0, 100) }),
    param: v.object({
      dig: between(0, 100),
      ogv: number,
      ugv: number,
      cib: number,
      obv: number,
      ubv: number,
    }),
  }),
  oesunit: v.object({
    on: v.boolean(),
    id: v.string(),
    display: v.string(),
    ip: v.string(),
    ipv6_ll: v.string(),
    ipv6_g: v.string(),
    mac: v.string(),
    sn: v.string(),
    budo: v.string(),
  }),
  time: v.string(),
});

export type UnitJson = v.InferOutput<typeof unitSchema>;
export type EmuJson = UnitJson["emu"];
export type ConverterJson = UnitJson["dcdc"];
