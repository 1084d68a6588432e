import type { Horizon, Segment, Walk } from "./flow.ts";
import {
  add,
  at,
  clear,
  copy,
  decide,
  decideOn,
  isNothing,
  isSafe,
  type LimitedFlow,
  set,
  setSafe,
  valueAt,
} from "./limited-powers.ts";
import type { Parameters } from "./parameters.ts";
import { isDark, type OutageState, type UnitState } from "./unit.ts";

/*
 * The powers of a home with limits, in the order of docs/model.md, 3.8. Which limit holds is decided once, where a segment begins;
 * all that follows is linear until one of these decisions changes.
 *
 * Always: powers are continuous where a decision changes; they balance, whatever was decided.
 */

/** When the first decision changes [s] before the walk's next point, or never. */
export function findChange(walk: Readonly<Walk>, flow: LimitedFlow): number {
  if (isSafe(flow, walk.solarW, walk.demandW) && isSafe(flow, walk.pointSolarW, walk.pointDemandW))
    return Number.POSITIVE_INFINITY;
  const { guards, guardCount } = flow;
  const { timeS, pointS, segment } = walk;
  const { hasMeans, unit } = segment;
  let firstS = Number.POSITIVE_INFINITY;
  for (let place = 3 * guardCount - 3; place >= 0; place -= 3) {
    const pointW = valueAt(guards, place, 1, walk.pointSolarW, walk.pointDemandW);
    // What steps over zero where a mean begins may be back by the point.
    if (pointW >= 0 && !hasMeans) continue;
    const valueW = valueAt(guards, place, 1, walk.solarW, walk.demandW);
    if (pointW >= 0 && valueW >= 0) continue;
    if (valueW > 0) firstS = Math.min(firstS, timeS + (valueW / (valueW - pointW)) * (pointS - timeS));
    // Where the segment began it was decided for the side to which the slope leads.
    else if (timeS > unit.timeS) return timeS;
  }
  // What was decided for the side before a zero that rounds to the segment's beginning would come there for ever.
  return timeS > unit.timeS ? firstS : Math.max(firstS, momentAfter(timeS));
}

/** The next moment that a number can tell from `timeS`, or the one after it. */
function momentAfter(timeS: number): number {
  return timeS + Math.max(timeS, 1) * Number.EPSILON;
}

/** Draws the horizon of a battery with limits in to its floor and its ceiling, from whichever side. */
export function boundByRange(until: Horizon, { segment: { limited, unit } }: Readonly<Walk>): void {
  if (limited === null) return;
  const { batteryFloorPercent: floor, batteryCeilingPercent: ceiling } = limited.limits;
  const charge = unit.stateOfChargePercent;
  if (charge < floor) until.upPercent = Math.min(until.upPercent, floor);
  else until.downPercent = Math.max(until.downPercent, floor);
  if (charge > ceiling) until.downPercent = Math.max(until.downPercent, ceiling);
  else until.upPercent = Math.min(until.upPercent, ceiling);
}

/**
 * The powers of the home from where `walk` begins, and how its battery stands. What most segments need is written out; what is
 * beyond a limit goes on with powers in their places.
 */
export function decideFlow(
  flow: LimitedFlow,
  { unit, parameters }: Readonly<Segment>,
  walk: Readonly<Walk>,
): void {
  const { powers, limits } = flow;
  const { outage } = unit;
  look(flow, walk);
  takeSun(flow);
  askBattery(flow, unit, parameters);
  if (outage === "none" && limits.acImportLimitW < Infinity) limitImport(flow);
  const isAtFloor = unit.stateOfChargePercent <= limits.batteryFloorPercent;
  const isAtCeiling = unit.stateOfChargePercent >= limits.batteryCeilingPercent;
  const keepingW = limits.selfDischargeW / limits.chargeEfficiency;
  const mostInW = isAtCeiling ? Math.min(limits.chargeLimitW, keepingW) : limits.chargeLimitW;
  const mostOutW = isAtFloor ? 0 : limits.dischargeLimitW;
  const askedW = powers[at.asked] as number;
  const ofSun = powers[at.asked + 1] as number;
  const ofDemand = powers[at.asked + 2] as number;
  flow.hasSurplus = mostInW < Infinity && decide(flow, askedW - mostInW, ofSun, ofDemand);
  flow.hasLack =
    !flow.hasSurplus && mostOutW < Infinity && decide(flow, -mostOutW - askedW, -ofSun, -ofDemand);
  if (flow.hasSurplus) {
    set(powers, at.rest, askedW - mostInW, ofSun, ofDemand);
    set(powers, at.battery, mostInW, 0, 0);
    placeSurplus(flow, outage);
  } else if (flow.hasLack) {
    set(powers, at.rest, -mostOutW - askedW, -ofSun, -ofDemand);
    set(powers, at.battery, -mostOutW, 0, 0);
    placeLack(flow, outage);
  } else set(powers, at.battery, askedW, ofSun, ofDemand);
  flow.isStarved = flow.hasLack && isAtFloor;
  const isFull = flow.hasSurplus && isAtCeiling && mostInW === keepingW;
  const mayMove = store(flow, isAtFloor, isFull);
  flow.batteryLimit = isFull ? "full" : mayMove ? "none" : "empty";
  setSafe(flow);
}

function look(flow: LimitedFlow, walk: Readonly<Walk>): void {
  const restS = walk.pointS - walk.timeS;
  flow.guardCount = 0;
  flow.isUnserved = false;
  flow.isBeyondAc = false;
  flow.isBeyondSun = false;
  flow.isClipped = false;
  flow.timeS = walk.timeS;
  flow.solarW = walk.solarW;
  flow.demandW = walk.demandW;
  flow.solarSlope = (walk.pointSolarW - walk.solarW) / restS;
  flow.demandSlope = (walk.pointDemandW - walk.demandW) / restS;
}

function takeSun(flow: LimitedFlow): void {
  const { powers } = flow;
  const { pvControllerLimitW } = flow.limits;
  flow.isClipped = pvControllerLimitW < Infinity && decide(flow, -pvControllerLimitW, 1, 0);
  if (flow.isClipped) set(powers, at.sun, pvControllerLimitW, 0, 0);
  else set(powers, at.sun, 0, 1, 0);
}

/** UPS, losses, AC intake before its limit, and with them what the battery is asked for. */
function askBattery(
  flow: LimitedFlow,
  { upsMode, acCharging, outage }: Readonly<UnitState>,
  parameters: Parameters,
): void {
  const { powers, limits, dcGridW, converterLossW } = flow;
  const isOut = outage !== "none";
  const isOff = isDark({ outage });
  flow.isOverloaded =
    limits.upsLimitW < Infinity &&
    upsMode === "battery" &&
    outage !== "dark" &&
    decide(flow, -limits.upsLimitW, 0, 1);
  flow.isBypassed = !isOut && (upsMode === "bypass" || flow.isOverloaded);
  let chargingW = 0;
  let acLossW = 0;
  let acLossRatio = 0;
  let dcLossW = parameters.constantSystemLossW + converterLossW;
  let dcLossRatio = 0;
  if (!isOut) {
    acLossW = parameters.transformerLossW;
    if (acCharging) {
      acLossW += parameters.acChargingLossW;
      chargingW = parameters.acChargingPowerW;
    }
  }
  if (flow.isBypassed) {
    acLossW += parameters.bypassModeLossW;
    acLossRatio = parameters.bypassModeLossRatio + parameters.transformerLossRatio;
  } else if (!isOff) {
    dcLossW += parameters.batteryModeLossW;
    dcLossRatio = parameters.batteryModeLossRatio;
  }
  const askedW = (powers[at.sun] as number) + dcGridW + chargingW - dcLossW;
  set(powers, at.acLoss, acLossW, 0, acLossRatio);
  set(powers, at.dcLoss, dcLossW, 0, dcLossRatio);
  set(powers, at.charging, chargingW, 0, 0);
  set(powers, at.acIntake, acLossW + chargingW, 0, flow.isBypassed ? 1 + acLossRatio : 0);
  set(
    powers,
    at.asked,
    askedW,
    powers[at.sun + 1] as number,
    flow.isBypassed || isOff ? 0 : -(1 + dcLossRatio),
  );
  if (isOff) serveNothing(flow);
  else clear(powers, at.unserved);
}

/** Of what AC would bring beyond its limit, AC charging is cut first; the rest is taken from the battery. */
function limitImport(flow: LimitedFlow): void {
  const { powers } = flow;
  const { acImportLimitW } = flow.limits;
  const cutW = (powers[at.acIntake] as number) - acImportLimitW;
  const ofDemand = powers[at.acIntake + 2] as number;
  if (!decide(flow, cutW, 0, ofDemand)) return;
  set(powers, at.rest, cutW, 0, ofDemand);
  add(powers, at.asked, -1, at.rest);
  set(powers, at.acIntake, acImportLimitW, 0, 0);
  if (isNothing(powers, at.charging)) return;
  copy(powers, at.test, at.rest);
  add(powers, at.test, -1, at.charging);
  if (decideOn(flow, at.test)) clear(powers, at.charging);
  else add(powers, at.charging, -1, at.rest);
}

/** What a battery does not take lowers AC charging first; then sun is sold or curtailed; what is left came from the DC grid. */
function placeSurplus(flow: LimitedFlow, outage: OutageState): void {
  const { powers, limits } = flow;
  clear(powers, at.curtailed);
  clear(powers, at.wastedImport);
  clear(powers, at.sold);
  clear(powers, at.saleLoss);
  if (!isNothing(powers, at.charging)) {
    copy(powers, at.test, at.rest);
    add(powers, at.test, -1, at.charging);
    if (!decideOn(flow, at.test)) {
      add(powers, at.acIntake, -1, at.rest);
      return;
    }
    add(powers, at.acIntake, -1, at.charging);
    copy(powers, at.rest, at.test);
  }
  copy(powers, at.test, at.rest);
  add(powers, at.test, -1, at.sun);
  flow.isBeyondSun = decideOn(flow, at.test);
  if (flow.isBeyondSun) {
    copy(powers, at.wastedImport, at.test);
    copy(powers, at.rest, at.sun);
  }
  if (limits.acExportLimitW > 0 && outage === "none") sellRest(flow);
  copy(powers, at.curtailed, at.rest);
}

/** The sun that would be curtailed first replaces what AC brings, then is sold up to a limit. */
function sellRest(flow: LimitedFlow): void {
  const { powers } = flow;
  const { acExportLimitW, exportEfficiency } = flow.limits;
  copy(powers, at.given, at.rest);
  add(powers, at.sold, exportEfficiency, at.rest);
  add(powers, at.sold, -1, at.acIntake);
  if (decideOn(flow, at.sold)) {
    copy(powers, at.test, at.sold);
    powers[at.test] = (powers[at.test] as number) - acExportLimitW;
    if (acExportLimitW < Infinity && decideOn(flow, at.test)) {
      set(powers, at.sold, acExportLimitW, 0, 0);
      add(powers, at.given, -1 / exportEfficiency, at.test);
    }
    clear(powers, at.acIntake);
  } else {
    clear(powers, at.sold);
    add(powers, at.acIntake, -exportEfficiency, at.rest);
  }
  add(powers, at.saleLoss, 1 - exportEfficiency, at.given);
  add(powers, at.rest, -1, at.given);
}

/** What a battery does not give AC serves up to its limit; beyond, demand is not served, then the home's own losses fall. */
function placeLack(flow: LimitedFlow, outage: OutageState): void {
  const { powers } = flow;
  const { acImportLimitW } = flow.limits;
  clear(powers, at.shortfall);
  if (outage === "none") {
    set(powers, at.given, acImportLimitW, 0, 0);
    add(powers, at.given, -1, at.acIntake);
    copy(powers, at.test, at.rest);
    add(powers, at.test, -1, at.given);
    if (acImportLimitW === Infinity || !decideOn(flow, at.test)) {
      copy(powers, at.shortfall, at.rest);
      add(powers, at.acIntake, 1, at.rest);
      return;
    }
    copy(powers, at.shortfall, at.given);
    set(powers, at.acIntake, acImportLimitW, 0, 0);
    copy(powers, at.rest, at.test);
  }
  flow.isBeyondAc = true;
  if (!isDark({ outage }) && !leaveUnserved(flow)) return;
  shedLosses(flow);
}

/** Leaves as much demand unserved as is lacking; returns whether that does not do. */
function leaveUnserved(flow: LimitedFlow): boolean {
  const { powers } = flow;
  const acLossRatio = powers[at.acLoss + 2] as number;
  const dcLossRatio = powers[at.dcLoss + 2] as number;
  const servedRatio = 1 + acLossRatio + dcLossRatio;
  add(powers, at.unserved, 1 / servedRatio, at.rest);
  copy(powers, at.test, at.unserved);
  powers[at.test + 2] = (powers[at.test + 2] as number) - 1;
  if (!decideOn(flow, at.test)) {
    add(powers, at.acLoss, -acLossRatio, at.unserved);
    add(powers, at.dcLoss, -dcLossRatio, at.unserved);
    flow.isUnserved = true;
    return false;
  }
  powers[at.acLoss + 2] = 0;
  powers[at.dcLoss + 2] = 0;
  powers[at.rest + 2] = (powers[at.rest + 2] as number) - servedRatio;
  serveNothing(flow);
  return true;
}

function serveNothing(flow: LimitedFlow): void {
  set(flow.powers, at.unserved, 0, 0, 1);
  flow.isUnserved = decideOn(flow, at.unserved);
}

/** The home's own fixed losses fall by what is still missing, on both sides alike. */
function shedLosses(flow: LimitedFlow): void {
  const { powers } = flow;
  const acLossW = powers[at.acLoss] as number;
  const dcLossW = powers[at.dcLoss] as number;
  const fixedW = acLossW + dcLossW;
  copy(powers, at.test, at.rest);
  powers[at.test] = (powers[at.test] as number) - fixedW;
  if (decideOn(flow, at.test)) {
    // What the DC grid was promised and nobody gives, for as long as its converter is not protected.
    add(powers, at.unserved, 1, at.test);
    flow.isUnserved = true;
    powers[at.acLoss] = 0;
    powers[at.dcLoss] = 0;
  } else if (fixedW > 0) {
    add(powers, at.acLoss, -acLossW / fixedW, at.rest);
    add(powers, at.dcLoss, -dcLossW / fixedW, at.rest);
  }
}

/** What is stored of the battery's power. Returns whether its charge may move, which it does not at the floor with too little. */
function store(flow: LimitedFlow, isAtFloor: boolean, isFull: boolean): boolean {
  const { powers } = flow;
  const { chargeEfficiency, dischargeEfficiency, selfDischargeW } = flow.limits;
  flow.bendW = Number.NEGATIVE_INFINITY;
  if (isFull) {
    clear(powers, at.stored);
    return true;
  }
  const batteryW = powers[at.battery] as number;
  const ofSun = powers[at.battery + 1] as number;
  const ofDemand = powers[at.battery + 2] as number;
  const isSteady = ofSun === 0 && ofDemand === 0;
  const share = isSteady && batteryW < 0 ? 1 / dischargeEfficiency : chargeEfficiency;
  if (!isSteady && !isAtFloor && chargeEfficiency * dischargeEfficiency < 1) {
    flow.bendW = -selfDischargeW;
    flow.drawRatio = 1 / (chargeEfficiency * dischargeEfficiency);
  }
  set(powers, at.stored, share * batteryW - selfDischargeW, share * ofSun, share * ofDemand);
  if (!isAtFloor || decideOn(flow, at.stored)) return true;
  clear(powers, at.stored);
  return false;
}
