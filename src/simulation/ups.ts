import { minimumSwitchIntervalS, type Parameters } from "./parameters.ts";
import type { UnitState } from "./unit.ts";

/**
 * Puts the UPS and its AC charger where their hysteresis wants them at the unit's present charge.
 * `byHand` follows a charge that was set, however soon after the last switch.
 */
export function settleUps(unit: UnitState, parameters: Parameters, byHand: boolean): void {
  const charge = unit.stateOfChargePercent;
  if (byHand || mayUpsSwitch(unit)) {
    const bypasses = unit.upsMode === "bypass";
    if (!bypasses && charge <= parameters.bypassBelowPercent) {
      unit.upsMode = "bypass";
      unit.upsSwitchedS = unit.timeS;
    } else if (bypasses && charge >= leaveAt(parameters.bypassBelowPercent, parameters.batteryAbovePercent)) {
      unit.upsMode = "battery";
      unit.upsSwitchedS = unit.timeS;
    }
  }
  if (byHand || mayAcChargingSwitch(unit)) {
    const { acChargingBelowPercent: below, acChargingAbovePercent: above } = parameters;
    if (!unit.acCharging && charge <= below) {
      unit.acCharging = true;
      unit.acChargingSwitchedS = unit.timeS;
    } else if (unit.acCharging && charge >= leaveAt(below, above)) {
      unit.acCharging = false;
      unit.acChargingSwitchedS = unit.timeS;
    }
  }
}

/** The charge [%] at which a hysteresis is left upwards: above `below` even where its thresholds are equal. */
function leaveAt(below: number, above: number): number {
  return above > below ? above : below + 1e-9;
}

function mayUpsSwitch(unit: UnitState): boolean {
  return unit.timeS >= unit.upsSwitchedS + minimumSwitchIntervalS;
}

function mayAcChargingSwitch(unit: UnitState): boolean {
  return unit.timeS >= unit.acChargingSwitchedS + minimumSwitchIntervalS;
}

/** The nearest charge [%] above the present one at which the UPS, its charger or a full battery acts. */
export function thresholdAbove(unit: UnitState, parameters: Parameters): number {
  let threshold = 100;
  if (unit.upsMode === "bypass" && mayUpsSwitch(unit)) {
    threshold = Math.min(threshold, leaveAt(parameters.bypassBelowPercent, parameters.batteryAbovePercent));
  }
  if (unit.acCharging && mayAcChargingSwitch(unit)) {
    threshold = Math.min(
      threshold,
      leaveAt(parameters.acChargingBelowPercent, parameters.acChargingAbovePercent),
    );
  }
  return threshold;
}

/** The nearest charge [%] below the present one at which the UPS, its charger or an empty battery acts. */
export function thresholdBelow(unit: UnitState, parameters: Parameters): number {
  let threshold = 0;
  if (unit.upsMode === "battery" && mayUpsSwitch(unit)) {
    threshold = Math.max(threshold, parameters.bypassBelowPercent);
  }
  if (!unit.acCharging && mayAcChargingSwitch(unit)) {
    threshold = Math.max(threshold, parameters.acChargingBelowPercent);
  }
  return threshold;
}

/** The moment [simulated s] at which a switch that had to wait is looked at again, or Infinity. */
export function nextSwitchCheckS(unit: UnitState): number {
  let timeS = Number.POSITIVE_INFINITY;
  if (!mayUpsSwitch(unit)) timeS = unit.upsSwitchedS + minimumSwitchIntervalS;
  if (!mayAcChargingSwitch(unit)) timeS = Math.min(timeS, unit.acChargingSwitchedS + minimumSwitchIntervalS);
  return timeS;
}
