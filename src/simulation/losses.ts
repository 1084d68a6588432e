import type { Parameters } from "./parameters.ts";
import type { ConverterMode, UnitState } from "./unit.ts";

/** Loss = constant part [W] + ratio · demand. */
export interface Losses {
  converterLossW: number;
  acLossW: number;
  acLossRatio: number;
  dcLossW: number;
  dcLossRatio: number;
  acChargingW: number;
}

/** Writes what the unit loses, and draws for AC charging, as it stands (model, "One unit"). */
export function setLosses(losses: Losses, unit: UnitState, parameters: Parameters): void {
  losses.converterLossW = converterLossW(unit.converterMode, parameters);
  losses.dcLossW = parameters.constantSystemLossW + losses.converterLossW;
  losses.acLossW = parameters.transformerLossW;
  if (unit.upsMode === "battery") {
    losses.dcLossW += parameters.batteryModeLossW;
    losses.dcLossRatio = parameters.batteryModeLossRatio;
    losses.acLossRatio = 0;
  } else {
    losses.dcLossRatio = 0;
    losses.acLossW += parameters.bypassModeLossW;
    losses.acLossRatio = parameters.bypassModeLossRatio + parameters.transformerLossRatio;
  }
  if (unit.acCharging) losses.acLossW += parameters.acChargingLossW;
  losses.acChargingW = unit.acCharging ? parameters.acChargingPowerW : 0;
}

function converterLossW(mode: ConverterMode, parameters: Parameters): number {
  if (mode === "waiting") return parameters.converterWaitingLossW;
  return mode === "charging" ? parameters.converterChargingLossW : parameters.converterDischargingLossW;
}
