import type { ConverterJson, UnitJson } from "../../input/units/unit-json.ts";

/** What the published emulator gives apis-main of a converter's status. */
function pickStatus({ status, alarmState, operationMode }: ConverterJson["status"]) {
  return { status, alarmState, operationMode };
}

/** The parts of a unit's JSON that each request answers with, by name of the part. */
export const unitReplies = {
  unit: ({ emu, dcdc, oesunit, time }: UnitJson) => ({ emu, dcdc: unitReplies.set({ dcdc }), oesunit, time }),
  emu: ({ emu }: UnitJson) => emu,
  converter: ({ dcdc }: UnitJson) => dcdc,
  status: ({ dcdc }: UnitJson) => ({ status: pickStatus(dcdc.status), meter: dcdc.meter }),
  set: ({ dcdc }: Pick<UnitJson, "dcdc">) => ({
    status: pickStatus(dcdc.status),
    meter: dcdc.meter,
    vdis: dcdc.vdis,
    param: { dig: dcdc.param.dig },
  }),
  voltage: ({ dcdc }: UnitJson) => ({ meter: dcdc.meter, vdis: dcdc.vdis }),
  current: ({ dcdc }: UnitJson) => ({ meter: dcdc.meter, param: { dig: dcdc.param.dig } }),
};

export type ReplyPart = keyof typeof unitReplies;
