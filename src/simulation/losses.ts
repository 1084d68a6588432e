import type { Parameters } from "./parameters.ts";
import type { ConverterMode, UnitState } from "./unit.ts";

/** What a unit loses [W]: a constant part + ratio · demand; and what it draws for AC charging. */
export interface Losses {
  converterLossW: number;
  acLossW: number;
  acLossRatio: number;
  dcLossW: number;
  dcLossRatio: number;
  acChargingW: number;
}

/** Writes the losses of the unit as it stands (docs/model.md, 3.1; specification, section 7.1). */
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
