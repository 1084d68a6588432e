import { createWorld, type WorldInput } from "../../src/input/config/create-world.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { readUnitFiles } from "../../src/input/units/unit-files.ts";
import { advanceCommunity, createCommunity } from "../../src/simulation/community.ts";
import { createUnit } from "../../src/simulation/unit.ts";
import type { World } from "../../src/simulation/world.ts";

export const yearHomes = 100;

export function createYearWorld(input: WorldInput): World {
  return createWorld(readConfig({}), input);
}

/** Runs a new community of 100 homes through all the data; returns the sum of its charges [%]. */
export function passYear(world: World): number {
  const { settings } = readUnitFiles().standard;
  const community = createCommunity();
  for (let number = 1; number <= yearHomes; number++) community.units.push(createUnit(number, 0, settings));
  advanceCommunity(community, world.dataLengthS, world);
  return community.units.reduce((sum, unit) => sum + unit.stateOfChargePercent, 0);
}
