import type { UnitStateJson } from "../live/api.ts";
import type { Formats, QuantityUnit } from "../words/formatting.ts";
import type { TextKey, Translate } from "../words/i18n.ts";

/** A column of the table of units. */
export interface TableColumn {
  readonly name: string;
  readonly label: TextKey;
  readonly unit: string;
  readonly isNumber: boolean;
  /** What rows are sorted by. */
  sortValue(unit: UnitStateJson): number | string;
  write(unit: UnitStateJson, formats: Formats, t: Translate): string;
}

const text = (
  name: keyof UnitStateJson & string,
  label: TextKey,
  write: TableColumn["write"] = (unit) => String(unit[name]),
  sortValue: TableColumn["sortValue"] = (unit) => String(unit[name]),
): TableColumn => ({ name, label, unit: "", isNumber: false, write, sortValue });

const number = (name: keyof UnitStateJson & string, label: TextKey, unit: QuantityUnit): TableColumn => ({
  name,
  label,
  unit,
  isNumber: true,
  sortValue: (state) => state[name] as number,
  write: (state, formats) => formats.bare(state[name] as number, unit),
});

export const tableColumns: readonly TableColumn[] = [
  text("id", "columnUnit"),
  text("display", "columnDisplay"),
  number("stateOfChargePercent", "charge", "%"),
  text("converterMode", "columnConverter", (unit, _, t) => t(`mode.${unit.converterMode}`)),
  number("gridPowerW", "gridPower", "W"),
  number("gridCurrentA", "gridCurrent", "A"),
  number("batteryPowerW", "batteryPower", "W"),
  number("solarPowerW", "solar", "W"),
  number("demandPowerW", "demand", "W"),
  number("acIntakePowerW", "acIntake", "W"),
  text(
    "upsMode",
    "columnUps",
    (unit, _, t) => t(unit.acCharging ? "ups.acCharging" : `ups.${unit.upsMode}`),
    (unit) => `${unit.upsMode}${unit.acCharging}`,
  ),
];
