import type { ReplyPart } from "../../community/state/request.ts";
import type { ConverterJson, UnitJson } from "../../input/units/unit-json.ts";

/** What the published emulator gives apis-main of a converter's status. */
function pickStatus({ status, alarmState, operationMode }: ConverterJson["status"]) {
  return { status, alarmState, operationMode };
}

/** What apis-main reads of a converter after a command to it. */
function pickCommanded({ dcdc }: Pick<UnitJson, "dcdc">) {
  const { status, meter, vdis, param } = dcdc;
  return { status: pickStatus(status), meter, vdis, param: { dig: param.dig } };
}

/** The parts of a unit's JSON that each request answers with, by name of the part. */
export const unitReplies = {
  unit: ({ emu, dcdc, oesunit, time }: UnitJson) => ({ emu, dcdc: pickCommanded({ dcdc }), oesunit, time }),
  emu: ({ emu }: UnitJson) => emu,
  converter: ({ dcdc }: UnitJson) => dcdc,
  status: ({ dcdc }: UnitJson) => ({ status: pickStatus(dcdc.status), meter: dcdc.meter }),
  set: pickCommanded,
  voltage: ({ dcdc }: UnitJson) => ({ meter: dcdc.meter, vdis: dcdc.vdis }),
  current: ({ dcdc }: UnitJson) => ({ meter: dcdc.meter, param: { dig: dcdc.param.dig } }),
} satisfies Record<ReplyPart, (unit: UnitJson) => unknown>;
