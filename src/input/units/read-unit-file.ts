import * as v from "valibot";
import { formatUnitId } from "../../notation/unit-id.ts";
import type { UnitSettings } from "../../simulation/unit.ts";
import { parseConverterCode, upsModeCodes } from "./unit-codes.ts";
import { type UnitJson, unitSchema } from "./unit-json.ts";

/** A unit as a file of `jsontmp` describes it: its settings, and its JSON for what nothing moves. */
export interface UnitDescription {
  readonly settings: UnitSettings;
  readonly template: UnitJson;
}

/** Says which file is wrong, where in it, what is given and what is expected. */
export class UnitFileError extends Error {
  override name = "UnitFileError";
}

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
    dcGridCurrentLimitA: dcdc.param.dig,
    solarPowerW: emu.pvc_charge_power,
    demandPowerW: emu.ups_output_power,
  };
}
