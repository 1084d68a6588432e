import type { converterCodes } from "../../input/units/unit-codes.ts";
import { fieldNumber, type QuantityUnit } from "../words/formatting.ts";
import type { TextKey } from "../words/i18n.ts";
import type { UnitStateJson } from "./api.ts";
import { servedPowerOf } from "./served-power.ts";

/** One of a card's ten inputs (Figure 4-3), under the name by which `/set/emu` takes it. */
export interface UnitField {
  /** Number in Figures 4-2 and 4-3. */
  readonly number: number;
  readonly parameter: string;
  readonly label: TextKey;
  readonly unit: string;
  /** Whether it follows from others: it may be set, and is computed anew at once. */
  readonly isRecomputed: boolean;
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

const quantity = (
  number: number,
  parameter: string,
  label: TextKey,
  unit: QuantityUnit,
  of: (unit: UnitStateJson) => number,
  isRecomputed = false,
): UnitField => ({
  ...{ number, parameter, label, unit, isRecomputed },
  read: (state) => fieldNumber(of(state), unit),
});

/** Powermeters count whole watts. */
const meter = (number: number, parameter: string, label: TextKey): UnitField => ({
  ...{ number, parameter, label, unit: "W", isRecomputed: true },
  read: (unit) => String(Math.round(unit.acIntakePowerW) + 0),
});

const status = { number: 7, parameter: "mode", label: "status", unit: "", isRecomputed: false } as const;

/** The ten inputs in the order of Figure 4-3. */
export const unitFields: readonly UnitField[] = [
  quantity(
    1,
    "charge_discharge_power",
    "chargeDischargePower",
    "W",
    (of) => Math.abs(of.batteryPowerW),
    true,
  ),
  quantity(2, "rsoc", "rsoc", "%", (of) => of.stateOfChargePercent),
  quantity(3, "ups_output_power", "upsOutputPower", "W", servedPowerOf),
  quantity(4, "pvc_charge_power", "pvcChargePower", "W", (of) => of.solarPowerW),
  meter(5, "p1", "powermeterAll"),
  meter(6, "p2", "powermeterP2"),
  { ...status, read: (unit) => modeCodes[unit.converterMode] },
  quantity(8, "dig", "gridCurrent", "A", (of) => of.gridCurrentLimitA),
  quantity(9, "dvg", "gridVoltage", "V", (of) => of.targetBusVoltageV),
  quantity(10, "drg", "droopRatio", "%", (of) => of.droopPercent),
];
