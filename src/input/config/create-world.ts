import { once } from "../../notation/once.ts";
import type { Parameters } from "../../simulation/parameters.ts";
import { refineSeries, type Series } from "../../simulation/series.ts";
import { type Home, secondsPerDay, type World } from "../../simulation/world.ts";
import {
  batteryCapacityWh,
  dataPlacesOf,
  limitsOf,
  lossesOf,
  solarFactorOf,
} from "../homes/complete-home.ts";
import { refineByWeeks } from "../series/week-pages.ts";
import { outagesOf, tariffOf } from "./ac-grid.ts";
import type { Config } from "./entries.ts";

/** The series that a world needs: those of the homes that its units live in. */
export interface WorldInput {
  readonly homes: number;
  readonly days: number;
  readonly solar: Series;
  /** Steps of demand [s], by default that of the configuration, and of PV power where homes have some of their own. */
  readonly demandStepS?: number;
  readonly pvStepS?: number | undefined;
  demandOf(home: number): Series;
  /** PV power [W] of a home's own panels; null, or not there, where homes have none. */
  pvOf?(home: number): Series | null;
}

/**
 * The world that the configuration and the input files describe. Its homes throw a RangeError where demand was not
 * loaded at the interval of the configuration.
 */
export function createWorld(config: Config, input: WorldInput): World {
  const homes: (Home | undefined)[] = [];
  const { solar, demandStepS = Number(config.demandIntervalMinutes) * 60, pvStepS = demandStepS } = input;
  const { atEndOfData } = config;
  const tariff = tariffOf(config.tariff, config.startTime);
  // Series whose steps do not divide each other have the points of both.
  const stepS = commonStep(solar.stepS, commonStep(demandStepS, pvStepS));
  const repeats = atEndOfData === "repeat";
  // The sun that all share is refined once; of homes, which may be many, a week when somebody looks at it.
  const refine = (series: Series) =>
    series.stepS === stepS ? series : refineByWeeks(series, stepS, repeats);
  const createHome = (number: number): Home => {
    const places = dataPlacesOf(config, number, input.homes);
    const demand = input.demandOf(places.demand);
    if (demand.stepS !== demandStepS)
      throw new RangeError(`Demand has a step of ${demand.stepS} s, not ${demandStepS} s`);
    const pv = input.pvOf?.(places.pv) ?? null;
    const losses = lossesOf(config, number);
    // Every home has every field: the engine reads homes of one shape faster.
    return {
      demand: refine(demand),
      demandInputStepS: demandStepS,
      sun: pv === null ? undefined : { series: refine(pv), inputStepS: pv.stepS },
      solarFactor: config.solarUnit === "W" || pv !== null ? 1 : solarFactorOf(config, number),
      batteryCapacityWh: batteryCapacityWh(config, number),
      parameters: losses === null ? undefined : { ...readParameters(config), ...losses },
      limits: limitsOf(config, number) ?? undefined,
      outages: outagesOf(config.outages, number, config.startTime) ?? undefined,
    };
  };
  return {
    parameters: readParameters(config),
    solar: solar.pages === undefined ? refineOnce(solar, stepS, repeats) : refine(solar),
    solarInputStepS: solar.stepS,
    homeOf(number) {
      homes[number] ??= createHome(number);
      return homes[number] as Home;
    },
    dataLengthS: input.days * secondsPerDay,
    atEndOfData,
    powerFlowEnabled: config.doUpdates,
    busModel: config.busModel,
    protectsConverters: config.protection === "on",
    tariff: tariff ?? undefined,
  };
}

/** What was refined of a sun, by step and end: a run may have a thousand chapters, each a world of the same data. */
const refinedOf = once((_solar: Series) => new Map<string, Series>());

function refineOnce(solar: Series, stepS: number, repeats: boolean): Series {
  const refined = refinedOf(solar);
  const key = `${stepS} ${repeats}`;
  const known = refined.get(key) ?? refineSeries(solar, stepS, repeats);
  refined.set(key, known);
  return known;
}

/** The greatest step that divides both. */
function commonStep(aS: number, bS: number): number {
  return bS === 0 ? aS : commonStep(bS, aS % bS);
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
