import type { converterCodes } from "../../input/units/unit-codes.ts";
import type { UnitStateJson } from "../frame/api.ts";
import { plainNumber } from "../frame/formatting.ts";
import type { TextKey } from "../frame/i18n.ts";

/** One of a card's ten inputs (Figure 4-3), under the name by which `/set/emu` takes it. */
export interface UnitField {
  /** Number in Figures 4-2 and 4-3. */
  readonly number: number;
  readonly parameter: string;
  readonly label: TextKey;
  readonly unit: string;
  /** What the field shows while nothing is typed into it. */
  read(unit: UnitStateJson): string;
}

/** Code of each converter mode; the compiler keeps it in step with the wire's. */
export const modeCodes: typeof converterCodes = {
  waiting: "0x0000",
  discharging: "0x0002",
  gridAutonomy: "0x0014",
  charging: "0x0041",
};

const field = (
  number: number,
  parameter: string,
  label: TextKey,
  unit: string,
  read: UnitField["read"],
): UnitField => ({ number, parameter, label, unit, read });

const whole = (watts: number) => String(Math.round(watts) + 0);

/** The ten inputs in the order of Figure 4-3. */
export const unitFields: readonly UnitField[] = [
  field(1, "charge_discharge_power", "chargeDischargePower", "W", (unit) =>
    plainNumber(Math.abs(unit.batteryPowerW)),
  ),
  field(2, "rsoc", "rsoc", "%", (unit) => plainNumber(unit.stateOfChargePercent)),
  field(3, "ups_output_power", "upsOutputPower", "W", (unit) => plainNumber(unit.demandPowerW)),
  field(4, "pvc_charge_power", "pvcChargePower", "W", (unit) => plainNumber(unit.solarPowerW)),
  field(5, "p1", "powermeterAll", "W", (unit) => whole(unit.acIntakePowerW)),
  field(6, "p2", "powermeterP2", "W", (unit) => whole(unit.acIntakePowerW)),
  field(7, "mode", "status", "", (unit) => modeCodes[unit.converterMode]),
  field(8, "dig", "gridCurrent", "A", (unit) => plainNumber(unit.gridCurrentLimitA)),
  field(9, "dvg", "gridVoltage", "V", (unit) => plainNumber(unit.targetBusVoltageV)),
  field(10, "drg", "droopRatio", "%", (unit) => plainNumber(unit.droopPercent)),
];
