import { wattSecondsPerPercent } from "./battery.ts";
import type { Flow } from "./flow.ts";
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

/**
 * Writes into `flow` the charges at which something switches next. A switch that has to wait ends the flow,
 * unless the charge cannot come to it before.
 */
export function findSwitches(flow: Flow, parameters: Parameters): void {
  const { unit } = flow;
  flow.upPercent = 100;
  flow.downPercent = 0;
  limitBy(flow, upsThreshold(unit, parameters), unit.upsMode === "bypass", unit.upsSwitchedS);
  limitBy(flow, acChargingThreshold(unit, parameters), unit.acCharging, unit.acChargingSwitchedS);
}

function limitBy(flow: Flow, threshold: number, isAbove: boolean, switchedS: number): void {
  const maySwitchS = switchedS + minimumSwitchIntervalS;
  const awayPercent = (threshold - flow.unit.stateOfChargePercent) * (isAbove ? 1 : -1);
  if (flow.timeS < maySwitchS && mayMoveBy(flow, awayPercent, maySwitchS)) {
    flow.endS = Math.min(flow.endS, maySwitchS);
  } else if (isAbove) {
    flow.upPercent = Math.min(flow.upPercent, threshold);
  } else {
    flow.downPercent = Math.max(flow.downPercent, threshold);
  }
}

/** Whether the charge might move by so much before `untilS`. */
function mayMoveBy(flow: Flow, percent: number, untilS: number): boolean {
  if (untilS > flow.pointS) return true;
  const highestW = Math.max(Math.abs(flow.batteryW), Math.abs(flow.pointBatteryW));
  return highestW * (untilS - flow.timeS) >= percent * wattSecondsPerPercent(flow.home.batteryCapacityWh);
}
