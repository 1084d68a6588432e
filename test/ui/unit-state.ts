import type { UnitStateJson } from "../../src/api/wire/community-json.ts";

/** A unit at rest, but for what is given. */
export function unitState(given: Partial<UnitStateJson> = {}): UnitStateJson {
  return {
    id: "E001",
    display: "Sample_E001",
    upsMode: "battery",
    acCharging: false,
    converterMode: "waiting",
    tripCause: "none",
    stateOfChargePercent: 50,
    batteryPowerW: 0,
    solarPowerW: 0,
    curtailedSolarPowerW: 0,
    clippedSolarPowerW: 0,
    demandPowerW: 0,
    acIntakePowerW: 0,
    acLossPowerW: 0,
    dcLossPowerW: 0,
    converterLossPowerW: 0,
    wastedPowerW: 0,
    shortfallPowerW: 0,
    unservedPowerW: 0,
    soldPowerW: 0,
    saleLossPowerW: 0,
    outage: "none",
    gridCurrentA: 0,
    gridPowerW: 0,
    targetBusVoltageV: 360,
    droopPercent: 0,
    gridCurrentLimitA: 2,
    ...given,
  };
}
