import { wattSecondsPerPercent } from "./battery.ts";
import type { Flow } from "./flow.ts";
import { chargedWh } from "./integrate.ts";
import { integrateMinimum } from "./roots.ts";
import type { UnitState } from "./unit.ts";
import type { SwitchLimits } from "./ups.ts";
import { type Home, placeOf, secondsPerDay, type World } from "./world.ts";

/**
 * Passes whole steps between input points, up to `lastS`, in which nothing can happen but the flow that
 * `flow` begins and nothing switches between the charges of `limits`: nearly all of a year. It is the general
 * advance with everything that stays the same taken out of the loop, and ends in the same state to the bit
 * (a property that is tested). A step that might meet a limit, or in which a full battery might be left, is
 * the general advance's; none goes beyond a midnight. Returns the number of steps passed.
 */
export function passQuietSteps(
  unit: UnitState,
  lastS: number,
  world: World,
  home: Home,
  flow: Flow,
  limits: SwitchLimits,
): number {
  if (!isQuiet(unit, limits)) return 0;
  const { stepS } = home.demand;
  const first = Math.floor(unit.timeS / stepS);
  const dayEnd = (Math.floor(unit.timeS / secondsPerDay) + 1) * (secondsPerDay / stepS);
  const end = Math.min(Math.floor(lastS / stepS), dayEnd);

  const repeat = world.atEndOfData === "repeat";
  const { solar } = world;
  const { solarFactor } = home;
  const isFull = unit.batteryLimit === "full";
  const usesBattery = unit.upsMode === "battery";
  const { up, down } = limits;
  const perPercent = wattSecondsPerPercent(home.batteryCapacityWh);
  const percentPerWh = 100 / home.batteryCapacityWh;
  const perStep = 1 / stepS;
  const perSolarStep = 1 / solar.stepS;
  const { acLossW, acLossRatio, acChargingW, dcLossW, dcLossRatio, gridW } = flow;
  const { today } = unit;
  let charge = unit.stateOfChargePercent;
  let { solarWh, demandWh, acLossWh, dcLossWh, acIntakeWh, fromGridWh, toGridWh } = today;
  let { batteryChangeWh, batteryChargedWh, wastedWh, curtailedSolarWh } = today;

  const loadRatio = usesBattery ? 1 + dcLossRatio : 0;
  let index = first;
  let timeS = unit.timeS;
  const { values: demands } = home.demand;
  const { values: irradiances } = solar;
  let nextDemandW = demands[placeOf(index, demands.length, repeat)] as number;
  let nextSolarPointS = 0;
  let solarIndex = 0;
  let solarValue = 0;
  let irradianceSlope = 0;
  for (; index < end; index++) {
    const durationS = (index + 1) * stepS - timeS;
    const hours = durationS / 3600;
    const pointW = nextDemandW;
    nextDemandW = demands[placeOf(index + 1, demands.length, repeat)] as number;
    const demandSlope = (nextDemandW - pointW) * perStep;
    const demandW = pointW + demandSlope * (timeS - index * stepS);
    if (timeS >= nextSolarPointS) {
      solarIndex = Math.floor(timeS / solar.stepS);
      nextSolarPointS = (solarIndex + 1) * solar.stepS;
      solarValue = irradiances[placeOf(solarIndex, irradiances.length, repeat)] as number;
      const next = irradiances[placeOf(solarIndex + 1, irradiances.length, repeat)] as number;
      irradianceSlope = (next - solarValue) * perSolarStep;
    }
    const solarW = (solarValue + irradianceSlope * (timeS - solarIndex * solar.stepS)) * solarFactor;
    const solarSlope = irradianceSlope * solarFactor;
    const load = demandW * loadRatio;
    const batteryW = gridW + solarW + acChargingW - load - dcLossW;
    const batterySlope = solarSlope - demandSlope * loadRatio;
    const lastBatteryW = batteryW + batterySlope * durationS;
    const batteryWh = hours * (batteryW + (batterySlope * durationS) / 2);

    if (isFull) {
      if (batteryW <= 0 || lastBatteryW <= 0) break;
      wastedWh += batteryWh;
      curtailedSolarWh += integrateMinimum(batteryW, batterySlope, solarW, solarSlope, durationS) / 3600;
    } else {
      const next = charge + batteryWh * percentPerWh;
      if (next >= up || next <= down) break;
      if (Math.max(batteryW, lastBatteryW) * durationS >= (up - charge) * perPercent) break;
      if (Math.min(batteryW, lastBatteryW) * durationS <= (down - charge) * perPercent) break;
      batteryChangeWh += batteryWh;
      batteryChargedWh += chargedWh(batteryW, lastBatteryW, batterySlope, batteryWh);
      charge = next;
    }
    const stepDemandWh = hours * (demandW + (demandSlope * durationS) / 2);
    const stepAcLossWh = hours * acLossW + stepDemandWh * acLossRatio;
    solarWh += hours * (solarW + (solarSlope * durationS) / 2);
    demandWh += stepDemandWh;
    acLossWh += stepAcLossWh;
    dcLossWh += hours * dcLossW + stepDemandWh * dcLossRatio;
    acIntakeWh += stepAcLossWh + hours * acChargingW + (usesBattery ? 0 : stepDemandWh);
    if (gridW > 0) fromGridWh += hours * gridW;
    else toGridWh -= hours * gridW;
    timeS = (index + 1) * stepS;
  }
  if (index === first) return 0;

  today.solarWh = solarWh;
  today.demandWh = demandWh;
  today.acLossWh = acLossWh;
  today.dcLossWh = dcLossWh;
  today.acIntakeWh = acIntakeWh;
  today.fromGridWh = fromGridWh;
  today.toGridWh = toGridWh;
  today.batteryChangeWh = batteryChangeWh;
  today.batteryChargedWh = batteryChargedWh;
  today.wastedWh = wastedWh;
  today.curtailedSolarWh = curtailedSolarWh;
  unit.stateOfChargePercent = charge;
  unit.timeS = timeS;
  return index - first;
}

/** Whether nothing is under way that the loop above leaves out. */
function isQuiet(unit: UnitState, limits: SwitchLimits): boolean {
  if (unit.heldSolarPowerW !== null || unit.heldDemandPowerW !== null) return false;
  if (limits.checkS !== Number.POSITIVE_INFINITY) return false;
  return unit.gridFlowFromS <= unit.timeS && unit.batteryLimit !== "empty";
}
