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

/** The charge [%] at which the UPS switches next, whichever way. */
function upsThreshold(unit: UnitState, parameters: Parameters): number {
  const { bypassBelowPercent: below, batteryAbovePercent: above } = parameters;
  return unit.upsMode === "bypass" ? leaveAt(below, above) : below;
}

/** The charge [%] at which AC charging begins or ends next. */
function acChargingThreshold(unit: UnitState, parameters: Parameters): number {
  const { acChargingBelowPercent: below, acChargingAbovePercent: above } = parameters;
  return unit.acCharging ? leaveAt(below, above) : below;
}

/** Charges [%] between which nothing switches, and the moment at which a switch that has to wait is due. */
export interface SwitchLimits {
  up: number;
  down: number;
  checkS: number;
}

/**
 * Finds what may switch next. A switch has to wait for `minimumSwitchIntervalS` only where the charge, which
 * moves by at most `reachPercent` in that time, can come to it before.
 */
export function findSwitchLimits(
  unit: UnitState,
  parameters: Parameters,
  reachPercent: number,
  limits: SwitchLimits,
): void {
  limits.up = 100;
  limits.down = 0;
  limits.checkS = Number.POSITIVE_INFINITY;
  const ups = upsThreshold(unit, parameters);
  const charger = acChargingThreshold(unit, parameters);
  limitBy(unit, ups, unit.upsMode === "bypass", unit.upsSwitchedS, reachPercent, limits);
  limitBy(unit, charger, unit.acCharging, unit.acChargingSwitchedS, reachPercent, limits);
}

function limitBy(
  unit: UnitState,
  threshold: number,
  isAbove: boolean,
  switchedS: number,
  reachPercent: number,
  limits: SwitchLimits,
): void {
  const maySwitchS = switchedS + minimumSwitchIntervalS;
  const away = isAbove ? threshold - unit.stateOfChargePercent : unit.stateOfChargePercent - threshold;
  if (unit.timeS < maySwitchS && away <= reachPercent) {
    limits.checkS = Math.min(limits.checkS, maySwitchS);
  } else if (isAbove) {
    limits.up = Math.min(limits.up, threshold);
  } else {
    limits.down = Math.max(limits.down, threshold);
  }
}
