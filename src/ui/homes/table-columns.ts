import type { UnitStateJson } from "../frame/api.ts";
import type { Formats } from "../frame/formatting.ts";
import type { TextKey, Translate } from "../frame/i18n.ts";

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
  name: string,
  label: TextKey,
  write: TableColumn["write"],
  sortValue: TableColumn["sortValue"],
): TableColumn => ({ name, label, unit: "", isNumber: false, write, sortValue });

const number = (
  name: keyof UnitStateJson & string,
  label: TextKey,
  unit: string,
  digits: number,
): TableColumn => ({
  name,
  label,
  unit,
  isNumber: true,
  sortValue: (state) => state[name] as number,
  write: (state, formats) => formats.fixed(state[name] as number, digits),
});

export const tableColumns: readonly TableColumn[] = [
  text(
    "id",
    "columnUnit",
    (unit) => unit.id,
    (unit) => unit.id,
  ),
  text(
    "display",
    "columnDisplay",
    (unit) => unit.display,
    (unit) => unit.display,
  ),
  number("stateOfChargePercent", "charge", "%", 2),
  text(
    "converterMode",
    "columnConverter",
    (unit, _, t) => t(`mode.${unit.converterMode}`),
    (unit) => unit.converterMode,
  ),
  number("gridPowerW", "gridPower", "W", 1),
  number("gridCurrentA", "gridCurrent", "A", 2),
  number("batteryPowerW", "batteryPower", "W", 1),
  number("solarPowerW", "solar", "W", 1),
  number("demandPowerW", "demand", "W", 1),
  number("acIntakePowerW", "acIntake", "W", 1),
  text(
    "upsMode",
    "columnUps",
    (unit, _, t) => t(unit.acCharging ? "ups.acCharging" : `ups.${unit.upsMode}`),
    (unit) => `${unit.upsMode}${unit.acCharging}`,
  ),
];
