import type { CommunityJson, UnitStateJson } from "../frame/api.ts";
import { plainNumber } from "../frame/formatting.ts";
import type { TextKey } from "../frame/i18n.ts";

/** A reading of a card (Figure 4-3); `number` is the figures', null where they give none. */
export interface UnitReadingLine {
  readonly number: number | null;
  readonly label: TextKey;
  readonly unit: string;
  read(unit: UnitStateJson, community: CommunityJson, batteryVoltageV: number): string;
}

const line = (
  number: number | null,
  label: TextKey,
  unit: string,
  read: UnitReadingLine["read"],
): UnitReadingLine => ({ number, label, unit, read });

/** The framed six. */
export const framedReadings: readonly UnitReadingLine[] = [
  line(11, "gridPower", "W", (unit) => plainNumber(unit.gridPowerW)),
  line(12, "gridCurrent", "A", (unit) => plainNumber(unit.gridCurrentA)),
  line(13, "gridVoltage", "V", (_, community) => plainNumber(community.busVoltageV)),
  line(14, "batteryPower", "W", (unit) => plainNumber(unit.batteryPowerW)),
  line(15, "batteryCurrent", "A", (unit, _, voltage) =>
    voltage > 0 ? plainNumber(unit.batteryPowerW / voltage) : "–",
  ),
  line(16, "batteryVoltage", "V", (_, __, voltage) => (voltage > 0 ? plainNumber(voltage) : "–")),
];

/** The lines of text below them. Like the figure's, Operating power is written as a loss: negative. */
export const textLines: readonly UnitReadingLine[] = [
  line(17, "batteryStatus", "%", (unit) => unit.stateOfChargePercent.toFixed(2)),
  line(18, "operatingPower", "W", (unit) => plainNumber(-unit.converterLossPowerW)),
  line(null, "chargeDischargePower", "W", (unit) => plainNumber(Math.abs(unit.batteryPowerW))),
  line(null, "upsOutputPowerLine", "W", (unit) => plainNumber(unit.demandPowerW)),
  line(null, "pvcChargePowerLine", "W", (unit) => plainNumber(unit.solarPowerW)),
  line(null, "powermeterAll", "W", (unit) => plainNumber(Math.round(unit.acIntakePowerW))),
  line(null, "powermeterP2Line", "W", (unit) => plainNumber(Math.round(unit.acIntakePowerW))),
];
