import type { converterCodes } from "../../input/units/unit-codes.ts";
import { fieldNumber, type QuantityUnit } from "../words/formatting.ts";
import type { TextKey } from "../words/i18n.ts";
import type { UnitStateJson } from "./api.ts";

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

const field = (
  number: number,
  parameter: string,
  label: TextKey,
  unit: QuantityUnit | "",
  read: UnitField["read"],
  isRecomputed = false,
): UnitField => ({ number, parameter, label, unit, read, isRecomputed });

const quantity =
  (unit: QuantityUnit, of: (unit: UnitStateJson) => number): UnitField["read"] =>
  (state) =>
    fieldNumber(of(state), unit);
/** Powermeters count whole watts. */
const meter: UnitField["read"] = (unit) => String(Math.round(unit.acIntakePowerW) + 0);

/** The ten inputs in the order of Figure 4-3. */
export const unitFields: readonly UnitField[] = [
  field(
    1,
    "charge_discharge_power",
    "chargeDischargePower",
    "W",
    quantity("W", (unit) => Math.abs(unit.batteryPowerW)),
    true,
  ),
  field(
    2,
    "rsoc",
    "rsoc",
    "%",
    quantity("%", (unit) => unit.stateOfChargePercent),
  ),
  field(
    3,
    "ups_output_power",
    "upsOutputPower",
    "W",
    quantity("W", (unit) => unit.demandPowerW),
  ),
  field(
    4,
    "pvc_charge_power",
    "pvcChargePower",
    "W",
    quantity("W", (unit) => unit.solarPowerW),
  ),
  field(5, "p1", "powermeterAll", "W", meter, true),
  field(6, "p2", "powermeterP2", "W", meter, true),
  field(7, "mode", "status", "", (unit) => modeCodes[unit.converterMode]),
  field(
    8,
    "dig",
    "gridCurrent",
    "A",
    quantity("A", (unit) => unit.gridCurrentLimitA),
  ),
  field(
    9,
    "dvg",
    "gridVoltage",
    "V",
    quantity("V", (unit) => unit.targetBusVoltageV),
  ),
  field(
    10,
    "drg",
    "droopRatio",
    "%",
    quantity("%", (unit) => unit.droopPercent),
  ),
];
