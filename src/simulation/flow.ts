import type { Parameters } from "./parameters.ts";
import type { ConverterMode, UnitState } from "./unit.ts";
import { type Home, placeOf, type World } from "./world.ts";

/**
 * The power flow of one unit during one segment, in which every power is linear in time:
 * `x(τ) = xW + xSlope·τ` with τ seconds after the segment's start and slopes in W/s.
 */
export interface Flow {
  solarW: number;
  solarSlope: number;
  demandW: number;
  demandSlope: number;
  /** From the DC grid into the unit. */
  gridW: number;
  converterLossW: number;
  /** Loss = constant part [W] + ratio · demand. */
  acLossW: number;
  acLossRatio: number;
  dcLossW: number;
  dcLossRatio: number;
  acChargingW: number;
  /** Into the battery, before its limits. */
  batteryW: number;
  batterySlope: number;
}

export function createFlow(): Flow {
  return {
    solarW: 0,
    solarSlope: 0,
    demandW: 0,
    demandSlope: 0,
    gridW: 0,
    converterLossW: 0,
    acLossW: 0,
    acLossRatio: 0,
    dcLossW: 0,
    dcLossRatio: 0,
    acChargingW: 0,
    batteryW: 0,
    batterySlope: 0,
  };
}

/** Loss of the DC/DC converter [W] (specification, section 7.1). */
export function converterLossW(mode: ConverterMode, parameters: Parameters): number {
  if (mode === "waiting") return parameters.converterWaitingLossW;
  return mode === "charging" ? parameters.converterChargingLossW : parameters.converterDischargingLossW;
}

/** Writes the flow of the segment that begins at the unit's last event into `flow`. */
export function computeFlow(unit: UnitState, world: World, home: Home, flow: Flow): void {
  computeSolar(unit, world, home.solarFactor, flow);
  computeDemand(unit, world, home, flow);
  flow.gridW = unit.timeS >= unit.gridFlowFromS ? unit.gridCurrentA * unit.gridVoltageV : 0;
  computeLosses(unit, world.parameters, flow);
  const usesBattery = unit.upsMode === "battery";
  const load = usesBattery ? flow.demandW * (1 + flow.dcLossRatio) : 0;
  flow.batteryW = flow.gridW + flow.solarW + flow.acChargingW - load - flow.dcLossW;
  flow.batterySlope = flow.solarSlope - (usesBattery ? flow.demandSlope * (1 + flow.dcLossRatio) : 0);
}

function computeSolar(unit: UnitState, world: World, factor: number, flow: Flow): void {
  if (!world.powerFlowEnabled || unit.heldSolarPowerW !== null) {
    flow.solarW = unit.heldSolarPowerW ?? 0;
    flow.solarSlope = 0;
    return;
  }
  const series = world.solar;
  const repeat = world.atEndOfData === "repeat";
  const index = Math.floor(unit.timeS / series.stepS);
  const { values } = series;
  const value = values[placeOf(index, values.length, repeat)] as number;
  const next = values[placeOf(index + 1, values.length, repeat)] as number;
  const slope = (next - value) * (1 / series.stepS);
  flow.solarW = (value + slope * (unit.timeS - index * series.stepS)) * factor;
  flow.solarSlope = slope * factor;
}

function computeDemand(unit: UnitState, world: World, home: Home, flow: Flow): void {
  if (!world.powerFlowEnabled || unit.heldDemandPowerW !== null) {
    flow.demandW = unit.heldDemandPowerW ?? 0;
    flow.demandSlope = 0;
    return;
  }
  const series = home.demand;
  const repeat = world.atEndOfData === "repeat";
  const index = Math.floor(unit.timeS / series.stepS);
  const { values } = series;
  const value = values[placeOf(index, values.length, repeat)] as number;
  const next = values[placeOf(index + 1, values.length, repeat)] as number;
  flow.demandSlope = (next - value) * (1 / series.stepS);
  flow.demandW = value + flow.demandSlope * (unit.timeS - index * series.stepS);
}

function computeLosses(unit: UnitState, parameters: Parameters, flow: Flow): void {
  flow.converterLossW = converterLossW(unit.converterMode, parameters);
  flow.dcLossW = parameters.constantSystemLossW + flow.converterLossW;
  flow.acLossW = parameters.transformerLossW;
  if (unit.upsMode === "battery") {
    flow.dcLossW += parameters.batteryModeLossW;
    flow.dcLossRatio = parameters.batteryModeLossRatio;
    flow.acLossRatio = 0;
  } else {
    flow.dcLossRatio = 0;
    flow.acLossW += parameters.bypassModeLossW;
    flow.acLossRatio = parameters.bypassModeLossRatio + parameters.transformerLossRatio;
  }
  if (unit.acCharging) {
    flow.acLossW += parameters.acChargingLossW;
    flow.acChargingW = parameters.acChargingPowerW;
  } else {
    flow.acChargingW = 0;
  }
}
