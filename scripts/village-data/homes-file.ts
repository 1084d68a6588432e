import type { HardwareSpec, HomeSpec } from "../../src/input/homes/home-schema.ts";
import { createHome, sideOf, type VillageHome } from "./homes.ts";

/** What all homes of the Village have alike; set by hand, of the size that such hardware has. */
const allHomes: HardwareSpec = {
  battery: { floorPercent: 10, chargeEfficiency: 0.97, dischargeEfficiency: 0.97 },
  ups: { limitW: 4000 },
  converter: { currentLimitA: 7 },
};

/** Of the energy of a full battery, what it loses in an hour by standing: 2 % in a month. */
const selfDischargePerHour = 0.02 / (30 * 24);

/** The text of homes.json. */
export function homesFile(seed: number, homes: number): string {
  const list = Array.from({ length: homes }, (_, index) => describe(createHome(seed, index + 1)));
  return `${JSON.stringify({ default: allHomes, homes: list }, null, 2)}\n`;
}

function describe(home: VillageHome): HomeSpec {
  const { people, panels, batteryWh } = home;
  const { peakW } = panels;
  return {
    name: nameOf(home),
    battery: {
      capacityWh: batteryWh,
      chargeLimitW: batteryWh / 2,
      dischargeLimitW: batteryWh / 2,
      selfDischargeW: Math.round(batteryWh * selfDischargePerHour * 100) / 100,
    },
    pv: { peakPowerW: peakW, controllerLimitW: peakW * 0.9 },
    ac: { importLimitW: contractW(people) },
  };
}

/** `2 people, 6 kW E`. */
function nameOf({ people, panels }: VillageHome): string {
  const household = people === 1 ? "1 person" : `${people}${people === 6 ? "+" : ""} people`;
  return panels.peakW === 0
    ? `${household}, no panels`
    : `${household}, ${panels.peakW / 1000} kW ${sideOf(panels)}`;
}

/** 40, 50 and 60 A at 100 V. */
function contractW(people: number): number {
  if (people === 1) return 4000;
  return people < 4 ? 5000 : 6000;
}
