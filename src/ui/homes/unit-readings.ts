import type { CommunityJson, UnitStateJson } from "../live/api.ts";
import { servedPowerOf } from "../live/served-power.ts";
import type { QuantityUnit } from "../words/formatting.ts";
import type { TextKey } from "../words/i18n.ts";

/** A reading of a card (Figure 4-3); `number` is the figures', null where they give none. */
export interface UnitReadingLine {
  readonly number: number | null;
  readonly label: TextKey;
  readonly unit: QuantityUnit;
  /** Powermeters count whole watts. */
  readonly isMeter: boolean;
  /** Null while it is not known. */
  read(unit: UnitStateJson, community: CommunityJson, batteryVoltageV: number): number | null;
}

const line = (
  number: number | null,
  label: TextKey,
  unit: QuantityUnit,
  read: UnitReadingLine["read"],
  isMeter = false,
): UnitReadingLine => ({ number, label, unit, read, isMeter });

/** The framed six. */
export const framedReadings: readonly UnitReadingLine[] = [
  line(11, "gridPower", "W", (unit) => unit.gridPowerW),
  line(12, "gridCurrent", "A", (unit) => unit.gridCurrentA),
  line(13, "gridVoltage", "V", (_, community) => community.busVoltageV),
  line(14, "batteryPower", "W", (unit) => unit.batteryPowerW),
  line(15, "batteryCurrent", "A", (unit, _, voltage) => (voltage > 0 ? unit.batteryPowerW / voltage : null)),
  line(16, "batteryVoltage", "V", (_, __, voltage) => (voltage > 0 ? voltage : null)),
];

/** The lines of text below them. Like the figure's, Operating power is written as a loss: negative. */
export const textLines: readonly UnitReadingLine[] = [
  line(17, "batteryStatus", "%", (unit) => unit.stateOfChargePercent),
  line(18, "operatingPower", "W", (unit) => -unit.converterLossPowerW),
  line(null, "chargeDischargePower", "W", (unit) => Math.abs(unit.batteryPowerW)),
  line(null, "upsOutputPowerLine", "W", servedPowerOf),
  line(null, "pvcChargePowerLine", "W", (unit) => unit.solarPowerW),
  line(null, "powermeterAll", "W", (unit) => unit.acIntakePowerW, true),
  line(null, "powermeterP2Line", "W", (unit) => unit.acIntakePowerW, true),
];
