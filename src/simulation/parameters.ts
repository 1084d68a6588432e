/** Constants of the hardware, the same for every unit (specification, section 7.1). */
export interface Parameters {
  readonly constantSystemLossW: number;
  readonly converterWaitingLossW: number;
  readonly converterChargingLossW: number;
  readonly converterDischargingLossW: number;
  /** Loss of the UPS in battery mode [W per W of demand] and its constant part [W]. */
  readonly batteryModeLossRatio: number;
  readonly batteryModeLossW: number;
  readonly transformerLossRatio: number;
  readonly transformerLossW: number;
  readonly bypassModeLossRatio: number;
  readonly bypassModeLossW: number;
  readonly acChargingLossW: number;
  readonly acChargingPowerW: number;
  /** State of charge [%] at or below which the UPS bypasses the battery … */
  readonly bypassBelowPercent: number;
  /** … and at or above which it uses the battery again. */
  readonly batteryAbovePercent: number;
  /** State of charge [%] at or below which AC charges the battery … */
  readonly acChargingBelowPercent: number;
  /** … and at or above which it stops. */
  readonly acChargingAbovePercent: number;
  readonly batteryVoltageV: number;
}

/**
 * The UPS and the AC charger change their mind at most once in this time [s], the published emulator's
 * own step at its default acceleration. Without it, equal or nearly equal thresholds would make a unit
 * switch endlessly within an instant; real hysteresis of a few percent never meets it.
 */
export const minimumSwitchIntervalS = 10;
