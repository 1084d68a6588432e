import { formatUnitId } from "../../notation/unit-id.ts";
import type { Parameters } from "../../simulation/parameters.ts";
import { refineSeries, type Series } from "../../simulation/series.ts";
import { type Home, secondsPerDay, type World } from "../../simulation/world.ts";
import type { Config } from "./entries.ts";

/** The series that a world needs: those of the homes that its units live in. */
export interface WorldInput {
  readonly homes: number;
  readonly days: number;
  readonly solar: Series;
  demandOf(home: number): Series;
}

/**
 * The world that the configuration and the input files describe. Its homes throw a RangeError where demand was not
 * loaded at the interval of the configuration.
 */
export function createWorld(config: Config, input: WorldInput): World {
  const homes: (Home | undefined)[] = [];
  const stepS = Number(config.demandIntervalMinutes) * 60;
  const commonFactor = config.default_Area * config.r * config.pr;
  const createHome = (number: number): Home => {
    const id = formatUnitId(number);
    const demand = input.demandOf((number - 1) % input.homes);
    if (demand.stepS !== stepS)
      throw new RangeError(`Demand has a step of ${demand.stepS} s, not ${stepS} s`);
    const factor = config.pvc_sol_reg[id] ?? config.pvc_sol_reg.default ?? commonFactor;
    return {
      demand,
      solarFactor: config.solarUnit === "W" ? 1 : factor,
      batteryCapacityWh: batteryCapacityWh(config, number),
    };
  };
  const { atEndOfData } = config;
  return {
    parameters: readParameters(config),
    solar: refineSeries(input.solar, stepS, atEndOfData === "repeat"),
    solarInputStepS: input.solar.stepS,
    homeOf(number) {
      homes[number] ??= createHome(number);
      return homes[number] as Home;
    },
    dataLengthS: input.days * secondsPerDay,
    atEndOfData,
    powerFlowEnabled: config.doUpdates,
  };
}

/** Capacity of a unit's battery, whatever the data are. */
export function batteryCapacityWh({ batterySize }: Config, unitNumber: number): number {
  return batterySize[formatUnitId(unitNumber)] ?? batterySize.default ?? 4800;
}

function readParameters(config: Config): Parameters {
  return {
    constantSystemLossW: config.constantSystemLoss,
    converterWaitingLossW: config.DCCstLoss,
    converterChargingLossW: config.DCChargeLoss,
    converterDischargingLossW: config.DCDischargeLoss,
    batteryModeLossRatio: config.battModeLoss_a,
    batteryModeLossW: config.battModeLoss_c,
    transformerLossRatio: config.transLoss_a,
    transformerLossW: config.transLoss_c,
    bypassModeLossRatio: config.bypassModeLoss_a,
    bypassModeLossW: config.bypassModeLoss_c,
    acChargingLossW: config.ACChargeLoss,
    acChargingPowerW: config.ACChargeAmount,
    bypassBelowPercent: config.UPS_TRIGGER_BATT_OFF,
    batteryAbovePercent: config.UPS_TRIGGER_BATT_ON,
    acChargingBelowPercent: config.UPS_TRIGGER_AC_ON,
    acChargingAbovePercent: config.UPS_TRIGGER_AC_OFF,
    batteryVoltageV: config.batteryVoltage,
  };
}
