import type { HomeLimits } from "./home-limits.ts";
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

/** The converter's loss while it carries `dcGridW` [W] (docs/model.md, 3.8). */
export function converterLossOf(
  unit: Readonly<UnitState>,
  parameters: Parameters,
  limits: HomeLimits,
  dcGridW: number,
): number {
  const constantW = converterLossW(unit.converterMode, parameters);
  if (dcGridW === 0) return constantW;
  const carriedW = Math.abs(dcGridW);
  const { converterLossRatio, converterLossPerSquareW, converterVoltageLossFactor } = limits;
  const atBestW = constantW + converterLossRatio * carriedW + converterLossPerSquareW * carriedW * carriedW;
  const off = unit.dcGridVoltageV / parameters.batteryVoltageV / limits.bestVoltageRatio - 1;
  return atBestW * (1 + converterVoltageLossFactor * off * off);
}

function converterLossW(mode: ConverterMode, parameters: Parameters): number {
  if (mode === "waiting") return parameters.converterWaitingLossW;
  return mode === "charging" ? parameters.converterChargingLossW : parameters.converterDischargingLossW;
}
