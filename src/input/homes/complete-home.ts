import { definedOf } from "../../notation/parameters.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import { type HomeLimits, neutralLimits } from "../../simulation/home-limits.ts";
import type { Parameters } from "../../simulation/parameters.ts";
import type { Config } from "../config/entries.ts";
import { groupNames, type HardwareSpec, type HomeSpec } from "./home-schema.ts";

/*
 * What holds of a home: what its own line in the file of homes says, else what stands there for all homes, else the published
 * parameters of the configuration.
 */

/** What the file says of the home with this number, and for all homes. */
export function specOf({ homes }: Config, number: number): HomeSpec {
  const own = homes.homes[number - 1];
  return own === undefined ? homes.default : { ...own, ...merge(homes.default, own) };
}

/** Fields of `over` go before those of `under`; of two ways to say how large the panels are, that of `over`. */
function merge(under: HardwareSpec, over: HardwareSpec): HardwareSpec {
  const merged: { [name: string]: object } = {};
  for (const name of groupNames)
    if (under[name] !== undefined || over[name] !== undefined)
      merged[name] = { ...under[name], ...over[name] };
  if (under.pv === undefined || over.pv === undefined) return merged;
  const { peakPowerW, areaM2, yield: share, performanceRatio, ...rest } = { ...under.pv, ...over.pv };
  const byArea = { areaM2, yield: share, performanceRatio };
  if (over.pv.peakPowerW !== undefined) return { ...merged, pv: definedOf({ ...rest, peakPowerW }) };
  if (isByArea(over.pv)) return { ...merged, pv: definedOf({ ...rest, ...byArea }) };
  return merged;
}

function isByArea({ areaM2, yield: share, performanceRatio }: NonNullable<HardwareSpec["pv"]>): boolean {
  return areaM2 !== undefined || share !== undefined || performanceRatio !== undefined;
}

/** What a home is called on the screen, or null where its unit's file says it. */
export function nameOf({ homes }: Config, number: number): string | null {
  return homes.homes[number - 1]?.name ?? null;
}

/** What is said of a home's battery. */
export function batteryOf({ homes }: Config, number: number): NonNullable<HardwareSpec["battery"]> {
  return { ...homes.default.battery, ...homes.homes[number - 1]?.battery };
}

/** What is said of a home's converter. */
export function converterOf({ homes }: Config, number: number): NonNullable<HardwareSpec["converter"]> {
  return { ...homes.default.converter, ...homes.homes[number - 1]?.converter };
}

/** Capacity of a home's battery [Wh], whatever the data are. */
export function batteryCapacityWh({ batterySize, homes }: Config, number: number): number {
  return (
    homes.homes[number - 1]?.battery?.capacityWh ??
    homes.default.battery?.capacityWh ??
    batterySize[formatUnitId(number)] ??
    batterySize.default ??
    4800
  );
}

/** Charge with which a home begins [%], or null where the files of units say it. */
export function initialPercentOf(config: Config, number: number): number | null {
  const { initialCharge } = config;
  return (
    specOf(config, number).battery?.initialPercent ??
    initialCharge[formatUnitId(number)] ??
    initialCharge.default ??
    null
  );
}

/** PV power [W] for each W/m² of irradiance. */
export function solarFactorOf(config: Config, number: number): number {
  const { default_Area, r, pr, pvc_sol_reg } = config;
  const { pv = {} } = specOf(config, number);
  if (pv.peakPowerW !== undefined) return pv.peakPowerW / 1000;
  if (isByArea(pv)) return (pv.areaM2 ?? default_Area) * (pv.yield ?? r) * (pv.performanceRatio ?? pr);
  return pvc_sol_reg[formatUnitId(number)] ?? pvc_sol_reg.default ?? default_Area * r * pr;
}

/** Which homes of the data, from 0, a home's demand and PV power are; homes beyond those of the data live in the same again. */
export function dataPlacesOf(config: Config, number: number, homesOfData: number) {
  const { data = {} } = specOf(config, number);
  const placeOf = (given = number) => (given - 1) % homesOfData;
  return { demand: placeOf(data.demandHome), pv: placeOf(data.pvHome) };
}

/** How many homes of the data, from the first on, so many homes need. */
export function countDataHomes(config: Config, count: number, homesOfData: number): number {
  const { homes } = config;
  const usual = Math.min(count, homesOfData);
  if (homes.default.data === undefined && homes.homes.every(({ data }) => data === undefined)) return usual;
  let most = 0;
  for (let number = 1; number <= count && most < homesOfData; number++) {
    const { demand, pv } = dataPlacesOf(config, number, homesOfData);
    most = Math.max(most, demand + 1, pv + 1);
  }
  return most;
}

/**
 * All that holds of a home, complete but for limits that it has not; with what it is called. It may be put again, so a charge from
 * `initialCharge` that lies outside of floor and ceiling is left out.
 */
export function completeSpec(config: Config, number: number, homesOfData: number): HomeSpec {
  const spec = specOf(config, number);
  const sizes = describePanels(config, number, spec);
  const { floorPercent = 0, ceilingPercent = 100 } = spec.battery ?? {};
  const initialPercent = initialPercentOf(config, number) ?? Number.NaN;
  const places = dataPlacesOf(config, number, homesOfData);
  return {
    id: spec.id ?? formatUnitId(number),
    ...definedOf({ name: spec.name }),
    battery: {
      floorPercent,
      ceilingPercent,
      ...(initialPercent >= floorPercent && initialPercent <= ceilingPercent && { initialPercent }),
      chargeEfficiency: 1,
      dischargeEfficiency: 1,
      selfDischargeW: 0,
      ...spec.battery,
      capacityWh: batteryCapacityWh(config, number),
    },
    pv: { ...sizes, ...definedOf({ controllerLimitW: spec.pv?.controllerLimitW }) },
    ups: {
      batteryLossRatio: config.battModeLoss_a,
      batteryLossW: config.battModeLoss_c,
      bypassLossRatio: config.bypassModeLoss_a,
      bypassLossW: config.bypassModeLoss_c,
      ...spec.ups,
      restartPercent: restartPercentOf(config, spec),
    },
    converter: {
      waitingLossW: config.DCCstLoss,
      chargingLossW: config.DCChargeLoss,
      dischargingLossW: config.DCDischargeLoss,
      lossRatio: 0,
      lossPerWatt: 0,
      lossPerSquareRatio: 0,
      bestVoltageRatio: 6.5,
      ...spec.converter,
    },
    ac: { exportLimitW: 0, exportEfficiency: 1, ...spec.ac },
    data: { demandHome: places.demand + 1, pvHome: places.pv + 1 },
  };
}

function describePanels(config: Config, number: number, { pv = {} }: HomeSpec): NonNullable<HomeSpec["pv"]> {
  const { default_Area, r, pr, pvc_sol_reg } = config;
  const { peakPowerW, areaM2 = default_Area, yield: share = r, performanceRatio = pr } = pv;
  if (peakPowerW !== undefined) return { peakPowerW };
  const published = pvc_sol_reg[formatUnitId(number)] ?? pvc_sol_reg.default;
  if (!isByArea(pv) && published !== undefined) return { peakPowerW: published * 1000 };
  return { areaM2, yield: share, performanceRatio };
}

/** What limits a home, or null where nothing does: a limit that is left out is Infinity from here on. */
export function limitsOf(config: Config, number: number): HomeLimits | null {
  const { battery = {}, pv = {}, ups = {}, converter = {}, ac = {} } = specOf(config, number);
  const usualRestart = restartPercentOf(config, { battery });
  const given = definedOf({
    batteryFloorPercent: battery.floorPercent,
    batteryCeilingPercent: battery.ceilingPercent,
    chargeLimitW: battery.chargeLimitW,
    dischargeLimitW: battery.dischargeLimitW,
    chargeEfficiency: battery.chargeEfficiency,
    dischargeEfficiency: battery.dischargeEfficiency,
    selfDischargeW: battery.selfDischargeW,
    pvControllerLimitW: pv.controllerLimitW,
    upsLimitW: ups.limitW,
    converterLossRatio: converter.lossRatio,
    converterLossPerSquareW: converter.lossPerWatt,
    converterVoltageLossFactor: converter.lossPerSquareRatio,
    bestVoltageRatio: converter.bestVoltageRatio,
    converterCurrentLimitA: converter.currentLimitA,
    gridOvervoltageV: converter.gridOvervoltageV,
    gridUndervoltageV: converter.gridUndervoltageV,
    batteryOvercurrentA: converter.batteryOvercurrentA,
    batteryOvervoltageV: converter.batteryOvervoltageV,
    batteryUndervoltageV: converter.batteryUndervoltageV,
    acImportLimitW: ac.importLimitW,
    acExportLimitW: ac.exportLimitW,
    exportEfficiency: ac.exportEfficiency,
    restartPercent: ups.restartPercent === usualRestart ? null : ups.restartPercent,
  });
  const isNeutral = Object.entries(given).every(
    ([name, value]) => value === neutralLimits[name as keyof HomeLimits],
  );
  return isNeutral ? null : { ...neutralLimits, ...given };
}

/** The charge [%] at which a house that went dark comes back, within the range of its battery. */
function restartPercentOf({ UPS_TRIGGER_BATT_ON }: Config, { battery = {}, ups = {} }: HomeSpec): number {
  const { floorPercent = 0, ceilingPercent = 100 } = battery;
  return Math.min(Math.max(ups.restartPercent ?? UPS_TRIGGER_BATT_ON, floorPercent + 5), ceilingPercent);
}

/** Constants of a home's own hardware that differ from the published ones, or null where none does. */
export function lossesOf(config: Config, number: number): Partial<Parameters> | null {
  const { ups = {}, converter = {} } = specOf(config, number);
  const losses = definedOf({
    batteryModeLossRatio: ups.batteryLossRatio,
    batteryModeLossW: ups.batteryLossW,
    bypassModeLossRatio: ups.bypassLossRatio,
    bypassModeLossW: ups.bypassLossW,
    converterWaitingLossW: converter.waitingLossW,
    converterChargingLossW: converter.chargingLossW,
    converterDischargingLossW: converter.dischargingLossW,
  });
  return Object.keys(losses).length === 0 ? null : losses;
}
