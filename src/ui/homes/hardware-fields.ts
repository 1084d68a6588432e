/** Paths of the fields of a home's hardware, in the order of the file of homes. */
export const hardwarePaths = [
  "id",
  "name",
  "battery.capacityWh",
  "battery.floorPercent",
  "battery.ceilingPercent",
  "battery.initialPercent",
  "battery.chargeLimitW",
  "battery.dischargeLimitW",
  "battery.chargeEfficiency",
  "battery.dischargeEfficiency",
  "battery.selfDischargeW",
  "pv.areaM2",
  "pv.yield",
  "pv.performanceRatio",
  "pv.peakPowerW",
  "pv.controllerLimitW",
  "ups.batteryLossRatio",
  "ups.batteryLossW",
  "ups.bypassLossRatio",
  "ups.bypassLossW",
  "ups.limitW",
  "ups.restartPercent",
  "converter.waitingLossW",
  "converter.chargingLossW",
  "converter.dischargingLossW",
  "converter.lossRatio",
  "converter.lossPerWatt",
  "converter.lossPerSquareRatio",
  "converter.bestVoltageRatio",
  "converter.currentLimitA",
  "converter.gridOvervoltageV",
  "converter.gridUndervoltageV",
  "converter.batteryOvercurrentA",
  "converter.batteryOvervoltageV",
  "converter.batteryUndervoltageV",
  "ac.importLimitW",
  "ac.exportLimitW",
  "ac.exportEfficiency",
  "data.demandHome",
  "data.pvHome",
] as const;
export type HardwarePath = (typeof hardwarePaths)[number];

/** The part of the hardware that a field is of; null of what the home is called. */
export function groupOf(path: HardwarePath): HardwareGroup | null {
  const [group, name] = path.split(".");
  return name === undefined ? null : (group as HardwareGroup);
}

export const hardwareGroups = ["battery", "pv", "ups", "converter", "ac", "data"] as const;
type HardwareGroup = (typeof hardwareGroups)[number];

const units: readonly (readonly [ending: RegExp, unit: string])[] = [
  [/lossPerWatt$/, "1/W"],
  [/Percent$/, "%"],
  [/Wh$/, "Wh"],
  [/W$/, "W"],
  [/V$/, "V"],
  [/A$/, "A"],
  [/M2$/, "m²"],
];

/** The unit in which a field is told, as its name says. */
export function unitOf(path: HardwarePath): string {
  return units.find(([ending]) => ending.test(path))?.[1] ?? "";
}

/** A home as `/homes` tells it. */
export type ToldHome = Readonly<Record<string, unknown>>;

/** What a home has at a path, as a text; empty where there is no limit. */
export function valueAt(home: ToldHome, path: HardwarePath): string {
  const [group, name] = path.split(".") as [string, string | undefined];
  const value = name === undefined ? home[group] : (home[group] as ToldHome | undefined)?.[name];
  return value === undefined ? "" : String(value);
}
