import type { Horizon, Occasion, Walk } from "./flow.ts";
import { minimumSwitchIntervalS } from "./parameters.ts";
import type { UnitState } from "./unit.ts";
import type { Home, World } from "./world.ts";

/**
 * Puts the UPS and its AC charger where their hysteresis wants them at the unit's present charge, by hand however
 * soon after the last switch (docs/model.md, 3.6).
 */
export function settleUps(unit: UnitState, home: Home, { world, byHand }: Occasion): void {
  const { stateOfChargePercent: charge, timeS } = unit;
  if (unit.outage !== "none") {
    carryByBattery(unit);
    return;
  }
  if (byHand || timeS >= unit.upsSwitchedS + minimumSwitchIntervalS) {
    const { batteryAbovePercent: above } = world.parameters;
    const below = bypassBelow(world, home);
    const bypasses = unit.upsMode === "bypass";
    if (bypasses ? charge >= leaveAt(below, above) : charge <= below) {
      unit.upsMode = bypasses ? "battery" : "bypass";
      unit.upsSwitchedS = timeS;
    }
  }
  if (byHand || timeS >= unit.acChargingSwitchedS + minimumSwitchIntervalS) {
    const { acChargingBelowPercent: below, acChargingAbovePercent: above } = world.parameters;
    if (unit.acCharging ? charge >= leaveAt(below, above) : charge <= below) {
      unit.acCharging = !unit.acCharging;
      unit.acChargingSwitchedS = timeS;
    }
  }
}

/** While the AC grid fails the battery carries the house, whatever its charge, and AC does not charge it. */
function carryByBattery(unit: UnitState): void {
  if (unit.upsMode !== "battery") unit.upsSwitchedS = unit.timeS;
  if (unit.acCharging) unit.acChargingSwitchedS = unit.timeS;
  unit.upsMode = "battery";
  unit.acCharging = false;
}

/** The charge [%] at or below which the UPS bypasses the battery: its floor at the least. */
function bypassBelow({ parameters }: World, { limits }: Home): number {
  const { bypassBelowPercent } = parameters;
  return limits === undefined ? bypassBelowPercent : Math.max(bypassBelowPercent, limits.batteryFloorPercent);
}

/** Draws the horizon in to where the UPS or its AC charger may switch next. */
export function boundBySwitches(until: Horizon, walk: Readonly<Walk>): void {
  const { unit, world, home } = walk.segment;
  if (unit.outage !== "none") return;
  const bypassBelowPercent = bypassBelow(world, home);
  const { batteryAbovePercent } = world.parameters;
  const bypasses = unit.upsMode === "bypass";
  const upsPercent = bypasses ? leaveAt(bypassBelowPercent, batteryAbovePercent) : bypassBelowPercent;
  boundBySwitch(until, walk, upsPercent, bypasses, unit.upsSwitchedS);
  const { acChargingBelowPercent, acChargingAbovePercent } = world.parameters;
  const acPercent = unit.acCharging
    ? leaveAt(acChargingBelowPercent, acChargingAbovePercent)
    : acChargingBelowPercent;
  boundBySwitch(until, walk, acPercent, unit.acCharging, unit.acChargingSwitchedS);
}

/** A switch that has to wait ends the segment when it may, unless the charge cannot come to it before. */
function boundBySwitch(
  until: Horizon,
  walk: Readonly<Walk>,
  threshold: number,
  isAbove: boolean,
  switchedS: number,
): void {
  const maySwitchS = switchedS + minimumSwitchIntervalS;
  if (walk.timeS < maySwitchS && mayMeet(walk, threshold, isAbove, maySwitchS)) {
    until.endS = Math.min(until.endS, maySwitchS);
  } else if (isAbove) {
    until.upPercent = Math.min(until.upPercent, threshold);
  } else {
    until.downPercent = Math.max(until.downPercent, threshold);
  }
}

/** Whether the charge might come up (or down) to `threshold` before `untilS`. */
function mayMeet(walk: Readonly<Walk>, threshold: number, isAbove: boolean, untilS: number): boolean {
  if (untilS > walk.pointS) return true;
  const { unit, perPercentWs } = walk.segment;
  const awayPercent = (threshold - unit.stateOfChargePercent) * (isAbove ? 1 : -1);
  const highestW = Math.max(Math.abs(walk.batteryW), Math.abs(walk.pointBatteryW));
  return highestW * (untilS - walk.timeS) >= awayPercent * perPercentWs;
}

/** The charge [%] at which a hysteresis is left upwards: above `below` even where its thresholds are equal. */
function leaveAt(below: number, above: number): number {
  return above > below ? above : below + 1e-9;
}
