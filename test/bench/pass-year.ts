import { createWorld, type WorldInput } from "../../src/input/config/create-world.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { readUnitFiles } from "../../src/input/units/unit-files.ts";
import { advanceCommunity, createCommunity } from "../../src/simulation/community.ts";
import { type HomeLimits, neutralLimits } from "../../src/simulation/home-limits.ts";
import { createOutages } from "../../src/simulation/outages.ts";
import { createUnit } from "../../src/simulation/unit.ts";
import type { Home, World } from "../../src/simulation/world.ts";

export const yearHomes = 100;

export function createYearWorld(input: WorldInput): World {
  return createWorld(readConfig({}), input);
}

/** The same world where every home has limits, losses and efficiencies, on an AC grid that fails and has prices. */
export function limitHomes(world: World): World {
  const limits: HomeLimits = {
    ...neutralLimits,
    batteryFloorPercent: 10,
    batteryCeilingPercent: 95,
    chargeLimitW: 2000,
    dischargeLimitW: 2000,
    chargeEfficiency: 0.96,
    dischargeEfficiency: 0.95,
    selfDischargeW: 5,
    pvControllerLimitW: 3000,
    upsLimitW: 1500,
    converterLossRatio: 0.02,
    converterLossPerSquareW: 1e-6,
    converterVoltageLossFactor: 0.1,
    acImportLimitW: 3000,
    acExportLimitW: 2000,
    exportEfficiency: 0.95,
  };
  const ofHour = (dayPrice: number, nightPrice: number) =>
    Array.from({ length: 168 }, (_, hour) => (hour % 24 >= 7 && hour % 24 < 22 ? dayPrice : nightPrice));
  const tariff = { importPrices: ofHour(0.3, 0.2), exportPrices: ofHour(0.08, 0.08) };
  const homes: Home[] = [];
  return {
    ...world,
    tariff,
    homeOf(number) {
      homes[number] ??= {
        ...world.homeOf(number),
        limits,
        outages: createOutages([], {
          seed: number,
          gapS: [20 * 86_400, 60 * 86_400],
          durationS: [1800, 86_400],
        }),
      };
      return homes[number] as Home;
    },
  };
}

/** Runs a new community of 100 homes through all the data; returns the sum of its charges [%]. */
export function passYear(world: World): number {
  const { settings } = readUnitFiles().standard;
  const community = createCommunity();
  for (let number = 1; number <= yearHomes; number++) community.units.push(createUnit(number, 0, settings));
  advanceCommunity(community, world.dataLengthS, world);
  return community.units.reduce((sum, unit) => sum + unit.stateOfChargePercent, 0);
}
