import type { UnitStateJson } from "../live/api.ts";
import { servedPowerOf } from "../live/served-power.ts";
import { leastFlowW } from "./unit-flows.ts";

/** The community's present powers, summed over its units [W]. */
export interface CommunitySums {
  readonly solarW: number;
  readonly acIntakeW: number;
  readonly dischargingW: number;
  /** What of it is served. */
  readonly demandW: number;
  readonly soldW: number;
  readonly chargingW: number;
  readonly lossW: number;
  /** Power that full batteries cannot take, without the curtailed solar power. */
  readonly wastedW: number;
  readonly curtailedW: number;
  readonly unservedW: number;
  /** What the units that give put on the DC grid. */
  readonly exchangeW: number;
  readonly meanChargePercent: number;
}

export function sumCommunity(units: readonly UnitStateJson[]): CommunitySums {
  const sum = (of: (unit: UnitStateJson) => number) => units.reduce((total, unit) => total + of(unit), 0);
  return {
    solarW: sum((unit) => unit.solarPowerW),
    acIntakeW: sum((unit) => unit.acIntakePowerW),
    dischargingW: sum((unit) => Math.max(0, -unit.batteryPowerW)),
    demandW: sum(servedPowerOf),
    soldW: sum((unit) => unit.soldPowerW),
    chargingW: sum((unit) => Math.max(0, unit.batteryPowerW)),
    lossW: sum((unit) => unit.acLossPowerW + unit.dcLossPowerW + unit.saleLossPowerW),
    wastedW: sum((unit) => unit.wastedPowerW - unit.curtailedSolarPowerW),
    curtailedW: sum((unit) => unit.curtailedSolarPowerW),
    unservedW: sum((unit) => unit.unservedPowerW),
    exchangeW: sum((unit) => Math.max(0, -unit.gridPowerW)),
    meanChargePercent: units.length === 0 ? 0 : sum((unit) => unit.stateOfChargePercent) / units.length,
  };
}

/** Units that put power on the DC grid and those that take from it, the strongest first. */
export function listTraders(units: readonly UnitStateJson[]) {
  const trading = units.filter((unit) => Math.abs(unit.gridPowerW) >= leastFlowW);
  trading.sort((a, b) => Math.abs(b.gridPowerW) - Math.abs(a.gridPowerW));
  return {
    givers: trading.filter((unit) => unit.gridPowerW < 0),
    takers: trading.filter((unit) => unit.gridPowerW > 0),
  };
}
