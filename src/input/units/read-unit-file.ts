import * as v from "valibot";
import { formatUnitId } from "../../notation/unit-id.ts";
import type { UnitSettings } from "../../simulation/unit.ts";
import { parseConverterCode, upsModeCodes } from "./unit-codes.ts";
import type { UnitJson } from "./unit-json.ts";

/** A unit as a file of `jsontmp` describes it: its settings, and its JSON for what nothing moves. */
export interface UnitDescription {
  readonly settings: UnitSettings;
  readonly template: UnitJson;
}

/** Says which file is wrong, where in it, what is given and what is expected. */
export class UnitFileError extends Error {
  override name = "UnitFileError";
}

const number = v.pipe(v.number(), v.finite());
const between = (min: number, max: number) => v.pipe(v.number(), v.minValue(min), v.maxValue(max));

const unitSchema = v.object({
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
    ups_operation_mode: v.object({ parameter: number, mode: v.picklist([2, 5]), stop_mode: number }),
    ups_operation_schedule: number,
    dischargeable_time: v.object({ hour: number, minute: number }),
  }),
  dcdc: v.object({
    status: v.object({
      status: v.pipe(
        v.string(),
        v.check((code) => parseConverterCode(code) !== null, "expected 0x0000, 0x0002, 0x0014 or 0x0041"),
      ),
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

/** Reads one unit from the parsed JSON of `file`. @throws UnitFileError */
export function readUnitFile(file: string, json: unknown): UnitDescription {
  const result = v.safeParse(unitSchema, json);
  if (!result.success) {
    const issue = result.issues[0];
    throw new UnitFileError(`${file}: ${v.getDotPath(issue) ?? "content"}: ${issue.message}`);
  }
  const template = result.output;
  return { settings: readSettings(template), template };
}

/** Reads units `E001` … from the parsed JSON of `file`, in order and without a gap. @throws UnitFileError */
export function readUnitsFile(file: string, json: unknown): UnitDescription[] {
  const given = typeof json === "object" && json !== null ? (json as Record<string, unknown>) : {};
  const ids = Object.keys(given);
  if (ids.length === 0) throw new UnitFileError(`${file}: no units; expected E001 and so on`);
  return ids.map((_, index) => {
    const id = formatUnitId(index + 1);
    if (!Object.hasOwn(given, id))
      throw new UnitFileError(`${file}: ${id} is missing among ${ids.length} units`);
    return readUnitFile(`${file}: ${id}`, given[id]);
  });
}

/** The description made the one of unit `number`: ID, display name and address. */
export function describeUnit(description: UnitDescription, number: number): UnitDescription {
  const id = formatUnitId(number);
  const oesunit = {
    ...description.template.oesunit,
    id,
    display: `Sample_${id}`,
    ip: `localhost:4390/${formatUnitId(number - 1)}`,
  };
  return { settings: description.settings, template: { ...description.template, oesunit } };
}

function readSettings({ emu, dcdc }: UnitJson): UnitSettings {
  return {
    stateOfChargePercent: emu.rsoc,
    upsMode: emu.ups_operation_mode.mode === upsModeCodes.bypass ? "bypass" : "battery",
    converterMode: parseConverterCode(dcdc.status.status) ?? "waiting",
    targetBusVoltageV: dcdc.vdis.dvg,
    droopPercent: dcdc.vdis.drg,
    gridCurrentLimitA: dcdc.param.dig,
    solarPowerW: emu.pvc_charge_power,
    demandPowerW: emu.ups_output_power,
  };
}
