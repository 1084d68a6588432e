import * as v from "valibot";
import { allowedNumbers } from "../../notation/allowed-numbers.ts";
import { definedOf, numberFrom, optional } from "../../notation/parameters.ts";
import type { UnitChange } from "../../simulation/commands.ts";
import { converterCodes, parseConverterCode } from "./unit-codes.ts";

/** What can be set of a unit, under APIS's names: paths of the Web API take it, and actions of a step. */

export const numberOf = (parameter: keyof typeof allowedNumbers, unit = allowedNumbers[parameter].unit) =>
  numberFrom(allowedNumbers[parameter].min, allowedNumbers[parameter].max, unit);
const anyNumber = numberOf("p1");

/** A converter mode by its code, in either case. */
const converterMode = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const mode = parseConverterCode(dataset.value);
    if (mode !== null) return mode;
    addIssue({ message: `one of ${Object.values(converterCodes).join(", ")}` });
    return NEVER;
  }),
  v.metadata({ enum: Object.values(converterCodes) }),
);

/** Readings of `emu` that follow from others: accepted, echoed, recomputed from then on. */
const derivedReadings = {
  charge_discharge_power: anyNumber,
  battery_rsoc: anyNumber,
  battery_voltage: anyNumber,
  battery_current: anyNumber,
  pvc_charge_voltage: anyNumber,
  pvc_charge_current: anyNumber,
  ups_input_voltage: anyNumber,
  ups_output_voltage: anyNumber,
  ups_output_current: anyNumber,
  ups_output_frequency: anyNumber,
  ups_operation_schedule: anyNumber,
};
const powermeters = { p1: anyNumber, p2: anyNumber };

export const emuSchema = v.strictObject(
  optional({
    rsoc: numberOf("rsoc"),
    ups_output_power: numberOf("ups_output_power"),
    pvc_charge_power: numberOf("pvc_charge_power"),
    mode: converterMode,
    dvg: numberOf("dvg"),
    drg: numberOf("drg"),
    dig: numberOf("dig"),
    ...derivedReadings,
    ...powermeters,
  }),
);
export const converterSchema = v.strictObject({
  mode: converterMode,
  dvg: numberOf("dvg"),
  dig: numberOf("dig"),
  ...optional({ drg: numberOf("drg"), ...powermeters }),
});

/** Checked parameters of a unit. */
export type UnitParameters = v.InferOutput<typeof emuSchema>;

/** What checked parameters change of a unit; readings that follow from others change nothing. */
export function pickUnitChange(given: UnitParameters): UnitChange {
  const { rsoc, ups_output_power, pvc_charge_power, mode, dvg, drg, dig } = given;
  return definedOf({
    stateOfChargePercent: rsoc,
    demandPowerW: ups_output_power,
    solarPowerW: pvc_charge_power,
    converterMode: mode,
    targetBusVoltageV: dvg,
    droopPercent: drg,
    dcGridCurrentLimitA: dig,
  });
}
